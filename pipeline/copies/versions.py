"""Versions: another text of one outlet at one address is a new version of the article that stood there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

import numpy as np
import polars as pl

from onrecord.pipeline.copies.sketches import Hashes, Sample, reach, share
from onrecord.pipeline.core.address import hides_page, is_signed, says_nothing
from onrecord.pipeline.names.outlets import by_key

UNRELATED = 0.1
"""Two long texts at one address that share less are two articles: the address is that of a page of news, not of one."""

LONG = 100
"""Runs of five words from which a text is long."""

FOUND = pl.Schema({"article_id": pl.String(), "supersedes": pl.String()})

# What says how a reader came to the page, not which page it is.
_TRACKING = re.compile(
    r"(?:utm|at|ns|mc|ml|mtm|pk|piwik|matomo|oly|vero|hs|wt|ga|gs|itm|icid|guce|sr|soc|mkt|trk|dm|hmb|ck)_\w+"
    r"|\w*clid|gclsrc|msclkid|[gw]braid|twsrc\w*|igshid|igsh|_ga|_gl|_hsenc|_hsmi|_openstat|__\w+|mbid|ncid|ocid|dgcid"
    r"|cmp|cmpid|campaign\w*|ito|ref|refsrc|ref_src|ref_url|referr?er|smid|smtyp|smprod|xtor|partner\w*|guccounter"
    r"|spm|yclid|feature|share|shared|sharetype|source_feed|rss|feed|ftcamp|echobox|emc|elqtrack\w*|s_cid|trackingid"
    r"|amp|amp_\w+|amp;\w+|outputtype|noamp|is_?amp"
)
# How a page was come by, where it is said by a name that tells a page elsewhere.
_CAME_BY = re.compile(
    r"(?:source|src|from|via|output|format|view|platform)="
    r"(?:rss\w*|feeds?|amp|twitter|facebook|fb|linkedin|whatsapp|telegram|e?mail|newsletter|social\w*|share\w*|app|push|google\w*|home\w*)"
)
_HOST_PREFIX = re.compile(r"^(?:www\d?|m|amp|mobile)\.")
_PATH_END = re.compile(r"(?:/(?:index\.\w+|amp|\.amp))?(?:(?<!/)/++)?$")
# /amp/news/mill, /news/kiln.amp, /news/kiln.amp.html
_PATH_AMP = re.compile(r"^/amp(?=/.)|\.amp(?=\.html?$|$)")
# Pages that a search engine keeps: the address of the page itself is in the path.
_KEPT = re.compile(
    r"^/(?:[acvi]|amp|wp)/(?:s/)?(?P<host>[a-z0-9.-]+\.[a-z]{2,})(?P<path>/.*)$", re.I
)
_KEEPERS = re.compile(r"(?:^|\.)(?:ampproject\.org|bing-amp\.com)$|^google\.[a-z.]+$")


def address(url: str | None) -> str | None:
    """An address as all its spellings have it: no scheme, 'www', tracking, fragment or slash at the end.

    None where there is none, for the front page of a site, which is no article's, and where the key was taken out: it
    may have told which page it is.
    """
    if not url or hides_page(url):
        return None
    try:
        parts = urlsplit(url)
        host = _HOST_PREFIX.sub("", (parts.hostname or "").removesuffix("."))
    except ValueError:
        return None
    path = parts.path
    if _KEEPERS.search(host) and (kept := _KEPT.match(path)):
        host, path = _HOST_PREFIX.sub("", kept["host"].lower()), kept["path"]
    path, query = _PATH_END.sub("", _PATH_AMP.sub("", path)), _query(parts)
    return f"{host}{path}{query}" if host and (path or query) else None


def _query(parts: SplitResult) -> str:
    asked = parse_qsl(parts.query, keep_blank_values=True)
    signed = is_signed({name.lower() for name, _ in asked})
    kept = sorted(
        (name, value)
        for name, value in asked
        if not _TRACKING.fullmatch(name.lower())
        and not _CAME_BY.fullmatch(f"{name}={value}".lower())
        and not says_nothing(name, signed)
    )
    return f"?{urlencode(kept)}" if kept else ""


def find_versions(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """(article_id, supersedes) of every article of `new` that is a new version of one before it.

    Both hold article_id, outlet, url and sketch; `new` in the order of reading, `known` those of the record with
    supersedes. A version supersedes the newest before it, so that versions make a line.
    """
    newest: dict[tuple[str | None, str], list[tuple[str, Hashes]]] = {}
    wanted = set(map(address, new["url"])) - {None}
    superseded = set(known["supersedes"].drop_nulls())
    for article, outlet, url, sketch in by_key(known.select(_COLUMNS)).iter_rows():
        place = address(url)
        if place in wanted and article not in superseded:
            newest.setdefault((outlet, str(place)), []).append((article, _hashes(sketch)))
    found: list[tuple[str, str]] = []
    for article, outlet, url, sketch in by_key(new.select(_COLUMNS)).iter_rows():
        place = address(url)
        if place is None:
            continue
        here, ours = newest.setdefault((outlet, place), []), _hashes(sketch)
        before = next((at for at, (_, text) in enumerate(here) if _related(ours, text)), None)
        if before is None:
            here.append((article, ours))
        else:
            found.append((article, here[before][0]))
            here[before] = article, ours
    return pl.DataFrame(found, schema=FOUND, orient="row")


_COLUMNS = ("article_id", "outlet", "url", "sketch")


def _hashes(sketch: list[int] | None) -> Hashes:
    return np.array(sketch or [], np.int64)


def _related(one: Hashes, two: Hashes) -> bool:
    if min(len(one), len(two)) < LONG:
        return True
    return share(Sample(one, reach(one)), Sample(two, reach(two))) >= UNRELATED


def first_versions(pairs: pl.DataFrame) -> Mapping[str, str]:
    """The first version of every later one, from rows with article_id and supersedes."""
    return _ends(dict(pairs.select("article_id", "supersedes").drop_nulls().iter_rows()))


def originals(articles: pl.DataFrame) -> pl.DataFrame:
    """(article_id, original) of every article: what it copies, of that the first version; itself where it is neither.

    What copies and versions of one article say is said once. Takes article_id, duplicate_of and supersedes.
    """
    pointed = articles.select("article_id", pl.coalesce("duplicate_of", "supersedes").alias("to"))
    ends = _ends(dict(pointed.drop_nulls().iter_rows()))
    return articles.select("article_id", pl.col("article_id").replace(ends).alias("original"))


def _ends(steps: Mapping[str, str]) -> dict[str, str]:
    """Where each chain of steps ends."""
    ends: dict[str, str] = {}
    for start in steps:
        at, passed = start, {start}
        while at in steps and steps[at] not in passed:
            at = steps[at]
            passed.add(at)
        ends[start] = at
    return ends

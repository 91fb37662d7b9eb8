"""Where the words of a correction stand: in its article as it was, and in every other version of it.

The identity of a quotation follows from its article's text and its span, so in the very same text it is the very same.
In another text, or where a later OnRecord takes a word more or less into the quotation, the exact words with those
around them tell; what they do not tell fits nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.corrections.entries import AROUND, Correction, Place

ARTICLE = ("article_id", "url", "outlet", "text")
QUOTATION = ("quotation_id", "article_id", "start", "end", "text")

_LEAST_OVERLAP = 0.6
"""Of the words and a quotation together, the share that both have, where a quotation begins or ends otherwise."""

_SENTENCE = 40
"""Words of at least so many characters are known without those around them, where they stand once."""

WORDS_GONE = "its words do not stand in the article any more"
AMBIGUOUS = "its words stand in the article more than once, and nothing tells which are meant"
ELSEWHERE = "its words stand in the article once more, but not among those that were around them"
NO_QUOTATION = "its words stand in the article, but no quotation is found there"
NO_ARTICLE = "its article is not on record"


class Found(NamedTuple):
    """Where a side of a correction (0 or 1) is looked for, and the quotation there or the reason why there is none."""

    correction_id: str
    side: int
    article_id: str
    quotation_id: str | None
    why: str | None


FOUND = pl.Schema(
    {
        "correction_id": pl.String(),
        "side": pl.Int64(),
        "article_id": pl.String(),
        "quotation_id": pl.String(),
        "why": pl.String(),
    }
)


def place_of(quotation: Mapping[str, object], article: Mapping[str, object]) -> Place:
    """The place of a quotation of the record (QUOTATION) in its article (ARTICLE)."""
    text, start, end = (
        str(article["text"]),
        int(str(quotation["start"])),
        int(str(quotation["end"])),
    )
    return Place(
        exact=text[start:end],
        prefix=text[max(0, start - AROUND) : start],
        suffix=text[end : end + AROUND],
        start=start,
        url=_told(article["url"]),
        outlet=_told(article["outlet"]),
        article_id=str(article["article_id"]),
        quotation_id=str(quotation["quotation_id"]),
    )


def _told(value: object) -> str | None:
    return None if value is None else str(value)


def wanted(corrections: Iterable[Correction]) -> tuple[list[str], list[str]]:
    """Identities and addresses of the articles in which corrections are looked for."""
    places = [place for one in corrections for place in one.places]
    return (
        sorted({place.article_id for place in places if place.article_id}),
        sorted({place.url for place in places if place.url}),
    )


def find(
    corrections: Sequence[Correction], articles: pl.DataFrame, quotations: pl.DataFrame
) -> pl.DataFrame:
    """FOUND: each side of each correction in each of `articles` (ARTICLE) that it can be of.

    `quotations` (QUOTATION) are those of these articles.
    """
    rows = {row["article_id"]: row for row in articles.select(ARTICLE).iter_rows(named=True)}
    by_url: dict[str, list[str]] = {}
    for identity, row in rows.items():
        by_url.setdefault(row["url"], []).append(identity)
    quoted: dict[str, list[Mapping[str, object]]] = {}
    for row in quotations.select(QUOTATION).sort("start").iter_rows(named=True):
        quoted.setdefault(row["article_id"], []).append(row)
    found = [
        Found(
            one.id,
            side,
            article,
            *_in_article(place, rows[article]["text"], quoted.get(article, [])),
        )
        for one in corrections
        for side, place in enumerate(one.places)
        for article in _articles(place, rows, by_url)
    ]
    return pl.DataFrame(found, schema=FOUND, orient="row")


def _articles(
    place: Place, rows: Mapping[str, object], by_url: Mapping[str, list[str]]
) -> Iterator[str]:
    same = set(by_url.get(place.url, [])) if place.url else set()
    if place.article_id in rows:
        same.add(str(place.article_id))
    yield from sorted(same)


def _in_article(
    place: Place, text: str, quotations: Sequence[Mapping[str, object]]
) -> tuple[str | None, str | None]:
    """The quotation that is meant, or why there is none."""
    for one in quotations:
        # Its identity follows from the whole text: it is the same text, and the same words of it.
        if one["quotation_id"] == place.quotation_id:
            return str(one["quotation_id"]), None
    starts = list(_standing(place.exact, text))
    if not starts:
        return None, WORDS_GONE
    start = _meant(place, text, starts)
    if start is None:
        return None, ELSEWHERE if len(starts) == 1 else AMBIGUOUS
    end = start + len(place.exact)
    best = max(quotations, key=lambda one: _overlap(one, start, end), default=None)
    if best is None or _overlap(best, start, end) < _LEAST_OVERLAP:
        return None, NO_QUOTATION
    return str(best["quotation_id"]), None


def _standing(words: str, text: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def _meant(place: Place, text: str, starts: Sequence[int]) -> int | None:
    """Of the places where the words stand, the one with the same words on both sides, or else on one."""
    sides = [
        (text[:at].endswith(place.prefix), text.startswith(place.suffix, at + len(place.exact)))
        for at in starts
    ]
    for enough in (2, 1):
        fit = [at for at, both in zip(starts, sides, strict=True) if sum(both) >= enough]
        if len(fit) == 1:
            return fit[0]
        if len(fit) > 1:
            return place.start if place.start in fit else None
    # A sentence is its own witness, a few words are not.
    return starts[0] if len(starts) == 1 and len(place.exact) >= _SENTENCE else None


def _overlap(quotation: Mapping[str, object], start: int, end: int) -> float:
    one, two = int(str(quotation["start"])), int(str(quotation["end"]))
    both = min(end, two) - max(start, one)
    return max(0, both) / (max(end, two) - min(start, one))

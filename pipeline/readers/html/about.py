"""What a page tells of itself: its address, its outlet, when it was published and when it was changed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from onrecord.pipeline.core.address import host
from onrecord.pipeline.readers.dates import parse_date, read_moment
from onrecord.pipeline.readers.fields import short_line, web_address
from onrecord.pipeline.readers.html.page_data import ArticleData, has_articles

_CHANGED = (
    "(//meta[@property='article:modified_time' or @property='og:updated_time'"
    " or @itemprop='dateModified' or @name='last-modified' or @name='dcterms.modified']/@content)[1]"
)
_PUBLISHED = (
    "(//meta[@property='article:published_time' or @itemprop='datePublished'"
    " or @name='article:published_time' or @name='dcterms.created' or @name='parsely-pub-date']"
    "/@content)[1]"
)
_CANONICAL = "(//link[@rel='canonical']/@href)[1]"
_SHOWN = (
    "(//article | //main)[1]//time[@datetime][not(ancestor::article[ancestor::article])]"
    "[not(contains(@class, 'updated') or contains(@class, 'modified') or @itemprop='dateModified')"
    " or contains(@class, 'published')][1]/@datetime"
)


def updated(tree: Any, told: ArticleData | None) -> str | None:
    """When the page says that it was last changed: its head, else its JSON-LD."""
    return next(iter(tree.xpath(_CHANGED)), None) or (told.modified if told else None)


def published(tree: Any, found: str | None, told: ArticleData | None) -> str | None:
    """When the page says that it was published, with the time of day: its head, its JSON-LD, the time that it shows.

    `found` is the day that an extractor found, in the address or beside the headline. Where it agrees with what is told
    elsewhere, that tells the time of day too. The first of January may stand for nothing but a year in the address.
    """
    tells = [str(value) for value in tree.xpath(_PUBLISHED)]
    tells += [told.published] if told and told.published else []
    tells += [str(value) for value in tree.xpath(_SHOWN)[:1]]
    certain = [(moment, value) for value in tells if (moment := read_moment(value)).at is not None]
    if certain:
        first, value = certain[0]
        # Heads are often in UTC, and what is shown by the paper's own clock.
        own = (other for moment, other in certain if first.told_with(moment) is not first)
        return next(own, value)
    day = parse_date(found)
    if day is None or (day.month, day.day) == (1, 1):
        return None
    return None if told is None and has_articles(tree) else found


def address(tree: Any, found_at: str | None, told: str | None) -> str | None:
    """The page's address: the one that it calls its own, unless that is another site's."""
    own = tree.xpath(_CANONICAL)
    canonical = (_joined(found_at, str(own[0])) if own else None) or web_address(told)
    same = canonical and (found_at is None or host(canonical) == host(found_at))
    return canonical if same else found_at


def _joined(found_at: str | None, link: str) -> str | None:
    try:
        return web_address(urljoin(found_at or "", link.strip()))
    except ValueError:
        return None


def outlet(name: str | None, url: str | None) -> str | None:
    """The site's name; where that is only a host's, the host of the address."""
    shown = short_line(name)
    site = host(url)
    return (
        site if site and (shown is None or re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", shown)) else shown
    )

"""What a page tells of itself: its address, its outlet, when it was published and when it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from onrecord.pipeline.core.address import host
from onrecord.pipeline.readers.dates import parse_date
from onrecord.pipeline.readers.fields import short_line, web_address

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
_CHANGED_LD = re.compile(r"\"dateModified\"\s*:\s*\"([^\"]{8,40})\"")
_PUBLISHED_LD = re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{8,40})\"")
_A_DAY = timedelta(days=1)


def updated(tree: Any, markup: str) -> str | None:
    """When the page says that it was last changed: its head, else its JSON-LD."""
    return next(_told(tree, markup, _CHANGED, _CHANGED_LD), None)


def published(tree: Any, markup: str, found: str | None) -> str | None:
    """When the page says that it was published, with the time of day, where that is the day that was found.

    A page's JSON-LD may tell of other articles too, hence the comparison; `found` may be the first of January for
    nothing but a year in the address, which is no date.
    """
    told = [value for value in _told(tree, markup, _PUBLISHED, _PUBLISHED_LD) if parse_date(value)]
    day = parse_date(found)
    if day is None:
        return told[0] if told else None
    for value in told:
        moment = parse_date(value)
        if moment is not None and -_A_DAY <= moment - day <= 2 * _A_DAY:
            return value
    year_only = (day.month, day.day) == (1, 1) and f"{day:%m-%d}" not in markup
    return None if year_only else found


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


def _told(tree: Any, markup: str, path: str, in_data: re.Pattern[str]) -> Iterator[str]:
    yield from map(str, tree.xpath(path))
    if match := in_data.search(markup):
        yield match[1]

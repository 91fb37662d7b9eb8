"""Addresses: a list of them, or one given as a source; each is fetched where that is allowed, and read as what it is.

# The ferry, in three papers
https://harbour.example/2024/ferry
https://north.example/feed.xml
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import PurePosixPath
from typing import BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.machine.ahead import in_order
from onrecord.pipeline.readers.fields import web_address
from onrecord.pipeline.readers.formats.page import charset_of, read_page
from onrecord.pipeline.readers.html.extraction import fragment
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.web.fetching import Fetched, web

Item = TypeVar("Item")
_THREADS, _AHEAD = 8, 32
_LONGEST_LINE = 8_192
_LINE = re.compile(rb"(?:https?://[^\s<>\"]+|#.*)?\s*", re.I)
# What servers say of a body, and the suffix under which it is read; anything else is told by the address or the body.
_SUFFIXES = {
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "application/rdf+xml": ".rdf",
    "application/xhtml+xml": ".html",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/markdown": ".md",
    "application/warc": ".warc",
    "application/zip": ".zip",
}


def is_list(head: bytes) -> bool:
    """Whether a text is a list of addresses, by its whole lines within the first bytes."""
    lines = head.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    whole = lines if len(lines) < 2 or head.endswith(b"\n") else lines[:-1]
    return b"://" in head and all(map(_LINE.fullmatch, whole))


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """The records and refusals of each address; a line that begins with # is a remark."""
    something = False
    for (place, _), answer in _fetched(_lines(file), lambda line: line[1], settings):
        something = True
        assert answer is not None  # noqa: S101
        for item in _items(answer, settings):
            led = f"{place}: {item.place}" if item.place else place
            if isinstance(item, Refusal):
                yield item._replace(place=led)
            else:
                item.place = led
                yield item
    if not something:
        yield refuse("empty")


def read_address(url: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """The records and refusals of what stands at one address."""
    yield from _items(_fetch(url, settings), settings)


def completed(
    items: Iterable[Record | Refusal], settings: IngestSettings
) -> Iterator[Record | Refusal]:
    """The same items, with the page of each record that is partial, where it can be had."""
    if not (settings.fetch.allowed and settings.fetch.entries):
        yield from items
        return
    for item, answer in _fetched(items, _page_address, settings):
        if isinstance(item, Refusal) or answer is None:
            yield item
        else:
            yield _complete(item, answer, settings)


def _page_address(item: Record | Refusal) -> str | None:
    return item.url if isinstance(item, Record) and item.partial else None


def _complete(
    record: Record, answer: Fetched | Refusal, settings: IngestSettings
) -> Record | Refusal:
    """The record with the page that was fetched; where there is none, what it had, and a word on why."""
    record.partial = False
    page = _page(answer, settings) if isinstance(answer, Fetched) else answer
    if isinstance(page, Refusal):
        record.repairs = (*record.repairs, f"summary only: {page.reason}")
        if record.text or record.html:
            return record
        return page._replace(place=record.place).keeping(record.told)
    if record.html:
        record.text = fragment(record.html, None).text
    record.html, record.repairs = page.html, page.repairs
    record.url, record.found_at = None, page.found_at
    return record


def _fetch(url: str, settings: IngestSettings) -> Fetched | Refusal:
    return web(settings.fetch).fetch(url) if settings.fetch.allowed else refuse("fetch_off")


def _fetched(
    items: Iterable[Item], address: Callable[[Item], str | None], settings: IngestSettings
) -> Iterator[tuple[Item, Fetched | Refusal | None]]:
    """Each item with what stands at its address, several hosts at a time."""
    threads = ThreadPoolExecutor(_THREADS, "fetch")

    def begin(item: Item) -> Future[Fetched | Refusal] | None:
        url = address(item)
        return threads.submit(_fetch, url, settings) if url is not None else None

    try:
        yield from in_order(items, begin, _AHEAD)
    finally:
        threads.shutdown(cancel_futures=True)


def _lines(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """The place and the address of each line."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        url = line.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if url and not url.startswith("#"):
            yield f"line {number}: {shown(url)[:500]}", url


def _items(answer: Fetched | Refusal, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """What was fetched, read as what it is; where it is from is told without what is secret in the address."""
    if isinstance(answer, Refusal):
        yield answer
        return
    suffix, address = _suffix(answer), web_address(shown(answer.url))
    if suffix == ".html":
        item = _page(answer, settings)
        if isinstance(item, Record):
            item.found_at = address
        yield item
        return
    for item in _read_body(answer, suffix, settings):
        if isinstance(item, Record) and item.place is None and item.found_at is None:
            item.url = item.url or address
        yield item


def _page(answer: Fetched, settings: IngestSettings) -> Record | Refusal:
    if _suffix(answer) != ".html":
        return refuse("no_page", None, f"Type {answer.kind[:60]}")
    with answer.body.open("rb") as file:
        item = read_page(file, settings, charset_of(answer.kind))
    if isinstance(item, Record):
        item.found_at = web_address(answer.url)
    return item


def _read_body(
    answer: Fetched, suffix: str, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    """The records of a body: a feed's entries are fetched, and nothing else that it names."""
    from onrecord.pipeline.readers import READERS, read
    from onrecord.pipeline.readers.formats import feed

    if READERS.get(suffix) is not feed.read:
        off = settings.fetch.model_copy(update={"allowed": False})
        settings = settings.model_copy(update={"fetch": off})
    name = PurePosixPath(unquote(urlsplit(answer.url).path)).stem if suffix else ""
    with answer.body.open("rb") as file:
        yield from read(file, f"{name or 'index'}{suffix}", settings)


def _suffix(answer: Fetched) -> str:
    """The suffix under which a body is read: by its type, else by its address; "" where neither tells."""
    from onrecord.pipeline.readers import READERS, added

    kind = answer.kind.partition(";")[0].strip().lower()
    if kind == "text/html":
        return ".xml" if _is_feed(answer) else ".html"
    suffix = PurePosixPath(urlsplit(answer.url).path.lower()).suffix
    return _SUFFIXES.get(kind) or (suffix if suffix in READERS or added.reader(suffix) else "")


def _is_feed(answer: Fetched) -> bool:
    """Whether what a server calls a page is a feed."""
    with answer.body.open("rb") as file:
        head = file.read(1_000).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<?xml", b"<rss", b"<feed")) and b"<html" not in head

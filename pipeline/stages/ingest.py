"""Ingest: files, folders, globs and archives to articles and refusals.

Every record of every source becomes one article, one duplicate or one refusal, so that for each batch
rows_in = articles + rejects + duplicates. What an earlier run refused, and what has not changed since, is a duplicate.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import polars as pl

from onrecord.pipeline.copies.versions import address
from onrecord.pipeline.core.contracts import ARTICLES, REJECTS
from onrecord.pipeline.core.ids import article_id, content_hash, digest
from onrecord.pipeline.core.rejects import KEPT_WHOLE, LACKS_VECTOR, RefusedBefore
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.languages.identify import identify_language
from onrecord.pipeline.names.outlets import key
from onrecord.pipeline.readers import Record, Refusal, read, read_found, refuse
from onrecord.pipeline.readers.dates import Moment, parse_date, read_moment
from onrecord.pipeline.readers.html.extraction import Page
from onrecord.pipeline.readers.html.page_workers import Pages
from onrecord.pipeline.readers.net import failed, is_fault
from onrecord.pipeline.readers.sources import find

# A batch without articles must end too: a source of nothing but refusals may be long.
_REFUSALS_A_BATCH = 10_000
_BYTES_KEPT_A_BATCH = 64 << 20
# What was kept of these is broken, and tells no format.
_BROKEN = {"broken_quoting": "row.csv", "not_json": "line.jsonl", "not_object": "line.jsonl"}


class Batch(NamedTuple):
    """Some of what was read: rows_in = articles.height + rejects.height + duplicates.

    `refused_before` counts those of `duplicates` that were refused before.
    """

    articles: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int
    duplicates: int
    refused_before: int = 0


class Before(NamedTuple):
    """What the batches of this run hold that were finished before it was interrupted; they are not read again."""

    rows_in: int = 0
    articles: Sequence[pl.DataFrame] = ()
    rejects: Sequence[pl.DataFrame] = ()


def ingest(
    sources: Sequence[str],
    settings: IngestSettings,
    run_id: str,
    known: pl.DataFrame | None = None,
    before: Before = Before(),  # noqa: B008 - a tuple, and never changed
    again: pl.DataFrame | None = None,
    refused: RefusedBefore | None = None,
) -> Iterator[Batch]:
    """Batches of at most settings.batch_articles articles, in the order of the sources, in flat memory.

    `known` holds content_hash, outlet and url of the record's articles: the same text of the same outlet at the same
    address is a duplicate, as is what this run met before, and what is refused as `refused` tells that it was already.
    After `before` the batches go on as if there had been no interruption. With `again` (REJECTS rows) only their
    sources are read; of one that is gone, what was kept of it. A quotation without a vector has no source to read: see
    `steps.ingest_step`.
    """
    batch = _Rows(run_id, settings, refused or RefusedBefore())
    for articles in (*before.articles, *([] if known is None else [known])):
        batch.know(articles)
    for rejects in before.rejects:
        batch.remember(rejects)
    items = islice(_items(sources, settings, again), before.rows_in, None)
    with Pages() as pages:
        for (name, item), page in pages.extract_all(items, lambda item: page_of(item[1])):
            batch.add(name, item, page)
            if batch.full:
                yield batch.take()
    if batch.rows_in:
        yield batch.take()


def _items(
    sources: Sequence[str], settings: IngestSettings, again: pl.DataFrame | None
) -> Iterator[tuple[str, Record | Refusal]]:
    again = None if again is None else again.filter(~LACKS_VECTOR)
    wanted = None if again is None else set(again["source"])
    for found in find(sources):
        if wanted is not None and (found.name not in wanted or found.refusal is not None):
            continue
        if wanted is not None:
            wanted.discard(found.name)
        for item in read_found(found, settings):
            yield found.name, item
    if again is not None and wanted:
        gone = again.filter(pl.col("source").is_in(wanted)).with_columns(KEPT_WHOLE.alias("whole"))
        for reject in gone.iter_rows(named=True):
            for item in _kept(reject, settings):
                yield reject["source"], item


def _kept(reject: Mapping[str, Any], settings: IngestSettings) -> Iterator[Record | Refusal]:
    """What was kept of something refused whose source is no longer there, read in its stead."""
    place, payload = reject["place"] or None, reject["payload"]
    if not reject["whole"]:
        gone = refuse("missing_path", place, "The source is gone and was not kept whole")
        yield gone.keeping(payload or b"", cut=True)
        return
    # What stands inside a source was kept as an object, an entry or a record, which tells its format by itself.
    whole = not place and not payload.startswith(b"{")
    name = PurePosixPath(reject["source"]).name if whole else _BROKEN.get(reject["reason"], "")
    for item in read(io.BytesIO(payload), name, settings):
        if isinstance(item, Refusal):
            yield item._replace(place=place)
        else:
            item.place = place
            yield item


def page_of(item: Record | Refusal) -> tuple[str, str | None] | None:
    """The HTML of a record whose text is still to be taken out, and where it comes from."""
    if isinstance(item, Record) and item.html is not None:
        return item.html, item.url or item.found_at
    return None


class _Rows:
    """The batch that is being gathered, and what the run has met so far."""

    def __init__(self, run_id: str, settings: IngestSettings, before: RefusedBefore) -> None:
        self._run_id = run_id
        self._before = before
        self._settings = settings
        self._seen: set[str] = set()
        self._refused: set[tuple[str, str, str]] = set()
        self._articles: list[dict[str, Any]] = []
        self._rejects: list[dict[str, Any]] = []
        self._duplicates = 0
        self._kept_bytes = 0

    def know(self, articles: pl.DataFrame) -> None:
        """Take these articles (content_hash, outlet, url) for met."""
        rows = articles.select("content_hash", "outlet", "url").iter_rows()
        self._seen.update(_met(text, outlet, url) for text, outlet, url in rows)

    def remember(self, rejects: pl.DataFrame) -> None:
        """Take these places for refused: another refusal there gets a number."""
        self._refused.update(rejects.select("source", "place", "reason").iter_rows())

    @property
    def rows_in(self) -> int:
        return len(self._articles) + len(self._rejects) + self._duplicates

    @property
    def full(self) -> bool:
        refused = len(self._rejects) + self._duplicates
        return (
            len(self._articles) >= self._settings.batch_articles
            or refused >= _REFUSALS_A_BATCH
            or self._kept_bytes >= _BYTES_KEPT_A_BATCH
        )

    def add(self, source: str, item: Record | Refusal, page: Page | None) -> None:
        """One record more: an article, a duplicate or a refusal."""
        whole = item.told if isinstance(item, Record) else {}
        try:
            item = finished(item, page, self._settings)
            if isinstance(item, Record):
                self._keep(source, item)
                return
        except BaseException as error:
            if not is_fault(error):
                raise
            item = failed(error, item.place)
        self._refuse(source, item.keeping(whole) if whole else item)

    def take(self) -> Batch:
        """The batch as frames, and a new one begun."""
        articles = ARTICLES.conform(pl.DataFrame(self._articles, schema=ARTICLES.schema))
        rejects = REJECTS.conform(pl.DataFrame(self._rejects, schema=REJECTS.schema))
        new, known = self._before.apart(rejects)
        batch = Batch(articles, new, self.rows_in, self._duplicates + known, known)
        self._articles, self._rejects, self._duplicates, self._kept_bytes = [], [], 0, 0
        return batch

    def _keep(self, source: str, record: Record) -> None:
        outlet = record.outlet or self._settings.outlet
        fingerprint = content_hash(record.text)
        met = _met(fingerprint, outlet, record.url)
        if met in self._seen:
            self._duplicates += 1
            return
        self._seen.add(met)
        self._articles.append(
            {
                "article_id": article_id(record.text, outlet, record.url),
                "source": source,
                "place": record.place,
                "media_type": record.media_type,
                "outlet": outlet,
                "url": record.url,
                "title": record.title,
                "author": record.author,
                "published_at": record.published_at,
                "language": identify_language(record.text) or record.language,
                "text": record.text,
                "layout": record.layout,
                "repairs": list(record.repairs),
                "content_hash": fingerprint,
                "first_run_id": self._run_id,
                "updated_at": record.updated_at,
                "published_offset": record.published_offset,
            }
        )

    def _refuse(self, source: str, refusal: Refusal) -> None:
        place, number = refusal.place or "", 1
        while (source, place, refusal.reason) in self._refused:
            number += 1
            place = f"{refusal.place or ''} #{number}".strip()
        self._refused.add((source, place, refusal.reason))
        self._kept_bytes += len(refusal.payload or b"")
        self._rejects.append(
            {
                "run_id": self._run_id,
                "stage": "ingest",
                "source": source,
                "place": place,
                "reason": refusal.reason,
                "detail": refusal.detail,
                "payload": refusal.payload,
                "cut": None if refusal.payload is None else refusal.cut,
            }
        )


def _met(text: str, outlet: str | None, url: str | None) -> str:
    """What makes two records one: the hash of the text, the outlet and the address, however these are spelled."""
    return digest(text, key(outlet), address(url) or url)


def finished(
    item: Record | Refusal, page: Page | None, settings: IngestSettings
) -> Record | Refusal:
    """The item with its page's text, or why it can be no article."""
    if isinstance(item, Record) and page is not None:
        item = with_page(item, page)
    return _checked(item, settings) if isinstance(item, Record) else item


def _checked(record: Record, settings: IngestSettings) -> Record | Refusal:
    text = record.text
    if len(text) > settings.max_article_chars:
        return refuse("too_long", record.place, f"{len(text):,} characters")
    if not text.strip():
        return refuse("empty", record.place)
    if not any(char.isalpha() for char in text):
        return refuse("no_letters", record.place)
    if lost := text.count("\ufffd"):
        # Whoever lost them, a reader of ours or whoever wrote the source: it is not what was said.
        record.repairs += (f"{lost} character(s) lost (U+FFFD)",)
    return record


def with_page(record: Record, page: Page) -> Record | Refusal:
    """The record with its page's text; what the source told of it stands over what the page tells."""
    if page.refused and record.text:
        record.repairs = (*record.repairs, f"summary only: {page.refused}")
        record.html, record.url = None, record.found_at
        return record
    if page.refused:
        return refuse(page.refused, record.place)
    record.text, record.layout, record.html = page.text, page.layout, None
    if page.stub:
        record.repairs = (*record.repairs, "the beginning alone: the rest is sold")
    record.title = record.title or page.title
    record.outlet = record.outlet or page.outlet
    record.url = record.url or page.url
    record.author = record.author or page.author
    given = Moment(record.published_at, record.published_offset)
    shown = read_moment(page.published)
    published = shown if given.at is None else given.told_with(shown)
    record.published_at, record.published_offset = published
    record.updated_at = record.updated_at or parse_date(page.updated)
    return record

"""Ingest: files, folders, globs and archives to articles and refusals.

Every record of every source becomes one article, one duplicate or one refusal, so that for each batch
rows_in = articles + rejects + duplicates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import polars as pl

from pipeline.contracts import ARTICLES, REJECTS
from pipeline.ids import article_id, content_hash
from pipeline.readers import Record, Refusal, read_found, refuse
from pipeline.readers.dates import parse_date
from pipeline.readers.extraction import Page
from pipeline.readers.language import identify_language
from pipeline.readers.sources import find
from pipeline.readers.workers import Pages
from pipeline.settings import IngestSettings

# A batch without articles must end too: a source of nothing but refusals may be long.
_REFUSALS_A_BATCH = 10_000


class Batch(NamedTuple):
    """Some of what was read: rows_in = articles.height + rejects.height + duplicates."""

    articles: pl.DataFrame
    rejects: pl.DataFrame
    rows_in: int
    duplicates: int


def ingest(
    sources: Sequence[str],
    settings: IngestSettings,
    run_id: str,
    known: pl.Series | None = None,
    known_texts: pl.DataFrame | None = None,
) -> Iterator[Batch]:
    """Batches of at most settings.batch_articles articles, in the order of the sources, in flat memory.

    `known` holds the article_ids of the warehouse: met again they are duplicates, as is what this run met before.
    `known_texts` (content_hash, article_id) lets an article point at the first that carried its text.
    """
    batch = _Rows(run_id, settings, known, known_texts)
    with Pages() as pages:
        for (name, item), page in pages.extract_all(_items(sources, settings), _page_of):
            batch.add(name, item, page)
            if batch.full:
                yield batch.take()
    if batch.rows_in:
        yield batch.take()


def _items(
    sources: Sequence[str], settings: IngestSettings
) -> Iterator[tuple[str, Record | Refusal]]:
    for found in find(sources):
        for item in read_found(found, settings):
            yield found.name, item


def _page_of(item: tuple[str, Record | Refusal]) -> tuple[str, str | None] | None:
    record = item[1]
    if isinstance(record, Record) and record.html is not None:
        return record.html, record.url or record.found_at
    return None


class _Rows:
    """The batch that is being gathered, and what the run has met so far."""

    def __init__(
        self,
        run_id: str,
        settings: IngestSettings,
        known: pl.Series | None,
        known_texts: pl.DataFrame | None,
    ) -> None:
        self._run_id = run_id
        self._settings = settings
        self._seen: set[str] = set() if known is None else set(known.to_list())
        self._texts: dict[str, str] = (
            {}
            if known_texts is None
            else dict(zip(known_texts["content_hash"], known_texts["article_id"], strict=True))
        )
        self._refused: set[tuple[str, str, str]] = set()
        self._articles: list[dict[str, Any]] = []
        self._rejects: list[dict[str, Any]] = []
        self._duplicates = 0

    @property
    def rows_in(self) -> int:
        return len(self._articles) + len(self._rejects) + self._duplicates

    @property
    def full(self) -> bool:
        refused = len(self._rejects) + self._duplicates
        return len(self._articles) >= self._settings.batch_articles or refused >= _REFUSALS_A_BATCH

    def add(self, source: str, item: Record | Refusal, page: Page | None) -> None:
        """One record more: an article, a duplicate or a refusal."""
        if isinstance(item, Record) and page is not None:
            item = with_page(item, page)
        if isinstance(item, Record):
            item = self._checked(item)
        if isinstance(item, Refusal):
            self._refuse(source, item)
            return
        self._keep(source, item)

    def take(self) -> Batch:
        """The batch as frames, and a new one begun."""
        articles = ARTICLES.conform(pl.DataFrame(self._articles, schema=ARTICLES.schema))
        rejects = REJECTS.conform(pl.DataFrame(self._rejects, schema=REJECTS.schema))
        batch = Batch(articles, rejects, self.rows_in, self._duplicates)
        self._articles, self._rejects, self._duplicates = [], [], 0
        return batch

    def _checked(self, record: Record) -> Record | Refusal:
        text = record.text
        if len(text) > self._settings.max_article_chars:
            return refuse("too_long", record.place, f"{len(text):,} characters")
        if not text.strip():
            return refuse("empty", record.place)
        if not any(char.isalpha() for char in text):
            return refuse("no_letters", record.place)
        return record

    def _keep(self, source: str, record: Record) -> None:
        outlet = record.outlet or self._settings.outlet
        identity = article_id(record.text, outlet, record.url)
        if identity in self._seen:
            self._duplicates += 1
            return
        self._seen.add(identity)
        fingerprint = content_hash(record.text)
        first = self._texts.setdefault(fingerprint, identity)
        self._articles.append(
            {
                "article_id": identity,
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
                "duplicate_of": None if first == identity else first,
                "first_run_id": self._run_id,
            }
        )

    def _refuse(self, source: str, refusal: Refusal) -> None:
        place, number = refusal.place or "", 1
        while (source, place, refusal.reason) in self._refused:
            number += 1
            place = f"{refusal.place or ''} #{number}".strip()
        self._refused.add((source, place, refusal.reason))
        self._rejects.append(
            {
                "run_id": self._run_id,
                "stage": "ingest",
                "source": source,
                "place": place,
                "reason": refusal.reason,
                "detail": refusal.detail,
                "article_id": None,
            }
        )


def with_page(record: Record, page: Page) -> Record | Refusal:
    """The record with its page's text; what the source told of it stands over what the page tells."""
    if page.refused and record.text:
        record.repairs = (*record.repairs, f"summary only: {page.refused}")
        record.html, record.url = None, record.found_at
        return record
    if page.refused:
        return refuse(page.refused, record.place)
    record.text, record.layout, record.html = page.text, page.layout, None
    record.title = record.title or page.title
    record.outlet = record.outlet or page.outlet
    record.url = record.url or page.url
    record.author = record.author or page.author
    record.published_at = record.published_at or parse_date(page.published)
    return record

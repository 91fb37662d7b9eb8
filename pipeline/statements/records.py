"""Statements of plain records: the decision for people who want just that, JSON lines in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts, ids, schema
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.embedders import load_embedder
from onrecord.pipeline.speakers import resolve
from onrecord.pipeline.statements.reports import UNTOLD, Report, Reports, gather


class _Read(NamedTuple):
    """One record as read; `error` says why it cannot be used."""

    identity: object
    text: str
    speaker: str | None
    published: date | None
    article: str | None
    error: str | None


def statements_of_records(
    records: Iterable[object], settings: Settings | None = None
) -> Iterator[dict[str, Any]]:
    """For each record {"id", "text", "speaker"?, "published_at"?, "article_id"?} one {"id", "statement_id"}, in order.

    Where no record names a speaker, the words decide alone; where some do, the others are of unknown speakers and join
    only what is verbatim theirs. A record that cannot be used gives a `statement_id` of None and an `error`.
    """
    settings = settings or Settings()
    read = [_read(record) for record in records]
    usable = sorted(
        (at for at, one in enumerate(read) if one.error is None),
        key=lambda at: (str(read[at].identity), read[at].text, at),
    )
    speakers = _speakers([read[at] for at in usable])
    reports = [
        Report(
            key=str(read[at].identity),
            text=read[at].text,
            speaker=speaker,
            published=read[at].published,
            article=read[at].article,
        )
        for at, speaker in zip(usable, speakers, strict=True)
    ]
    statement: dict[int, str] = {}
    if reports:
        texts = sorted({report.text for report in reports}, key=lambda text: (len(text), text))
        encoded = load_embedder(settings.embed).encode(texts)
        row = {text: at for at, text in enumerate(texts)}
        vectors = encoded[np.array([row[report.text] for report in reports])]
        first = gather(Reports.of(reports), vectors, settings.cluster.window_days).first
        for at, founder in zip(usable, first.tolist(), strict=True):
            statement[at] = ids.digest("statement", reports[founder].key, reports[founder].text)
    for at, one in enumerate(read):
        told: dict[str, Any] = {"id": one.identity, "statement_id": statement.get(at)}
        if one.error is not None:
            told["error"] = one.error
        yield told


def _read(record: object) -> _Read:
    if not isinstance(record, Mapping):
        return _Read(None, "", None, None, None, "not an object")
    identity, text = record.get("id"), record.get("text")
    error = None
    if not isinstance(identity, str | int):
        error = "id: missing, or neither a text nor a number"
    elif not isinstance(text, str):
        error = "text: missing, or no text"
    elif not any(mark.isalnum() for mark in text):
        error = "text: holds no letter and no digit"
    for name in ("speaker", "article_id"):
        if error is None and not isinstance(record.get(name), str | int | None):
            error = f"{name}: neither a text nor null"
    published = None
    try:
        published = _date(record.get("published_at"))
    except ValueError:
        error = error or "published_at: not a date such as 2026-03-01"
    speaker, article = record.get("speaker"), record.get("article_id")
    return _Read(
        identity,
        text if isinstance(text, str) else "",
        None if speaker is None or not str(speaker).strip() else str(speaker),
        published,
        None if article is None else str(article),
        error,
    )


def _date(told: object) -> date | None:
    if told is None or told == "":
        return None
    if not isinstance(told, str):
        raise ValueError(told)
    if len(told) <= 10:
        return date.fromisoformat(told)
    return datetime.fromisoformat(told).date()


def _speakers(read: list[_Read]) -> list[str | None]:
    """The speaker of each record across spellings: UNTOLD where no record names any."""
    if all(one.speaker is None for one in read):
        return [UNTOLD] * len(read)
    told = pl.DataFrame(
        {
            "quotation_id": [str(at) for at in range(len(read))],
            "article_id": [one.article or f"record {at}" for at, one in enumerate(read)],
            "name": [one.speaker for one in read],
            "speaker_kind": ["person"] * len(read),
        },
        schema_overrides={"name": pl.String()},
    )
    articles = told.select(
        pl.col("article_id").unique().sort(),
    ).with_columns(
        pl.lit(None, dtype=pl.String()).alias("outlet"),
        pl.lit(None, dtype=schema.TIMESTAMP).alias("published_at"),
    )
    resolved = resolve(
        told,
        contracts.MENTIONS.empty(),
        articles,
        contracts.SPEAKERS.empty(),
        contracts.QUOTATIONS.empty(),
    )
    found = dict(resolved.quotation_speakers.iter_rows())
    return [found.get(str(at)) for at in range(len(read))]

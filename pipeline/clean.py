"""Clean: mark what is body and what is not, find quotations and who said them.

Cleaning marks, it never rewrites: every block, quotation and mention is a span of the article's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from pipeline import ids
from pipeline.blocks import Block, mark
from pipeline.contracts import BLOCKS, MENTIONS, QUOTATIONS
from pipeline.quarantine import refused_articles
from pipeline.quotations.extract import Quotation, Reading, read


class Cleaned(NamedTuple):
    """What cleaning made of a batch.

    `articles` are the identities of those that it carried on; every other one is in `rejects`.
    """

    articles: pl.Series
    blocks: pl.DataFrame
    quotations: pl.DataFrame
    mentions: pl.DataFrame
    rejects: pl.DataFrame


def clean(articles: pl.DataFrame, run_id: str) -> Cleaned:
    """Blocks, quotations and mentions of a batch of ARTICLES.

    An article in which nobody is quoted is a reject: the record is of who said what.
    """
    names = articles["article_id"].to_list()
    texts = articles["text"].to_list()
    published: list[date | None] = articles["published_at"].dt.date().to_list()
    blocks = mark(texts, articles["layout"].to_list(), articles["title"].to_list())
    readings = read(texts, published=published, blocks=blocks)
    kept = [
        (name, marked, reading)
        for name, marked, reading in zip(names, blocks, readings, strict=True)
        if reading.quotations
    ]
    carried = pl.Series("article_id", [name for name, _, _ in kept], dtype=pl.String)
    return Cleaned(
        carried,
        _blocks([(name, marked) for name, marked, _ in kept]),
        _quotations([(name, reading.quotations) for name, _, reading in kept]),
        _mentions([(name, reading) for name, _, reading in kept]),
        refused_articles(
            articles.filter(~pl.col("article_id").is_in(carried.implode())),
            run_id,
            "clean",
            "no_quotation",
            "Nobody is quoted in it; there is nothing to put on record",
        ),
    )


def _blocks(marked: Sequence[tuple[str, Sequence[Block]]]) -> pl.DataFrame:
    rows = [(name, *block) for name, blocks in marked for block in blocks]
    return pl.DataFrame(rows, schema=BLOCKS.schema, orient="row")


def _quotations(found: Sequence[tuple[str, Sequence[Quotation]]]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for name, quotations in found:
        keys = [ids.quotation_id(name, q.start, q.end) for q in quotations]
        for key, quotation in zip(keys, quotations, strict=True):
            row = {field: getattr(quotation, field) for field in quotation.__slots__}
            row["quotation_id"], row["article_id"], row["speaker_id"] = key, name, None
            row["spans"] = _pairs(quotation.spans)
            row["insertions"] = _pairs(quotation.insertions)
            row["nested_in"] = None if quotation.nested_in is None else keys[quotation.nested_in]
            row["candidates"] = [
                {"name": other, "share": share} for other, share in quotation.candidates
            ]
            row["utterance_id"] = ids.utterance_id(quotation.content)
            rows.append(row)
    return pl.DataFrame(rows, schema=QUOTATIONS.schema)


def _pairs(spans: Sequence[tuple[int, int]]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]


def _mentions(readings: Sequence[tuple[str, Reading]]) -> pl.DataFrame:
    rows = [(name, *mention) for name, reading in readings for mention in reading.mentions]
    return pl.DataFrame(rows, schema=MENTIONS.schema, orient="row")

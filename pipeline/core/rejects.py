"""What is kept of something refused, so that somebody can look at it and put it through again.

A payload is what was refused as it came: the beginning of a file, a line, or a row or an article as one JSON object
with the names that the readers know. It is kept in the record alone, never in a log or an artifact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from onrecord.pipeline.core.contracts import REJECTS
from onrecord.pipeline.core.days import on_own_clock

MOST_BYTES = 1 << 16
"""A payload is cut to this: ten times a usual article, and a thousand of them are a few megabytes."""

HELD_BACK = "held_back"
"""The reason of an article that stopped with its run at a critical gate."""

LACKS_VECTOR = (pl.col("stage") == "embed") & (pl.col("reason") != HELD_BACK)
"""Of REJECTS, a quotation that embed refused: its article is on record, and is the source; the place is its span."""

SPAN = pl.concat_str("start", "end", separator=":").alias("place")
"""Of a quotation, the place of its reject."""

KEPT_WHOLE = pl.col("payload").is_not_null() & ~pl.col("cut").fill_null(False)
"""Of REJECTS, what was kept whole: it can be read without its source."""

PASSING = ("unreachable", "http_status")
"""Reasons that may be gone tomorrow though nothing has changed here: each time that they are met is news."""

_SAME = ("stage", "source", "place", "reason", "cut")

ARTICLE = ("text", "title", "outlet", "url", "author", "published_at", "language")


class RefusedBefore:
    """What earlier runs over the same sources refused: the same again is known, not new.

    The same is what has the same place, the same reason and the same bytes.
    """

    def __init__(self, rows: pl.DataFrame | None = None) -> None:
        """`rows` as `marked` makes them."""
        self._rows = marked(REJECTS.empty()) if rows is None else rows

    def apart(self, rejects: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Of REJECTS rows those that are new, and how many are known."""
        there = rejects.with_columns(_KEPT)
        new = there.join(self._rows, on=(*_SAME, "kept"), how="anti", nulls_equal=True)
        return new.drop("kept"), rejects.height - new.height


_KEPT = pl.col("payload").hash(seed=0).alias("kept")


def marked(rejects: pl.DataFrame) -> pl.DataFrame:
    """What REJECTS rows are known by, without what was kept of them."""
    return rejects.filter(~pl.col("reason").is_in(PASSING)).select(*_SAME, _KEPT).unique()


def payload_of(refused: bytes | str | Mapping[str, object]) -> tuple[bytes, bool]:
    """The payload and whether it was cut; a mapping becomes one JSON object."""
    if isinstance(refused, Mapping):
        refused = json.dumps(dict(refused), ensure_ascii=False, default=str)
    data = refused.encode("utf-8", "surrogatepass") if isinstance(refused, str) else refused
    return data[:MOST_BYTES], len(data) > MOST_BYTES


def refused_articles(
    articles: pl.DataFrame,
    run_id: str,
    stage: str,
    reason: str | pl.Series,
    detail: str | pl.Series,
) -> pl.DataFrame:
    """REJECTS rows for whole ARTICLES that go no further, for one reason or each for its own."""
    rows = articles.select(*ARTICLE, "published_offset").iter_rows(named=True)
    kept = [payload_of(_told(row)) for row in rows]
    return REJECTS.conform(
        articles.select(
            pl.lit(run_id).alias("run_id"),
            pl.lit(stage).alias("stage"),
            "source",
            pl.col("place").fill_null(""),
            pl.lit(reason).alias("reason"),
            pl.lit(detail).alias("detail"),
            "article_id",
            pl.Series("payload", [payload for payload, _ in kept], dtype=pl.Binary),
            pl.Series("cut", [cut for _, cut in kept], dtype=pl.Boolean),
        )
    )


def _told(article: dict[str, Any]) -> dict[str, object]:
    offset = article.pop("published_offset")
    if article["published_at"] is not None:
        article["published_at"] = on_own_clock(article["published_at"], offset)
    return {name: value for name, value in article.items() if value is not None}

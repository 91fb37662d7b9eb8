"""Quotations stand in running text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectSpanInBlocks(ExpectColumnValuesToBeInSet):
    """First and last character of the span stand in blocks of the given kinds.

    Both are looked at because a quotation may run over several paragraphs.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, kinds: Sequence[str]) -> pl.Series:
        """Whether the span begins and ends in such a block."""
        rows = (
            material.table(table)
            .select("article_id", "start", (pl.col("end") - 1).alias("last"))
            .with_row_index("row")
        )
        blocks = material.table("blocks").select(
            "article_id",
            pl.col("start").alias("block_start"),
            pl.col("end").alias("block_end"),
            "kind",
        )
        first, last = (_placed(rows, blocks, position, kinds) for position in ("start", "last"))
        return first & last


def _placed(
    rows: pl.DataFrame, blocks: pl.DataFrame, position: str, kinds: Sequence[str]
) -> pl.Series:
    found = rows.sort("article_id", position).join_asof(
        blocks.sort("article_id", "block_start"),
        left_on=position,
        right_on="block_start",
        by="article_id",
        check_sortedness=False,  # Sorted a line above; polars cannot tell within groups.
    )
    inside = (pl.col(position) < pl.col("block_end")) & pl.col("kind").is_in(list(kinds))
    return found.sort("row").select(inside.fill_null(value=False)).to_series()

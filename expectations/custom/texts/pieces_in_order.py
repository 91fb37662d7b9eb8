"""Pieces of a span stand in order inside it."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectPiecesInOrder(ExpectColumnValuesToBeInSet):
    """Every piece lies inside the row's span, holds a character, and begins after the one before.

    `least` is how many pieces a row must have.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str, least: int) -> pl.Series:
        """Whether the row's pieces are so."""
        rows = material.table(table).select("start", "end", column).with_row_index("row")
        pieces = rows.explode(column).select(
            "row",
            "start",
            "end",
            pl.col(column).struct.field("start").alias("first"),
            pl.col(column).struct.field("end").alias("last"),
        )
        # Pieces of a row stay together, so a shift is enough (a window takes quadratic time here).
        before = pl.when(pl.col("row") == pl.col("row").shift(1)).then(pl.col("last").shift(1))
        right = (
            (pl.col("first") >= pl.col("start"))
            & (pl.col("last") <= pl.col("end"))
            & (pl.col("first") < pl.col("last"))
            & (pl.col("first") >= before).fill_null(value=True)
        )
        judged = pieces.group_by("row").agg(right.fill_null(value=False).all().alias("right"))
        enough = pl.col(column).list.len().fill_null(0)
        return (
            rows.join(judged, on="row", how="left", maintain_order="left")
            .select((enough >= least) & ((enough == 0) | pl.col("right")))
            .to_series()
        )

"""A text stands verbatim at its span."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectSpanVerbatim(ExpectColumnValuesToBeInSet):
    """The article's text between start and end is the text of the column, character for character.

    Where the column is null, its span is null too.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(
        cls, material: Material, table: str, *, text: str, start: str, end: str
    ) -> pl.Series:
        """Whether the span reads as the row says."""
        there = pl.col("article").str.slice(start, (pl.col(end) - pl.col(start)).clip(0))
        same = there.eq_missing(pl.col(text)) & (pl.col(start).is_null() == pl.col(end).is_null())
        return material.with_article(table, (text, start, end)).select(same).to_series()

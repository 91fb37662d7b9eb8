"""A stance is told by words of the article."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material

_ASSERTED = pl.col("stance").is_null() | (pl.col("stance") == "asserted")


class ExpectStanceTold(ExpectColumnValuesToBeInSet):
    """Words that were not simply said have the span of what tells so, within the article."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether a stance other than asserted has its span, and no other has one."""
        rows = material.with_article(table, ("stance", "stance_start", "stance_end"))
        within = (pl.col("stance_start") >= 0) & (
            pl.col("stance_end") <= pl.col("article").str.len_chars()
        )
        return rows.select(
            pl.when(_ASSERTED)
            .then(pl.col("stance_start").is_null())
            .otherwise(within)
            .fill_null(value=False)
        ).to_series()

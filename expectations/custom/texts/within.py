"""A span lies within its article."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectSpanWithinArticle(ExpectColumnValuesToBeInSet):
    """The span ends no later than the article's text does."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether the article is long enough."""
        lengths = (
            material.table("articles")
            .unique("article_id")
            .select("article_id", pl.col("text").str.len_chars().alias("length"))
        )
        rows = material.table(table).select("article_id", "end")
        return (
            rows.join(lengths, on="article_id", how="left", maintain_order="left")
            .select((pl.col("end") <= pl.col("length")).fill_null(value=False))
            .to_series()
        )

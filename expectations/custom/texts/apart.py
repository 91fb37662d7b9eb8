"""Blocks of one article lie side by side."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectBlocksApart(ExpectColumnValuesToBeInSet):
    """No block begins before the one before it has ended."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether the block begins where the one before it ends, or later."""
        before = pl.col("end").shift(1).over("article_id", order_by="start")
        return (
            material.table(table)
            .select((pl.col("start") >= before).fill_null(value=True))
            .to_series()
        )

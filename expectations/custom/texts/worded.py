"""A change of wording stands verbatim in the text that it is taken from."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectChangeVerbatim(ExpectColumnValuesToBeInSet):
    """The row that the key points at has the words of `text` between start and end, in its column `within`."""

    value_set: Any = (True,)

    @classmethod
    def evidence(
        cls,
        material: Material,
        table: str,
        *,
        text: str,
        start: str,
        end: str,
        of: str,
        key: str,
        within: str,
    ) -> pl.Series:
        """Whether the words stand there; texts of this run go before those known."""
        here = material.table(of).select(key, pl.col(within).alias("whole"))
        there = pl.col("whole").str.slice(start, (pl.col(end) - pl.col(start)).clip(0))
        return (
            material.table(table)
            .select(key, text, start, end)
            .join(here.unique(key), on=key, how="left", maintain_order="left")
            .select(there.eq_missing(pl.col(text)) & pl.col(text).is_not_null())
            .to_series()
        )

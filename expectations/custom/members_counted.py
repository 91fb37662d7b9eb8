"""The counts that a row tells of its members are right."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from expectations.material import Material


class ExpectMembersCounted(ExpectColumnValuesToBeInSet):
    """A column of counts is the number of rows in the table of members that point at the row."""

    value_set: Any = (True,)

    @classmethod
    def evidence(
        cls, material: Material, table: str, *, column: str, members: str, key: str
    ) -> pl.Series:
        """Whether the count is right."""
        counted = material.table(members).group_by(key).agg(pl.len().cast(pl.Int64).alias("found"))
        return (
            material.table(table)
            .select(key, column)
            .join(counted, on=key, how="left", maintain_order="left")
            .select(pl.col(column).eq_missing(pl.col("found").fill_null(0)))
            .to_series()
        )

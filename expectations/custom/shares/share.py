"""The share of rows without a value keeps within bounds."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)

from onrecord.expectations.material import Material


class ExpectShareMissing(ExpectColumnValuesToBeBetween):
    """At most a given share of the rows have no value in a column."""

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str, most: float) -> pl.Series:
        """One value: the share; 0 of a table without rows."""
        values = material.table(table).get_column(column)
        return pl.Series([values.null_count() / max(len(values), 1)])

    @classmethod
    def arguments(cls, table: str, *, column: str, most: float) -> dict[str, Any]:
        """The bound."""
        return {"max_value": most}

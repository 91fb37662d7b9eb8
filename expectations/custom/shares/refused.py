"""The share of refused inputs keeps within bounds."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)

from onrecord.expectations.material import Material


class ExpectShareRefused(ExpectColumnValuesToBeBetween):
    """At most a given share of what was new to the stage was refused."""

    @classmethod
    def evidence(cls, material: Material, table: str, *, most: float) -> pl.Series:
        """One value: the share; 0 where nothing was new."""
        rejected = material.count("rejected")
        return pl.Series([rejected / max(rejected + material.count("rows_out"), 1)])

    @classmethod
    def arguments(cls, table: str, *, most: float) -> dict[str, Any]:
        """The bound."""
        return {"max_value": most}

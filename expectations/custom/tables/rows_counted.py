"""The counts that a stage tells are those of its tables."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_pair_values_to_be_equal import (
    ExpectColumnPairValuesToBeEqual,
)

from onrecord.expectations.material import Material


class ExpectRowsCounted(ExpectColumnPairValuesToBeEqual):
    """The table has as many rows as the stage counted; of rejects, as many rows of the stage."""

    @classmethod
    def evidence(cls, material: Material, table: str, *, count: str) -> pl.DataFrame:
        """One row: what was counted, and what is there."""
        there = material.height(table)
        if table == "rejects":
            stages = material.columns(table, ["stage"])
            there = stages.filter(pl.col("stage") == material.stage).height
        return pl.DataFrame({count: [material.count(count)], f"rows of {table}": [there]})

    @classmethod
    def arguments(cls, table: str, *, count: str) -> dict[str, Any]:
        """The two columns of the evidence."""
        return {"column_A": count, "column_B": f"rows of {table}"}

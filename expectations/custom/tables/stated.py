"""What was said is somebody's statement, and nothing else is."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material
from onrecord.pipeline.statements.record import WAS_SAID


class ExpectSaidIsStated(ExpectColumnValuesToBeInSet):
    """A quotation is in a statement where it was said, and in none where it was not or was put to somebody."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether what was said is in a statement, and what was not is in none."""
        rows = material.table(table)
        members = material.values("statement_members", "quotation_id").implode()
        stated = pl.col("quotation_id").is_in(members).fill_null(value=False)
        return rows.select(stated == WAS_SAID).to_series()

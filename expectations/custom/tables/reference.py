"""A reference points at something that exists."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectReferenceKnown(ExpectColumnValuesToBeInSet):
    """Every value that is not null stands in another table, of this run or of the record."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str, to: str) -> pl.Series:
        """Whether the reference is null or known."""
        values = material.table(table).get_column(column)
        target, target_column = to.split(".")
        known = material.values(target, target_column).drop_nulls()
        return values.is_null() | values.is_in(known.implode()).fill_null(value=False)

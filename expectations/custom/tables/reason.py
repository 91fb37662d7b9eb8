"""Who has no name has a reason."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectNameOrReason(ExpectColumnValuesToBeInSet):
    """A quotation names its speaker or tells why not; never both, never neither."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether one of the two is there."""
        rows = material.table(table)
        return rows.get_column("name").is_null() != rows.get_column("unresolved").is_null()

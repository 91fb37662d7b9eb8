"""No two rows share a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectKeyUnique(ExpectColumnValuesToBeInSet):
    """The key stands once in the table.

    Counted in polars over the whole table, because a large table is checked in slices and two equal
    keys may lie in different ones. Every row of a shared key counts as a breach.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, key: Sequence[str]) -> pl.Series:
        """Whether the row's key stands once."""
        columns = material.columns(table, key)
        return ~(columns.to_series() if len(key) == 1 else columns.to_struct()).is_duplicated()

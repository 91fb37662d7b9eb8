"""Vectors hold numbers."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectVectorsFinite(ExpectColumnValuesToBeInSet):
    """Every element is a number: not null, not NaN, not infinite; and there is one at least."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str) -> pl.Series:
        """Whether the row's vector is so."""
        finite = pl.col(column).list.agg(pl.element().is_finite().fill_null(value=False).all())
        there = (pl.col(column).list.len() > 0) & finite
        return material.by_slices(table, there.fill_null(value=False))

"""Vectors are of unit norm."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)

from onrecord.expectations.material import Material


class ExpectUnitVectors(ExpectColumnValuesToBeBetween):
    """The Euclidean norm is 1 within 0.001, so that a dot product is a cosine.

    Single precision over 384 elements leaves an error below 1e-6; 1e-3 allows for half precision.
    """

    min_value: Any = 0.999
    max_value: Any = 1.001

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str) -> pl.Series:
        """The norm; -1 where there is none, for Great Expectations passes over what is null."""
        squares = pl.element().cast(pl.Float64).pow(2).sum()
        norm = pl.col(column).list.agg(squares).sqrt()
        return material.by_slices(table, norm.fill_nan(None).fill_null(-1.0))

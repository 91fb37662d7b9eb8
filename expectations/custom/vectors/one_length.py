"""Vectors of one model have one length."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectOneLengthPerModel(ExpectColumnValuesToBeInSet):
    """Every vector is as long as the other vectors of its model."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str, *, column: str) -> pl.Series:
        """Whether the row's model knows one length only."""
        lengths = material.by_slices(table, pl.col(column).list.len())
        return (
            material.columns(table, ["model"])
            .with_columns(lengths.alias("length"))
            .select((pl.col("length").n_unique().over("model") == 1).fill_null(value=False))
            .to_series()
        )

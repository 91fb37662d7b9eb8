"""Refusals are not far above what they have been."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)

from onrecord.expectations.material import Material
from onrecord.expectations.usual import ENOUGH_ROWS, highest


class ExpectRefusalsUsual(ExpectColumnPairValuesAToBeGreaterThanB):
    """The share refused is within what the stage's earlier runs let expect (`usual.highest`)."""

    NAMES: ClassVar[tuple[str, str]] = ("usual share refused at most", "share refused")
    column_A: str = NAMES[0]  # noqa: N815
    column_B: str = NAMES[1]  # noqa: N815
    or_equal: Any = True

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.DataFrame:
        """One row: the bound learnt (1 where there is too little to learn from) and the share."""
        rejected, new = material.count("rejected"), material.count("rows_out")
        share = rejected / max(rejected + new, 1)
        few = rejected + new < ENOUGH_ROWS
        past = material.past(material.stage).select(
            pl.col("rejected").alias("part"),
            (pl.col("rejected") + pl.col("rows_out")).alias("whole"),
        )
        bound = 1.0 if few else highest(past)
        return pl.DataFrame(dict(zip(cls.NAMES, ([bound], [share]), strict=True)))

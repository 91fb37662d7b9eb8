"""Refusals are not far above what they have been."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)

from expectations.material import Material

WINDOW, ENOUGH_RUNS, ENOUGH_ROWS = 20, 5, 20
SLACK = 0.05


class ExpectRefusalsUsual(ExpectColumnPairValuesAToBeGreaterThanB):
    """The share refused is at most median + 3 scaled median absolute deviations of earlier runs.

    Learnt from the stage's last 20 runs of 20 inputs or more, once there are five; 0.05 is added
    because runs that never refused anything deviate by nothing. 1.4826 scales the deviation to a
    standard deviation (Rousseeuw and Croux 1993).
    """

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
        bound = 1.0 if few else _learn(material.past(material.stage))
        return pl.DataFrame(dict(zip(cls.NAMES, ([bound], [share]), strict=True)))


def _learn(past: pl.DataFrame) -> float:
    new = pl.col("rejected") + pl.col("rows_out")
    shares = past.filter(new >= ENOUGH_ROWS).tail(WINDOW).select(pl.col("rejected") / new)
    if shares.height < ENOUGH_RUNS:
        return 1.0
    values = shares.to_series()
    middle = float(values.median() or 0.0)  # type: ignore[arg-type]
    spread = float((values - middle).abs().median() or 0.0)  # type: ignore[arg-type]
    return min(1.0, middle + 3 * 1.4826 * spread + SLACK)

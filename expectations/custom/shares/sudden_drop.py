"""Quotations have not suddenly become rare."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)

from onrecord.expectations.material import Material

WINDOW, ENOUGH_RUNS, ENOUGH_ROWS = 20, 3, 20


class ExpectNoSuddenDrop(ExpectColumnPairValuesAToBeGreaterThanB):
    """Quotations per article are at least half the median of earlier runs.

    The tell-tale of a changed page layout or a broken model: nothing raises, there is only less.
    Learnt from the last 20 runs of 20 articles or more, once there are three.
    """

    NAMES: ClassVar[tuple[str, str]] = ("quotations per article", "half of what is usual")
    column_A: str = NAMES[0]  # noqa: N815
    column_B: str = NAMES[1]  # noqa: N815
    or_equal: Any = True

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.DataFrame:
        """One row: what this run has, and the least that earlier runs let expect."""
        articles = material.count("rows_out")
        now = material.count("yielded") / max(articles, 1)
        least = 0.0 if articles < ENOUGH_ROWS else _learn(material.past("clean"))
        return pl.DataFrame(dict(zip(cls.NAMES, ([now], [least]), strict=True)))


def _learn(past: pl.DataFrame) -> float:
    many = past.filter(pl.col("rows_out") >= ENOUGH_ROWS).tail(WINDOW)
    if many.height < ENOUGH_RUNS:
        return 0.0
    usual = many.select((pl.col("yielded") / pl.col("rows_out")).median()).item()
    return float(usual) / 2

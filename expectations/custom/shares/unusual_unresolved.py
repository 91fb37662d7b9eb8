"""Quotations without a name are not far above what they have been."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from great_expectations.expectations.core.expect_column_pair_values_a_to_be_greater_than_b import (
    ExpectColumnPairValuesAToBeGreaterThanB,
)

from onrecord.expectations.material import Material
from onrecord.expectations.usual import ENOUGH_ROWS, highest


class ExpectUnresolvedUsual(ExpectColumnPairValuesAToBeGreaterThanB):
    """The share without a name is within what earlier runs let expect (`usual.highest`).

    The tell-tale of a source whose names are written in a way not met before, which stays below any fixed bound.
    """

    NAMES: ClassVar[tuple[str, str]] = ("usual share at most", "share without a name")
    column_A: str = NAMES[0]  # noqa: N815
    column_B: str = NAMES[1]  # noqa: N815
    or_equal: Any = True

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.DataFrame:
        """One row: the bound learnt (1 where there is too little to learn from) and the share."""
        names = material.table(table).get_column("name")
        share = names.null_count() / max(len(names), 1)
        told = "unresolved_before" in material.tables and len(names) >= ENOUGH_ROWS
        bound = highest(material.table("unresolved_before")) if told else 1.0
        return pl.DataFrame(dict(zip(cls.NAMES, ([bound], [share]), strict=True)))

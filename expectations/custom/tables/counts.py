"""Rows in = rows out + rejected + duplicates."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)

from onrecord.expectations.material import Material

ADDENDS = ("rows_in", "rows_out", "rejected", "duplicates")


class MulticolumnSumOfOthers(MulticolumnMapMetricProvider):
    """The first column of the list is the sum of the others."""

    condition_metric_name = "multicolumn_values.onrecord_sum_of_others"
    condition_domain_keys = (
        "batch_id",
        "table",
        "column_list",
        "row_condition",
        "condition_parser",
        "ignore_row_if",
    )
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: Any, **_: Any) -> Any:  # noqa: N805
        whole, *parts = (column_list[name] for name in column_list.columns)
        return whole == sum(parts)


class ExpectCountsToAddUp(MulticolumnMapExpectation):
    """In every row, the first column of the list is the sum of the others."""

    map_metric: ClassVar[str] = "multicolumn_values.onrecord_sum_of_others"
    column_list: Any = list(ADDENDS)  # noqa: RUF012  (a tuple would be taken for one name)
    ignore_row_if: Any = "never"

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.DataFrame:
        """The stage's counts in one row, or the stored counts of every run."""
        if table == "counts":
            return pl.DataFrame({name: [material.count(name)] for name in ADDENDS})
        return material.table(table).select(ADDENDS)

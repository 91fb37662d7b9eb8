"""What a gate is given: the tables of a stage, its counts, the bounds in force and the runs before.

Rules take their evidence from here. Texts of articles stay in polars: what a rule hands to Great
Expectations are numbers, flags, and values of closed sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from onrecord.pipeline.core.contracts import STAGE_RUNS
from onrecord.pipeline.core.settings import GateSettings


class NotHandedOverError(LookupError):
    """A rule needs a table or a count that the gate was not given."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the rules of one gate may look at.

    A table named ``known_<table>`` holds the keys that the record has from runs before; a reference
    may point there. A table that would not fit into memory is a lazy frame: of that, ask for
    `columns` and `by_slices`, never for the `table`.
    """

    stage: str
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame]
    counts: Mapping[str, int]
    settings: GateSettings
    history: pl.DataFrame

    def table(self, name: str) -> pl.DataFrame:
        """The table of that name. Raises NotHandedOverError where the gate was not given it."""
        return self._held(name).lazy().collect()

    def columns(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of a table, and nothing else of it."""
        return self._held(name).lazy().select(columns).collect()

    def height(self, name: str) -> int:
        """How many rows a table has."""
        return int(self._held(name).lazy().select(pl.len()).collect().item())

    def schema(self, name: str) -> pl.Schema:
        """Which columns a table has, with their types."""
        return self._held(name).lazy().collect_schema()

    def count(self, name: str) -> int:
        """The count of that name. Raises NotHandedOverError where the gate was not given it."""
        if name not in self.counts:
            raise NotHandedOverError(f"count {name}")
        return self.counts[name]

    def values(self, table: str, column: str) -> pl.Series:
        """What a reference to `table.column` may hold: values of this run and of the record."""
        known = [f"known_{table}"] if f"known_{table}" in self.tables else []
        return pl.concat([self.columns(name, [column]).to_series() for name in (table, *known)])

    def with_article(self, name: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of a table, row by row, beside the text of the row's article as `article`."""
        texts = (
            self.table("articles")
            .unique("article_id")
            .select("article_id", pl.col("text").alias("article"))
        )
        rows = self.table(name).select("article_id", *columns)
        return rows.join(texts, on="article_id", how="left", maintain_order="left")

    def by_slices(self, name: str, told: pl.Expr) -> pl.Series:
        """`told` for every row, some rows at a time: for columns that a copy of would not fit."""
        rows = self._held(name).lazy().select(told.alias("told"))
        return rows.collect(engine="streaming").to_series()

    def past(self, stage: str) -> pl.DataFrame:
        """The stage's counts in the runs before, newest last (contracts.STAGE_RUNS)."""
        return self.history.filter(pl.col("stage") == stage).sort("run_id")

    def _held(self, name: str) -> pl.DataFrame | pl.LazyFrame:
        if name not in self.tables:
            raise NotHandedOverError(f"table {name}")
        return self.tables[name]


def no_history() -> pl.DataFrame:
    """The history of a record without runs."""
    return STAGE_RUNS.empty()

"""What a gate is given: the tables of a stage, its counts, the bounds in force and the runs before.

Rules take their evidence from here. Texts of articles stay in polars: what a rule hands to Great
Expectations are numbers, flags, and values of closed sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.contracts import STAGE_RUNS
from pipeline.settings import GateSettings

SLICE_ROWS = 20_000
"""Vectors looked at at once: 30 MB of single precision numbers at a width of 384."""


class NotHandedOverError(LookupError):
    """A rule needs a table or a count that the gate was not given."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that the rules of one gate may look at.

    A table named ``known_<table>`` holds the keys that the record has from runs before; a reference
    may point there.
    """

    stage: str
    tables: Mapping[str, pl.DataFrame]
    counts: Mapping[str, int]
    settings: GateSettings
    history: pl.DataFrame

    def table(self, name: str) -> pl.DataFrame:
        """The table of that name. Raises NotHandedOverError where the gate was not given it."""
        if name not in self.tables:
            raise NotHandedOverError(f"table {name}")
        return self.tables[name]

    def count(self, name: str) -> int:
        """The count of that name. Raises NotHandedOverError where the gate was not given it."""
        if name not in self.counts:
            raise NotHandedOverError(f"count {name}")
        return self.counts[name]

    def values(self, table: str, column: str) -> pl.Series:
        """What a reference to `table.column` may hold: values of this run and of the record."""
        here = self.table(table).get_column(column)
        known = self.tables.get(f"known_{table}")
        return here if known is None else pl.concat([here, known.get_column(column)])

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
        frame = self.table(name)
        slices = frame.iter_slices(SLICE_ROWS) if frame.height else [frame]
        return pl.concat([part.select(told.alias("told")).to_series() for part in slices])

    def past(self, stage: str) -> pl.DataFrame:
        """The stage's counts in the runs before, newest last (contracts.STAGE_RUNS)."""
        return self.history.filter(pl.col("stage") == stage).sort("run_id")


def no_history() -> pl.DataFrame:
    """The history of a record without runs."""
    return STAGE_RUNS.empty()

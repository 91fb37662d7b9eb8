"""Rows of the record for the keys that a run has to do with: it is asked for these, and never reads all there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

Ask = Callable[[str, Sequence[str], pl.DataFrame | None], pl.LazyFrame]
"""Some columns of a table's rows: of those with one of the keys that a frame has in columns of the table, or of all."""


class Known(NamedTuple):
    """What is on record: `ask` for rows of some keys, `scan` for all rows of a table, which cost what they weigh."""

    ask: Ask
    scan: Callable[[str], pl.LazyFrame]


def at_hand(tables: Mapping[str, pl.LazyFrame]) -> Known:
    """A record whose tables are at hand."""

    def ask(table: str, columns: Sequence[str], keys: pl.DataFrame | None) -> pl.LazyFrame:
        found = tables[table]
        if keys is not None:
            found = found.join(keys.lazy(), on=keys.columns, how="semi")
        return found.select(columns)

    return Known(ask, tables.__getitem__)


def of_keys(column: str, keys: Iterable[str | None]) -> pl.DataFrame:
    """Keys of one column, each once, in order."""
    told = pl.Series(column, keys, dtype=pl.String).drop_nulls().unique().sort()
    return told.to_frame()

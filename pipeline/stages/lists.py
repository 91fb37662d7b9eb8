"""The vectors of all wordings in the lists that the record keeps: those of a run are added to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core.asking import Known, of_keys
from onrecord.pipeline.core.contracts import UTTERANCES
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.machine.vectors import AT_ONCE
from onrecord.pipeline.neighbours import Day, Kept, carry, keys_of
from onrecord.pipeline.neighbours.lists import Vectors


def of_own_model(
    known: Known, new: pl.LazyFrame, beside: frozenset[str]
) -> tuple[Known, pl.LazyFrame]:
    """What is on record, and new UTTERANCES, without the vectors of the models that stand beside the own one."""
    own = ~pl.col("model").str.split("@").list.first().is_in(sorted(beside))

    def ask(table: str, columns: Sequence[str], keys: pl.DataFrame | None) -> pl.LazyFrame:
        if table != UTTERANCES.name:
            return known.ask(table, columns, keys)
        told = known.ask(table, tuple(dict.fromkeys((*columns, "model"))), keys)
        return told.filter(own).select(columns)

    def scan(table: str) -> pl.LazyFrame:
        return known.scan(table).filter(own) if table == UTTERANCES.name else known.scan(table)

    return Known(ask, scan), new.filter(own)


class Nearest(NamedTuple):
    """Lists of vectors, and the model that they are of; no lists where there are no vectors."""

    model: str
    lists: Kept | None


def nearest(new: pl.LazyFrame, known: Known, kept: Segments) -> Nearest:
    """The lists of the model that has most of the wordings, those of `new` added.

    `new` are UTTERANCES; a wording that is known keeps its vector, and one of another width than most is none of this
    model.
    """
    held = known.ask("utterances", ("model",), None)
    counted = pl.concat([new.select("model"), held]).group_by("model").len()
    models = counted.collect().sort("len", "model", descending=[True, False])
    if models.is_empty():
        return Nearest("", None)
    model = models["model"][0]
    mine = pl.col("model") == model
    told = new.filter(mine).select("utterance_id", "embedding").collect()
    keys = of_keys("utterance_id", told["utterance_id"].unique())
    again = known.ask("utterances", ("utterance_id", "model"), keys).filter(mine).collect()
    rows = told.select("utterance_id").with_row_index("row").unique("utterance_id", keep="first")
    rows = rows.join(again, on="utterance_id", how="anti").sort("utterance_id")
    day = _gathered(told, rows["row"])
    # On a first run that is all there is, twice as heavy as the day's.
    del told
    before = held.filter(mine).select(pl.len()).collect().item()

    def whole() -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        width = day[1].shape[1] or None
        for piece in _pieces(known.scan("utterances")):
            width = width or _width(piece["embedding"].list.len())
            yield _vectors(piece.filter(mine), width)
        if len(day[0]):
            yield day

    return Nearest(model, carry(kept, before, Day(model, *day), whole))


def _width(lengths: pl.Series) -> int:
    """The width of most of some vectors, told how long each is."""
    return int(lengths.mode().sort()[0])


def _gathered(utterances: pl.DataFrame, rows: pl.Series) -> tuple[NDArray[np.int64], Vectors]:
    """Keys and vectors of some rows, in the half precision of the lists, a piece at a time."""
    width = _width(utterances["embedding"].list.len().gather(rows)) if len(rows) else 0
    keys, vectors = np.empty(len(rows), np.int64), np.empty((len(rows), width), np.float16)
    end = 0
    for at in range(0, len(rows), AT_ONCE):
        own, of = _vectors(utterances[rows[at : at + AT_ONCE]], width)
        keys[end : end + len(own)], vectors[end : end + len(own)] = own, of
        end += len(own)
    return keys[:end], vectors[:end]


def _pieces(utterances: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Some thousands at a time: together they weigh more than all else."""
    height = utterances.select(pl.len()).collect().item()
    for at in range(0, height, AT_ONCE):
        yield utterances.select("utterance_id", "model", "embedding").slice(at, AT_ONCE).collect()


def _vectors(utterances: pl.DataFrame, width: int) -> tuple[NDArray[np.int64], Vectors]:
    """Keys and vectors of those that have one."""
    told = utterances.filter(pl.col("embedding").list.len() == width)
    numbers = np.empty((0, width), dtype=np.float32)
    if told.height:
        numbers = told["embedding"].cast(pl.Array(pl.Float32, width)).to_numpy()
    finite = np.isfinite(numbers).all(axis=1)
    return keys_of(told["utterance_id"])[finite], numbers[finite]

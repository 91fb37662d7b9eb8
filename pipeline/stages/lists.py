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
    width = pl.col("embedding").list.len().alias("width")
    told = new.select("utterance_id", "model", width).collect(engine="streaming")
    told = told.with_row_index("row").filter(mine)
    keys = of_keys("utterance_id", told["utterance_id"].unique())
    again = known.ask("utterances", ("utterance_id", "model"), keys).filter(mine).collect()
    told = told.unique("utterance_id", keep="first", maintain_order=True)
    day = _gathered(new, told.join(again, on="utterance_id", how="anti", maintain_order="left"))
    before = held.filter(mine).select(pl.len()).collect().item()

    def whole() -> Iterator[tuple[NDArray[np.int64], Vectors]]:
        width = day[1].shape[1] or None
        for piece in _pieces(known.scan("utterances")):
            width = width or _width(piece["embedding"].list.len())
            yield _vectors(piece.filter(mine), width)[1:]
        for at in range(0, len(day[0]), AT_ONCE):
            yield day[0][at : at + AT_ONCE], day[1][at : at + AT_ONCE]

    return Nearest(model, carry(kept, before, Day(model, *day), whole))


def _width(lengths: pl.Series) -> int:
    """The width of most of some vectors, told how long each is."""
    return int(lengths.mode().sort()[0])


def _gathered(utterances: pl.LazyFrame, told: pl.DataFrame) -> tuple[NDArray[np.int64], Vectors]:
    """Keys and vectors of some rows, in the order of their keys and in the half precision of the lists.

    On a first run that is all there is: never is more than this and a piece of what it comes from in memory.
    """
    width = _width(told["width"]) if told.height else 0
    keys, vectors = np.empty(told.height, np.int64), np.empty((told.height, width), np.float16)
    place = told["utterance_id"].arg_sort().arg_sort().to_numpy()
    rows, at, kept = told["row"].to_numpy(), 0, np.zeros(told.height, dtype=bool)
    for piece in _pieces(utterances) if told.height else ():
        here = slice(*np.searchsorted(rows, (at, at + piece.height)))
        whole, own, of = _vectors(piece[rows[here] - at], width)
        into = place[here][whole]
        keys[into], vectors[into], kept[into] = own, of, True
        at += piece.height
    return (keys, vectors) if kept.all() else (keys[kept], vectors[kept])


def _pieces(utterances: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Some thousands at a time, in order: together they weigh more than all else."""
    told = utterances.select("utterance_id", "model", "embedding")
    yield from told.collect_batches(chunk_size=AT_ONCE)


def _vectors(
    utterances: pl.DataFrame, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], Vectors]:
    """Which rows have a vector, their keys and vectors."""
    fits = utterances["embedding"].list.len() == width
    told = utterances.filter(fits)
    numbers = np.empty((0, width), dtype=np.float32)
    if told.height:
        numbers = told["embedding"].cast(pl.Array(pl.Float32, width)).to_numpy()
    finite = np.isfinite(numbers).all(axis=1)
    rows = np.flatnonzero(fits.to_numpy())[finite]
    return rows, keys_of(told["utterance_id"])[finite], numbers[finite]

"""Which wordings of a generation lie nearest to a vector, by the lists that runs keep: read where they lie, so that
they are no memory of a server's.

Where there are none that can be read, lists that hold all in one cell are made of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import sleep
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import Damaged, Kept, rebuild
from onrecord.warehouse.errors import QueryError, TooLong
from onrecord.warehouse.kept_lists import lists_of, probes
from onrecord.warehouse.shelf.reader import WAITS, Reader

LEAST = 0.3
"""The cosine from which on wordings are near at all."""
MOST = 2_000
"""Wordings that are near, at the most."""

Near = tuple[NDArray[np.int64], NDArray[np.float32]]
_NOTHING: Near = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))

Told = TypeVar("Told")


def near(reader: Reader, vector: Sequence[float]) -> Near:
    """The nearest wordings and their cosines, the nearest first."""
    asked = np.asarray([vector], dtype=np.float32)

    def search(held: Kept) -> Near:
        if len(vector) != held.width:
            raise QueryError(
                f"the vector of these words has {len(vector)} numbers and those on record have {held.width}: the"
                " record was made with another model; search by words"
            )
        found = held.search(asked, MOST, probes(held))
        good = (found.keys[0] >= 0) & (found.likeness[0] >= LEAST)
        return found.keys[0][good], found.likeness[0][good]

    return _asked(reader, search, _NOTHING)


def fits(reader: Reader, vector: Sequence[float]) -> bool:
    """Whether a vector may be held against those on record: of as many numbers, or there are none."""
    return _asked(reader, lambda held: len(vector) == held.width, True)


def near_among(
    reader: Reader,
    vector: Sequence[float],
    among: NDArray[np.int64],
    least: float,
    most: int,
) -> Near:
    """The same of some wordings only: `most` whose cosine is at least `least`."""
    wordings = np.unique(among)

    def look(held: Kept) -> Near:
        if len(vector) != held.width:
            return _NOTHING
        scores = held.taken(wordings).astype(np.float32) @ np.asarray(vector, np.float32)
        # Of what has no vector the score is no number.
        best = np.argsort(-np.nan_to_num(scores, nan=-1.0), kind="stable")[:most]
        best = best[scores[best] >= least]
        return wordings[best], scores[best]

    return _asked(reader, look, _NOTHING)


def vectors(reader: Reader, wordings: NDArray[np.int64]) -> dict[int, NDArray[np.float32]]:
    """The vectors of wordings, as near as the lists have them."""
    once = np.unique(wordings)

    def look(held: Kept) -> dict[int, NDArray[np.float32]]:
        found = held.taken(once).astype(np.float32)
        there = ~np.isnan(found[:, 0])
        return dict(zip(once[there].tolist(), found[there], strict=True))

    return _asked(reader, look, {})


def _asked(reader: Reader, ask: Callable[[Kept], Told], none: Told) -> Told:
    """What the lists tell, and those made of the record where the kept ones went or are damaged; `none` without any."""
    held = reader.kept("lists", _kept)
    try:
        if held is not None:
            return ask(held)
    except (Damaged, OSError):
        held = None
    held = reader.kept("lists made", _made)
    return none if held is None else ask(held)


def _kept(reader: Reader) -> Kept | None:
    """The kept lists, where they hold what the record does."""
    told = reader.row("vectors_held")
    if told is None or told["model"] is None:
        return None
    kept = lists_of(reader.connection, reader.path, told["model"])
    return kept if kept is not None and sum(kept.rows) == told["vectors"] else None


def _made(reader: Reader) -> Kept | None:
    """Lists of all vectors; anew where there was no memory amid them, since others had it in hand."""
    for pause in WAITS:
        try:
            return _written(reader)
        except TooLong:
            sleep(pause)
    return _written(reader)


def _written(reader: Reader) -> Kept | None:
    if next(_batches(reader), None) is None:
        return None
    cells, lists = rebuild(lambda: _batches(reader), reader.spill / "lists", cells=False)
    return Kept(cells, lists)


def _batches(reader: Reader) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    for batch in reader.batches("vectors"):
        width = len(batch["embedding"][0])
        flat = batch["embedding"].values.to_numpy(zero_copy_only=False)
        if len(flat) == width * len(batch["wording"]):
            yield batch["wording"].to_numpy(), flat.reshape(-1, width)

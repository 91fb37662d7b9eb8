"""Which wordings of a generation lie nearest to a vector: all vectors in memory, half a byte a number.

From the file a search would read every vector anew, since they are more than a server's share of memory: 0.9 GB of
30,000 articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import sleep
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.errors import QueryError, TooLong
from onrecord.warehouse.looking.reader import WAITS, Reader
from onrecord.warehouse.looking.shelf import Index, index_of

LEAST = 0.3
"""The cosine from which on wordings are near at all."""
MOST = 2_000
"""Wordings that are near, at the most."""
_SAMPLE = 20_000
"""Vectors by which the range of each number is found."""


@dataclass(frozen=True)
class Vectors:
    """The vectors as an index, and the number that the wording of each goes by."""

    index: Any
    by_wording: Index

    def places(self, wordings: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Where some wordings stand in the index."""
        return np.unique(self.by_wording.every(np.unique(wordings))[0]).astype(np.int64)


Near = tuple[NDArray[np.uint64], NDArray[np.float32]]


def near(reader: Reader, vector: Sequence[float]) -> Near:
    """The nearest wordings and their cosines, the nearest first."""
    held = reader.kept("vectors", _gathered)
    if held is None:
        return _NOTHING
    if len(vector) != held.index.d:
        raise QueryError(
            f"the vector of these words has {len(vector)} numbers and those on record have {held.index.d}: the"
            " record was made with another model; search by words"
        )
    asked = np.asarray([vector], dtype=np.float32)
    scores, found = held.index.search(asked, min(MOST, len(held.by_wording.order)))
    good = (found[0] >= 0) & (scores[0] >= LEAST)
    return held.by_wording.column[found[0][good]], scores[0][good]


def fits(reader: Reader, vector: Sequence[float]) -> bool:
    """Whether a vector may be held against those on record: of as many numbers, or there are none."""
    held = reader.kept("vectors", _gathered)
    return held is None or len(vector) == held.index.d


def near_among(
    reader: Reader,
    vector: Sequence[float],
    among: NDArray[np.uint64],
    least: float,
    most: int,
) -> Near:
    """The same of some wordings only: `most` whose cosine is at least `least`."""
    held = reader.kept("vectors", _gathered)
    if held is None or len(vector) != held.index.d:
        return _NOTHING
    places = held.places(among)
    if not len(places):
        return _NOTHING
    scores = held.index.reconstruct_batch(places) @ np.asarray(vector, np.float32)
    best = np.argsort(-scores, kind="stable")[:most]
    best = best[scores[best] >= least]
    return held.by_wording.column[places[best]], scores[best]


def vectors(reader: Reader, wordings: NDArray[np.uint64]) -> dict[int, NDArray[np.float32]]:
    """The vectors of wordings, as near as the index has them."""
    held = reader.kept("vectors", _gathered)
    places = held.places(wordings) if held is not None else ()
    if held is None or not len(places):
        return {}
    told = held.index.reconstruct_batch(places)
    return dict(zip(held.by_wording.column[places].tolist(), told, strict=True))


_NOTHING: Near = (np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.float32))


def _gathered(reader: Reader) -> Vectors | None:
    """All of them; anew where there was no memory amid them, since others had it in hand."""
    for pause in WAITS:
        try:
            return _read(reader)
        except TooLong:
            sleep(pause)
    return _read(reader)


def _read(reader: Reader) -> Vectors | None:
    index, wordings, waiting = None, [], []
    for batch in reader.batches("vectors"):
        width = len(batch["embedding"][0])
        flat = batch["embedding"].values.to_numpy(zero_copy_only=False)
        if len(flat) != width * len(batch["wording"]):
            continue
        vectors = np.ascontiguousarray(flat.reshape(-1, width), dtype=np.float32)
        # A view of one column would keep all of the batch.
        wordings.append(batch["wording"].to_numpy().copy())
        if index is not None:
            index.add(vectors)
            continue
        waiting.append(vectors)
        if sum(map(len, waiting)) >= _SAMPLE:
            index = _index(waiting)
    if index is None and waiting:
        index = _index(waiting)
    return Vectors(index, index_of(np.concatenate(wordings))) if index is not None else None


def _index(vectors: Sequence[NDArray[np.float32]]) -> Any:
    sample = np.concatenate(vectors)
    made = faiss.IndexScalarQuantizer(
        sample.shape[1], faiss.ScalarQuantizer.QT_4bit, faiss.METRIC_INNER_PRODUCT
    )
    made.train(sample)
    made.add(sample)
    return made

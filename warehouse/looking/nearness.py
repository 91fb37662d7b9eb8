"""Which wordings of a generation lie nearest to a vector: all vectors in memory, half a byte a number.

From the file a search would read every vector anew, since they are more than a server's share of memory: 0.9 GB of
30,000 articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.looking.reader import Reader

LEAST = 0.3
"""The cosine from which on wordings are near at all."""
MOST = 2_000
"""Wordings that are near, at the most."""
_SAMPLE = 20_000
"""Vectors by which the range of each number is found."""


@dataclass(frozen=True)
class Vectors:
    """The vectors as an index, and the place in the table of each."""

    index: Any
    places: NDArray[np.int64]


def near(reader: Reader, vector: Sequence[float]) -> tuple[list[int], list[float]]:
    """Places of the nearest wordings in `utterances`, and their cosines, the nearest first."""
    held = reader.kept("vectors", _gathered)
    if held is None:
        return [], []
    if len(vector) != held.index.d:
        raise QueryError(
            f"the vector of these words has {len(vector)} numbers and those on record have {held.index.d}: the"
            " record was made with another model; search by words"
        )
    asked = np.asarray([vector], dtype=np.float32)
    scores, found = held.index.search(asked, min(MOST, len(held.places)))
    good = (found[0] >= 0) & (scores[0] >= LEAST)
    return held.places[found[0][good]].tolist(), scores[0][good].tolist()


def near_among(
    reader: Reader, vector: Sequence[float], among: Sequence[int], least: float, most: int
) -> tuple[list[int], list[float]]:
    """The same of some places only: `most` whose cosine is at least `least`."""
    held = reader.kept("vectors", _gathered)
    if held is None or not among or len(vector) != held.index.d:
        return [], []
    wanted = np.flatnonzero(np.isin(held.places, np.asarray(among, dtype=np.int64)))
    chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(wanted.astype(np.int64)))
    asked = np.asarray([vector], dtype=np.float32)
    scores, found = held.index.search(asked, min(most, max(len(wanted), 1)), params=chosen)
    good = (found[0] >= 0) & (scores[0] >= least)
    return held.places[found[0][good]].tolist(), scores[0][good].tolist()


def _gathered(reader: Reader) -> Vectors | None:
    index, places, waiting = None, [], []
    for batch in reader.batches("vectors"):
        width = len(batch["embedding"][0])
        flat = batch["embedding"].values.to_numpy(zero_copy_only=False)
        if len(flat) != width * len(batch["place"]):
            continue
        vectors = np.ascontiguousarray(flat.reshape(-1, width), dtype=np.float32)
        # A view of one column would keep all of the batch.
        places.append(batch["place"].to_numpy().copy())
        if index is not None:
            index.add(vectors)
            continue
        waiting.append(vectors)
        if sum(map(len, waiting)) >= _SAMPLE:
            index = _index(waiting)
    if index is None and waiting:
        index = _index(waiting)
    return Vectors(index, np.concatenate(places)) if index is not None else None


def _index(vectors: Sequence[NDArray[np.float32]]) -> Any:
    sample = np.concatenate(vectors)
    made = faiss.IndexScalarQuantizer(
        sample.shape[1], faiss.ScalarQuantizer.QT_4bit, faiss.METRIC_INNER_PRODUCT
    )
    made.train(sample)
    made.add(sample)
    return made

"""Which pairs are worth a look: those that share a rare run of words, or whose vectors are near.

Both searches grow nearly linearly. A run of words that very many wordings share is a phrase of the
language or of a campaign, and is left to the vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

RUNS = (2, 3, 5)
"""Lengths of the runs of words that propose a pair."""

NEIGHBOURS = 12
"""Nearest vectors looked at; a statement with more distinct wordings is reached through its other
members."""

COMMON = 24
"""A run of words that more wordings share proposes no pair."""

_EXACT_UP_TO = 12_000
_PROBES = 6


def candidates(
    grams: Mapping[int, Any], vectors: NDArray[np.float32], asked: NDArray[np.bool_] | None = None
) -> tuple[Ints, Ints]:
    """Distinct pairs (left < right) of rows to be compared, sorted; with `asked`, those of which one is.

    `grams` [rows, runs of n words] by n are those of a profile, at least for the RUNS.
    """
    size = len(vectors)
    asked = np.ones(size, dtype=bool) if asked is None else asked
    keys = [_shared_runs(grams[n], asked) for n in RUNS]
    keys.append(_near(vectors, asked))
    pairs = np.unique(np.concatenate(keys)) if size else np.empty(0, dtype=np.int64)
    return pairs // max(size, 1), pairs % max(size, 1)


def _shared_runs(grams: Any, asked: NDArray[np.bool_]) -> Ints:
    """Pairs, as left * size + right, of wordings with a common run of words."""
    size = len(asked)
    runs = grams.tocsc()
    runs.sort_indices()
    counts = np.diff(runs.indptr)
    made = [np.empty(0, dtype=np.int64)]
    for count in range(2, COMMON + 1):
        starts = runs.indptr[:-1][counts == count]
        if not len(starts):
            continue
        rows = runs.indices[starts[:, None] + np.arange(count)].astype(np.int64)
        rows = rows[asked[rows].any(axis=1)]
        a, b = np.triu_indices(count, 1)
        one, two = rows[:, a].ravel(), rows[:, b].ravel()
        wanted = asked[one] | asked[two]
        made.append(np.unique(one[wanted] * size + two[wanted]))
    return np.unique(np.concatenate(made))


def nearest(
    vectors: NDArray[np.float32], asked: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], Ints]:
    """Cosines and rows [len(asked), count] of the nearest `vectors`; -1 where there is none.

    Exact where that is no more work than 12,000 vectors among themselves, else an inverted file
    whose cells are learned from a sample (faiss, seeded).
    """
    index = _index(vectors, exact=len(asked) * len(vectors) <= _EXACT_UP_TO**2)
    found: tuple[NDArray[np.float32], Ints] = index.search(asked, min(count, len(vectors)))
    return found


def _index(vectors: NDArray[np.float32], *, exact: bool) -> Any:
    import faiss

    width = vectors.shape[1]
    if exact:
        flat = faiss.IndexFlatIP(width)
        flat.add(vectors)
        return flat
    cells = int(2.5 * np.sqrt(len(vectors)))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = 20
    index.cp.niter = 5
    index.cp.min_points_per_centroid = 10
    index.nprobe = _PROBES
    index.train(vectors[:: max(1, len(vectors) // (cells * 20))])
    index.add(vectors)
    return index


def _near(vectors: NDArray[np.float32], asked: NDArray[np.bool_]) -> Ints:
    size = len(vectors)
    usable = np.flatnonzero(np.isfinite(vectors).all(axis=1))
    asking = usable[asked[usable]]
    if len(usable) < 2 or not len(asking):
        return np.empty(0, dtype=np.int64)
    _, found = nearest(vectors[usable], vectors[asking], NEIGHBOURS + 1)
    left = np.repeat(asking, found.shape[1])
    right = usable[found.ravel()]
    real = (found.ravel() >= 0) & (left != right)
    low, high = np.minimum(left, right)[real], np.maximum(left, right)[real]
    return np.unique(low * size + high)

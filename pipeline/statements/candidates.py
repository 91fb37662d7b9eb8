"""Which pairs are worth a look: those that share a rare run of words, or whose vectors are near.

Both searches grow nearly linearly. A run of words that very many wordings share is a phrase of the
language or of a campaign, and is left to the vectors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.features import Profiles

Ints = NDArray[np.int64]

NEIGHBOURS = 12
"""Nearest vectors looked at; a statement with more distinct wordings is reached through its other
members."""

COMMON = 24
"""A run of words that more wordings share proposes no pair."""

_EXACT_UP_TO = 12_000
_PROBES = 6


def candidates(profiles: Profiles, first: int = 0) -> tuple[Ints, Ints]:
    """Distinct pairs (left < right) of rows to be compared, at least one of them at `first` or
    after, sorted."""
    size = len(profiles.lengths)
    keys = [_shared_runs(profiles, n, first) for n in (2, 3, 5)]
    keys.append(_near(profiles.vectors, first))
    pairs = np.unique(np.concatenate(keys)) if size else np.empty(0, dtype=np.int64)
    return pairs // max(size, 1), pairs % max(size, 1)


def _shared_runs(profiles: Profiles, n: int, first: int) -> Ints:
    """Pairs, as left * size + right, of wordings with a common run of `n` words."""
    size = len(profiles.lengths)
    runs = profiles.grams[n].tocsc()
    runs.sort_indices()
    counts = np.diff(runs.indptr)
    made = [np.empty(0, dtype=np.int64)]
    for count in range(2, COMMON + 1):
        starts = runs.indptr[:-1][counts == count]
        if not len(starts):
            continue
        rows = runs.indices[starts[:, None] + np.arange(count)].astype(np.int64)
        a, b = np.triu_indices(count, 1)
        keys = (rows[:, a] * size + rows[:, b]).ravel()
        made.append(np.unique(keys[keys % size >= first]))
    return np.unique(np.concatenate(made))


def nearest(
    vectors: NDArray[np.float32], asked: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], Ints]:
    """Cosines and rows [len(asked), count] of the nearest `vectors`; -1 where there is none.

    Exact up to 12,000 vectors, then an inverted file whose cells are learned from a sample (faiss,
    seeded).
    """
    index = _index(vectors)
    found: tuple[NDArray[np.float32], Ints] = index.search(asked, min(count, len(vectors)))
    return found


def _index(vectors: NDArray[np.float32]) -> Any:
    import faiss

    width = vectors.shape[1]
    if len(vectors) <= _EXACT_UP_TO:
        exact = faiss.IndexFlatIP(width)
        exact.add(vectors)
        return exact
    cells = int(2.5 * np.sqrt(len(vectors)))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = 20
    index.cp.niter = 5
    index.cp.min_points_per_centroid = 10
    index.nprobe = _PROBES
    index.train(vectors[:: max(1, len(vectors) // (cells * 20))])
    index.add(vectors)
    return index


def _near(vectors: NDArray[np.float32], first: int) -> Ints:
    size = len(vectors)
    usable = np.flatnonzero(np.isfinite(vectors).all(axis=1))
    asking = usable[usable >= first]
    if len(usable) < 2 or not len(asking):
        return np.empty(0, dtype=np.int64)
    _, found = nearest(vectors[usable], vectors[asking], NEIGHBOURS + 1)
    left = np.repeat(asking, found.shape[1])
    right = usable[found.ravel()]
    real = (found.ravel() >= 0) & (left != right)
    low, high = np.minimum(left, right)[real], np.maximum(left, right)[real]
    return np.unique(low * size + high)

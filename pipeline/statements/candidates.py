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
_AT_ONCE = 16_384
"""Vectors handed to faiss at once: 25 MB at a width of 384, and whole blocks of its 4,096."""


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
    vectors: NDArray[np.float32], held: Ints, asked: Ints, count: int
) -> tuple[NDArray[np.float32], Ints]:
    """Cosines and places in `held` [len(asked), count] of the nearest to each that is asked; -1 where there is none.

    `held` and `asked` are rows of `vectors`, which go to the index some at a time. Exact where that is no
    more work than 12,000 vectors among themselves, else an inverted file whose cells are learned from
    a sample (faiss, seeded).
    """
    index = _index(vectors, held, exact=len(asked) * len(held) <= _EXACT_UP_TO**2)
    for at in range(0, len(held), _AT_ONCE):
        index.add(vectors[held[at : at + _AT_ONCE]])
    found = [
        index.search(vectors[asked[at : at + _AT_ONCE]], min(count, len(held)))
        for at in range(0, len(asked), _AT_ONCE)
    ]
    return np.concatenate([near for near, _ in found]), np.concatenate([at for _, at in found])


def _index(vectors: NDArray[np.float32], held: Ints, *, exact: bool) -> Any:
    """An empty index, which knows its cells."""
    import faiss

    width = vectors.shape[1]
    if exact:
        return faiss.IndexFlatIP(width)
    cells = int(2.5 * np.sqrt(len(held)))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, cells, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = 20
    index.cp.niter = 5
    index.cp.min_points_per_centroid = 10
    index.nprobe = _PROBES
    index.train(vectors[held[:: max(1, len(held) // (cells * 20))]])
    return index


def _near(vectors: NDArray[np.float32], asked: NDArray[np.bool_]) -> Ints:
    size = len(vectors)
    usable = np.flatnonzero(np.isfinite(vectors).all(axis=1))
    asking = usable[asked[usable]]
    if len(usable) < 2 or not len(asking):
        return np.empty(0, dtype=np.int64)
    _, found = nearest(vectors, usable, asking, NEIGHBOURS + 1)
    left = np.repeat(asking, found.shape[1])
    right = usable[found.ravel()]
    real = (found.ravel() >= 0) & (left != right)
    low, high = np.minimum(left, right)[real], np.maximum(left, right)[real]
    return np.unique(low * size + high)

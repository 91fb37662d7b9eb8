"""Vectors of wordings in the lists that the record keeps, each read once by a run, and the wordings near to some.

How near the last of those is that are looked at is remembered: among what a run looks at, no others are near.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import Kept
from onrecord.pipeline.neighbours import Near as Found
from onrecord.pipeline.statements.comparing.candidates import NEIGHBOURS

_WHOLE = 50_000
"""Wordings up to which every one may be looked at: in more, those of a few cells are, however few are asked for."""

_PROBES = 6
"""Cells that are looked into where not all are."""

_SLACK = 8
"""Wordings that are searched beyond those that are wanted: of equally near ones the first report counts."""


class Near:
    """Lists of vectors, searched and remembered."""

    def __init__(self, lists: Kept) -> None:
        self._lists = lists
        self._keys = np.empty(0, dtype=np.int64)
        self._vectors = np.empty((0, lists.width), dtype=np.float16)
        self._least: dict[int, float] = {}

    def taken(self, keys: NDArray[np.int64]) -> NDArray[np.float16]:
        """The vectors [len(keys), width] of some wordings by their keys, NaN where there is none."""
        new = np.setdiff1d(keys, self._keys)
        if len(new):
            both = np.concatenate([self._keys, new])
            order = np.argsort(both)
            self._vectors = np.concatenate([self._vectors, self._lists.taken(new)])[order]
            self._keys = both[order]
        return self._vectors[np.searchsorted(self._keys, keys)]

    def search(self, keys: NDArray[np.int64], vectors: NDArray[np.floating[Any]]) -> Found:
        """The nearest to each of some wordings, which have keys and unit vectors; some more than NEIGHBOURS."""
        few = sum(self._lists.rows) <= _WHOLE
        found = self._lists.search(vectors, NEIGHBOURS + 1 + _SLACK, None if few else _PROBES)
        if found.likeness.shape[1] > NEIGHBOURS:
            last = found.likeness[:, NEIGHBOURS]
            self._least.update(zip(keys.tolist(), last.tolist(), strict=True))
        return found

    def least(self, keys: NDArray[np.int64]) -> NDArray[np.float32]:
        """How near the last of NEIGHBOURS is to each of some wordings, as far as it was asked for; else anything is."""
        told = (self._least.get(key, -np.inf) for key in keys.tolist())
        return np.fromiter(told, dtype=np.float32, count=len(keys))

"""Vectors of wordings in the lists that the record keeps, each read once by a run, and the wordings alike to some."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import Kept, Lent
from onrecord.pipeline.statements.comparing.candidates import ALIKE, NEIGHBOURS
from onrecord.pipeline.statements.comparing.likeness import VectorRows

_WHOLE = 50_000
"""Wordings up to which every one may be looked at: in more, those of a few cells are, however few are asked for."""

_PROBES = 6
"""Cells that are looked into where not all are."""

_AT_HAND = 1 << 17
"""Vectors held in memory: 100 MB at a width of 384."""


class Near:
    """Lists of vectors, searched and remembered."""

    def __init__(self, lists: Kept) -> None:
        self._lists = lists
        self._keys = np.empty(0, dtype=np.int64)
        self._vectors = np.empty((0, lists.width), dtype=np.float16)

    def taken(self, keys: NDArray[np.int64]) -> NDArray[np.float16]:
        """The vectors [len(keys), width] of some wordings by their keys, NaN where there is none."""
        new = np.setdiff1d(keys, self._keys)
        if len(new):
            both = np.concatenate([self._keys, new])
            order = np.argsort(both)
            self._vectors = np.concatenate([self._vectors, self._lists.taken(new)])[order]
            self._keys = both[order]
        return self._vectors[np.searchsorted(self._keys, keys)]

    def read(self, keys: NDArray[np.int64]) -> VectorRows:
        """The same, of which rows are taken; very many stay in the lists until they are."""
        return self.taken(keys) if len(keys) <= _AT_HAND else Lent(self._lists, keys)

    def alike(
        self, vectors: NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of `vectors` (unit rows), and keys of wordings that are alike to them; of very many the nearest."""
        few = sum(self._lists.rows) <= _WHOLE
        found = self._lists.search(vectors, NEIGHBOURS + 1, None if few else _PROBES)
        rows, near = np.nonzero((found.keys >= 0) & (found.likeness >= ALIKE))
        return rows, found.keys[rows, near]

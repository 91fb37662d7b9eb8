"""Vectors that stay in the lists: rows of them are read when they are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours.kept import Kept


class Lent:
    """Vectors of some keys, NaN where there is none, of which rows are taken as of an array.

    All of a large record weigh more than whatever is made of them.
    """

    def __init__(self, lists: Kept, keys: NDArray[np.int64]) -> None:
        self._lists, self._keys = lists, keys
        self.shape = (len(keys), lists.width)

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.float16]:
        return self._lists.taken(self._keys[rows])

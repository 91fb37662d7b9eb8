"""The cells that vectors are sorted into: learned from a sample, seeded, and kept (faiss)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import files
from onrecord.pipeline.neighbours.damaged import Damaged

_UNDIVIDED = 4_000
"""Vectors up to which one cell holds them all: to look at each is no more work."""

_FOR_EACH = 20
"""Vectors that a cell is learned from."""

_ROUNDS = 5
_SEED = 20

_GROWN = 4
"""Times the vectors at which the cells were learned from which they are learned again."""


def train(sample: NDArray[np.floating[Any]], rows: int, file: Path) -> None:
    """Learn the cells for `rows` vectors from a sample of them (unit rows), and write them into a file."""
    import faiss

    width = sample.shape[1]
    cells = count_of(rows)
    held = faiss.IndexFlatIP(width)
    if cells == 1:
        held.add(np.zeros((1, width), dtype=np.float32))
    else:
        learned = faiss.Clustering(width, cells)
        learned.seed, learned.niter = _SEED, _ROUNDS
        learned.min_points_per_centroid, learned.spherical = 1, True
        learned.train(sample[:: max(1, len(sample) // wanted(rows))].astype(np.float32), held)
    files.write(file, partial(faiss.write_index, held))


def count_of(rows: int) -> int:
    """How many cells there are for so many vectors."""
    return 1 if rows < _UNDIVIDED else int(2.5 * np.sqrt(rows))


def wanted(rows: int) -> int:
    """How many vectors the cells for so many are learned from."""
    return min(rows, _FOR_EACH * count_of(rows))


def outgrown(cells: int, rows: int) -> bool:
    """Whether a record of so many vectors has outgrown its cells."""
    return count_of(rows) >= np.sqrt(_GROWN) * cells and count_of(rows) > 1


def opened(file: Path) -> Any:
    """The cells (a faiss index) that a file holds. Raises Damaged."""
    import faiss

    try:
        held = faiss.read_index(str(file))
    except RuntimeError as error:
        raise Damaged(f"{file.name}: no cells can be read from it") from error
    if not isinstance(held, faiss.IndexFlat) or not held.ntotal:
        raise Damaged(f"{file.name}: holds no cells")
    return held

"""One file of lists: the vectors of some runs in half precision, each with its key, cell by cell (faiss)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import files
from onrecord.pipeline.neighbours.damaged import Damaged

Vectors = NDArray[np.floating[Any]]
"""Unit rows."""

AT_ONCE = 16_384
"""Vectors handed to faiss at once: 25 MB at a width of 384, and whole blocks of its 4,096."""

LARGEST = 1 << 17
"""Vectors of a file from which it is merged no more: 100 MB at a width of 384, which a merge holds in memory."""

_TOGETHER = 8
"""Files of one size that are made one, which then is of the next."""

_SMALLEST = 1 << 9


def index_over(cells: Any) -> Any:
    """An empty index (faiss) of some cells."""
    import faiss

    index = faiss.IndexIVFScalarQuantizer(
        cells,
        cells.d,
        cells.ntotal,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.is_trained = True
    return index


def write(cells: Any, keys: NDArray[np.int64], vectors: Vectors, file: Path) -> Path:
    """Write the lists of some vectors into a file."""
    index = index_over(cells)
    for at in range(0, len(keys), AT_ONCE):
        part = slice(at, at + AT_ONCE)
        index.add_with_ids(vectors[part].astype(np.float32), keys[part])
    return _written(index.invlists, file)


def opened(cells: Any, file: Path) -> Any:
    """An index (faiss) of the lists that a file holds, left where they lie until it is let go. Raises Damaged."""
    import faiss

    try:
        how = faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY
        lists = faiss.read_InvertedLists(faiss.FileIOReader(str(file)), how)
        counts = lists.nlist, lists.code_size
    except (RuntimeError, MemoryError, AttributeError) as error:
        raise Damaged(f"{file.name}: no lists can be read from it") from error
    if counts != (cells.ntotal, 2 * cells.d):
        raise Damaged(f"{file.name}: its lists are not of these cells")
    index = index_over(cells)
    # The index closes the file: nobody else would.
    index.replace_invlists(lists, True)
    index.ntotal = index.invlists.compute_ntotal()
    return index


def to_merge(rows: Sequence[int]) -> list[list[int]]:
    """Which files, given by how many vectors each holds, are to be made one: some of about the same size each time."""
    by_size: dict[int, list[int]] = {}
    for number, held in enumerate(rows):
        if held < LARGEST:
            size = int(np.log(max(held, _SMALLEST) / _SMALLEST) / np.log(_TOGETHER))
            by_size.setdefault(size, []).append(number)
    made = []
    for numbers in by_size.values():
        group: list[int] = []
        for number in sorted(numbers, key=lambda one: rows[one]):
            if sum(rows[one] for one in group) + rows[number] <= LARGEST:
                group.append(number)
        if len(numbers) >= _TOGETHER and len(group) > 1:
            made.append(sorted(group))
    return made


def merged(indexes: Sequence[Any], file: Path) -> Path:
    """Write one file that holds what some indexes of the same cells hold."""
    import faiss

    whole: Any = faiss.ArrayInvertedLists(indexes[0].nlist, indexes[0].code_size)
    for one in indexes:
        # Every key is 0 modulo 1: there is no plainer way to copy from lists that may not be written.
        one.invlists.copy_subset_to(whole, whole.SUBSET_TYPE_ID_MOD, 1, 0)
    return _written(whole, file)


def rows_of(index: Any) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16]]]:
    """The keys and vectors of an index, cell by cell."""
    import faiss

    lists = index.invlists
    for cell in range(lists.nlist):
        size = lists.list_size(cell)
        if size:
            keys = faiss.rev_swig_ptr(lists.get_ids(cell), size).copy()
            codes = faiss.rev_swig_ptr(lists.get_codes(cell), size * lists.code_size)
            yield keys, codes.copy().view(np.float16).reshape(size, -1)


class Directory(NamedTuple):
    """The keys of a file, in order, and where in it each one's vector begins, in halves of a number."""

    keys: NDArray[np.int64]
    begins: NDArray[np.uint32]


def directory(index: Any) -> Directory:
    """Where each vector of an index stands in its file."""
    import faiss

    lists: Any = faiss.downcast_InvertedLists(index.invlists)
    sizes = [lists.list_size(cell) for cell in range(lists.nlist)]
    held = [cell for cell, size in enumerate(sizes) if size]
    if not held:
        return Directory(np.zeros(0, np.int64), np.zeros(0, np.uint32))
    start = int(lists.ptr)
    keys = np.concatenate([faiss.rev_swig_ptr(lists.get_ids(one), sizes[one]) for one in held])
    begins = np.concatenate(
        [
            int(lists.get_codes(one)) - start + np.arange(sizes[one]) * lists.code_size
            for one in held
        ]
    )
    order = np.argsort(keys, kind="stable")
    return Directory(keys[order], (begins[order] // 2).astype(np.uint32))


def taken(file: Path, of: Directory, wanted: NDArray[np.int64], into: Vectors) -> None:
    """Write the vectors of some keys (any of them more than once) into the rows of `into` that stand for them.

    Other rows stay as they are.
    """
    at = np.minimum(np.searchsorted(of.keys, wanted), len(of.keys) - 1) if len(of.keys) else None
    if at is None:
        return
    rows = np.flatnonzero(of.keys[at] == wanted)
    begins = of.begins[at[rows]]
    # In the order of the file, and some at a time.
    order = np.argsort(begins)
    rows, begins = rows[order], begins[order]
    halves = np.memmap(file, dtype=np.float16, mode="r")
    vectors = np.lib.stride_tricks.sliding_window_view(halves, into.shape[1])
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        into[rows[part]] = vectors[begins[part]]


def _written(lists: Any, file: Path) -> Path:
    import faiss

    return files.write(file, partial(faiss.write_InvertedLists, lists))

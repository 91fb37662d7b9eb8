"""Postings: which rows a key leads to, in sorted files that are searched where they lie.

A file (Arrow IPC, mapped into memory and never read whole) holds pairs of a key and a row, sorted by key. A run writes
one of its own; files of about one size are merged into one of the next, so that there are few and a row is written a
few times at most. Nothing is taken out: whoever finds a row looks whether it still holds.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Rows = NDArray[Any]
"""Numbers of 32 bits, or identities of 16 bytes."""

FORMAT = b"1"

_EMPTY = pa.schema([], metadata={b"format": FORMAT})

_AT_ONCE = 1 << 22
"""Postings of a batch, and of what a merge holds in memory at a time: 50 MB."""


class Unreadable(ValueError):  # noqa: N818 - it is a state, told by `except`
    """A kept file is missing, cut off, or of another format: it is to be made again."""


class Found(NamedTuple):
    """`rows` that were found, and the place of the key of each among those that were sought."""

    at: NDArray[np.int64]
    rows: Rows


class _Batch(NamedTuple):
    keys: Keys
    rows: Rows


class Postings:
    """Postings in files."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Open them. Raises Unreadable."""
        self._mapped = [mapped(file) for file in files]
        self.files = [[_Batch(*batch) for batch in one.batches] for one in self._mapped]

    def find(self, keys: Keys, most: int | None = None) -> Found:
        """The rows of some distinct keys, sorted; of one key no more than `most` from each file."""
        at, rows = [np.empty(0, np.int64)], [self._none()]
        for batch in chain(*self.files):
            first, last = np.searchsorted(keys, batch.keys[[0, -1]])
            here = keys[first : last + 1]
            start = np.searchsorted(batch.keys, here)
            hit = np.flatnonzero(batch.keys[np.minimum(start, len(batch.keys) - 1)] == here)
            end = np.searchsorted(batch.keys, here[hit], side="right")
            counts = end - start[hit]
            if most is not None:
                counts = np.minimum(counts, most)
            at.append(np.repeat(hit + first, counts))
            rows.append(batch.rows[spread(start[hit], counts)])
        for one in self._mapped:
            one.rest()
        return Found(np.concatenate(at), np.concatenate(rows))

    def _none(self) -> Rows:
        rows = next((batch.rows for batch in chain(*self.files)), np.empty(0, np.uint32))
        return rows[:0]


def spread(starts: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of some ranges on end, given where each starts and how many it has."""
    before = np.cumsum(counts) - counts
    made: NDArray[np.int64] = np.arange(counts.sum()) + np.repeat(starts - before, counts)
    return made


def write(keys: Keys, rows: Rows, into: Path) -> int:
    """Write a file of postings, each once; how many it has."""
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    if len(keys):
        again = (keys[1:] == keys[:-1]) & (rows[1:] == rows[:-1])
        kept = np.concatenate([[True], ~again])
        keys, rows = keys[kept], rows[kept]
    cuts = range(0, len(keys), _AT_ONCE)
    return write_columns(
        ({"key": keys[at : at + _AT_ONCE], "row": rows[at : at + _AT_ONCE]} for at in cuts), into
    )


def merge(
    files: Sequence[Path],
    into: Path,
    thinned: Callable[[Keys, NDArray[np.int64]], NDArray[np.bool_]] | None = None,
) -> int:
    """Write one file that holds the postings of some, rows of a key in the order of the files; how many it has.

    `thinned` tells which to keep, given keys and the place of each posting among those of its key.
    """
    held = [batch for file in files for batch in (_Batch(*one) for one in columns(file))]

    def batches() -> Iterator[dict[str, Rows]]:
        for low, high in pairwise(_cuts(held)) if held else ():
            parts = [
                slice(*np.searchsorted(batch.keys, np.array([low, high], np.uint64)))
                if high is not None
                else slice(int(np.searchsorted(batch.keys, np.uint64(low))), None)
                for batch in held
            ]
            keys = np.concatenate([one.keys[part] for one, part in zip(held, parts, strict=True)])
            rows = np.concatenate([one.rows[part] for one, part in zip(held, parts, strict=True)])
            order = np.argsort(keys, kind="stable")
            keys, rows = keys[order], rows[order]
            if thinned is not None:
                starts = np.flatnonzero(
                    np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)]
                )
                counts = np.diff(starts, append=len(keys))
                kept = thinned(keys, np.arange(len(keys)) - np.repeat(starts, counts))
                keys, rows = keys[kept], rows[kept]
            yield {"key": keys, "row": rows}

    return write_columns(batches(), into)


def _cuts(held: Sequence[_Batch]) -> list[Any]:
    """Keys that cut what is held into pieces of some size, none of which is cut amid a key; None is the end."""
    total = sum(len(batch.keys) for batch in held)
    pieces = -(-total // _AT_ONCE)
    told = [batch.keys[:: max(1, len(batch.keys) // 1024)] for batch in held]
    sample = np.sort(np.concatenate([np.empty(0, np.uint64), *told]))
    inner = np.unique(sample[(np.arange(1, max(pieces, 1)) * len(sample)) // max(pieces, 1)])
    return [0, *inner.tolist(), None]


class Mapped(NamedTuple):
    """The columns of a file, batch by batch, where they lie."""

    batches: list[tuple[Rows, ...]]
    memory: mmap.mmap

    def rest(self) -> None:
        """Have what was read of it no longer count as memory of the process: it is read again where it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self.memory.madvise(mmap.MADV_DONTNEED)


def mapped(file: Path) -> Mapped:
    """A file mapped into memory. Raises Unreadable."""
    try:
        with file.open("rb") as opened:
            memory = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        read = pa.ipc.open_file(pa.py_buffer(memory))
        batches = [read.get_batch(number) for number in range(read.num_record_batches)]
    except (OSError, ValueError, pa.ArrowException) as error:
        # A file of no bytes cannot be mapped.
        raise Unreadable(f"{file.name}: cannot be read") from error
    if (read.schema.metadata or {}).get(b"format") != FORMAT:
        raise Unreadable(f"{file.name}: of another format")
    return Mapped(
        [tuple(map(_numbers, batch.columns)) for batch in batches if batch.num_rows], memory
    )


def columns(file: Path) -> Iterator[tuple[Rows, ...]]:
    """The columns of a file, a batch at a time, where they lie. Raises Unreadable."""
    return iter(mapped(file).batches)


def write_columns(batches: Iterable[dict[str, Rows]], into: Path) -> int:
    """Write a file of columns, a batch at a time; how many rows it has."""
    count, writer, sink = 0, None, pa.OSFile(str(into), "wb")
    try:
        for batch in batches:
            arrays = [_array(column) for column in batch.values()]
            if writer is None:
                fields = [(name, array.type) for name, array in zip(batch, arrays, strict=True)]
                schema = pa.schema(fields, metadata={b"format": FORMAT})
                writer = pa.ipc.new_file(sink, schema)
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
            count += len(arrays[0])
        (writer or pa.ipc.new_file(sink, _EMPTY)).close()
    finally:
        sink.close()
    return count


def _array(column: Rows) -> pa.Array:
    if column.dtype.kind == "V":
        whole = np.ascontiguousarray(column)
        width = column.dtype.itemsize
        return pa.Array.from_buffers(pa.binary(width), len(whole), [None, pa.py_buffer(whole)])
    return pa.array(column)


def _numbers(column: pa.Array) -> Rows:
    # Not by `to_numpy`, which imports pandas.
    told = column.type
    fixed = pa.types.is_fixed_size_binary(told)
    dtype = np.dtype(f"V{told.byte_width}") if fixed else np.dtype(told.to_pandas_dtype())
    rows = np.frombuffer(column.buffers()[1], dtype=dtype)
    return rows[column.offset : column.offset + len(column)]

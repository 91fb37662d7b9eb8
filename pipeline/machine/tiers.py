"""Files that grow by a day's rows a day: each run adds one, and those of about one size are made one of the next.

So there are few, and a row is written a few times at most, however long the record grows. The part of each tells which
rows it holds, from the first on: where one is missing, that shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from onrecord.pipeline.core.segments import Segment, Segments

TOGETHER = 4
"""Files of one size that are made one."""

_SMALLEST = 1 << 12


def tiers(kept: Segments, kind: str) -> list[Segment] | None:
    """The files of a kind, in the order of their rows; None where one is missing, or there are none."""
    found = kept.of(kind)
    starts = [0, *(span(one)[1] for one in found)]
    whole = starts[:-1] == [span(one)[0] for one in found]
    return found if found and whole and kept.is_whole(kind) else None


def span(segment: Segment) -> tuple[int, int]:
    """The rows that a file holds: the first, and one past the last."""
    first, _, end = segment.part.partition("-")
    return (int(first), int(end)) if first.isdigit() and end.isdigit() else (-1, -1)


def append(kept: Segments, kind: str, file: Path, rows: int) -> Segment:
    """Keep a file that holds so many rows more."""
    found = kept.of(kind)
    return _keep(kept, kind, file, span(found[-1])[1] if found else 0, rows)


def settle(
    kept: Segments, kind: str, merge: Callable[[Sequence[Path], Path], object], suffix: str
) -> None:
    """Make one of the last files, where several are of one size; `merge` does it."""
    while (start := to_merge([_rows(one) for one in kept.of(kind)])) is not None:
        last = kept.of(kind)[start:]
        into = kept.aside(suffix)
        merge([one.path for one in last], into)
        for one in last:
            kept.drop(one)
        _keep(kept, kind, into, span(last[0])[0], sum(map(_rows, last)))


def to_merge(sizes: Sequence[int]) -> int | None:
    """From which file on the last ones are to be made one; None where none are."""
    levels = [int(np.log(max(size, _SMALLEST) / _SMALLEST) / np.log(TOGETHER)) for size in sizes]
    for level in sorted(set(levels)):
        start = max((at + 1 for at, one in enumerate(levels) if one > level), default=0)
        if len(levels) - start >= TOGETHER:
            return start
    return None


def _rows(segment: Segment) -> int:
    first, end = span(segment)
    return end - first


def _keep(kept: Segments, kind: str, file: Path, first: int, rows: int) -> Segment:
    return kept.add(file, kind, f"{first:012}-{first + rows:012}", rows)

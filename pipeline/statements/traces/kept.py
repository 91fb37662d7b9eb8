"""Traces kept from run to run: opened where they lie, added to, and made anew where they are not whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.machine import postings as files
from onrecord.pipeline.machine.postings import Found, Keys, Postings, Unreadable
from onrecord.pipeline.machine.tiers import append, settle, span, tiers
from onrecord.pipeline.statements.comparing.candidates import COMMON
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken
from onrecord.pipeline.statements.traces.left import Left, is_run, left_by, postings

POSTINGS, REPORTS = "postings", "reports"
"""The kinds of files: what keys lead to, and what is told of that."""

COUNTED = COMMON + 1
"""So many reports of a run of words are kept: one that has more proposes nothing, and never will."""

AT_ONCE = 50_000
"""Reports of which traces are made at a time: 4 million postings."""

_SUFFIX = ".arrow"


class Traces:
    """Traces of all reports on record, and of those of a run once they are added."""

    def __init__(self, found: Sequence[Path], told: Sequence[Path]) -> None:
        """Open them. Raises Unreadable."""
        self._postings = Postings(found)
        self._mapped = [files.mapped(file) for file in told]
        self._left = [Left(*columns) for one in self._mapped for columns in one.batches]
        self._ends = np.cumsum([len(one.high) for one in self._left], dtype=np.int64)

    def __len__(self) -> int:
        """How many reports have left traces, those that left them twice counted twice."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def find(self, keys: Keys, most: int | None = None) -> Found:
        """The rows of some distinct keys, sorted; of one key no more than `most` from each file."""
        at, rows = self._postings.find(keys, most)
        return Found(at, rows.astype(np.int64))

    def left(self, rows: Ints) -> Left:
        """What the reports of some rows left behind."""
        made = Left.empty(len(rows))
        file = np.searchsorted(self._ends, rows, side="right")
        for number in np.unique(file).tolist():
            here = file == number
            start = int(self._ends[number - 1]) if number else 0
            for name in Left._fields:
                getattr(made, name)[here] = getattr(self._left[number], name)[rows[here] - start]
        for one in self._mapped:
            one.rest()
        return made


def carried(kept: Segments) -> Traces | None:
    """The traces that are kept; None where they are not whole."""
    found, told = tiers(kept, POSTINGS), tiers(kept, REPORTS)
    if not found or not told or span(found[-1])[1] != span(told[-1])[1]:
        return None
    try:
        traces = Traces([one.path for one in found], [one.path for one in told])
    except Unreadable:
        return None
    return traces if len(traces) == span(told[-1])[1] else None


def add(kept: Segments, reports: Iterable[tuple[pl.DataFrame, Spoken]]) -> Traces:
    """The traces that are kept, with those of `reports` (rows with LEFT_OF, and the words of each) added to them."""
    for told, spoken in reports:
        for at in range(0, told.height, AT_ONCE):
            rows = np.arange(at, min(at + AT_ONCE, told.height))
            _add(kept, told[at : at + AT_ONCE], spoken.take(rows))
    settle(kept, POSTINGS, _merge_postings, _SUFFIX)
    settle(kept, REPORTS, _merge_reports, _SUFFIX)
    made = carried(kept)
    return Traces([], []) if made is None else made


def rebuild(kept: Segments, reports: Iterable[tuple[pl.DataFrame, Spoken]]) -> Traces:
    """Traces of all `reports`, in place of whatever is kept."""
    for kind in (POSTINGS, REPORTS):
        for one in kept.every(kind):
            kept.drop(one)
    return add(kept, reports)


def _add(kept: Segments, told: pl.DataFrame, spoken: Spoken) -> None:
    held = tiers(kept, REPORTS)
    start = span(held[-1])[1] if held else 0
    left = left_by(told, spoken)
    rows = np.arange(start, start + told.height, dtype=np.uint32)
    keys, of = (np.concatenate(parts) for parts in zip(*postings(left, spoken, rows), strict=True))
    into = kept.aside(_SUFFIX)
    files.write(keys, of, into)
    append(kept, POSTINGS, into, told.height)
    files.write_columns([left._asdict()], into)
    append(kept, REPORTS, into, told.height)


def _merge_postings(held: Sequence[Path], into: Path) -> None:
    files.merge(held, into, _thinned)


def _thinned(keys: Keys, place: Ints) -> NDArray[np.bool_]:
    return (place < COUNTED) | ~is_run(keys)


def _merge_reports(held: Sequence[Path], into: Path) -> None:
    files.write_columns(
        (
            dict(zip(Left._fields, columns, strict=True))
            for file in held
            for columns in files.columns(file)
        ),
        into,
    )

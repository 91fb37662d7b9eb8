"""Kept lists from one run to the next: a day is added, small files merged, and what is not to be trusted made anew."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.segments import Segment, Segments
from onrecord.pipeline.neighbours.damaged import Damaged
from onrecord.pipeline.neighbours.kept import Batches, Kept, rebuild
from onrecord.pipeline.neighbours.lists import Vectors, to_merge

KIND = "neighbours"
CELLS, LISTS = "cells", "lists"
"""Which part of the kept lists a file is."""

log = logging.getLogger(__name__)


class Day(NamedTuple):
    """Vectors of one model (unit rows) that come to a record, each with its key."""

    model: str
    keys: NDArray[np.int64]
    vectors: Vectors


def carry(segments: Segments, before: int, day: Day, whole: Batches) -> Kept | None:
    """A record's lists with a day's vectors added, as segments; None where there are no vectors.

    `before` is how many vectors of the model the record has. Where a file is missing, damaged or of another size, where
    files and record do not hold the same, and where there is none yet, all are made from `whole`, which tells the
    record's vectors and the day's.
    """
    if not before and not len(day.keys):
        return None
    try:
        return _carried(segments, before, day)
    except _UNREADABLE as damage:
        if segments.every(KIND, day.model):
            log.warning("the kept lists of vectors are made anew: %s", damage)
        return _made(segments, day.model, whole)


_UNREADABLE = (Damaged, ArithmeticError, LookupError, OSError, ValueError)
"""What comes of files whose bytes are not what they were: numbers in them point anywhere."""


def _carried(segments: Segments, before: int, day: Day) -> Kept:
    """What is kept, with the day's vectors. Raises what _UNREADABLE holds."""
    kept = _opened(segments, day.model, before)
    if len(day.keys):
        file = kept.add(day.keys, day.vectors, segments.aside(f".{LISTS}"))
        segments.add(file, KIND, LISTS, len(day.keys), day.model)
        kept = _opened(segments, day.model, before + len(day.keys))
    if kept.outgrown:
        return _made(segments, day.model, kept.vectors)
    while groups := to_merge(kept.rows):
        lists = _parts(segments, day.model, LISTS)
        for group in groups:
            file = kept.merged(group, segments.aside(f".{LISTS}"))
            rows = sum(kept.rows[number] for number in group)
            segments.add(file, KIND, LISTS, rows, day.model)
            for number in group:
                segments.drop(lists[number])
        kept = _opened(segments, day.model, sum(kept.rows))
    return kept


def _parts(segments: Segments, model: str, part: str) -> list[Segment]:
    return [one for one in segments.every(KIND, model) if one.part == part]


def _opened(segments: Segments, model: str, vectors: int) -> Kept:
    """What is kept, which should be so many vectors. Raises Damaged."""
    cells, lists = (_parts(segments, model, part) for part in (CELLS, LISTS))
    for one in (*cells, *lists):
        if not one.is_whole:
            raise Damaged(f"{one.name} is missing, or not as long as it was")
    if len(cells) != 1:
        raise Damaged("there are no cells, or more than one file of them")
    kept = Kept(cells[0].path, [one.path for one in lists], model)
    if kept.rows != [one.rows for one in lists] or sum(kept.rows) != vectors:
        raise Damaged(f"they hold {sum(kept.rows)} vectors, and the record has {vectors}")
    return kept


def _made(segments: Segments, model: str, whole: Batches) -> Kept:
    cells, lists = rebuild(whole, segments.aside(".anew"))
    for one in segments.every(KIND, model):
        segments.drop(one)
    opened = Kept(cells, lists)
    segments.add(cells, KIND, CELLS, opened.cells, model)
    for file, rows in zip(lists, opened.rows, strict=True):
        segments.add(file, KIND, LISTS, rows, model)
    cells.parent.rmdir()
    return _opened(segments, model, sum(opened.rows))

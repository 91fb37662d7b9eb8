"""Kept lists from one run to the next: a day is added, small files merged, and what is not to be trusted made anew."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.neighbours.cells import KIND
from onrecord.pipeline.neighbours.files import Damaged
from onrecord.pipeline.neighbours.kept import Batches, Kept, rebuild
from onrecord.pipeline.neighbours.lists import Vectors, to_merge

CELLS, LISTS = "cells", "lists"
"""Which part of the kept lists a file is."""


class Written(NamedTuple):
    """A file that is new, as a row of SEGMENTS tells it."""

    kind: str
    model: str
    part: str
    rows: int
    path: Path


class Carried(NamedTuple):
    """Lists of all vectors, opened; the files that are new, the names of those that stand for nothing any more, and
    why all were made anew, where they were."""

    kept: Kept
    written: list[Written]
    dropped: list[str]
    anew: str | None


class Day(NamedTuple):
    """Vectors of one model (unit rows) that come to a record, each with its key."""

    model: str
    keys: NDArray[np.int64]
    vectors: Vectors


def carry(
    segments: pl.DataFrame, folder: Path, before: int, day: Day, whole: Batches, into: Path
) -> Carried | None:
    """A record's lists with a day's vectors added, new files in the folder `into`; None where there are no vectors.

    `segments` (name, kind, model, part, rows, bytes) tells what `folder` holds, and `before` how many vectors of the
    model the record has. Where a file is missing, damaged or of another size, where files and record do not hold the
    same, and where there is none yet, all are made from `whole`, which tells the record's vectors and the day's.
    """
    mine = segments.filter(kind=KIND, model=day.model)
    if not before and not len(day.keys):
        return None
    try:
        kept, files = _opened(mine, folder, before)
    except Damaged as damage:
        anew = str(damage) if mine.height else None
        return _made(whole, day.model, into, mine["name"].to_list(), anew)
    if len(day.keys):
        files.append(kept.add(day.keys, day.vectors, into))
        kept = Kept(files[0], files[1:])
    if kept.outgrown:
        return _made(kept.vectors, day.model, into, mine["name"].to_list(), None)
    while groups := to_merge(kept.rows):
        held = {number for group in groups for number in group}
        made = [kept.merged(group, into) for group in groups]
        files = [files[0], *(f for at, f in enumerate(files[1:]) if at not in held), *made]
        kept = Kept(files[0], files[1:])
    return _carried(kept, files, day.model, mine["name"].to_list(), None)


def _opened(mine: pl.DataFrame, folder: Path, before: int) -> tuple[Kept, list[Path]]:
    """What is kept: the file of the cells, then those of the lists. Raises Damaged."""
    for name, size in mine.select("name", "bytes").iter_rows():
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            raise Damaged(f"{name}: is missing, or not as long as it was")
    cells, lists = (mine.filter(part=part).sort("name") for part in (CELLS, LISTS))
    if cells.height != 1:
        raise Damaged("there are no cells, or more than one file of them")
    files = [folder / name for name in (*cells["name"], *lists["name"])]
    kept = Kept(files[0], files[1:])
    if kept.rows != lists["rows"].to_list() or sum(kept.rows) != before:
        raise Damaged(f"they hold {sum(kept.rows)} vectors, and the record has {before}")
    return kept, files


def _made(whole: Batches, model: str, into: Path, old: list[str], anew: str | None) -> Carried:
    cells, lists = rebuild(whole, into)
    return _carried(Kept(cells, lists), [cells, *lists], model, old, anew)


def _carried(
    kept: Kept, files: list[Path], model: str, old: list[str], anew: str | None
) -> Carried:
    """What came of the files `old` (by name): those among `files` that are not of them are new."""
    parts = [(CELLS, kept.cells), *((LISTS, rows) for rows in kept.rows)]
    written = [
        Written(KIND, model, part, rows, file)
        for (part, rows), file in zip(parts, files, strict=True)
        if file.name not in old
    ]
    stand = {file.name for file in files}
    return Carried(kept, written, [name for name in old if name not in stand], anew)

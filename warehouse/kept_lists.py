"""The lists of vectors that runs keep, as who reads a generation has them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from onrecord.pipeline.neighbours import KIND, Damaged, Kept
from onrecord.pipeline.neighbours.carried import CELLS, LISTS
from onrecord.warehouse import vectors
from onrecord.warehouse.publishing.segments import listed_in

PROBES, SHARE = 512, 2
"""Cells that are looked into: so many, or one in so many where there are more."""


def lists_of(
    connection: duckdb.DuckDBPyConnection, path: Path, model: str, *, stay: bool = False
) -> Kept | None:
    """Those of a model that an open file stands on; None where there are none, or not whole. `stay`: see Kept."""
    told = listed_in(connection).filter(kind=KIND, model=model)
    folder = vectors.folder_of(path, connection)
    cells, lists = (told.filter(part=part) for part in (CELLS, LISTS))
    files = [folder / name for name in lists["name"]]
    try:
        # What is mapped and cut off would end the whole process where it is read.
        sizes = [file.stat().st_size for file in files]
        if cells.height != 1 or not files or sizes != lists["bytes"].to_list():
            return None
        kept = Kept(folder / cells["name"].item(), files, model, stay=stay)
    except (Damaged, OSError):
        return None
    return kept if kept.rows == lists["rows"].to_list() else None


def probes(kept: Kept) -> int:
    """How many of its cells a search looks into."""
    return max(PROBES, kept.cells // SHARE)

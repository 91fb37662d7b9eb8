"""The generations that are kept: which of them stands, when and by which run each was made, what it holds."""

from __future__ import annotations

import logging
from importlib.resources import files
from pathlib import Path

import polars as pl

from onrecord.warehouse.asking.query import query_file
from onrecord.warehouse.errors import WarehouseError
from onrecord.warehouse.publishing.publish import kept, published, require

log = logging.getLogger(__name__)


def generations(folder: Path) -> pl.DataFrame:
    """A row a kept generation, oldest first; `stands` marks the published. Raises NoWarehouse where there is none.

    Of one that cannot be read nothing is told but its number, and why in the log: the others are to go back to.
    """
    told = files("onrecord.warehouse") / "queries" / "generation.sql"
    standing = published(folder)
    # A kill right after the rename leaves the published file out of the kept ones.
    here = list(kept(folder).values())
    if standing is not None and not any(standing.samefile(file) for file in here):
        here.append(standing)
    if not here:
        require(folder)
    rows = [
        _told(file, told.read_text()).with_columns(
            stands=pl.lit(standing is not None and standing.samefile(file))
        )
        for file in here
    ]
    columns = pl.exclude("generation", "stands")
    return pl.concat(rows, how="diagonal").select("generation", "stands", columns)


def _told(file: Path, sql: str) -> pl.DataFrame:
    try:
        return query_file(file, sql)
    except WarehouseError as error:
        log.warning("%s: cannot be read: %s", file, error)
        number = int(file.stem) if file.stem.isdigit() else None
        return pl.DataFrame({"generation": [number]}, schema={"generation": pl.Int64})

"""The generations that are kept: which of them stands, when and by which run each was made, what it holds."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from onrecord.warehouse.asking.query import query_file
from onrecord.warehouse.publishing.publish import kept, published, require


def generations(folder: Path) -> pl.DataFrame:
    """A row a kept generation, oldest first; `stands` marks the published. Raises NoWarehouse where there is none."""
    told = files("onrecord.warehouse") / "queries" / "generation.sql"
    standing = published(folder)
    # A kill right after the rename leaves the published file out of the kept ones.
    here = list(kept(folder).values())
    if standing is not None and not any(standing.samefile(file) for file in here):
        here.append(standing)
    if not here:
        require(folder)
    rows = [
        query_file(file, told.read_text()).with_columns(
            stands=pl.lit(standing is not None and standing.samefile(file))
        )
        for file in here
    ]
    return pl.concat(rows).select("generation", "stands", pl.exclude("generation", "stands"))

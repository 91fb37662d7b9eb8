"""The record at a glance: who is quoted most, what several outlets reported, what it is about."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import polars as pl

from warehouse.query import query


class Overview(NamedTuple):
    """The answers to warehouse/queries/*.sql, one frame a file."""

    speakers: pl.DataFrame
    statements: pl.DataFrame
    themes: pl.DataFrame


def overview(folder: Path) -> Overview:
    """The record in `folder` at a glance. Raises NoWarehouse."""
    home = files("warehouse") / "queries"
    return Overview(
        *(query(folder, (home / f"{name}.sql").read_text()) for name in Overview._fields)
    )

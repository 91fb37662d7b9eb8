"""The statements that a run moved into others, or split off."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl

from onrecord.warehouse.asking.query import query


def moves(folder: Path, run_id: str) -> pl.DataFrame:
    """(statement_id, into_id, quotations, text) of each; one that joined another has no quotations left."""
    told = files("onrecord.warehouse") / "queries" / "moves.sql"
    return query(folder, told.read_text(), [run_id])

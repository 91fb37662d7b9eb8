"""The record at a glance: who is quoted most, what several outlets reported, what it is about, what is new."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import polars as pl

from onrecord.warehouse.asking.query import Limits, query
from onrecord.warehouse.spans import SPANS


class Overview(NamedTuple):
    """The record as a whole: the answers to warehouse/queries/*.sql, one frame a file."""

    arrivals: pl.DataFrame
    speakers: pl.DataFrame
    statements: pl.DataFrame
    themes: pl.DataFrame
    languages: pl.DataFrame


class Bulletin(NamedTuple):
    """What the newest generation brought, quotations over time, and the landscape of its themes."""

    news: pl.DataFrame
    periods: pl.DataFrame
    landscape: pl.DataFrame


_VALUES = {"periods": SPANS}
"""What a question leaves open."""

_LIMITS = {"landscape": Limits(memory="256MB")}
"""A few vectors are read with many of their neighbours, which are not kept."""


def overview(folder: Path) -> Overview:
    """The record in `folder` at a glance. Raises NoWarehouse."""
    return Overview(*(_answer(folder, name) for name in Overview._fields))


def bulletin(folder: Path) -> Bulletin:
    """What is new in the record in `folder`. Raises NoWarehouse."""
    return Bulletin(*(_answer(folder, name) for name in Bulletin._fields))


def _answer(folder: Path, name: str) -> pl.DataFrame:
    sql = (files("onrecord.warehouse") / "queries" / f"{name}.sql").read_text()
    return query(folder, sql, _VALUES.get(name, {}), limits=_LIMITS.get(name, Limits()))

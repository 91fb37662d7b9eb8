"""A generation's file that this process keeps open, for what is asked again and again.

DuckDB reads and proves a block once for as long as its file is open, and what a search finds its way by is made once.
All of it is of one generation: where another file stands at the path, that one is opened and the one before is let go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from threading import local
from typing import Any

import duckdb
import polars as pl
from numpy.typing import NDArray

from onrecord.warehouse import definitions
from onrecord.warehouse.database import attached, cursor, errors_of_duckdb
from onrecord.warehouse.remembering import Remembering

Column = NDArray[Any]

_FILTERS = 16
"""Filters of which it is remembered what passes them: a byte a quotation."""

_LATER = ("is_function_word", "asked_terms")
"""Macros that a search asks for and a file of an older version may lack."""


class Standing(Remembering):
    """A generation's file, and what was made of it once."""

    def __init__(self, path: Path) -> None:
        super().__init__(_FILTERS)
        self.path = path
        self.connection = attached(path)
        told = self.connection.execute(
            "SELECT function_name, parameters, macro_definition FROM duckdb_functions()"
            " WHERE database_name = current_database() AND macro_definition IS NOT NULL"
        )
        self.macros = {name: (given, sql) for name, given, sql in told.fetchall()}
        self.asks = local()
        self.later = [
            one.sql.replace("CREATE MACRO", "CREATE TEMP MACRO", 1)
            for one in definitions.macros()
            if one.name in _LATER and one.name not in self.macros
        ]


class Asking:
    """A thread that asks it, with a connection of its own."""

    def __init__(self, of: Standing) -> None:
        self.of, self.connection = of, cursor(of.connection)
        for macro in of.later:
            self.connection.execute(macro)

    def frame(self, name: str, values: Mapping[str, Any]) -> pl.DataFrame:
        """The answer to queries/asking/NAME.sql, values bound."""
        return self.connection.execute(_query(name), values or None).pl()

    def columns(self, name: str, **values: Any) -> dict[str, Column]:
        """The same as columns of numbers."""
        return dict(self.connection.execute(_query(name), values or None).fetchnumpy())

    def told(self, name: str, **given: str) -> str:
        """The text of queries/asking/NAME.sql, with what is given in place of what it has in braces."""
        sql = _query(name)
        for brace, text in given.items():
            sql = sql.replace(f"{{{brace}}}", text)
        return sql

    def view(self, name: str) -> str:
        """What a view of the file asks, for a query that has a few rows of each table before it, by their names."""
        (sql,) = self.connection.execute(
            "SELECT sql FROM duckdb_views() WHERE view_name = ? AND database_name = current_database()",
            [name],
        ).fetchone() or ("",)
        return sql.partition(" AS ")[2].strip().removesuffix(";")

    def macro(self, name: str, **given: str) -> str:
        """The same of a macro, with SQL in place of what it is given. Raises CatalogException where it is not there."""
        if name not in self.of.macros:
            raise duckdb.CatalogException(f"Catalog Error: Table Function {name} does not exist!")
        parameters, sql = self.of.macros[name]
        for parameter in parameters:
            sql = re.sub(rf"\b{parameter}\b", lambda _, text=given[parameter]: text, sql)
        return sql


@contextmanager
def asking(path: Path) -> Iterator[Asking]:
    """Ask the file that stands at a path now, locked."""
    stamp = path.stat()
    standing = _kept_open(path, stamp.st_dev, stamp.st_ino, stamp.st_mtime_ns)
    try:
        asks: Asking = standing.asks.of_thread
    except AttributeError:
        asks = standing.asks.of_thread = Asking(standing)
    with errors_of_duckdb():
        yield asks


@lru_cache(maxsize=1)
def _kept_open(path: Path, *stamp: int) -> Standing:
    return Standing(path)


@cache
def _query(name: str) -> str:
    home = files("onrecord.warehouse") / "queries" / "asking"
    return (home / f"{name}.sql").read_text(encoding="utf-8")

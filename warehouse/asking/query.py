"""Questions in SQL to the published record, or to one file of it; they can change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from onrecord.warehouse.database import identifier, reader
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.publishing.publish import require

Encode = Callable[[str], Sequence[float]]
"""Words to a unit vector, by the model that the record was made with."""

_FOREIGN = re.compile(r"\b(?:INTERVAL|BLOB|BIT|BIGNUM|UNION|VARIANT)\b")
"""Types of DuckDB, alone or within lists and structs, that polars refuses or has as bare bytes; they
are answered as DuckDB writes them out."""

_CALENDAR = tuple((day - date(1970, 1, 1)).days for day in (date.min, date.max))


def query(
    folder: Path, sql: str, values: Sequence[Any] = (), *, encode: Encode | None = None
) -> pl.DataFrame:
    """The published record's answer to one SQL query, `values` bound to its question marks.

    Read-only, without access to other files or the network, with the settings locked. With `encode`, the SQL function
    embed('words') gives a query's vector to search_meaning and search_both. Intervals, bits, blobs
    and other types that polars has not come as text, and so do days beyond the calendar. Raises
    NoWarehouse, saying what to run, and QueryError with what DuckDB says.
    """
    return query_file(require(folder), sql, values, encode=encode)


def query_file(
    path: Path, sql: str, values: Sequence[Any] = (), *, encode: Encode | None = None
) -> pl.DataFrame:
    """The same of one file, such as a candidate that the last gate holds against its rules."""
    with reader(path) as connection:
        try:
            if encode is not None:
                _register(connection, encode)
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise QueryError(f"one statement at a time, please: found {len(statements)}")
            return _answer(connection, statements[0], list(values) or None)
        except (duckdb.Error, pl.exceptions.PolarsError) as error:
            raise QueryError(str(error)) from error


def _answer(
    connection: duckdb.DuckDBPyConnection,
    statement: duckdb.Statement,
    values: list[Any] | None,
) -> pl.DataFrame:
    result = connection.execute(statement, values)
    as_text = [bool(_FOREIGN.search(str(kind))) for _, kind, *_ in connection.description or ()]
    if not any(as_text):
        frame = result.pl()
        as_text = [_beyond_calendar(series) for series in frame]
        if not any(as_text):
            return frame
    relation = connection.sql(statement, params=values)
    return relation.project(
        ", ".join(
            f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}"
            if text
            else identifier(name)
            for name, text in zip(relation.columns, as_text, strict=True)
        )
    ).pl()


def _beyond_calendar(series: pl.Series) -> bool:
    """Whether a column holds days that Python's calendar has not: infinity, before the year 1, after 9999."""
    if isinstance(series.dtype, pl.List | pl.Array):
        return _beyond_calendar(series.explode())
    if isinstance(series.dtype, pl.Struct):
        return any(map(_beyond_calendar, series.struct.unnest()))
    if series.dtype == pl.Date:
        first, last = _CALENDAR
    elif isinstance(series.dtype, pl.Datetime):
        a_day = 86_400 * {"ms": 10**3, "us": 10**6, "ns": 10**9}[series.dtype.time_unit]
        first, last = _CALENDAR[0] * a_day, (_CALENDAR[1] + 1) * a_day - 1
    else:
        return False
    counts = series.to_physical()
    return bool(((counts < first) | (counts > last)).any())


def _register(connection: duckdb.DuckDBPyConnection, encode: Encode) -> None:
    # A macro uses its vector more than once, and each use is a call.
    @lru_cache(maxsize=16)
    def embed(words: str) -> list[float]:
        return [float(number) for number in encode(words)]

    connection.execute("USE memory")
    connection.create_function("embed", lambda words: embed(words), ["VARCHAR"], "FLOAT[]")
    connection.execute("USE onrecord")


def table(path: Path, name: str, columns: Sequence[str] = ()) -> pl.DataFrame:
    """A whole table of one file, or some columns of it."""
    wanted = ", ".join(map(identifier, columns)) or "*"
    return query_file(path, f"SELECT {wanted} FROM {identifier(name)}")

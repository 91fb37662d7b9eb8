"""Questions in SQL to the published record, or to one file of it; they can change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.database import identifier, reader
from warehouse.errors import QueryError
from warehouse.publish import require

Encode = Callable[[str], Sequence[float]]
"""Words to a unit vector, by the model that the record was made with."""

_FOREIGN = re.compile(r"\b(?:INTERVAL|BLOB|BIT|BIGNUM|UNION|VARIANT)\b")
"""Types of DuckDB, alone or within lists and structs, that polars refuses or has as bare bytes; they
are answered as DuckDB writes them out."""


def query(
    folder: Path, sql: str, values: Sequence[Any] = (), *, encode: Encode | None = None
) -> pl.DataFrame:
    """The published record's answer to one SQL query, `values` bound to its question marks.

    Read-only, without access to other files or the network, with the settings locked. With `encode`, the SQL function
    embed('words') gives a query's vector to search_meaning and search_both. Intervals, bits, blobs
    and other types that polars has not come as text. Raises NoWarehouse, saying what to run,
    and QueryError with what DuckDB says.
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
    if not any(_FOREIGN.search(str(kind)) for _, kind, *_ in connection.description or ()):
        return result.pl()
    relation = connection.sql(statement, params=values)
    return relation.project(
        ", ".join(
            f"CAST({identifier(name)} AS VARCHAR) AS {identifier(name)}"
            if _FOREIGN.search(str(kind))
            else identifier(name)
            for name, kind in zip(relation.columns, relation.types, strict=True)
        )
    ).pl()


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

"""Questions in SQL to the published record, or to one file of it; they can change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from onrecord.warehouse.database import MEMORY_LIMIT, identifier, reader
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.publishing.publish import require

Encode = Callable[[str], Sequence[float]]
"""Words to a unit vector, by the model that the record was made with."""

Values = Sequence[Any] | Mapping[str, Any]
"""What is bound in a query: to its question marks in order, or to its $names."""

_KEPT = frozenset(
    (
        *("boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "float", "double"),
        *("utinyint", "usmallint", "uinteger", "ubigint", "decimal", "varchar", "enum", "uuid"),
        *("date", "time", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"),
        *("timestamp with time zone", "null", "sqlnull"),
    )
)
"""Types of DuckDB that polars holds as they are, alone or within lists and structs. All others it refuses, has as bare
bytes or gets wrong (UHUGEINT's largest was -1): they are answered as DuckDB writes them out."""

_EXPLAIN = re.compile(
    r"\A(?:\s|--[^\n]*\n|/\*.*?\*/)*+EXPLAIN\b(?:\s|/\*.*?\*/)*+(?:\([^)]*\)|ANALYZE\b|ANALYSE\b)?",
    re.I | re.S,
)
_NAME = re.compile(rb'"[^"]+"|\w+')
_NOT_CALLED = frozenset(
    (
        *("enable_logging", "disable_logging", "truncate_duckdb_logs", "write_log"),
        *("enable_profiling", "disable_profiling", "checkpoint", "force_checkpoint"),
        *("query", "json_execute_serialized_sql"),
    )
)
"""Functions of DuckDB that do something, which no lock keeps them from, or that run SQL given as text. A log that is
sent to a file where no file may be written ends the whole process."""

_DECIMAL = 10**38 - 1
_CALENDAR = tuple((day - date(1970, 1, 1)).days for day in (date.min, date.max))


@dataclass(frozen=True)
class Limits:
    """What an answer may take: seconds (None: as long as it takes), memory, as DuckDB writes it, and rows.

    Of more rows than `rows` one more comes, so that who asks can tell that there are.
    """

    seconds: float | None = None
    memory: str = MEMORY_LIMIT
    rows: int | None = None


def query(
    folder: Path,
    sql: str,
    values: Values = (),
    *,
    encode: Encode | None = None,
    limits: Limits = Limits(),
) -> pl.DataFrame:
    """The published record's answer to one SQL query, `values` bound.

    Read-only, without access to other files or the network, with the settings locked, within `limits`. With `encode`,
    the SQL function embed('words') gives a query's vector to search_meaning and search_both. Intervals, bits, blobs
    and other types that polars has not come as text, and so do days beyond the calendar; of columns of one name the
    later ones are numbered. Raises NoWarehouse, saying what to run, and QueryError with what DuckDB says.
    """
    return query_file(require(folder), sql, values, encode=encode, limits=limits)


def query_file(
    path: Path,
    sql: str,
    values: Values = (),
    *,
    encode: Encode | None = None,
    limits: Limits = Limits(),
) -> pl.DataFrame:
    """The same of one file, such as a candidate that the last gate holds against its rules."""
    with reader(path, memory_limit=limits.memory) as connection:
        if encode is not None:
            _register(connection, encode)
        try:
            return _within(
                limits.seconds, connection, lambda: _answer(connection, sql, values, limits.rows)
            )
        except (duckdb.Error, pl.exceptions.PolarsError, UnicodeEncodeError) as error:
            raise QueryError(str(error)) from error


def _within(
    seconds: float | None, connection: duckdb.DuckDBPyConnection, ask: Callable[[], pl.DataFrame]
) -> pl.DataFrame:
    """The answer, from a thread of its own: amid its work DuckDB does not hear Ctrl-C, but can be told by another."""
    with ThreadPoolExecutor(1, "query") as thread:
        answer = thread.submit(ask)
        try:
            return answer.result(seconds)
        except TimeoutError as error:
            if answer.done():
                raise
            raise QueryError(
                f"it took longer than {seconds:g} s: narrow it down, or allow it more time"
            ) from error
        finally:
            if not answer.done():
                connection.interrupt()


def _one(
    statements: Sequence[duckdb.Statement], connection: duckdb.DuckDBPyConnection
) -> duckdb.Statement:
    """The one statement to be answered. DuckDB makes several, without words of their own, of one PIVOT."""
    if len(statements) > 1 and not any(statement.query for statement in statements):
        for statement in statements[:-1]:
            connection.execute(statement)
    elif len(statements) != 1:
        raise QueryError(f"one statement at a time, please: found {len(statements)}")
    if not _only_answers(statements[-1], connection):
        raise QueryError(
            "a query answers: it changes nothing and writes no file; there is `onrecord export`"
        )
    return statements[-1]


def _only_answers(statement: duckdb.Statement, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a statement selects, or explains one that does. A file that is attached may be opened by its path in
    spite of all settings, and who may write to it, as root may to any, could have it written over.
    """
    if statement.type == duckdb.StatementType.EXPLAIN:
        explained = _EXPLAIN.sub("", statement.query, count=1)
        if explained == statement.query:
            return False
        return all(
            _only_answers(each, connection) for each in connection.extract_statements(explained)
        )
    return statement.type == duckdb.StatementType.SELECT


def _called(sql: str) -> set[str]:
    """The names in `sql` behind which a bracket opens, as DuckDB reads it: none in strings and comments."""
    told = sql.encode()
    return {
        # Behind a name there may be a comment.
        name[0].strip(b'"').decode(errors="replace").casefold()
        for (start, _), (end, _) in pairwise(duckdb.tokenize(sql))
        if told[end : end + 1] == b"(" and (name := _NAME.match(told[start:end]))
    }


def _answer(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Values, rows: int | None
) -> pl.DataFrame:
    bound = dict(values) if isinstance(values, Mapping) else list(values)
    if refused := sorted(_called(sql) & _NOT_CALLED):
        raise QueryError(f"{refused[0]}() is not to be had here: a query answers, and does no more")
    statement = _one(connection.extract_statements(sql), connection)
    if statement.named_parameters and not bound:
        # DuckDB would say that such a statement cannot be prepared.
        raise QueryError("values are not provided for what it leaves open (? or $name)")
    relation = _asked(connection, statement, bound, rows)
    if relation is None:
        return pl.DataFrame()
    names = _apart(relation.columns)
    as_text = [not _is_kept(kind) for kind in relation.types]
    frame = _projected(relation, names, as_text)
    beyond = [_beyond(series) for series in frame]
    if any(beyond):
        as_text = [one or other for one, other in zip(as_text, beyond, strict=True)]
        again = _asked(connection, statement, bound, rows)
        frame = frame if again is None else _projected(again, names, as_text)
    return frame


def _asked(
    connection: duckdb.DuckDBPyConnection,
    statement: duckdb.Statement,
    bound: dict[str, Any] | list[Any],
    rows: int | None,
) -> duckdb.DuckDBPyRelation | None:
    relation = connection.sql(statement, params=bound or None)
    return relation if relation is None or rows is None else relation.limit(rows + 1)


def _projected(
    relation: duckdb.DuckDBPyRelation, names: Sequence[str], as_text: Sequence[bool]
) -> pl.DataFrame:
    """The columns by their places, since two may have one name, some of them as text."""
    if not any(as_text) and list(names) == relation.columns:
        return relation.pl()
    columns = (
        f"CAST(#{place} AS VARCHAR) AS {identifier(name)}"
        if text
        else f"#{place} AS {identifier(name)}"
        for place, (name, text) in enumerate(zip(names, as_text, strict=True), start=1)
    )
    return relation.project(", ".join(columns)).pl()


def _apart(names: Sequence[str]) -> list[str]:
    """The names with a number behind those that came before (DuckDB folds case): a, a_1."""
    taken: set[str] = {name.casefold() for name in names}
    met: set[str] = set()
    apart = []
    for name in names:
        if (own := name).casefold() in met:
            own = next(
                numbered
                for number in count(1)
                if (numbered := f"{name}_{number}").casefold() not in taken
            )
            taken.add(own.casefold())
        met.add(own.casefold())
        apart.append(own)
    return apart


def _is_kept(kind: duckdb.DuckDBPyType) -> bool:
    if kind.id in ("list", "array"):
        return _is_kept(kind.children[0][1])
    if kind.id == "struct":
        return all(_is_kept(field) for _, field in kind.children)
    return kind.id in _KEPT


def _beyond(series: pl.Series) -> bool:
    """Whether a column holds what Python has not: days that are infinity, before the year 1 or after 9999, or numbers
    of 39 digits, which a decimal rounds."""
    if isinstance(series.dtype, pl.List | pl.Array):
        return _beyond(series.explode())
    if isinstance(series.dtype, pl.Struct):
        return any(map(_beyond, series.struct.unnest()))
    if series.dtype == pl.Date:
        first, last = _CALENDAR
    elif series.dtype == pl.Decimal:
        first, last = -_DECIMAL, _DECIMAL
    # Nanoseconds do not reach beyond 2262.
    elif isinstance(series.dtype, pl.Datetime) and series.dtype.time_unit != "ns":
        a_day = 86_400 * {"ms": 10**3, "us": 10**6}[series.dtype.time_unit]
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

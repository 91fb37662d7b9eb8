"""What a published file is, so that a change behind the record's back is found and told by its table.

The SHA-256 of the file proves it to the byte. A digest for each table's rows, and for how each table, view and macro is
defined, tells what differs where it does not hold, to a DuckDB of the version that sealed it. Rows are told by DuckDB's
own hash, since anything else would take most of a day's run upon a large record, and are summed up, so that their order
does not count and a row that is there twice does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import duckdb

from onrecord.warehouse.database import errors_of_duckdb, identifier, reader
from onrecord.warehouse.publishing.loader import KEPT

ROWS = "hashed"
"""What the digest of a table's rows is called, before its name. Older versions had others, under `rows`."""

_MEMORY = "256MB"
"""Rows that are added up pass through: what was read of them need not be kept."""

GROWING = KEPT | {"blocks", "mentions", "quotations"}
"""Tables whose rows stay as they were, so that what was sealed of them need not be read again; where a generation
changed some all the same, it says so."""


class Seal(NamedTuple):
    """The SHA-256 of a file, the DuckDB that read it, and a digest for each thing in it."""

    sha256: str
    duckdb: str
    digests: dict[str, str]

    @property
    def tells_tables(self) -> bool:
        """Whether it can tell which tables differ: another DuckDB hashes, and words definitions, otherwise."""
        return duckdb.__version__ == self.duckdb and any(map(_is_of_rows, self.digests))


def seal(path: Path, before: Seal | None = None) -> Seal:
    """The seal of one file; of tables that only grow, what was added to the one that `before` is of.

    Raises WarehouseError where it cannot be opened, duckdb.Error where it cannot be read.
    """
    with reader(path, memory_limit=_MEMORY) as connection:
        return Seal(sha256(path), duckdb.__version__, digests(connection, before))


def differences(path: Path, sealed: Seal) -> Iterator[tuple[str, str]]:
    """What of a file is not as it was sealed: the name of the table, view or macro, and what differs."""
    if not sealed.tells_tables:
        return
    with reader(path) as connection:
        now, known = definitions(connection), sealed.digests
        for key in list(known):
            kind, _, name = key.partition(" ")
            if kind == ROWS:
                # Gone, or its blocks are damaged.
                with suppress(duckdb.Error), errors_of_duckdb():
                    now[key] = rows(connection, name)
    for key in sorted(now.keys() | known.keys()):
        kind, _, name = key.partition(" ")
        if key not in known:
            yield name, f"the {kind} was not there in"
        elif key not in now:
            yield (
                name,
                "its rows cannot be read as in"
                if kind == ROWS
                else f"the {kind} is missing, unlike in",
            )
        elif now[key] != known[key]:
            yield name, "its rows are not those of" if kind == ROWS else f"the {kind} is not as in"


def sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digests(connection: duckdb.DuckDBPyConnection, before: Seal | None = None) -> dict[str, str]:
    """A digest for each thing in the file: `rows articles`, `table articles`, `view quotes`, `macro folded` …"""
    told = definitions(connection)
    if before and not before.tells_tables:
        before = None
    growing = GROWING - _changed(connection) if before else frozenset[str]()
    for table in tables(connection):
        had = None
        # Texts are most of a record, and are as they were first seen.
        if (
            before
            and table in growing
            and before.digests.get(f"table {table}") == told[f"table {table}"]
        ):
            had = before.digests.get(f"{ROWS} {table}")
        told[f"{ROWS} {table}"] = rows(connection, table, had)
    return told


def _changed(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of which this generation changed rows or took some out."""
    with suppress(duckdb.CatalogException):
        found = connection.execute(
            # What somebody says is no quotation leaves them.
            "SELECT replace(table_name, 'dismissed_quotations', 'quotations') FROM changes"
            " WHERE generation = (SELECT max(generation) FROM generations)"
            " AND (changed + removed > 0 OR table_name = 'dismissed_quotations')"
        ).fetchall()
        return {name for (name,) in found}
    return set()


def definitions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A digest of how each table, view, macro and whatever else there is was made, and of its comments."""
    sql = (files("onrecord.warehouse") / "queries" / "definitions.sql").read_text(encoding="utf-8")
    return dict(connection.execute(sql).fetchall())


def tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every table of the file, those of the full-text index by `schema.name`."""
    found = connection.execute(
        "SELECT if(schema_name = 'main', table_name, schema_name || '.' || table_name) AS name"
        " FROM duckdb_tables() WHERE database_name = current_database() ORDER BY name"
    ).fetchall()
    return [name for (name,) in found]


def rows(connection: duckdb.DuckDBPyConnection, table: str, had: str | None = None) -> str:
    """The digest of a table's rows: how many, and the sum of what each comes to over all of its columns.

    `had` is the digest of its first rows, which are not read again.
    """
    name = ".".join(map(identifier, table.split(".", 1)))
    first, sum_of_first = (int(part, 16) for part in (had or "0:0").split(":"))
    if had and _count(connection, f"{name} WHERE rowid < {first}") < first:
        # Some of these went at some time, and others have their numbers.
        return rows(connection, table)
    relation = f"{name} WHERE rowid >= {first}" if had else name
    columns = connection.execute(f"DESCRIBE {name}").fetchall()
    row = ", ".join(cell for name, kind, *_ in columns for cell in _hashed(name, kind))
    count, total = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({row})), 0) FROM {relation}"
    ).fetchone() or (0, 0)
    return f"{first + count:x}:{sum_of_first + int(total):x}"


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    (count,) = connection.execute(f"SELECT count(*) FROM {relation}").fetchone() or (0,)
    return int(count)


def _hashed(name: str, kind: str) -> Iterator[str]:
    """SQL for what of a cell is hashed: of an empty list nothing is, and a structure of nothing is like nothing."""
    cell = identifier(name)
    yield cell
    if kind.endswith("]"):
        yield f"len({cell})"
    elif kind.startswith(("STRUCT", "MAP", "UNION")):
        yield f"{cell} IS NULL"


def _is_of_rows(key: str) -> bool:
    return key.startswith(f"{ROWS} ")

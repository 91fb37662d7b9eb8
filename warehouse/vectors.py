"""Vectors of wordings, beside the file: segments of kind `vectors`, of which the view `utterances` is made.

Each is a DuckDB file of its own with one table, sorted by wording. Our readers have them attached, read-only, and the
view reads what is attached; in any other DuckDB it reads them by their path, as the folder stood when it was published,
or as the variable `onrecord_segments` says.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import duckdb

from onrecord.pipeline.core.segments import FOLDER, VECTORS, sound

KIND = VECTORS
SUFFIX = ".duckdb"
TABLE = "utterances"
ATTACHED = "onrecord_vectors"
"""The variable that names the tables of what is attached."""
NONE = "no_utterances"
WHERE = "segments"
"""What `meta` notes the folder under in which the segments lay when the file was published."""

log = logging.getLogger(__name__)


def attach(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Attach the vectors that an open file stands on; False where one of them is missing or cannot be opened.

    That one is left out, so that all else can be read.
    """
    names, whole = listed(connection), True
    folder = folder_of(path, connection) if names else Path()
    for name in names:
        file = folder / name
        try:
            if not file.is_file():
                raise duckdb.IOException(f"{file}: no such file")
            _attach(connection, file)
        except duckdb.Error as error:
            log.warning(
                "%s: these vectors cannot be read, and their words not be found by meaning: %s",
                name,
                error,
            )
            whole = False
    see(connection)
    return whole


def listed(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The files of vectors that an open file stands on, by name."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'segments' AND database_name = current_database()"
    ).fetchone()
    if there is None:
        return []
    told = connection.execute("SELECT name FROM segments WHERE kind = ? ORDER BY name", [KIND])
    return sound(name for (name,) in told.fetchall())


def attach_file(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Attach one more, and see it."""
    _attach(connection, file)
    see(connection)


def _attach(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    told = str(file).replace("'", "''")
    connection.execute(f"ATTACH '{told}' AS \"{file.stem}\" (READ_ONLY)")


def detach(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Let go of some, by the names of their files."""
    for name in names:
        connection.execute(f'DETACH DATABASE IF EXISTS "{Path(name).stem}"')
    see(connection)


def see(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the view `utterances` read what is attached: each connection to a database has to be told."""
    tables = [f'"{name}".main.{TABLE}' for name in seen(connection)] or [NONE]
    connection.execute(f"SET VARIABLE {ATTACHED} = {tables!r}")


def seen(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What is attached, by name: of what a file stands on all that could be opened."""
    found = connection.execute(
        "SELECT database_name FROM duckdb_databases() WHERE starts_with(database_name, ?) ORDER BY 1",
        [f"{KIND}-"],
    ).fetchall()
    return [name for (name,) in found]


def is_in_file(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the wordings are a table of the file itself, as an older version and a new file have them."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = ? AND database_name = current_database()",
        [TABLE],
    ).fetchone()
    return found is not None


def is_seen(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether there is the view of them."""
    found = connection.execute(
        "SELECT 1 FROM duckdb_views() WHERE view_name = ? AND database_name = current_database()",
        [TABLE],
    ).fetchone()
    return found is not None


def folder_of(path: Path, connection: duckdb.DuckDBPyConnection) -> Path:
    """Where the segments of a record's file lie: it is published, a kept generation, a candidate; or a copy of one."""
    for home in list(path.absolute().parents)[:3]:
        if (home / FOLDER).is_dir():
            return home / FOLDER
    told = connection.execute("SELECT value FROM meta WHERE key = ?", [WHERE]).fetchone()
    return Path(told[0]) if told else path.parent / FOLDER

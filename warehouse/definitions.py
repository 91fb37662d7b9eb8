"""Views, macros and comments: the face of the file, made anew with every generation.

A view or macro is one file of views/ or macros/, taken in the order of their numbers, macros first. Its leading
comment block says what it is; for a view a line `-- column: what it holds` stands for every column.
A definition that is no longer in the code leaves the file with the next generation.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import duckdb

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.segments import FOLDER
from onrecord.warehouse import vectors
from onrecord.warehouse.database import identifier, quoted
from onrecord.warehouse.errors import WarehouseError

OWN_TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "schema_migrations": (
        "The migrations that this file has been through. Key: version.",
        {
            "version": "Number of the migration",
            "name": "Name of the migration",
            "sha256": "Hash of its text",
            "applied_at": "When it was applied, UTC",
        },
    ),
    "generations": (
        "The generations that this file has been through, this one last. Key: generation.",
        {
            "generation": "Number; grows with every run that publishes",
            "run_id": "The run that made it",
            "published_at": "When it was made ready for publishing, UTC",
        },
    ),
    "changes": (
        "How many rows each generation touched, table by table. Key: generation, table_name.",
        {
            "generation": "The generation",
            "table_name": "The table",
            "added": "Rows whose key was new",
            "changed": "Rows that were there and differ now",
            "removed": "Rows taken out, where the last run makes a table whole",
        },
    ),
    "meta": (
        "What the warehouse notes about itself. Key: key.",
        {"key": "What is noted", "value": "The note"},
    ),
}
"""Comments of the tables that no contract declares."""

_COLUMN_LINE = re.compile(r"^-- (\w+): (.+)$")
_COMMENT_LINE = re.compile(r"^-- ?(.*)$")


class Definition(NamedTuple):
    """One view or macro: its name, what it is, its columns' comments, and the SQL that makes it."""

    name: str
    about: str
    columns: dict[str, str]
    sql: str
    number: str = ""


def views() -> tuple[Definition, ...]:
    """The views, in the order in which they are made."""
    return _definitions("views")


def macros() -> tuple[Definition, ...]:
    """The macros, in the order in which they are made."""
    return _definitions("macros")


def _definitions(folder: str) -> tuple[Definition, ...]:
    files = sorted(
        (resources.files("onrecord.warehouse") / folder).iterdir(), key=lambda file: file.name
    )
    return tuple(
        _parse(file.name.removesuffix(".sql"), file.read_text(encoding="utf-8"))
        for file in files
        if file.name.endswith(".sql")
    )


def _parse(file: str, sql: str) -> Definition:
    number, _, name = file.partition("_")
    about: list[str] = []
    columns: dict[str, str] = {}
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if column := _COLUMN_LINE.match(line):
            columns[column[1]] = column[2]
        elif comment := _COMMENT_LINE.match(line):
            about.append(comment[1])
    return Definition(name, " ".join(about).strip(), columns, sql, number)


_WORDINGS = ("no_utterances", "utterances_in_files", "utterances")


def see_wordings(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Make the view `utterances` of what is attached, where it is not made yet; the files lie in `folder`."""
    for view in views():
        if view.name in _WORDINGS:
            connection.execute(_of_files(connection, view.sql, folder))


def _of_files(connection: duckdb.DuckDBPyConnection, sql: str, folder: Path) -> str:
    """SQL with the files of vectors that the generation stands on, in a folder unless told otherwise."""
    names = vectors.listed(connection)
    where = f"coalesce(getvariable('onrecord_segments'), '{quoted(str(folder))}')"
    files = (
        f"read_duckdb(list_transform({names!r}, name -> {where} || '/' || name),"
        f" table_name := '{vectors.TABLE}')"
    )
    return sql.replace("{utterances_in_files}", files if names else vectors.NONE)


def define(connection: duckdb.DuckDBPyConnection, folder: Path = Path(FOLDER)) -> None:
    """Make views and macros anew and comment everything; `folder` is where the segments lie.

    Raises WarehouseError naming the file that fails.
    """
    connection.execute("BEGIN")
    drop(connection)
    both = [("macro", macro) for macro in macros()] + [("view", view) for view in views()]
    if is_in_file := vectors.is_in_file(connection):
        both = [one for one in both if one[1].name != vectors.TABLE]
    # A view may call a macro, and a macro ask a view: the number of a file tells what it comes after.
    for kind, definition in sorted(both, key=lambda one: one[1].number):
        try:
            connection.execute(_of_files(connection, definition.sql, folder))
            _comment(connection, kind, definition)
        except duckdb.Error as error:
            raise WarehouseError(f"warehouse/{kind}s: {definition.name}: {error}") from error
    for name, contract in CONTRACTS.items():
        if name == vectors.TABLE and not is_in_file:
            continue
        _comment_table(
            connection,
            name,
            f"{contract.about} Key: {', '.join(contract.key)}.",
            {column: declared.about for column, declared in contract.columns.items()},
        )
    for name, (about, columns) in OWN_TABLES.items():
        _comment_table(connection, name, about, columns)
    connection.execute("COMMIT")


def drop(connection: duckdb.DuckDBPyConnection) -> None:
    """Take all views and macros away."""
    for (name,) in connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND schema_name = 'main'"
        " AND database_name = current_database()"
    ).fetchall():
        connection.execute(f"DROP VIEW {identifier(name)}")
    for name, kind in connection.execute(
        "SELECT DISTINCT function_name, function_type FROM duckdb_functions() WHERE NOT internal"
        " AND schema_name = 'main' AND database_name = current_database()"
    ).fetchall():
        table = " TABLE" if kind == "table_macro" else ""
        connection.execute(f"DROP MACRO{table} {identifier(name)}")


def _comment(connection: duckdb.DuckDBPyConnection, kind: str, definition: Definition) -> None:
    if kind == "view":
        _comment_table(connection, definition.name, definition.about, definition.columns, "VIEW")
        return
    table = " TABLE" if "AS TABLE" in definition.sql else ""
    connection.execute(
        f"COMMENT ON MACRO{table} {identifier(definition.name)} IS '{quoted(definition.about)}'"
    )


def _comment_table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    about: str,
    columns: dict[str, str],
    kind: str = "TABLE",
) -> None:
    connection.execute(f"COMMENT ON {kind} {identifier(name)} IS '{quoted(about)}'")
    for column, text in columns.items():
        connection.execute(
            f"COMMENT ON COLUMN {identifier(name)}.{identifier(column)} IS '{quoted(text)}'"
        )

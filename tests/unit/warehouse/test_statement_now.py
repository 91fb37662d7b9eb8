"""An identity given up leads to the statement that it is today."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from onrecord.warehouse import definitions
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing import fulltext


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    migrate(connection)
    fulltext.index(connection)
    definitions.define(connection)
    yield connection
    connection.close()


def leads(
    database: duckdb.DuckDBPyConnection, statements: str, *moves: tuple[str, str, str]
) -> dict[str, str | None]:
    """Where each identity leads; those in capitals are reported, the others given up."""
    for name in statements:
        counts = int(name.isupper())
        database.execute(
            "INSERT INTO statements VALUES (?, NULL, 'words', ?, ?, NULL, NULL)",
            [name, counts, counts],
        )
        if counts:
            database.execute("INSERT INTO statement_members VALUES (?, ?, 1, 'same')", [name, name])
    for move in moves:
        database.execute("INSERT INTO statement_moves VALUES (?, ?, ?)", list(move))
    rows = database.execute(
        "SELECT statement_id, resolve_statement(statement_id) FROM statements"
    ).fetchall()
    return dict(rows)


def test_moves_are_followed_to_their_end(database: duckdb.DuckDBPyConnection) -> None:
    found = leads(database, "abCD", ("r1", "a", "b"), ("r2", "b", "C"))
    assert found == {"a": "C", "b": "C", "C": "C", "D": "D"}


def test_the_last_move_counts_and_an_identity_in_use_is_itself(
    database: duckdb.DuckDBPyConnection,
) -> None:
    found = leads(database, "aBC", ("r1", "a", "C"), ("r3", "a", "B"), ("r2", "B", "C"))
    assert found == {"a": "B", "B": "B", "C": "C"}


def test_a_loop_ends_and_an_unknown_identity_leads_nowhere(
    database: duckdb.DuckDBPyConnection,
) -> None:
    assert leads(database, "ab", ("r1", "a", "b"), ("r2", "b", "a")) == {"a": None, "b": None}
    assert database.execute("SELECT resolve_statement('z')").fetchone() == (None,)


def test_what_was_given_up_is_not_counted(database: duckdb.DuckDBPyConnection) -> None:
    leads(database, "aB", ("r1", "a", "B"))
    database.execute("INSERT INTO generations VALUES (1, 'r1', '2026-03-01')")
    assert database.execute("SELECT statements FROM latest_run").fetchone() == (1,)
    assert database.execute("SELECT count(*) FROM statement_variants").fetchone() == (0,)

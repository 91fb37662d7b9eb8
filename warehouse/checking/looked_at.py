"""What the last gate looks at of a candidate: the rows that its run brought or changed, and a thirtieth of the rest.

A rule that holds of a row holds for as long as neither it nor what it refers to changes. So each generation looks at
what is new, and in turn at a part of all else, in case a disk or a hand changed something; once a week at everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse import vectors
from onrecord.warehouse.database import identifier
from onrecord.warehouse.publishing.examined import noted

PARTS = 30
SMALL = 20_000
"""Rows up to which a table is looked at whole."""

ARTICLES = "looked_at_articles"
_TEXTS = ("blocks", "quotations", "mentions")
_GAP = 512
"""Rows between two articles that are read rather than asked for apart."""


def looked_at(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """SQL for the rows to look at, by table; a table that is not in it is looked at whole."""
    (number,) = connection.execute(
        "SELECT coalesce(max(generation), 0) FROM generations"
    ).fetchone() or (0,)
    told = noted(connection)
    if told is None or told[0] == str(number):
        return {}
    touched = connection.execute(
        "SELECT table_name, added + changed FROM changes WHERE generation = ?", [number]
    ).fetchall()
    found = dict(_tables(connection, number, dict(touched)))
    if found:
        _gather_articles(connection, found)
    return found


def removed_from(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables out of which the generation took rows: whatever refers to them is to be looked at."""
    rows = connection.execute(
        "SELECT table_name FROM changes WHERE removed > 0"
        " AND generation = (SELECT max(generation) FROM generations)"
    ).fetchall()
    return {name for (name,) in rows}


def _tables(
    connection: duckdb.DuckDBPyConnection, number: int, touched: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    there = _there(connection)
    for name in CONTRACTS:
        if name not in there and name != vectors.TABLE:
            continue
        if name == vectors.TABLE:
            rows = _wordings(connection, number)
            if rows:
                yield name, rows
            continue
        count, end = _row(connection, f"SELECT count(*), coalesce(max(rowid), -1) + 1 FROM {name}")
        if count > SMALL:
            # Changed rows are written anew, behind all others.
            new = max(end - touched.get(name, 0), 0)
            first, last = _part(end, number)
            source = identifier(name)
            yield (
                name,
                f"(SELECT * FROM {source} WHERE rowid >= {new} UNION ALL"
                f" SELECT * FROM {source} WHERE rowid >= {first} AND rowid < {min(last, new)})",
            )


def _wordings(connection: duckdb.DuckDBPyConnection, number: int) -> str | None:
    """The files of this generation whole, and a part of each other."""
    asked = []
    files = connection.execute(
        "SELECT name, rows, generation FROM segments WHERE kind = ? ORDER BY name", [vectors.KIND]
    ).fetchall()
    if sum(rows for _, rows, _ in files) <= SMALL:
        return None
    attached = {
        name
        for (name,) in connection.execute("SELECT database_name FROM duckdb_databases()").fetchall()
    }
    for name, rows, made in files:
        catalog = name.removesuffix(vectors.SUFFIX)
        if catalog not in attached:
            return None
        first, last = (0, rows) if made == number else _part(rows, number)
        table = f"{identifier(catalog)}.main.{vectors.TABLE}"
        asked.append(f"SELECT * FROM {table} WHERE rowid >= {first} AND rowid < {last}")
    return f"({' UNION ALL '.join(asked)})"


def _part(rows: int, number: int) -> tuple[int, int]:
    part = number % PARTS
    return rows * part // PARTS, rows * (part + 1) // PARTS


def _gather_articles(connection: duckdb.DuckDBPyConnection, found: Mapping[str, str]) -> None:
    """Read the texts of the articles that own what is looked at, once, and no others."""
    there = _there(connection)
    owned = " UNION ".join(
        f"SELECT article_id FROM {found.get(name, name)}" for name in _TEXTS if name in there
    )
    places = connection.execute(
        f"SELECT a.rowid FROM articles AS a SEMI JOIN ({owned}) AS o USING (article_id) ORDER BY 1"
    ).fetchall()
    ranges: list[list[int]] = []
    for (place,) in places:
        if ranges and place - ranges[-1][1] < _GAP:
            ranges[-1][1] = place
        else:
            ranges.append([place, place])
    texts = " UNION ALL ".join(
        f"SELECT article_id, text FROM articles WHERE rowid BETWEEN {first} AND {last}"
        for first, last in ranges
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ARTICLES} AS"
        f" {texts or 'SELECT article_id, text FROM articles WHERE false'}"
    )


def _there(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of the file: of one that is missing the rules tell."""
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    return {name for (name,) in rows}


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, ...]:
    return connection.execute(sql).fetchone() or (0, 0)

"""How many rows of a record break each rule, counted in SQL: no row, text or vector passes through Python.

Rules over the same rows are counted in one scan; those that read texts of articles take some thousand articles at a
time, so that memory does not grow with the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import duckdb
import polars as pl

from onrecord.warehouse.checking.looked_at import ARTICLES, looked_at, removed_from
from onrecord.warehouse.checking.row_rules import SOME, Rule, every_rule
from onrecord.warehouse.database import MEMORY_LIMIT, reader, spare

ARTICLES_AT_ONCE = 10_000
"""Articles whose texts are held in memory at once: some 60 MB of news."""


def breaches(path: Path, memory_limit: str = MEMORY_LIMIT) -> pl.DataFrame:
    """How many rows of one file break each rule of the whole record: table, says, breaches, of.

    Looked at are the rows that `looked_at` tells, `of` being how many, or all, where it is NULL. What the last gate is
    given of a candidate; what `memory_limit` cannot hold is spilled beside it. A rule that cannot be counted is not in
    it.
    """
    with reader(path, locked=False) as connection:
        connection.execute("SET memory_limit = $limit", {"limit": memory_limit})
        connection.execute("SET temp_directory = $spill", {"spill": str(path.parent / "spill")})
        some = looked_at(connection)
        found = counted(
            connection, (SOME, *every_rule()), some, partial(spare, connection, memory_limit)
        )
        many = {name: _height(connection, rows) for name, rows in some.items()}
    return pl.DataFrame(
        [(rule.table, rule.says, count, many.get(rule.table)) for rule, count in found.items()],
        schema={"table": pl.String, "says": pl.String, "breaches": pl.Int64, "of": pl.Int64},
        orient="row",
    )


def _height(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    return int(row[0]) if row else 0


def counted(
    connection: duckdb.DuckDBPyConnection,
    wanted: Sequence[Rule],
    looked_at: Mapping[str, str] = MappingProxyType({}),
    between: Callable[[], object] = dict,
) -> dict[Rule, int]:
    """How many rows break each rule, of those `looked_at` in a table or of all; what cannot be counted is left out.

    `between` is called after each scan.
    """
    together: dict[str, list[Rule]] = {}
    gone = removed_from(connection) if looked_at else set()
    for rule in wanted:
        some = None if rule.refers in gone else looked_at.get(rule.table)
        together.setdefault(rule.rows(some), []).append(rule)
    found: dict[Rule, int] = {}
    whole = not looked_at
    for relation, group in together.items():
        try:
            found |= zip(group, _count(connection, relation, group, whole), strict=True)
        except duckdb.Error:
            # A column that is not there takes only the rules with it that look at it.
            found |= _one_by_one(connection, relation, group, whole)
        between()
    return found


def _one_by_one(
    connection: duckdb.DuckDBPyConnection, relation: str, group: Sequence[Rule], whole: bool
) -> dict[Rule, int]:
    found = {}
    for rule in group:
        try:
            (found[rule],) = _count(connection, relation, [rule], whole)
        except duckdb.Error:
            continue
    return found


def _count(
    connection: duckdb.DuckDBPyConnection, relation: str, group: Sequence[Rule], whole: bool
) -> list[int]:
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.breach})" for rule in group)
    total = [0] * len(group)
    for rows in _slices(connection, relation, whole):
        row = connection.execute(f"SELECT {counts} FROM {rows}").fetchone() or ()
        total = [before + int(now) for before, now in zip(total, row, strict=True)]
    return total


def _slices(connection: duckdb.DuckDBPyConnection, relation: str, whole: bool) -> Iterator[str]:
    if "{articles}" not in relation:
        yield relation
        return
    if not whole:
        yield relation.format(articles=ARTICLES)
        return
    (most,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM articles").fetchone() or (0,)
    for first in range(0, most + 1, ARTICLES_AT_ONCE):
        last = first + ARTICLES_AT_ONCE
        articles = f"(FROM articles WHERE rowid >= {first} AND rowid < {last})"
        yield relation.format(articles=articles)

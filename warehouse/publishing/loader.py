"""Rows into tables: by key, set by set, and only where something differs.

DuckDB reads the stages' Parquet itself and compares sets; no row passes through Python. A row that
is already there as handed in is not touched, so running again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS, GONE, HANDED_OVER
from onrecord.pipeline.core.schema import Contract, ContractError
from onrecord.pipeline.names.outlets import shown
from onrecord.warehouse.database import identifier, quoted
from onrecord.warehouse.errors import LoadError

Rows = Sequence[Path] | pl.DataFrame
"""Rows of one table: the Parquet parts that hold them, or a frame."""

KEPT = frozenset({"articles", "utterances"})
"""Tables whose rows are what they were when first seen: a key that is known is passed over.

An article's identity is its text, so what else a second reading says of it is not news; a vector
differs in its last digits with the batch it was computed in, and is computed once, ever.
"""

_HANDED = "handed_in"
_ONCE = "handed_in_once"
_OWNERS = "handed_in_owners"
_GONE = "handed_in_gone"
_TOUCHED = "handed_in_touched"


class Change(NamedTuple):
    """What loading did to one table, in rows."""

    added: int
    changed: int
    removed: int


def load(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Rows],
    into: Mapping[str, str] = MappingProxyType({}),
    between: Callable[[], object] = dict,
) -> dict[str, Change]:
    """Bring `tables` (by contract name) into the connection's database; what changed, by table.

    The caller holds the transaction. No rows are given by an empty sequence or frame; a `replaced`
    table then ends empty, and a table that is not named stays as it is. Of a table that is
    `renewed_with` another, the rows of those handed in there that do not come with them go, and so do those that
    `gone` tells of (see contracts.GONE), but for those handed in. Raises LoadError, naming the table, for an unknown
    table, a missing column, a value that does not fit, a NULL where none may be, and two different rows of one key.

    `into` names other tables for the new rows of a kept table, which are not those of a view of its name. `between` is
    called after each table.
    """
    unknown = sorted(set(tables) - set(HANDED_OVER))
    if unknown:
        raise LoadError(f"no such table: {', '.join(unknown)}; known: {', '.join(CONTRACTS)}")
    gone = _gone(connection, tables.get(GONE.name, ()))
    changes = {}
    if "articles" in tables:
        (first_new,) = _row(connection, "SELECT coalesce(max(rowid), -1) + 1 FROM articles")
    for name, contract in CONTRACTS.items():
        if name in tables or name in gone:
            told = _load_table(connection, contract, tables, gone.get(name), into.get(name, name))
            changes[name] = told
            between()
    if "articles" in tables:
        spelled = _spell_outlets(connection, first_new)
        changes["articles"] = changes["articles"]._replace(changed=spelled)
    return changes


def touched(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Rows]) -> str:
    """SQL for the quotations that may come, change or go with `tables`; it stands in a table of its own."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_TOUCHED} (quotation_id VARCHAR)")
    for name in ("quotations", "dismissed_quotations"):
        with _relation(connection, CONTRACTS[name], tables.get(name, ())) as relation:
            connection.execute(f"INSERT INTO {_TOUCHED} SELECT quotation_id FROM {relation}")
    return f"SELECT DISTINCT quotation_id FROM {_TOUCHED}"


def _spell_outlets(connection: duckdb.DuckDBPyConnection, first_new: int) -> int:
    """Give every outlet its commonest spelling, whatever an article has it as; how many articles that changed.

    Those from the row `first_new` on are new, and not changed.
    """
    changed = 0
    counted = connection.execute(
        "SELECT outlet, count(*) FROM articles WHERE outlet IS NOT NULL GROUP BY outlet"
    ).fetchall()
    for spelling, outlet in sorted(shown(counted).items()):
        (before,) = _row(
            connection,
            "SELECT count(*) FROM articles WHERE outlet = ? AND rowid < ?",
            [spelling, first_new],
        )
        changed += before
        connection.execute("UPDATE articles SET outlet = ? WHERE outlet = ?", [outlet, spelling])
    return changed


def _gone(connection: duckdb.DuckDBPyConnection, rows: Rows) -> dict[str, str]:
    """Which rows go, as a condition on each table of which some do. Raises LoadError for a column that is none."""
    with _relation(connection, GONE, rows) as relation:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {_GONE} AS FROM {relation}")
    named = connection.execute(
        f"SELECT DISTINCT table_name, column_name FROM {_GONE} ORDER BY ALL"
    ).fetchall()
    conditions: dict[str, str] = {}
    for table, column in named:
        if table not in CONTRACTS or column not in CONTRACTS[table].columns:
            raise LoadError(f"{table}: no such column: {column}")
        told = (
            f"t.{identifier(column)} IN (SELECT value FROM {_GONE}"
            f" WHERE table_name = '{table}' AND column_name = '{column}')"
        )
        conditions[table] = f"{conditions[table]} OR {told}" if table in conditions else told
    return conditions


def _load_table(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    tables: Mapping[str, Rows],
    gone: str | None,
    into: str,
) -> Change:
    rows, owner = tables.get(contract.name, ()), contract.renewed_with
    try:
        if owner is not None and owner in tables:
            with _relation(connection, CONTRACTS[owner], tables[owner]) as owners:
                connection.execute(
                    f"CREATE OR REPLACE TEMP TABLE {_OWNERS} AS"
                    f" SELECT DISTINCT {_list(CONTRACTS[owner].key)} FROM {owners}"
                )
        else:
            owner = None
        with _relation(connection, contract, rows) as relation:
            once = _one_row_a_key(connection, contract, relation)
            renewed = owner and f"({_list(CONTRACTS[owner].key)}) IN (FROM {_OWNERS})"
            go = [each for each in (renewed, gone) if each]
            if contract.replaced:
                go = ["true"]
            return _merge(connection, contract, once, " OR ".join(go), into)
    except (duckdb.Error, ContractError) as error:
        raise LoadError(f"{contract.name}: cannot be loaded: {error}") from error


@contextmanager
def _relation(
    connection: duckdb.DuckDBPyConnection, contract: Contract, rows: Rows
) -> Iterator[str]:
    """SQL for the rows handed in, with the contract's columns in order and of the table's types."""
    if not isinstance(rows, pl.DataFrame) and not rows:
        rows = contract.empty()
    if isinstance(rows, pl.DataFrame):
        connection.register(_HANDED, contract.conform(rows).to_arrow())
        source = _HANDED
    else:
        files = ", ".join(f"'{quoted(_no_glob(path))}'" for path in rows)
        source = f"read_parquet([{files}], union_by_name = true)"
    try:
        present = set(connection.sql(f"SELECT * FROM {source} LIMIT 0").columns)
        absent = [
            name
            for name, column in contract.columns.items()
            if name not in present and not column.nullable
        ]
        if absent:
            raise LoadError(f"{contract.name}: missing column(s) {', '.join(absent)}")
        types = dict(
            connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns()"
                " WHERE database_name = current_database() AND table_name = ?",
                [contract.name],
            ).fetchall()
        )
        columns = ", ".join(
            f"CAST({cell} AS {types.get(name, 'VARCHAR')}) AS {identifier(name)}"
            for name in contract.columns
            for cell in (identifier(name) if name in present else "NULL",)
        )
        yield f"(SELECT {columns} FROM {source})"
    finally:
        if source == _HANDED:
            connection.unregister(_HANDED)


def _one_row_a_key(connection: duckdb.DuckDBPyConnection, contract: Contract, relation: str) -> str:
    """The relation with one row a key, which ON CONFLICT would make by keeping any one silently.

    Equal rows are one. Of a kept table the first by its plain columns stands; elsewhere two
    different rows of a key are an error.
    """
    keys = _list(contract.key)
    total, distinct = _row(connection, f"SELECT count(*), count(DISTINCT ({keys})) FROM {relation}")
    if total == distinct:
        return relation
    if contract.name in KEPT:
        order = _list(
            name for name, column in contract.columns.items() if not column.dtype.is_nested()
        )
        once = f"SELECT DISTINCT ON ({keys}) * FROM {relation} ORDER BY {order}"
    else:
        once = f"SELECT DISTINCT * FROM {relation}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_ONCE} AS {once}")
    (rest,) = _row(connection, f"SELECT count(*) FROM {_ONCE}")
    if rest != distinct:
        example = _row(
            connection,
            f"SELECT {keys}"
            f" FROM {_ONCE} GROUP BY {keys} HAVING count(*) > 1 ORDER BY {keys} LIMIT 1",
        )
        raise LoadError(
            f"{contract.name}: {rest - distinct} row(s) share a key with a different row, such as"
            f" {dict(zip(contract.key, example, strict=True))}"
        )
    return _ONCE


def _merge(
    connection: duckdb.DuckDBPyConnection, contract: Contract, relation: str, gone: str, into: str
) -> Change:
    """Rows of the relation into the table; those for which `gone` holds and that are not in it go."""
    table = contract.name
    same_key = " AND ".join(f"t.{identifier(key)} = i.{identifier(key)}" for key in contract.key)
    removed = changed = 0
    if gone:
        (removed,) = _row(
            connection,
            f"DELETE FROM {table} t WHERE ({gone})"
            f" AND NOT EXISTS (SELECT 1 FROM {relation} i WHERE {same_key})",
        )
    order = f" ORDER BY {_list(contract.key)}" if into != table else ""
    others = [name for name in contract.columns if name not in contract.key]
    if others and table not in KEPT:
        differs = " OR ".join(
            f"t.{identifier(name)} IS DISTINCT FROM i.{identifier(name)}" for name in others
        )
        (changed,) = _row(
            connection, f"DELETE FROM {table} t USING {relation} i WHERE {same_key} AND ({differs})"
        )
    (written,) = _row(
        connection,
        f"INSERT INTO {into} SELECT * FROM {relation} i"
        f" WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same_key}){order}",
    )
    return Change(written - changed, changed, removed)


def _row(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()
) -> tuple[int, ...]:
    row = connection.execute(sql, list(values)).fetchone()
    assert row is not None  # noqa: S101 - an aggregate and a count of changes always give a row
    return row


def _list(names: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in names)


def _no_glob(path: Path) -> str:
    """A path that DuckDB reads as it stands, whatever the folder is called."""
    return re.sub(r"([*?[])", r"[\1]", str(path))

"""The migrated tables are the contracts, every column is commented, and migrations keep their word."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse import definitions
from onrecord.warehouse.errors import NewerWarehouse, WarehouseError
from onrecord.warehouse.migrate import Migration, applied, check, migrate, migrations
from onrecord.warehouse.publishing import fulltext


@pytest.fixture
def fresh() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    migrate(connection)
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def defined() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    migrate(connection)
    fulltext.index(connection)
    definitions.define(connection)
    yield connection
    connection.close()


def _sql_type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.List):
        return f"{_sql_type(dtype.inner)}[]"
    if isinstance(dtype, pl.Struct):
        fields = ", ".join(f'"{field.name}" {_sql_type(field.dtype)}' for field in dtype.fields)
        return f"STRUCT({fields})"
    return {
        pl.String: "VARCHAR",
        pl.Int64: "BIGINT",
        pl.Float64: "DOUBLE",
        pl.Float32: "FLOAT",
        pl.Boolean: "BOOLEAN",
        pl.Binary: "BLOB",
        pl.Date: "DATE",
        pl.Datetime: "TIMESTAMP",
    }[type(dtype)]


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_table_has_its_contracts_columns(defined: duckdb.DuckDBPyConnection, name: str) -> None:
    found = defined.execute(
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns()"
        " WHERE table_name = ? ORDER BY column_index",
        [name],
    ).fetchall()
    # DuckDB quotes a field's name only where it must, so both sides are read by its own parser.
    wanted = [
        (
            column,
            str(duckdb.type(_sql_type(declared.dtype))),
            declared.nullable,
        )
        for column, declared in CONTRACTS[name].columns.items()
    ]
    assert [(column, str(duckdb.type(kind)), null) for column, kind, null in found] == wanted


def test_there_is_no_table_that_nobody_declared(fresh: duckdb.DuckDBPyConnection) -> None:
    tables = {name for (name,) in fresh.execute("SHOW TABLES").fetchall()}
    assert tables == {*CONTRACTS, *definitions.OWN_TABLES}


def test_every_table_and_column_is_commented(defined: duckdb.DuckDBPyConnection) -> None:
    bare = defined.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL"
        " AND schema_name = 'main' AND NOT internal"
    ).fetchall()
    bare += defined.execute(
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND schema_name = 'main'"
        " UNION ALL SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal"
        " UNION ALL SELECT function_name FROM duckdb_functions()"
        " WHERE comment IS NULL AND NOT internal AND schema_name = 'main'"
    ).fetchall()
    assert bare == []


def test_a_tables_comment_tells_its_key(defined: duckdb.DuckDBPyConnection) -> None:
    (comment,) = defined.execute(
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'theme_members'"
    ).fetchone()
    assert comment == "A statement of a theme. Key: theme_id, statement_id."


@pytest.mark.parametrize("view", definitions.views(), ids=lambda view: view.name)
def test_a_views_comments_name_its_columns_in_order(
    defined: duckdb.DuckDBPyConnection, view: definitions.Definition
) -> None:
    columns = [row[0] for row in defined.execute(f"DESCRIBE {view.name}").fetchall()]
    assert list(view.columns) == columns


def test_definitions_that_left_the_code_leave_the_file(
    defined: duckdb.DuckDBPyConnection,
) -> None:
    defined.execute("CREATE VIEW gone AS SELECT 1 AS one")
    defined.execute("CREATE MACRO gone_too(a) AS a + 1")
    defined.execute("CREATE MACRO gone_as_well(a) AS TABLE SELECT a")
    definitions.define(defined)
    left = defined.execute(
        "SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'gone%'"
        " UNION ALL SELECT function_name FROM duckdb_functions() WHERE function_name LIKE 'gone%'"
    ).fetchall()
    assert left == []


def test_migrations_are_applied_once(fresh: duckdb.DuckDBPyConnection) -> None:
    assert migrate(fresh) == ()
    assert list(applied(fresh)) == [migration.version for migration in migrations()]


def test_a_file_newer_than_the_code_is_refused(fresh: duckdb.DuckDBPyConnection) -> None:
    later = Migration(len(migrations()) + 1, "later", "CREATE TABLE later (a BIGINT)")
    migrate(fresh, (*migrations(), later))
    with pytest.raises(NewerWarehouse, match=r"newer OnRecord \(migration \d+_later"):
        check(fresh)
    with pytest.raises(NewerWarehouse):
        migrate(fresh)


def test_an_applied_migration_that_changed_is_refused(fresh: duckdb.DuckDBPyConnection) -> None:
    first, *rest = migrations()
    with pytest.raises(NewerWarehouse, match="0001_tables is not the one"):
        migrate(fresh, (first._replace(sql=first.sql + "-- edited"), *rest))


def test_a_failing_migration_leaves_nothing(fresh: duckdb.DuckDBPyConnection) -> None:
    bad = Migration(len(migrations()) + 1, "bad", "CREATE TABLE half (a BIGINT); SELECT nothing")
    with pytest.raises(WarehouseError, match=r"migration \d+_bad failed"):
        migrate(fresh, (*migrations(), bad))
    assert ("half",) not in fresh.execute("SHOW TABLES").fetchall()
    assert bad.version not in applied(fresh)

"""Migrations: numbered SQL files, each applied once in a transaction, and recorded by its hash."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import NamedTuple

import duckdb

from onrecord.warehouse.database import utc_now
from onrecord.warehouse.errors import NewerWarehouse, OtherVersion, WarehouseError

LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    BIGINT NOT NULL,
    name       VARCHAR NOT NULL,
    sha256     VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
)
"""


class Migration(NamedTuple):
    """One file of migrations/: `0001_tables.sql` is version 1, named tables."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Hash of the file's text: an applied migration never changes."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """Every migration that this code knows, in order; WarehouseError where a number is missing."""
    folder = resources.files("onrecord.warehouse") / "migrations"
    found = []
    for file in folder.iterdir():
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            found.append(Migration(int(number), name, file.read_text(encoding="utf-8")))
    found.sort()
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise WarehouseError("warehouse/migrations: the numbers must run from 0001 without a gap")
    return tuple(found)


def applied(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """What a file has been through: version -> (name, sha256); empty without a ledger."""
    ledger = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'schema_migrations'"
        " AND database_name = current_database()"
    ).fetchone()
    if ledger is None:
        return {}
    rows = connection.execute("SELECT version, name, sha256 FROM schema_migrations").fetchall()
    return {version: (name, sha256) for version, name, sha256 in rows}


def check(
    connection: duckdb.DuckDBPyConnection, known: tuple[Migration, ...] | None = None
) -> None:
    """Refuse a file that this code does not understand.

    Raises NewerWarehouse where the file has been through a migration that is not here, or through
    one that is different here.
    """
    code = {
        migration.version: migration for migration in (migrations() if known is None else known)
    }
    for version, (name, sha256) in sorted(applied(connection).items()):
        if version not in code:
            raise NewerWarehouse(
                f"the warehouse was written by a newer OnRecord (migration {version:04d}_{name};"
                f" this one knows {max(code, default=0):04d}): upgrade OnRecord, or give another"
                " --warehouse"
            )
        if code[version].sha256 != sha256:
            raise NewerWarehouse(
                f"migration {version:04d}_{name} is not the one that the warehouse went through:"
                " this OnRecord and the warehouse come from different versions; install the"
                " version that wrote it"
            )


def require_current(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a file that has not been through every migration. Raises OtherVersion, and NewerWarehouse."""
    if missing(connection):
        raise OtherVersion(
            "this record was made by an older OnRecord: the next `onrecord run` carries it forward"
        )


def missing(
    connection: duckdb.DuckDBPyConnection, known: tuple[Migration, ...] | None = None
) -> list[Migration]:
    """The migrations that a file has not been through. Raises NewerWarehouse (see `check`)."""
    known = migrations() if known is None else known
    check(connection, known)
    done = applied(connection)
    return [migration for migration in known if migration.version not in done]


def migrate(
    connection: duckdb.DuckDBPyConnection, known: tuple[Migration, ...] | None = None
) -> tuple[int, ...]:
    """Apply what is missing, each in one transaction with its record; returns the versions.

    Raises NewerWarehouse (see `check`), and WarehouseError naming the file that failed; a failed
    one leaves nothing.
    """
    due = missing(connection, known)
    connection.execute(LEDGER)
    for migration in due:
        connection.execute("BEGIN")
        try:
            connection.execute(migration.sql)
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)",
                [migration.version, migration.name, migration.sha256, utc_now()],
            )
            connection.execute("COMMIT")
        except duckdb.Error as error:
            connection.execute("ROLLBACK")
            raise WarehouseError(
                f"migration {migration.version:04d}_{migration.name} failed: {error}"
            ) from error
    return tuple(migration.version for migration in due)

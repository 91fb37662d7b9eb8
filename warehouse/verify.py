"""Whether a record still says what its sources say: every rule that can be read off the file alone.

The gates hold the rows of one run against their rules; this holds the whole file, years later, on another machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipeline.contracts import CONTRACTS
from warehouse import rules
from warehouse.breaches import counted
from warehouse.database import reader
from warehouse.errors import NewerWarehouse, WarehouseError
from warehouse.migrate import missing as missing_migrations
from warehouse.publish import FILE, kept, require

_BACK = "Publish an earlier generation with `onrecord rollback N`, or make the record anew."

ADVICE: dict[str, str] = {
    "read_only": "Take the right to write away: `chmod 0444` on it.",
    "log": "Close whatever holds the file open for writing; the next run sets the log aside.",
    "kept": "The next run keeps it; until then `onrecord rollback` cannot lead back to it.",
    "behind": "The next `onrecord run` carries it forward, whatever its sources hold.",
    "migrations": "Open the record with the version of OnRecord that wrote it.",
}
"""What to do about a check that does not hold, where it is not to go back to a good generation."""


class Problem(NamedTuple):
    """One rule that does not hold: its short name, the table, how many rows, and what that means."""

    check: str
    table: str
    rows: int
    detail: str

    def __str__(self) -> str:
        """A sentence: where, how many rows, what is wrong; the check's name; what to do."""
        where = f"{self.table}: " if self.table else ""
        many = f"{self.rows} {'row' if self.rows == 1 else 'rows'}: " if self.rows else ""
        return f"{where}{many}{self.detail} (check: {self.check}). {ADVICE.get(self.check, _BACK)}"


Check = Callable[[duckdb.DuckDBPyConnection], Iterator[Problem]]


def verify(folder: Path) -> list[Problem]:
    """Hold the published record against every rule; an empty list says that all is well.

    Also tells of what lies wrong in the folder: a published file that is writable or not among the kept generations,
    a write-ahead log beside it. Raises NoWarehouse.
    """
    path = require(folder)
    return [*_folder(folder, path), *verify_file(path)]


def verify_file(path: Path) -> list[Problem]:
    """The same of one file: a candidate, or an older generation."""
    problems: list[Problem] = []
    try:
        with reader(path) as connection:
            for check in (_migrations, _columns, _rules):
                found = list(check(connection))
                problems += found
                if found and check is not _rules:
                    # The rest would only say, table by table, that the columns are not there.
                    break
    except WarehouseError as error:
        return [Problem("opens", "", 0, str(error))]
    except duckdb.Error as error:
        problems.append(Problem("readable", "", 0, f"reading stopped: {error}"))
    return problems


def _folder(folder: Path, path: Path) -> Iterator[Problem]:
    if path.stat().st_mode & 0o222:
        yield Problem("read_only", "", 0, f"{path} can be written; it should have mode 0444")
    if (folder / (FILE + ".wal")).exists():
        yield Problem("log", "", 0, f"a write-ahead log lies beside {path}: somebody wrote to it")
    if not any(_same(file, path) for file in kept(folder).values()):
        yield Problem("kept", "", 0, "the published file is not among the kept generations")


def _same(one: Path, two: Path) -> bool:
    # By content: a copy of a warehouse, or one on a file system without hard links, has two files.
    if one.samefile(two):
        return True
    return one.stat().st_size == two.stat().st_size and _digest(one) == _digest(two)


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _migrations(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    try:
        due = missing_migrations(connection)
    except NewerWarehouse as error:
        yield Problem("migrations", "schema_migrations", 0, str(error))
        return
    if due:
        told = ", ".join(f"{migration.version:04d}_{migration.name}" for migration in due)
        yield Problem("behind", "", 0, f"it is of an older version, without {told}")


def _columns(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database()"
        " AND schema_name = 'main'"
    ).fetchall():
        there.setdefault(table, set()).add(column)
    for name, contract in CONTRACTS.items():
        missing = sorted(set(contract.columns) - there.get(name, set()))
        if missing:
            yield Problem("columns", name, len(missing), f"missing: {', '.join(missing)}")


def _rules(connection: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    wanted = rules.every_rule()
    found = counted(connection, wanted)
    for rule in wanted:
        if rule not in found:
            yield Problem("readable", rule.table, 0, f"cannot be checked: {rule.says}")
        elif found[rule]:
            yield Problem(rule.check, rule.table, found[rule], f"not so: {rule.says}")

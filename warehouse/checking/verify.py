"""Whether a record still says what its sources say: every rule that can be read off the file alone.

The gates hold the rows of one run against their rules; this holds the whole file, years later, on another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.segments import FOLDER
from onrecord.pipeline.embedders import Embedder
from onrecord.warehouse import ledger
from onrecord.warehouse.checking import deep, row_rules
from onrecord.warehouse.checking.breaches import counted
from onrecord.warehouse.checking.findings import Problem
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import NewerWarehouse, WarehouseError
from onrecord.warehouse.migrate import missing as missing_migrations
from onrecord.warehouse.publishing import segments
from onrecord.warehouse.publishing.publish import FILE, kept, require, stamp
from onrecord.warehouse.publishing.seal import Seal, differences, sha256

Check = Callable[[duckdb.DuckDBPyConnection], Iterator[Problem]]


def verify(folder: Path, *, embedder: Embedder | None = None) -> list[Problem]:
    """Hold the published record against its seal and every rule; an empty list says that all is well.

    Also tells of what lies wrong in the folder: a published file that is writable or not among the kept generations,
    a write-ahead log beside it. With `embedder`, identities and a sample of the vectors are made anew and compared, and
    each table is held against the seal, whatever the whole file says. Raises NoWarehouse.
    """
    path = require(folder)
    problems = as_published(folder, every_table=embedder is not None)
    problems += verify_file(path)
    if embedder is not None:
        problems += [*deep.identified(path), *deep.recomputed(path, embedder)]
    return problems


def as_published(folder: Path, *, every_table: bool = False) -> list[Problem]:
    """Hold the bytes alone of the published record, and of what it stands on, against what was published."""
    path = require(folder)
    return [
        *_folder(folder, path),
        *_sealed(folder, path, every_table=every_table),
        *_segments(folder, path),
    ]


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


def _sealed(folder: Path, path: Path, *, every_table: bool) -> Iterator[Problem]:
    """Hold every byte against what the ledger says was published, and where they differ tell which tables do."""
    try:
        number, run_id = stamp(path)
    except (WarehouseError, duckdb.Error) as error:
        yield Problem("sealed", "generations", 0, f"it cannot be told what this file is: {error}")
        return
    entry = next(ledger.read(folder, [run_id]), None)
    of = f"generation {number}, which run {run_id} published"
    if entry is None:
        yield Problem("no_entry", "", 0, f"the ledger has no entry of {of}: changes cannot be told")
        return
    told = entry.seals.get(str(number))
    if told is None:
        yield Problem(
            "unsealed",
            "",
            0,
            f"there is no seal of {of}: an older version did; only what rules tell is checked",
        )
        return
    if told.keys() != set(Seal._fields):
        yield Problem("no_entry", "", 0, f"the seal of {of}, is of another version: {list(told)}")
        return
    sealed = Seal(**told)
    same = sha256(path) == sealed.sha256
    if same and not every_table:
        return
    differ = list(differences(path, sealed))
    for table, what in differ:
        yield Problem("sealed", table, 0, f"{what} {of}")
    if not (same or differ):
        but = (
            "though every table reads the same"
            if sealed.tells_tables
            else "and another version sealed it: which table differs cannot be told"
        )
        yield Problem("sealed", "", 0, f"its bytes are not those of {of}, {but}")


def _segments(folder: Path, path: Path) -> Iterator[Problem]:
    """Hold the files that a generation stands on against what it says they are."""
    try:
        told = segments.listed(path)
    except (WarehouseError, duckdb.Error):
        # What is the matter with the file itself is told by then.
        return
    for name, known in told.select("name", "sha256").iter_rows():
        file = folder / FOLDER / name
        if not file.is_file():
            yield Problem("segment", "segments", 1, f"{file} is missing")
        elif sha256(file) != known:
            yield Problem("segment", "segments", 1, f"{file} is not what it was")


def _same(one: Path, two: Path) -> bool:
    # By content: a copy of a warehouse, or one on a file system without hard links, has two files.
    if one.samefile(two):
        return True
    return one.stat().st_size == two.stat().st_size and sha256(one) == sha256(two)


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
    wanted = row_rules.every_rule()
    found = counted(connection, wanted)
    for rule in wanted:
        if rule not in found:
            yield Problem("readable", rule.table, 0, f"cannot be checked: {rule.says}")
        elif found[rule]:
            yield Problem(rule.check, rule.table, found[rule], f"not so: {rule.says}")

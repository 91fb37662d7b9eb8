"""What a lake needs besides commits: snapshots told and let go, small files made into large, orphans removed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import PublishSettings
from onrecord.warehouse import vectors
from onrecord.warehouse.database import CATALOG, MEMORY_LIMIT, identifier, quoted
from onrecord.warehouse.lake.catalog import (
    LAKE,
    Lake,
    LakeError,
    NoLake,
    choose,
    commits,
    of,
    opened,
    try_data,
    words,
)
from onrecord.warehouse.lake.commits import KEYS, Source
from onrecord.warehouse.lake.session import Session, writing
from onrecord.warehouse.publishing import publish

_MAY_WRITE = """
SELECT CASE WHEN to_regclass('ducklake_snapshot') IS NULL THEN has_schema_privilege('public', 'CREATE')
       ELSE has_table_privilege(to_regclass('ducklake_snapshot')::oid, 'INSERT') END
"""
_SETTLED = "1 day"
"""What is younger may be of a commit that is under way."""


class Tidied(NamedTuple):
    """What tidying did: snapshots let go, files made into larger ones, files removed."""

    snapshots: int
    merged: int
    removed: int

    @property
    def sentence(self) -> str:
        """What was done, in words."""
        return (
            f"{self.snapshots} snapshots let go, {max(self.merged, 0)} files fewer to read,"
            f" {self.removed} files removed"
        )


def status(lake: Lake) -> pl.DataFrame:
    """A row a commit whose snapshot can be read, oldest first; `stands` marks the newest."""
    with opened(lake) as connection:
        made = [each for each in commits(connection) if each.snapshot is not None]
    return pl.DataFrame(
        [
            (
                each.generation,
                each == made[-1],
                each.run_id,
                each.committed_at,
                each.snapshot,
                each.rolled_back,
            )
            for each in made
        ],
        schema={
            "generation": pl.Int64,
            "stands": pl.Boolean,
            "run_id": pl.String,
            "committed (UTC)": pl.Datetime,
            "snapshot": pl.Int64,
            "rolled back to": pl.Boolean,
        },
        orient="row",
    )


def size(lake: Lake) -> tuple[int, int]:
    """The files of what stands, and their bytes."""
    with opened(lake) as connection:
        row = connection.execute(
            "SELECT coalesce(sum(file_count + delete_file_count), 0)::BIGINT,"
            " coalesce(sum(file_size_bytes + delete_file_size_bytes), 0)::BIGINT"
            f" FROM ducklake_table_info('{LAKE}')"
        ).fetchone()
    return row or (0, 0)


def orphans(lake: Lake, *, young: bool = False) -> list[str]:
    """Files that no snapshot knows, as a commit that was killed leaves them; not those of the last day, or all."""
    with opened(lake, write=True) as connection:
        return _files(connection, "ducklake_delete_orphaned_files", young=young, dry=True)


def clean(lake: Lake, *, young: bool = False) -> list[str]:
    """Remove the orphans; what was removed. The writer's lock is held, so that none is of a commit under way."""
    with writing(lake), opened(lake, write=True) as connection:
        return _files(connection, "ducklake_delete_orphaned_files", young=young, dry=False)


def _files(
    connection: duckdb.DuckDBPyConnection, function: str, *, young: bool, dry: bool
) -> list[str]:
    which = "cleanup_all => true" if young else f"older_than => now() - INTERVAL {_SETTLED}"
    told = f"CALL {function}('{LAKE}', dry_run => {str(dry).lower()}, {which})"
    try:
        return [path for (path, *_) in connection.execute(told).fetchall()]
    except duckdb.Error as error:
        raise LakeError(
            f"files that are not needed cannot be listed or removed: {words(error)}"
        ) from error


def tidy(lake: Lake, keep: int, *, young: bool = False, memory_limit: str = MEMORY_LIMIT) -> Tidied:
    """Let go of all but the `keep` newest snapshots, make small files into larger ones, remove what nothing needs.

    Files that were let go of go a day later, when no reader has them open any more; with `young` at once. Safe against
    a kill at each instant; each step is a snapshot, or a removal of what none has.
    """
    with writing(lake), opened(lake, write=True, memory_limit=memory_limit) as connection:
        made = [each for each in commits(connection) if each.snapshot is not None]
        try:
            merged = _merge(connection)
            kept = {each.snapshot for each in made[-keep:]}
            let_go = [
                snapshot
                for (snapshot,) in connection.execute(
                    f"SELECT snapshot_id FROM {LAKE}.snapshots() WHERE snapshot_id <"
                    f" (SELECT max(snapshot_id) FROM {LAKE}.snapshots())"
                ).fetchall()
                if snapshot not in kept
            ]
            if let_go:
                connection.execute(
                    f"CALL ducklake_expire_snapshots('{LAKE}', versions => {let_go})"
                )
        except duckdb.Error as error:
            raise LakeError(f"{lake.shown} cannot be tidied: {words(error)}") from error
        removed = _files(connection, "ducklake_cleanup_old_files", young=young, dry=False)
        removed += _files(connection, "ducklake_delete_orphaned_files", young=young, dry=False)
    return Tidied(len(let_go), merged, len(removed))


def _merge(connection: duckdb.DuckDBPyConnection) -> int:
    """Write files anew of which many rows were deleted, and small ones into larger; how many there are fewer."""
    count = f"SELECT coalesce(sum(file_count + delete_file_count), 0)::BIGINT FROM ducklake_table_info('{LAKE}')"
    (before,) = connection.execute(count).fetchone() or (0,)
    connection.execute(f"CALL ducklake_rewrite_data_files('{LAKE}')")
    connection.execute(f"CALL ducklake_merge_adjacent_files('{LAKE}')")
    (after,) = connection.execute(count).fetchone() or (0,)
    return int(before) - int(after)


def differences(lake: Lake, folder: Path, memory_limit: str = MEMORY_LIMIT) -> list[str]:
    """The tables whose rows in the folder's file are not those of its generation in the lake."""
    path = publish.require(folder)
    number, run_id = publish.stamp(path)
    wrong = []
    with opened(lake, memory_limit=memory_limit) as connection:
        made = [each for each in commits(connection) if each.run_id == run_id]
        snapshot = choose(made, number, lake).snapshot
        connection.execute(f"ATTACH '{quoted(str(path))}' AS {CATALOG} (READ_ONLY)")
        connection.execute(f"USE {CATALOG}")
        vectors.attach(connection, path)
        for table in KEYS:
            here, there = (
                _digest(connection, source, table)
                for source in (Source(CATALOG), Source(LAKE, snapshot))
            )
            if here != there:
                wrong.append(
                    f"{table}: {here[0]} rows in {path}, {there[0]} in {lake.shown}, and they differ"
                )
    return wrong


def _digest(connection: duckdb.DuckDBPyConnection, source: Source, table: str) -> tuple[int, int]:
    types = dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
            " ORDER BY column_index",
            [LAKE, table],
        ).fetchall()
    )
    row = ", ".join(map(identifier, types))
    found = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({row})::HUGEINT), 0) FROM {source.relation(connection, table, types)}"
    ).fetchone()
    return found or (0, 0)


def probe(settings: PublishSettings) -> None:
    """See that the lake that settings name can be written: catalog, version, files.

    Raises NotReady and NewerWarehouse, with what to do.
    """
    lake = of(settings)
    session = Session(lake)
    try:
        may_write = session.ask(_MAY_WRITE)
    finally:
        session.close()
    if not may_write:
        raise NotReady(
            f"{lake.shown}: its user may read the catalog and not write there; the user of publish.catalog must own"
            " the database"
        )
    if "://" in lake.data:
        # Its own words tell more than those of a reader that fails there.
        try_data(lake)
    with suppress(NoLake), opened(lake) as connection:
        commits(connection)
    if "://" not in lake.data:
        try_data(lake)

"""A generation, made aside: a copy of the published file, with what a run hands over loaded, indexed and described."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import GONE, SEGMENTS, UTTERANCES
from onrecord.pipeline.core.segments import FOLDER
from onrecord.warehouse import definitions, vectors
from onrecord.warehouse.database import (
    CATALOG,
    MEMORY_LIMIT,
    ROW_GROUP,
    quoted,
    reader,
    spare,
    utc_now,
    writer,
)
from onrecord.warehouse.errors import PublishError
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing import fulltext, segments
from onrecord.warehouse.publishing.examined import WHOLE, is_due
from onrecord.warehouse.publishing.loader import Change, Rows, load, touched
from onrecord.warehouse.publishing.publish import FILE, discard, following, published, stamp
from onrecord.warehouse.publishing.sealed import require_sealed
from onrecord.warehouse.publishing.settling import settle
from onrecord.warehouse.publishing.wordings import Wordings, together


def build(
    folder: Path,
    tables: Mapping[str, Rows],
    *,
    run_id: str,
    again: Path | None = None,
    closings: Sequence[Path] = (),
    shown: Mapping[str, float] | None = None,
    memory_limit: str = MEMORY_LIMIT,
    threads: int | None = None,
) -> Path:
    """Make the next generation aside and return its file; nothing is published.

    A clean copy of the published file (or a new one), migrations, all of `tables` (see
    `loader.load`) in one transaction, the full-text index, views, macros, comments, a checkpoint.
    `again` holds the rejects that the run put through again, `closings` those that somebody closed or
    reopened (see `settling.settle`). `shown` are the confidences from which on the view `quotes` shows a type; where
    they are not given, those of before stand.
    The caller holds `lock`. What a killed build left behind is thrown away and made again. Raises
    LoadError, NewerWarehouse, ExtensionMissing, and PublishError where disk or memory is too small, or where a byte of
    the published file was changed.
    """
    candidate = folder / "work" / run_id / FILE
    candidate.parent.mkdir(parents=True, exist_ok=True)
    discard(candidate)
    now = published(folder)
    number = following(folder)
    if now is not None:
        # Or else what was changed in it would be sealed anew, as if it had been published so.
        require_sealed(folder, now, *stamp(now))
        _copy(now, candidate)
        _take_over_wordings(folder, candidate, number, memory_limit)
    try:
        tables = {**tables, SEGMENTS.name: segments.put(folder, tables.get("segments", ()), number)}
        with writer(candidate, memory_limit=memory_limit, threads=threads) as connection:
            migrate(connection)
            added, lost = _take_in_wordings(connection, tables, folder, candidate.parent, number)
            words = fulltext.Follower(connection, touched(connection, tables))
            let_go = partial(spare, connection, memory_limit)
            _load(connection, tables, number, run_id, again, closings, added, let_go)
            _note(
                connection,
                {
                    vectors.WHERE: str(folder.absolute() / FOLDER),
                    **(
                        {WHOLE: f"{number} {utc_now().isoformat()}"}
                        if lost or is_due(connection)
                        else {}
                    ),
                    **{f"confidence {kind}": str(least) for kind, least in (shown or {}).items()},
                },
            )
            let_go()
            words.follow()
            let_go()
            definitions.define(connection, folder.absolute() / FOLDER)
            _leave_out_what_was_taken_back(connection)
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        # No room on the disk or in memory, for the most part: DuckDB says which.
        raise PublishError(f"{candidate}: the next generation cannot be built: {error}") from error
    shutil.rmtree(candidate.parent / "spill", ignore_errors=True)
    return candidate


def _take_over_wordings(folder: Path, candidate: Path, number: int, memory_limit: str) -> None:
    """Have the wordings that an older version kept in the file itself in segments, and the file without their room."""
    with reader(candidate) as connection:
        if not vectors.is_in_file(connection):
            return
    with writer(candidate, memory_limit=memory_limit) as connection:
        migrate(connection)
        definitions.drop(connection)
        Wordings(connection, folder, candidate.parent, number).take_over()
        small = candidate.with_suffix(".small")
        discard(small)
        connection.execute(f"ATTACH '{quoted(str(small))}' AS small (ROW_GROUP_SIZE {ROW_GROUP})")
        connection.execute(f"COPY FROM DATABASE {CATALOG} TO small")
        connection.execute("DETACH small")
    small.replace(candidate)


def _take_in_wordings(
    connection: duckdb.DuckDBPyConnection,
    tables: dict[str, Rows],
    folder: Path,
    work: Path,
    number: int,
) -> tuple[dict[str, Change], bool]:
    """Put the new wordings of `tables` into segments, and these into `tables` in their stead; what that changed.

    And whether some were lost: then the last gate looks at everything, for no quotation may be without.
    """
    wordings = Wordings(connection, folder, work, number)
    if vectors.is_in_file(connection):
        # A new file: it has none yet.
        connection.execute(f"DROP TABLE {vectors.TABLE}")
    if not vectors.is_seen(connection):
        definitions.see_wordings(connection, folder.absolute() / FOLDER)
    rows = tables.pop(UTTERANCES.name, None)
    added = {} if rows is None else {UTTERANCES.name: wordings.add(rows)}
    stand, gone = wordings.told()
    tables[SEGMENTS.name] = together(tables[SEGMENTS.name], stand, SEGMENTS.empty())
    tables[GONE.name] = together(tables.get(GONE.name, ()), gone, GONE.empty())
    return added, bool(wordings.lost)


def _leave_out_what_was_taken_back(connection: duckdb.DuckDBPyConnection) -> None:
    # It reads the view `originals`, so it comes once the views are there.
    sql = (files("onrecord.warehouse") / "queries" / "taken_back.sql").read_text(encoding="utf-8")
    connection.execute(f"BEGIN; {sql} COMMIT;")


def _note(connection: duckdb.DuckDBPyConnection, notes: Mapping[str, str]) -> None:
    for key, value in notes.items():
        connection.execute("DELETE FROM meta WHERE key = ?", [key])
        connection.execute("INSERT INTO meta VALUES (?, ?)", [key, value])


def _load(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Rows],
    number: int,
    run_id: str,
    again: Path | None,
    closings: Sequence[Path],
    added: Mapping[str, Change],
    let_go: Callable[[], object],
) -> dict[str, Change]:
    connection.execute("BEGIN")
    changes = {**load(connection, tables, between=let_go), **added}
    if "quotations" in tables:
        connection.execute(
            (files("onrecord.warehouse") / "queries" / "dismissed.sql").read_text(encoding="utf-8")
        )
    settle(connection, run_id, again, closings)
    connection.execute("INSERT INTO generations VALUES (?, ?, ?)", [number, run_id, utc_now()])
    for table, change in changes.items():
        if any(change):
            connection.execute(
                "INSERT INTO changes VALUES (?, ?, ?, ?, ?)", [number, table, *change]
            )
    connection.execute("COMMIT")
    return changes


def changes(candidate: Path) -> pl.DataFrame:
    """What the newest generation of a file changed: table_name, added, changed, removed."""
    with reader(candidate) as connection:
        return connection.execute(
            "SELECT table_name, added, changed, removed FROM changes"
            " WHERE generation = (SELECT max(generation) FROM generations) ORDER BY table_name"
        ).pl()


_FICLONE = 0x40049409


def _copy(source: Path, target: Path) -> None:
    """Have a file's content in another one: where the file system can, both share its blocks until one is written."""
    with source.open("rb") as one, target.open("wb") as other:
        try:
            fcntl.ioctl(other.fileno(), _FICLONE, one.fileno())
        except OSError:
            # ext4, for one, and every system but Linux.
            shutil.copyfileobj(one, other, 1 << 24)
    target.chmod(0o644)

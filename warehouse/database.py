"""Connections to DuckDB: readers that can touch nothing, writers that keep within bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

import duckdb

from onrecord.pipeline.core.settings import PublishSettings
from onrecord.pipeline.machine.cores import cores
from onrecord.warehouse import vectors
from onrecord.warehouse.errors import WarehouseError

Answer = TypeVar("Answer")

CATALOG = "onrecord"
_AMID = re.compile(r"[A-Z][\w ]* Error: ")
SPILL_LIMIT = "20GB"
MEMORY_LIMIT = PublishSettings().memory_limit
"""Where a caller does not say."""
ROW_GROUP = 16_384
"""Rows in a row group, DuckDB's unit of parallel work: with its default of 122,880 a scan of the
100,000 vectors of a sizeable record is one thread's (DuckDB, "Tuning workloads")."""


@contextmanager
def reader(
    path: Path, *, locked: bool = True, memory_limit: str = MEMORY_LIMIT
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to one file, under the name `onrecord`.

    Each reader is a database of its own with the file attached, so it always opens the file that
    stands at `path` now, whatever else this process has open, and its settings bind nobody else.
    `locked` takes away every access to other files, to the network and to the settings themselves
    (DuckDB, "Securing DuckDB"); only the warehouse's own exports go without. A query takes no more than `memory_limit`.
    """
    connection = attached(path, locked=locked, memory_limit=memory_limit)
    try:
        with errors_of_duckdb():
            yield connection
    finally:
        connection.close()


@contextmanager
def errors_of_duckdb() -> Iterator[None]:
    """Raise as DuckDB's what Arrow tells as its own: a block that is found damaged amid an answer's batches."""
    try:
        yield
    except OSError as error:
        if error.errno is not None or _AMID.match(str(error)) is None:
            raise
        raise duckdb.Error(str(error)) from error


def cursor(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to what a reader has open, for another thread or somebody else."""
    another = connection.cursor()
    another.execute(f"USE {CATALOG}")
    vectors.see(another)
    return another


def attached(
    path: Path,
    *,
    locked: bool = True,
    memory_limit: str = MEMORY_LIMIT,
    spill: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """What `reader` opens, for whoever closes it by themselves; `spill` takes what memory does not hold.

    Where a new generation was published meanwhile, and files went that only the one before stood on, the new one is.
    """
    for _ in range(_TRIES):
        stamp = _stamp(path)
        connection, whole = _attached(path, locked, memory_limit, spill)
        if whole or _stamp(path) == stamp:
            break
        connection.close()
    return connection


_TRIES = 5


def once_a_file(ask: Callable[[Path], Answer]) -> Callable[[Path], Answer]:
    """Ask a question of a file once for as long as the same bytes stand there: to open one takes longer than to answer.

    What asks must not change what it was answered. A file that is written has another time of change.
    """

    @lru_cache(maxsize=64)
    def asked(path: Path, *_stamp: int) -> Answer:
        return ask(path)

    @wraps(ask)
    def answer(path: Path) -> Answer:
        try:
            found = path.stat()
        except OSError:
            return ask(path)
        return asked(path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)

    return answer


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _attached(
    path: Path, locked: bool, memory_limit: str, spill: Path | None
) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """A connection to a file, and whether all that it stands on was there."""
    config = {"memory_limit": memory_limit, "threads": cores()}
    connection = duckdb.connect(":memory:", config=config)
    try:
        connection.execute(f"ATTACH '{quoted(str(path))}' AS {CATALOG} (READ_ONLY)")
        connection.execute(f"USE {CATALOG}")
        whole = vectors.attach(connection, path)
        # A reader writes nowhere: by default DuckDB would spill into the folder one happens to be in.
        connection.execute(f"SET temp_directory = '{quoted(str(spill or ''))}'")
        if locked:
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(f"{path}: cannot be opened as a DuckDB file: {error}") from error
    return connection, whole


@contextmanager
def writer(
    path: Path, *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes `path`; what `memory_limit` cannot hold is spilled beside it."""
    spill = path.parent / "spill"
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": threads or cores(),
            "temp_directory": str(spill),
            "max_temp_directory_size": SPILL_LIMIT,
            "autoinstall_known_extensions": False,
        },
    )
    try:
        connection.execute(
            f"ATTACH '{quoted(str(path))}' AS {CATALOG} (ROW_GROUP_SIZE {ROW_GROUP})"
        )
        connection.execute(f"USE {CATALOG}")
        vectors.attach(connection, path)
        yield connection
    finally:
        connection.close()


def spare(connection: duckdb.DuckDBPyConnection, memory_limit: str) -> None:
    """Let go of the blocks that DuckDB keeps for what is asked next: soon read again, they are most of what it holds.

    `memory_limit` is the connection's, which may not be locked.
    """
    # What is beyond a limit that is lowered goes; what is in use stays, and then so does the limit.
    with suppress(duckdb.OutOfMemoryException):
        connection.execute(f"SET memory_limit = '{_SPARED}'")
    connection.execute(f"SET memory_limit = '{quoted(memory_limit)}'")


_SPARED = "64MB"


def quoted(text: str) -> str:
    """`text` inside a SQL string, for what takes no bound value (ATTACH, COPY, COMMENT)."""
    return text.replace("'", "''")


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def utc_now() -> datetime:
    """The time as the tables hold it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)

"""The published record as a server reads it: a request holds one generation from its start to its end.

One file is open at a time, with bounded memory; where a new generation stands, the next request opens that one, and the
file before is let go with its last request. What is the same for all requests of a generation is made once
(`Reader.kept`).
"""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock, Thread, Timer
from time import sleep
from typing import Any

import duckdb
import pyarrow as pa

from onrecord.warehouse import definitions
from onrecord.warehouse.database import attached, cursor
from onrecord.warehouse.errors import (
    DamagedRecord,
    NewerWarehouse,
    OtherVersion,
    QueryError,
    TooLong,
    WarehouseError,
)
from onrecord.warehouse.mending.overlay import pending
from onrecord.warehouse.migrate import require_current
from onrecord.warehouse.publishing.publish import require
from onrecord.warehouse.remembering import Made, Remembering

MEMORY = "224MB"
SECONDS = 20.0
"""What the answers of one query may take."""
WARMING = 300.0
"""Seconds that one of the answers may take which are made once of a generation."""
WAITS = (0.1, 0.3, 0.9)
"""Seconds between attempts of a query for which there is no memory while others have it."""
REMEMBERED = 128
"""Answers that are remembered of a generation."""


class Reader:
    """One generation of the record, for one request. Rows are dicts by the names of columns."""

    def __init__(self, folder: Path, *, seconds: float = SECONDS, _opened: Opened | None = None):
        self.folder = folder
        self.seconds = seconds
        self._opened = _opened or Opened(require(folder))
        self._own = _opened is None
        self._connection = cursor(self._opened.connection)

    @property
    def generation(self) -> int:
        """The number of the generation."""
        return self._opened.generation

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to its file."""
        return self._connection

    @property
    def path(self) -> Path:
        """Where its file lay when it was opened."""
        return self._opened.path

    @property
    def spill(self) -> Path:
        """A folder for what is made of the generation and does not fit into memory, gone with it."""
        return self._opened.spill

    def rows(self, name: str, **values: Any) -> list[dict[str, Any]]:
        """The answer to queries/looking/NAME.sql, values bound. Raises WarehouseError, saying what to do."""
        return self._renamed(self.asked(_query(name), values))

    def _renamed(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Speakers as people say that they are called, also since the generation was published."""
        names = pending(self.folder).names if rows and "speaker_id" in rows[0] else {}
        if names:
            told = "speaker" if "speaker" in rows[0] else "name"
            for row in rows:
                row[told] = names.get(row["speaker_id"], row.get(told))
        return rows

    def row(self, name: str, **values: Any) -> dict[str, Any] | None:
        """The first row of it."""
        return next(iter(self.rows(name, **values)), None)

    def asked(self, sql: str, values: Any = None) -> list[dict[str, Any]]:
        """The answer to SQL of ours."""
        watch = Timer(self.seconds, self._connection.interrupt)
        watch.daemon = True
        watch.start()
        try:
            with told(self.folder):
                asked = self._executed(sql, values)
                names = [column[0] for column in asked.description or ()]
                return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
        finally:
            watch.cancel()

    def _executed(self, sql: str, values: Any) -> duckdb.DuckDBPyConnection:
        """Memory is the share of all who ask: what others have in hand may be free a moment later."""
        for pause in WAITS:
            try:
                return self._connection.execute(sql, values or None)
            except duckdb.OutOfMemoryException:
                sleep(pause)
        return self._connection.execute(sql, values or None)

    def columns(self, name: str, **values: Any) -> dict[str, Any]:
        """The same as columns of numbers, for what is large."""
        with told(self.folder):
            return dict(self._executed(_query(name), values).fetchnumpy())

    def given(self, name: str, columns: Mapping[str, Any]) -> None:
        """Columns of ours as a table that this reader's queries may name, without a copy."""
        with told(self.folder):
            self._connection.register(name, dict(columns))

    def batches(self, name: str) -> Iterator[pa.RecordBatch]:
        """The same as Arrow, some thousand rows at a time, for what is large."""
        with told(self.folder):
            asked = self._connection.execute(_query(name))
            yield from asked.to_arrow_reader(8_192)

    def kept(self, key: str, make: Callable[[Reader], Made]) -> Made:
        """What `make` gives of this generation, made by the first that asks and never let go."""
        return self._opened.kept(key, lambda: make(self))

    def remembered(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """The same of what is asked again soon, as long as not too much else is asked."""
        return self._opened.remembered(key, make)

    def remade(self, key: str, of: Hashable, make: Callable[[], Made]) -> Made:
        """The same of what changes within a generation: what was made last, as long as it is of the same."""
        return self._opened.remade(key, of, make)

    def close(self) -> None:
        """Let go of the generation."""
        self._connection.close()
        if self._own:
            self._opened.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Opened(Remembering):
    """A generation's file, as long as somebody reads it, and what was made of it once."""

    def __init__(self, path: Path):
        super().__init__(REMEMBERED)
        self.path, self.stamp = path, stamp_of(path)
        self.users, self.stale = 0, False
        # What is made of a large record once does not fit into a server's share of memory while it is made.
        self.spill = Path(mkdtemp(prefix="onrecord-pages-"))
        self._clean = weakref.finalize(self, shutil.rmtree, self.spill, ignore_errors=True)
        try:
            with told(path):
                self.connection = attached(path, memory_limit=MEMORY, spill=self.spill)
        except BaseException:
            self._clean()
            raise
        try:
            with told(path):
                require_current(self.connection)
                found = self.connection.execute("SELECT max(generation) FROM generations")
                self.generation = int((found.fetchone() or (0,))[0] or 0)
        except BaseException:
            self.connection.close()
            self._clean()
            raise

    def close(self) -> None:
        """Close the file and forget what was made of it."""
        self.forget()
        self.connection.close()
        self._clean()


class Record:
    """The record in a folder, for a server: `reading` gives each request its Reader."""

    def __init__(self, folder: Path, *, seconds: float = SECONDS) -> None:
        self.folder, self.seconds = folder, seconds
        self.warm: Callable[[Reader], None] | None = None
        """What is made of a new generation before somebody waits for it, where a server wants it."""
        self._lock = Lock()
        self._now: Opened | None = None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """A Reader of the generation that stands now. Raises NoWarehouse and WarehouseError, saying what to do."""
        opened = self._take()
        try:
            with Reader(self.folder, seconds=self.seconds, _opened=opened) as reader:
                yield reader
        finally:
            self._give_back(opened)

    def _take(self) -> Opened:
        with self._lock:
            path = require(self.folder)
            now = self._now
            if now is None or now.stamp != stamp_of(path):
                fresh = Opened(path)
                if now is not None:
                    now.stale = True
                    if not now.users:
                        now.close()
                self._now = now = fresh
                if self.warm is not None:
                    now.users += 1
                    Thread(target=self._warm, args=(now,), daemon=True).start()
            now.users += 1
            return now

    def _warm(self, opened: Opened) -> None:
        try:
            with Reader(self.folder, seconds=WARMING, _opened=opened) as reader:
                if self.warm is not None:
                    self.warm(reader)
        except (WarehouseError, OSError):
            # Whoever asks is told.
            return
        finally:
            self._give_back(opened)

    def _give_back(self, opened: Opened) -> None:
        with self._lock:
            opened.users -= 1
            if opened.stale and not opened.users:
                opened.close()

    def close(self) -> None:
        """Let go of the file, once nobody reads it."""
        with self._lock:
            if self._now is not None and not self._now.users:
                self._now.close()
                self._now = None


def stamp_of(path: Path) -> tuple[int, int, int]:
    """What tells a file from the one that stood at its path before."""
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Put what DuckDB refuses into words that say what to do."""
    try:
        yield
    except duckdb.InterruptException:
        raise TooLong("the answer took too long: narrow it down, by a speaker or days") from None
    except duckdb.OutOfMemoryException:
        raise TooLong("the answer takes more memory than it may: narrow it down") from None
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise OtherVersion(
            f"this record was published by another version of OnRecord, which asks otherwise ({error});"
            " the next `onrecord run` that publishes makes it new"
        ) from error
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
        raise DamagedRecord(_damaged(where, error)) from error
    except duckdb.InternalException as error:
        raise DamagedRecord(_damaged(where, error)) from error
    except duckdb.Error as error:
        raise QueryError(str(error)) from error
    except (NewerWarehouse, OtherVersion, QueryError):
        raise
    except WarehouseError as error:
        if isinstance(error.__cause__, duckdb.Error):
            raise DamagedRecord(_damaged(where, error)) from error
        raise


def _damaged(where: Path, error: Exception) -> str:
    return (
        f"the record's file cannot be read ({error}): `onrecord verify` says what is wrong, and"
        f" `onrecord rollback` publishes an earlier generation again ({where})"
    )


@cache
def _query(name: str) -> str:
    home = files("onrecord.warehouse") / "queries"
    # Some are asked for outside the pages too.
    own, shared = home / "looking" / f"{name}.sql", home / f"{name}.sql"
    told = (own if own.is_file() else shared).read_text(encoding="utf-8")
    return _VIEW.sub(lambda meant: view(meant.group(1)), told)


_VIEW = re.compile(r"\{(\w+)\}")


def view(name: str) -> str:
    """What a view of the record asks, for a query that asks {name} of a few rows.

    Such a query has before it, by the names of the tables, the few rows of each that it is about.
    """
    sql = next(view.sql for view in definitions.views() if view.name == name)
    return sql.partition(f"CREATE VIEW {name} AS")[2].strip().removesuffix(";")

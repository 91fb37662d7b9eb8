"""The lake, opened: DuckLake's catalog in Postgres, its files in a folder or on S3.

DuckDB's extensions come as packages (onrecord[cluster]), so that nothing is downloaded. Who may is told by the
environment alone: PGPASSWORD or ~/.pgpass, AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL and so on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import duckdb

from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import PublishSettings
from onrecord.pipeline.machine.cores import cores
from onrecord.warehouse.database import MEMORY_LIMIT, SPILL_LIMIT, quoted
from onrecord.warehouse.errors import WarehouseError
from onrecord.warehouse.migrate import check

LAKE = "lake"
"""What the lake is attached as."""

COMMITS = f"{LAKE}.main.commits"
"""The lake's own table: a row a snapshot that we made, never taken back, whatever else is rolled back."""

EXTRA = "pip install 'onrecord[cluster]'"

_EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")
_PASSWORDS = re.compile(r"(password=|://[^:@/\s]*:(?=[^@\s/]+@))[^@\s/]+")


class Lake(NamedTuple):
    """Where a lake is."""

    catalog: str
    data: str

    @property
    def shown(self) -> str:
        """What it is called where somebody reads it."""
        address = urlsplit(self.catalog)
        return f"the lake {address.path.lstrip('/')} at {address.hostname or 'this machine'}"


class Commit(NamedTuple):
    """One that we made, by its place in the row of them: its generation, and its snapshot while it is kept."""

    number: int
    generation: int
    run_id: str
    committed_at: datetime
    rolled_back: bool
    snapshot: int | None


class LakeError(WarehouseError):
    """The lake did not do what it was asked; what it held before it still holds."""


class NoLake(LakeError):  # noqa: N818
    """Nothing has been committed to this lake yet."""


def of(settings: PublishSettings) -> Lake:
    """The lake that settings name. Raises NotReady where they publish a file alone."""
    if settings.store != "ducklake":
        raise NotReady(
            "publish.store is `file`: there is no lake; docs/cluster.md tells how to have one"
        )
    return Lake(str(settings.catalog), str(settings.data))


def extension_path(name: str) -> Path:
    """Where the installed package keeps an extension for this DuckDB. Raises NotReady, with what to install."""
    spec = find_spec(f"duckdb_extension_{name}")
    homes = spec.submodule_search_locations if spec else None
    for home in homes or ():
        path = Path(home) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if path.is_file():
            return path
    package = f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
    raise NotReady(f"publish.store: ducklake needs {package}: {EXTRA}")


@contextmanager
def opened(
    lake: Lake, *, write: bool = False, memory_limit: str = MEMORY_LIMIT, spill: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the lake attached as `lake`; one that writes makes the lake where there is none.

    Raises NotReady where it cannot be opened, NewerWarehouse, and NoLake for a reader of none.
    """
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": cores(),
            "temp_directory": str(spill or ""),
            "max_temp_directory_size": SPILL_LIMIT,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        attach(connection, lake, write=write)
        yield connection
    finally:
        connection.close()


def attach(connection: duckdb.DuckDBPyConnection, lake: Lake, *, write: bool = False) -> None:
    """Attach the lake to what is open, see `opened`."""
    # Else a table that is not there yet would be looked for among Python's variables.
    connection.execute("SET python_enable_replacements = false")
    for name in _EXTENSIONS:
        path = extension_path(name)
        if name != "httpfs" or "://" in lake.data:
            connection.execute(f"LOAD '{quoted(str(path))}'")
    if "://" in lake.data:
        _sign(connection)
    elif write:
        _folder(Path(lake.data))
    # Rows in the catalog itself would be a second place to look for them.
    options = [f"DATA_PATH '{quoted(lake.data.rstrip('/'))}/'", "DATA_INLINING_ROW_LIMIT 0"]
    options += [] if write else ["READ_ONLY", "CREATE_IF_NOT_EXISTS false"]
    try:
        connection.execute(
            f"ATTACH 'ducklake:postgres:{quoted(lake.catalog)}' AS {LAKE} ({', '.join(options)})"
        )
    except duckdb.Error as error:
        told = words(error)
        if "does not exist" in told and "explicitly disabled" in told:
            raise NoLake(f"{lake.shown}: nothing was committed to it yet") from None
        raise NotReady(f"{lake.shown} cannot be opened: {told}; {_remedy(told)}") from None
    here = _current(connection)
    connection.execute(f"USE {LAKE}")
    try:
        check(connection)
    except duckdb.Error as error:
        raise NotReady(
            f"{lake.shown} cannot be read: {words(error)}; see docs/cluster.md"
        ) from None
    finally:
        connection.execute(f"USE {here}")


def _current(connection: duckdb.DuckDBPyConnection) -> str:
    (name,) = connection.execute("SELECT current_database()").fetchone() or ("memory",)
    return f'"{name}"'


def commits(connection: duckdb.DuckDBPyConnection) -> list[Commit]:
    """What was ever committed, oldest first."""
    try:
        made = connection.execute(
            f"SELECT number, generation, run_id, committed_at, rolled_back FROM {COMMITS}"
        ).fetchall()
        # Its number is in the snapshot's own message: what is in a table is known before its snapshot is.
        told = connection.execute(
            "SELECT try_cast(commit_extra_info AS BIGINT), max(snapshot_id)"
            f" FROM {LAKE}.snapshots() WHERE author = 'onrecord' GROUP BY 1"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    snapshots = dict(told)
    return sorted(Commit(*row, snapshots.get(row[0])) for row in made)


def head(connection: duckdb.DuckDBPyConnection) -> Commit | None:
    """What the lake holds now; None where nothing was committed."""
    return next(reversed(commits(connection)), None)


def choose(made: list[Commit], generation: int | None, lake: Lake) -> Commit:
    """The newest commit, or the newest of a generation. Raises NoLake and LakeError, naming those that there are."""
    found = [each for each in made if each.snapshot is not None]
    if not found:
        raise NoLake(f"{lake.shown}: nothing was committed to it yet")
    if generation is None:
        return found[-1]
    of_it = [each for each in found if each.generation == generation]
    if not of_it:
        there = ", ".join(str(number) for number in sorted({each.generation for each in found}))
        raise LakeError(f"generation {generation} is not in {lake.shown}; there are: {there}")
    return of_it[-1]


def words(error: BaseException) -> str:
    """The first line of what was said, without a password."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return _PASSWORDS.sub(r"\1***", f"{type(error).__name__}: {first[:300]}")


def _folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotReady(
            f"publish.data: {data} cannot be made: {error.strerror}; make it, or name another"
        ) from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise NotReady(
            f"publish.data: you may not write to {data}; make it writable, or name another"
        )


def _sign(connection: duckdb.DuckDBPyConnection) -> None:
    """Tell the way to S3, as the environment has it."""
    told = os.environ.get
    endpoint = told("AWS_ENDPOINT_URL_S3") or told("AWS_ENDPOINT_URL") or told("AWS_ENDPOINT")
    parts = {
        "KEY_ID": told("AWS_ACCESS_KEY_ID"),
        "SECRET": told("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": told("AWS_SESSION_TOKEN"),
        "REGION": told("AWS_REGION") or told("AWS_DEFAULT_REGION"),
        "ENDPOINT": endpoint and endpoint.partition("://")[2].rstrip("/"),
        # What is not Amazon's has no names for buckets.
        "URL_STYLE": "path" if endpoint else None,
    }
    given = [f"{key} '{quoted(value)}'" for key, value in parts.items() if value]
    if endpoint and endpoint.startswith("http://"):
        given.append("USE_SSL false")
    connection.execute(f"CREATE OR REPLACE SECRET lake_data ({', '.join(['TYPE s3', *given])})")


def try_data(lake: Lake) -> None:
    """See that files can be written where the lake's lie. Raises NotReady, with what to do."""
    if "://" not in lake.data:
        _folder(Path(lake.data))
        return
    from onrecord.pipeline.core.stores import Store

    Store(lake.data).probe("publish.data")


_REMEDIES = (
    ("refused|could not translate|timeout|timed out|No route|unreachable", "start Postgres, or mend publish.catalog"),
    ("database .* does not exist", "make that database (createdb), or mend publish.catalog"),
    ("password|authentication|pg_hba", "give PGPASSWORD, or a line in ~/.pgpass"),
    ("DATA_PATH|data path", "publish.data is not where this lake's files lie"),
    ("permission denied", "the user of publish.catalog must own the database"),
    ("version", "bring OnRecord up to date: this lake is of another version of DuckLake"),
    ("", "see docs/cluster.md"),
)  # fmt: skip


def _remedy(told: str) -> str:
    return next(remedy for mark, remedy in _REMEDIES if re.search(mark, told, re.IGNORECASE))

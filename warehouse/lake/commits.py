"""A generation into the lake: what differs by key, in one transaction, which is one snapshot.

The order of publishing is the lake first, then the file's rename. A kill between leaves the lake ahead, and the next
run brings the file up from it (`faces.follow`); were the file first, others that follow the lake would be behind what
somebody here has already read, and a machine that is lost would take a published generation with it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

from onrecord.pipeline.core.contracts import CONTRACTS, SEGMENTS, UTTERANCES
from onrecord.pipeline.core.problems import NotReady
from onrecord.warehouse import vectors
from onrecord.warehouse.database import (
    CATALOG,
    MEMORY_LIMIT,
    errors_of_duckdb,
    identifier,
    quoted,
    utc_now,
)
from onrecord.warehouse.errors import PublishError
from onrecord.warehouse.lake.catalog import (
    COMMITS,
    LAKE,
    Commit,
    Lake,
    LakeError,
    choose,
    commits,
    head,
    opened,
    words,
)
from onrecord.warehouse.lake.session import writing
from onrecord.warehouse.migrate import LEDGER, missing
from onrecord.warehouse.publishing import publish

log = logging.getLogger(__name__)

_BASE = "base"
_LOCAL = ("segments", "fulltext", "fulltext appended", "face")
"""What `meta` notes about a file and not about the record."""

KEYS: dict[str, tuple[str, ...]] = {
    **{name: contract.key for name, contract in CONTRACTS.items() if name != SEGMENTS.name},
    "schema_migrations": ("version",),
    "generations": ("generation",),
    "changes": ("generation", "table_name"),
    "meta": ("key",),
}
"""The tables of a generation that a lake holds, by their keys; segments are files of the machine that serves."""
_TOLD_BYKEYS = (UTTERANCES.name, "schema_migrations")
"""Tables whose rows are what they were when they came: a wording's vector is computed once, and weighs."""


_PATIENCE = 120.0
_PASSING = re.compile(
    r"refused|terminat|starting up|shutting down|recovery|not yet accepting|connection|reset|broken pipe"
    # A connection that was lost amid a transaction leaves no other words.
    r"|timed? ?out|HTTP|Failed to (commit|execute|prepare)",
    re.IGNORECASE,
)
_MADE = f"""
CREATE TABLE {COMMITS} (
    number       BIGINT NOT NULL,
    generation   BIGINT NOT NULL,
    run_id       VARCHAR NOT NULL,
    committed_at TIMESTAMP NOT NULL,
    rolled_back  BOOLEAN NOT NULL
)
"""


class Source(NamedTuple):
    """Where the rows of a generation are: an attached database, and the snapshot of it where it is a lake's."""

    database: str
    snapshot: int | None = None

    def relation(
        self, connection: duckdb.DuckDBPyConnection, table: str, types: dict[str, str]
    ) -> str:
        """SQL for the rows of a table in these columns; NULL for one that it does not have yet."""
        at = f" AT (VERSION => {self.snapshot})" if self.snapshot is not None else ""
        where = f" WHERE key NOT IN {_LOCAL}" if table == "meta" else ""
        name = f"{identifier(self.database)}.main.{identifier(table)}{at}"
        try:
            there = set(connection.sql(f"SELECT * FROM {name} LIMIT 0").columns)
        except duckdb.CatalogException:
            there, name, where = set(), "(SELECT 1)", " WHERE false"
        columns = ", ".join(
            f"{identifier(column) if column in there else f'NULL::{kind}'} AS {identifier(column)}"
            for column, kind in types.items()
        )
        return f"(SELECT {columns} FROM {name}{where})"


def commit(lake: Lake, folder: Path, candidate: Path, memory_limit: str = MEMORY_LIMIT) -> None:
    """Make a candidate the lake's newest snapshot, all of it or nothing; one that is it already stays.

    Where the catalog is away for a while, or the files' store, it is tried again. Raises PublishError where the lake
    has moved on to a generation on which the candidate was not built.
    """
    base = publish.published(folder)
    here = publish.stamp(candidate)

    def once(connection: duckdb.DuckDBPyConnection) -> None:
        now = head(connection)
        if now is not None and (now.generation, now.run_id) == here:
            return
        connection.execute(f"ATTACH '{quoted(str(candidate))}' AS {CATALOG} (READ_ONLY)")
        connection.execute(f"USE {CATALOG}")
        vectors.attach(connection, candidate)
        if now is not None and not _stands_on(connection, now):
            raise PublishError(
                f"{lake.shown} has moved on to generation {now.generation} of run {now.run_id}, and this one was"
                " not built on it; nothing was published, the next run builds on that"
            )
        before = None
        # What is on this machine is compared faster than what is far away.
        if (
            base is not None
            and now is not None
            and publish.stamp(base) == (now.generation, now.run_id)
        ):
            connection.execute(f"ATTACH '{quoted(str(base))}' AS {_BASE} (READ_ONLY)")
            before = Source(_BASE)
        _snapshot(connection, Source(CATALOG), before, now, here, rolled_back=False)

    _patiently(lake, once, memory_limit, candidate.parent / "spill")


def roll_back(lake: Lake, generation: int, memory_limit: str = MEMORY_LIMIT) -> None:
    """Make a new snapshot of what an earlier one held. Raises LakeError naming those that there are."""

    def once(connection: duckdb.DuckDBPyConnection) -> None:
        made = commits(connection)
        old = choose(made, generation, lake)
        if old == made[-1]:
            return
        _snapshot(
            connection,
            Source(LAKE, old.snapshot),
            None,
            made[-1],
            (old.generation, old.run_id),
            rolled_back=True,
        )

    _patiently(lake, once, memory_limit, None)


def _patiently(
    lake: Lake,
    once: Callable[[duckdb.DuckDBPyConnection], None],
    memory_limit: str,
    spill: Path | None,
) -> None:
    """Do what is done in one transaction, and again where the catalog or the store went away meanwhile."""
    until, pause = time.monotonic() + _PATIENCE, 0.5
    while True:
        try:
            with (
                writing(lake),
                opened(lake, write=True, memory_limit=memory_limit, spill=spill) as connection,
                errors_of_duckdb(),
            ):
                once(connection)
            return
        except (duckdb.Error, NotReady) as error:
            if time.monotonic() > until or not _PASSING.search(str(error)):
                if isinstance(error, NotReady):
                    raise
                raise LakeError(f"{lake.shown}: nothing was committed: {words(error)}") from error
            log.warning("%s: tried again: %s", lake.shown, words(error))
        time.sleep(pause)
        pause = min(pause * 2, 5.0)


def _stands_on(connection: duckdb.DuckDBPyConnection, now: Commit) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM {CATALOG}.main.generations WHERE (generation, run_id) = (?, ?)",
        [now.generation, now.run_id],
    ).fetchone()
    return found is not None


def _snapshot(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    before: Source | None,
    now: Commit | None,
    stamp: tuple[int, str],
    *,
    rolled_back: bool,
) -> None:
    number = now.number + 1 if now else 1
    connection.execute(f"USE {LAKE}")
    connection.execute("BEGIN")
    if now is None:
        connection.execute(_MADE)
    _migrate(connection, note=rolled_back)
    for table, key in KEYS.items():
        if table == "schema_migrations" and rolled_back:
            # The tables stay as they are now.
            continue
        equalise(connection, table, key, source, before)
    connection.execute(
        f"INSERT INTO {COMMITS} VALUES (?, ?, ?, ?, ?)", [number, *stamp, utc_now(), rolled_back]
    )
    told = f"generation {stamp[0]} of run {stamp[1]}{', rolled back to' if rolled_back else ''}"
    connection.execute(
        f"CALL {LAKE}.set_commit_message('onrecord', '{quoted(told)}', extra_info => '{number}')"
    )
    connection.execute("COMMIT")


def _migrate(connection: duckdb.DuckDBPyConnection, *, note: bool) -> None:
    """Bring the lake's tables up to the code's, by the same migrations, within the snapshot that needs them.

    That they were applied comes with the rows of a generation, unless it is to be noted here.
    """
    for migration in missing(connection):
        if migration.version == 1:
            connection.execute(LEDGER)
        # How a column is packed is a matter of the file.
        connection.execute(re.sub(r" USING COMPRESSION \w+", "", migration.sql))
        if note:
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)",
                [migration.version, migration.name, migration.sha256, utc_now()],
            )


def equalise(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: tuple[str, ...],
    source: Source,
    before: Source | None,
) -> None:
    """Have the lake hold the rows of the source, by writing those alone that differ from what it held before.

    `before` is where what it holds can be read nearer by.
    """
    target = f"{LAKE}.main.{identifier(table)}"
    types = dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND table_name = ?"
            " ORDER BY column_index",
            [LAKE, table],
        ).fetchall()
    )
    new = source.relation(connection, table, types)
    if before is None or table in _TOLD_BYKEYS:
        before = Source(LAKE)
    keys = ", ".join(map(identifier, key))
    compared = {name: types[name] for name in key} if table in _TOLD_BYKEYS else types
    old, row = before.relation(connection, table, compared), ", ".join(map(identifier, compared))
    for name, one, other in (("went", old, new), ("came", new, old)):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS"
            f" SELECT {keys} FROM (SELECT {keys}, hash({row}) AS told FROM {one})"
            f" ANTI JOIN (SELECT {keys}, hash({row}) AS told FROM {other}) USING ({keys}, told)"
        )
    if _any(connection, "went"):
        same = " AND ".join(f"t.{identifier(name)} = w.{identifier(name)}" for name in key)
        connection.execute(f"DELETE FROM {target} AS t USING temp.main.went AS w WHERE {same}")
    if _any(connection, "came"):
        connection.execute(
            f"INSERT INTO {target} BY NAME SELECT * FROM {new} SEMI JOIN temp.main.came USING ({keys})"
            f" ORDER BY {keys}"
        )


def _any(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    return connection.execute(f"SELECT 1 FROM temp.main.{name} LIMIT 1").fetchone() is not None

"""The face: the file that a machine serves, built from a snapshot of the lake, whole or of its last months.

What a lake cannot hold is made here: views, macros, comments, the full-text index, vectors in files of their own.
Any number of machines may follow one lake, each at its own pace.
"""

from __future__ import annotations

import json
import logging
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from onrecord.pipeline.core.contracts import SEGMENTS, UTTERANCES
from onrecord.pipeline.core.segments import FOLDER
from onrecord.pipeline.core.settings import PublishSettings
from onrecord.warehouse import definitions, vectors
from onrecord.warehouse.database import (
    CATALOG,
    MEMORY_LIMIT,
    errors_of_duckdb,
    identifier,
    quoted,
    reader,
    writer,
)
from onrecord.warehouse.errors import PublishError
from onrecord.warehouse.lake.catalog import (
    LAKE,
    Commit,
    Lake,
    NoLake,
    attach,
    choose,
    commits,
    of,
    opened,
    words,
)
from onrecord.warehouse.lake.commits import KEYS, Source
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing import fulltext, publish
from onrecord.warehouse.publishing.loader import load
from onrecord.warehouse.publishing.wordings import LARGEST, Wordings

log = logging.getLogger(__name__)

FACE = "face"
"""What `meta` notes of which snapshot a face is, and of how many months."""
_WORK = "face"


def follow(settings: PublishSettings, folder: Path) -> int | None:
    """Bring the folder's file up to the lake before a run builds on it; the generation, None where nothing was to do.

    It is behind where another machine published, where a run was killed between the lake and the file, and after a
    rollback. One that is ahead, as the first time, is committed with the next generation. The caller holds
    `publish.lock`. Raises PublishError where the file is of another record than the lake.
    """
    lake = of(settings)
    try:
        with opened(lake) as connection:
            made = commits(connection)
    except NoLake:
        return None
    if not made:
        return None
    now, path = made[-1], publish.published(folder)
    is_behind = path is None or _is_behind(path, made)
    # After the look: a record of another lake takes nothing from this one, its numbers neither.
    publish.give(folder, max(each.generation for each in made))
    if not is_behind:
        return None
    return build(lake, folder, now, settings.keep_generations, memory_limit=settings.memory_limit)


def bring_up(
    lake: Lake,
    settings: PublishSettings,
    folder: Path,
    *,
    generation: int | None = None,
    months: int | None = None,
) -> tuple[int, bool]:
    """Have the file of a generation, the newest or a named one, in a folder: its number, and whether it was built.

    Takes the folder's lock itself. Raises NoLake, LakeError, and WarehouseBusy.
    """
    with publish.lock(folder):
        with opened(lake) as connection:
            made = commits(connection)
        chosen, path = choose(made, generation, lake), publish.published(folder)
        stands = path is not None and _stands(path, chosen, made, months)
        publish.give(folder, max(each.generation for each in made))
        if stands:
            return chosen.generation, False
        number = build(
            lake,
            folder,
            chosen,
            settings.keep_generations,
            months=months,
            memory_limit=settings.memory_limit,
        )
    return number, True


def _stands(path: Path, chosen: Commit, made: list[Commit], months: int | None) -> bool:
    here, note = publish.stamp(path), of_which(path)
    if here != (chosen.generation, chosen.run_id):
        # What was never in the lake is nobody's to put out of its place.
        _is_behind(path, made)
        return False
    return note.get("months") == months


def _is_behind(path: Path, made: list[Commit]) -> bool:
    here, now = publish.stamp(path), made[-1]
    known = [each for each in made if (each.generation, each.run_id) == here]
    if known:
        return known[-1] != now or bool(of_which(path).get("months"))
    with reader(path) as connection:
        told = set(connection.execute("SELECT generation, run_id FROM generations").fetchall())
    if (now.generation, now.run_id) in told:
        return False
    if told & {(each.generation, each.run_id) for each in made}:
        raise PublishError(
            f"{path}: generation {here[0]} was built on one that the lake has since moved on from; move the file"
            " away, and the next run takes what the lake holds"
        )
    raise PublishError(
        f"{path}: this record is not the one in the lake, whose newest is generation {now.generation} of run"
        f" {now.run_id}; name another --warehouse, or another publish.catalog"
    )


def of_which(path: Path) -> dict[str, Any]:
    """What a file notes of the snapshot that it was built from; nothing where it was not."""
    with reader(path) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", [FACE]).fetchone()
    return dict(json.loads(row[0])) if row else {}


def build(
    lake: Lake,
    folder: Path,
    commit: Commit,
    keep: int,
    *,
    months: int | None = None,
    memory_limit: str = MEMORY_LIMIT,
) -> int:
    """Build the file of a commit's snapshot and publish it in a folder; its generation.

    The caller holds `publish.lock`. `months` leaves out what is older than so many before the newest article (see
    queries/window.sql).
    """
    work = folder / "work" / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    candidate = work / publish.FILE
    try:
        with writer(candidate, memory_limit=memory_limit) as connection, errors_of_duckdb():
            attach(connection, lake)
            migrate(connection)
            source = Source(LAKE, commit.snapshot)
            if months is not None:
                _narrow(connection, source, months)
            _take_rows(connection, source, windowed=months is not None)
            _take_wordings(
                connection, source, folder, work, commit.generation, windowed=months is not None
            )
            note = {"snapshot": commit.snapshot, "commit": commit.number, "months": months}
            for key, value in (
                (vectors.WHERE, str(folder.absolute() / FOLDER)),
                (FACE, json.dumps(note)),
            ):
                connection.execute("INSERT INTO meta VALUES (?, ?)", [key, value])
            connection.execute(f"DETACH {LAKE}")
            fulltext.index(connection)
            definitions.define(connection, folder.absolute() / FOLDER)
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise PublishError(f"{lake.shown}: no file can be built from it: {words(error)}") from error
    shutil.rmtree(work / "spill", ignore_errors=True)
    number = publish.publish(folder, candidate, keep, anew=True)
    shutil.rmtree(work, ignore_errors=True)
    return number


def _types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main'"
        " AND table_name = ? ORDER BY column_index",
        [CATALOG, table],
    )
    return dict(rows.fetchall())


def _take_rows(connection: duckdb.DuckDBPyConnection, source: Source, *, windowed: bool) -> None:
    connection.execute("BEGIN")
    for table, key in KEYS.items():
        if table == UTTERANCES.name:
            continue
        rows = source.relation(connection, table, _types(connection, table))
        if table == "schema_migrations":
            # Those that the lake has not been through are the code's own.
            connection.execute(f"DELETE FROM {table} WHERE version IN (SELECT version FROM {rows})")
        within = _within(table) if windowed else ""
        connection.execute(
            f"INSERT INTO {identifier(table)} BY NAME SELECT * FROM {rows}{within}"
            f" ORDER BY {', '.join(map(identifier, key))}"
        )
    connection.execute("COMMIT")


def _take_wordings(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    folder: Path,
    work: Path,
    generation: int,
    *,
    windowed: bool,
) -> None:
    """Put the vectors into files of their own, some hundred thousand at a time."""
    rows = source.relation(connection, UTTERANCES.name, _types(connection, UTTERANCES.name))
    rows += _within(UTTERANCES.name) if windowed else ""
    connection.execute(f"DROP TABLE {vectors.TABLE}")
    definitions.see_wordings(connection, folder.absolute() / FOLDER)
    wordings = Wordings(connection, folder, work, generation)
    (count,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchone() or (0,)
    shares = -(-count // LARGEST)
    for share in range(shares):
        part = work / "wordings.parquet"
        connection.execute(
            f"COPY (SELECT * FROM {rows}{' AND' if windowed else ' WHERE'}"
            f" hash(utterance_id) % {shares} = {share} ORDER BY utterance_id, model)"
            f" TO '{quoted(str(part))}' (FORMAT parquet)"
        )
        wordings.add([part])
        part.unlink()
    stand, _ = wordings.told()
    connection.execute("BEGIN")
    load(connection, {SEGMENTS.name: stand})
    connection.execute("COMMIT")


def _narrow(connection: duckdb.DuckDBPyConnection, source: Source, months: int) -> None:
    """Note which rows are within the window, each kind in a table of its own."""
    for table in ("articles", "quotations", "statements", "statement_members", "themes", "theme_members", "runs",
                  "speakers"):  # fmt: skip
        kinds = {
            name: kind
            for name, kind in _types(connection, table).items()
            if name not in ("text", "layout")
        }
        rows = source.relation(connection, table, kinds)
        connection.execute(f"CREATE TEMP VIEW of_{table} AS FROM {rows}")
    sql = (files("onrecord.warehouse") / "queries" / "window.sql").read_text(encoding="utf-8")
    connection.execute(sql.replace("{months}", str(months)))


_WITHIN = {
    "articles": "article_id IN (FROM window_articles)",
    "blocks": "article_id IN (FROM window_articles)",
    "mentions": "article_id IN (FROM window_articles)",
    "quotations": "quotation_id IN (FROM window_quotations)",
    "dismissed_quotations": "article_id IN (FROM window_articles)",
    "utterances": "utterance_id IN (FROM window_utterances)",
    "speakers": "speaker_id IN (FROM window_speakers)",
    "statements": "statement_id IN (FROM window_statements)",
    "statement_members": "quotation_id IN (FROM window_quotations)",
    "variant_changes": "quotation_id IN (FROM window_quotations)",
    "statement_repeats": "statement_id IN (FROM window_statements) AND repeats_id IN (FROM window_statements)",
    "statement_moves": "statement_id IN (FROM window_statements)",
    "themes": "theme_id IN (FROM window_themes)",
    "theme_members": "statement_id IN (FROM window_statements)",
}


def _within(table: str) -> str:
    return f" WHERE {_WITHIN.get(table, 'true')}"

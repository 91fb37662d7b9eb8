"""What the next run must know of the record, as Parquet: the stages open no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS, SEGMENTS
from onrecord.pipeline.machine.vectors import AT_ONCE
from onrecord.warehouse.database import (
    MEMORY_LIMIT,
    attached,
    cursor,
    errors_of_duckdb,
    identifier,
    quoted,
    reader,
    spare,
)
from onrecord.warehouse.migrate import check, migrate
from onrecord.warehouse.publishing import segments
from onrecord.warehouse.publishing.publish import published

LEFT_OUT: Mapping[str, frozenset[str]] = {"articles": frozenset({"text", "layout"})}
"""Columns that no later run needs again, and that weigh."""

_WHOLE = "every_column"
_WANTED = "wanted"
_HEAVIEST = "utterances"

SMALL = ("stage_runs", "corrections", "segments")
"""What every run is handed whole: how runs came out, what people corrected, and what is kept in files."""

TABLES = (
    "articles",
    "quotations",
    "dismissed_quotations",
    "mentions",
    "utterances",
    "speakers",
    "statements",
    "statement_members",
    "statement_repeats",
    "themes",
    "theme_members",
    "corrections",
    "runs",
    "stage_runs",
    "segments",
)
"""What a run may ask of: all this a whole snapshot holds."""


def snapshot(
    folder: Path,
    into: Path,
    tables: Iterable[str] = TABLES,
    *,
    embeddings: bool = True,
    memory_limit: str = MEMORY_LIMIT,
) -> Mapping[str, Path]:
    """Write the published rows of `tables` into `into`, one Parquet file a table; name -> file.

    With the table of segments come the files that it lists, beside it in a folder of their own.
    Columns are the contracts', less LEFT_OUT, and less the vectors without `embeddings`. Where
    nothing has been published, and for a table that the published file does not have yet, the files
    are empty and of the right schema. Raises NewerWarehouse.
    """
    into.mkdir(parents=True, exist_ok=True)
    source = published(folder)
    written = {name: into / f"{name}.parquet" for name in tables}
    if SEGMENTS.name in written:
        segments.hand_over(folder, source, into)
    if source is None:
        for name, file in written.items():
            _empty(name, embeddings).write_parquet(file)
        return written
    exported = {name: file for name, file in written.items() if name != SEGMENTS.name}
    with reader(source, locked=False) as connection:
        check(connection)
        # Without a bound it keeps every block that it has read; what does not fit is spilled, and gone at the end.
        connection.execute(f"SET memory_limit = '{quoted(memory_limit)}'")
        connection.execute(f"SET temp_directory = '{quoted(str(into / 'spill'))}'")
        there = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        # Vectors take as long as all else; two threads of DuckDB do not share a table of this size.
        with ThreadPoolExecutor(2) as pool:
            made = [
                pool.submit(_export, cursor(connection), name, file, _columns(name, embeddings))
                for name, file in sorted(exported.items(), key=lambda each: each[0] != _HEAVIEST)
                if name in there
            ]
        for export in made:
            export.result()
        for name in exported.keys() - there:
            _empty(name, embeddings).write_parquet(written[name])
    return written


def write_rows(
    folder: Path,
    table: str,
    columns: Sequence[str],
    keys: pl.DataFrame | None,
    file: Path,
    memory_limit: str = MEMORY_LIMIT,
) -> None:
    """Write columns of the published rows of one table into `file`, whole or not at all.

    Of all rows, by key, or of those whose columns named as in `keys` are one of these. Empty where nothing has been
    published.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside, source = file.with_suffix(".tmp"), published(folder)
    if table not in CONTRACTS:
        _write_answer(source, table, aside, memory_limit)
    elif source is None:
        CONTRACTS[table].empty().select(columns).write_parquet(aside)
    else:
        connection = cursor(_standing(source, memory_limit, file.parent / "spill", *_stamp(source)))
        with errors_of_duckdb(), closing(connection):
            _export(connection, table, aside, columns, keys)
            spare(connection, memory_limit)
    aside.replace(file)


def let_go() -> None:
    """Close what was opened to answer, with all that it holds in memory; the next question opens it again."""
    _standing.cache_clear()


@lru_cache(maxsize=1)
def _standing(
    source: Path, memory_limit: str, spill: Path, *stamp: int
) -> duckdb.DuckDBPyConnection:
    """The record, opened once for the many small questions of a stage."""
    connection = attached(source, locked=False, memory_limit=memory_limit, spill=spill)
    check(connection)
    return connection


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_mtime_ns


def _write_answer(source: Path | None, name: str, file: Path, memory_limit: str) -> None:
    """Write the answer to queries/handed/NAME.sql; of nothing, what it says of a record without rows."""
    sql = files("onrecord.warehouse") / "queries" / "handed" / f"{name}.sql"
    with _open(source, memory_limit) as connection:
        connection.sql(sql.read_text(encoding="utf-8")).pl().write_parquet(file)


@contextmanager
def _open(source: Path | None, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    if source is not None:
        with reader(source, memory_limit=memory_limit) as connection:
            yield connection
        return
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


def _columns(name: str, embeddings: bool) -> list[str]:
    out = LEFT_OUT.get(name, frozenset()) | (frozenset() if embeddings else {"embedding"})
    return [column for column in CONTRACTS[name].columns if column not in out]


def _empty(name: str, embeddings: bool) -> pl.DataFrame:
    return CONTRACTS[name].empty().select(_columns(name, embeddings))


def _export(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    file: Path,
    columns: Sequence[str],
    wanted: pl.DataFrame | None = None,
) -> None:
    told = ", ".join(identifier(column) for column in columns)
    keys = ", ".join(identifier(key) for key in CONTRACTS[name].key)
    # Ordered, so that what a run does never hangs on the order in which rows were once stored. Not
    # the vectors: they are looked up by key, and a sort would hold all of them in memory. They are
    # read some thousands at a time, which takes small groups.
    order, groups = f" ORDER BY {keys}", ""
    if "embedding" in columns:
        order, groups = "", f", ROW_GROUP_SIZE {AT_ONCE}"
    rows = name
    if not set(columns) <= set(connection.table(name).columns):
        # A file of an older version lacks what has come since.
        connection.register(_WHOLE, CONTRACTS[name].empty().to_arrow())
        rows = f"(FROM {name} UNION ALL BY NAME FROM {_WHOLE})"
    if wanted is not None:
        connection.register(_WANTED, wanted.to_arrow())
        by = ", ".join(map(identifier, wanted.columns))
        rows = f"{rows} SEMI JOIN {_WANTED} USING ({by})"
    connection.execute(
        f"COPY (SELECT {told} FROM {rows}{order})"
        f" TO '{quoted(str(file))}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1{groups})"
    )

"""What the next run must know of the record, as Parquet: the stages open no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.machine.vectors import AT_ONCE
from onrecord.warehouse.database import MEMORY_LIMIT, cursor, identifier, quoted, reader
from onrecord.warehouse.migrate import check
from onrecord.warehouse.publishing.publish import published

LEFT_OUT: Mapping[str, frozenset[str]] = {"articles": frozenset({"text", "layout"})}
"""Columns that no later run needs again, and that weigh."""

_WHOLE = "every_column"
_HEAVIEST = "utterances"

TO_READ = ("articles", "stage_runs")
"""What reading the sources, and the gate behind it, need: which articles are on record, and how runs came out."""

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
)
"""What a snapshot holds."""


def snapshot(
    folder: Path,
    into: Path,
    tables: Iterable[str] = TABLES,
    *,
    embeddings: bool = True,
    memory_limit: str = MEMORY_LIMIT,
) -> Mapping[str, Path]:
    """Write the published rows of `tables` into `into`, one Parquet file a table; name -> file.

    Columns are the contracts', less LEFT_OUT, and less the vectors without `embeddings`. Where
    nothing has been published, and for a table that the published file does not have yet, the files
    are empty and of the right schema. Raises NewerWarehouse.
    """
    into.mkdir(parents=True, exist_ok=True)
    files = {name: into / f"{name}.parquet" for name in tables}
    source = published(folder)
    if source is None:
        for name, file in files.items():
            _empty(name, embeddings).write_parquet(file)
        return files
    with reader(source, locked=False) as connection:
        check(connection)
        # Without a bound it keeps every block that it has read; what does not fit is spilled, and gone at the end.
        connection.execute(f"SET memory_limit = '{quoted(memory_limit)}'")
        connection.execute(f"SET temp_directory = '{quoted(str(into / 'spill'))}'")
        there = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
        # Vectors take as long as all else; two threads of DuckDB do not share a table of this size.
        with ThreadPoolExecutor(2) as pool:
            made = [
                pool.submit(_export, cursor(connection), name, file, embeddings)
                for name, file in sorted(files.items(), key=lambda each: each[0] != _HEAVIEST)
                if name in there
            ]
        for export in made:
            export.result()
        for name in files.keys() - there:
            _empty(name, embeddings).write_parquet(files[name])
    return files


def _columns(name: str, embeddings: bool) -> list[str]:
    out = LEFT_OUT.get(name, frozenset()) | (frozenset() if embeddings else {"embedding"})
    return [column for column in CONTRACTS[name].columns if column not in out]


def _empty(name: str, embeddings: bool) -> pl.DataFrame:
    return CONTRACTS[name].empty().select(_columns(name, embeddings))


def _export(connection: duckdb.DuckDBPyConnection, name: str, file: Path, embeddings: bool) -> None:
    columns = ", ".join(identifier(column) for column in _columns(name, embeddings))
    keys = ", ".join(identifier(key) for key in CONTRACTS[name].key)
    # Ordered, so that what a run does never hangs on the order in which rows were once stored. Not
    # the vectors: they are looked up by key, and a sort would hold all of them in memory. They are
    # read some thousands at a time, which takes small groups.
    order, groups = f" ORDER BY {keys}", ""
    if "embedding" in _columns(name, embeddings):
        order, groups = "", f", ROW_GROUP_SIZE {AT_ONCE}"
    rows = name
    if not set(_columns(name, embeddings)) <= set(connection.table(name).columns):
        # A file of an older version lacks what has come since.
        connection.register(_WHOLE, CONTRACTS[name].empty().to_arrow())
        rows = f"(FROM {name} UNION ALL BY NAME FROM {_WHOLE})"
    connection.execute(
        f"COPY (SELECT {columns} FROM {rows}{order})"
        f" TO '{quoted(str(file))}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1{groups})"
    )

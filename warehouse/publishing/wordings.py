"""New wordings with their vectors, as segments: a day adds a small file, and files of one size are made into one.

A file is of a tier by its rows, each four times the one below; four of a tier become one of the next, up to the
largest. So a vector is written anew a handful of times in its life, and no day writes all.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import SEGMENTS, UTTERANCES
from onrecord.pipeline.core.segments import FOLDER, settled
from onrecord.warehouse import vectors
from onrecord.warehouse.database import ROW_GROUP, identifier, quoted
from onrecord.warehouse.publishing import segments
from onrecord.warehouse.publishing.loader import Change, Rows, load

LARGEST = 262_144
"""Rows of a file that is never made into a larger one: some 400 MB."""
SMALLEST = 2_048
TIER = 4

_FRESH = "fresh_vectors"
_CREATE = f"""
CREATE TABLE {_FRESH}.main.{vectors.TABLE} (
    utterance_id VARCHAR NOT NULL,
    model        VARCHAR NOT NULL,
    text         VARCHAR NOT NULL,
    embedding    FLOAT[] NOT NULL USING COMPRESSION uncompressed
)
"""


class Wordings:
    """The wordings of a generation that is being built: `connection` has the candidate open and sees its vectors."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, work: Path, generation: int
    ) -> None:
        self._connection, self._home, self._work = connection, folder / FOLDER, work
        self._generation = generation
        told = segments.listed_in(connection).filter(kind=vectors.KIND)
        seen = [f"{name}{vectors.SUFFIX}" for name in vectors.seen(connection)]
        self._kept = told.filter(pl.col("name").is_in(seen))
        self.lost = told.filter(~pl.col("name").is_in(seen))["name"].to_list()
        """Files that are missing or cannot be opened: no generation stands on them any longer."""

    def add(self, rows: Rows) -> Change:
        """Take in the wordings that are not there yet."""
        self._begin()
        change = load(self._connection, {UTTERANCES.name: rows}, {UTTERANCES.name: _table(_FRESH)})
        self._end(change.get(UTTERANCES.name, Change(0, 0, 0)).added)
        self._tidy()
        return change[UTTERANCES.name]

    def take_over(self) -> None:
        """Have what an older version kept in a table of the file itself in segments instead."""
        (rows,) = self._connection.execute(f"SELECT count(*) FROM {vectors.TABLE}").fetchone() or (
            0,
        )
        for offset in range(0, rows, LARGEST):
            self._begin()
            self._connection.execute(
                f"INSERT INTO {_table(_FRESH)} SELECT {_columns()} FROM {vectors.TABLE}"
                f" ORDER BY utterance_id, model LIMIT {LARGEST} OFFSET {offset}"
            )
            self._end(min(rows - offset, LARGEST))
        self._connection.execute(f"DROP TABLE {vectors.TABLE}")
        load(self._connection, {SEGMENTS.name: self._kept})

    def told(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows of `segments` that stand now, and what of them goes (see contracts.GONE)."""
        gone = {"table_name": SEGMENTS.name, "column_name": "kind", "value": vectors.KIND}
        return self._kept, pl.DataFrame([gone])

    def _begin(self) -> None:
        file = self._file()
        file.unlink(missing_ok=True)
        self._connection.execute(
            f"ATTACH '{quoted(str(file))}' AS {_FRESH} (ROW_GROUP_SIZE {ROW_GROUP})"
        )
        self._connection.execute(_CREATE)

    def _end(self, rows: int) -> None:
        """Close the file, and see it where there is something in it."""
        self._connection.execute(f"CHECKPOINT {_FRESH}")
        self._connection.execute(f"DETACH {_FRESH}")
        if not rows:
            self._file().unlink()
            return
        placed, told = settled(self._file(), vectors.KIND, self._home)
        size = placed.stat().st_size
        made = (placed.name, vectors.KIND, None, "", rows, size, told, self._generation)
        self._kept = pl.concat(
            [self._kept, pl.DataFrame([made], schema=SEGMENTS.schema, orient="row")]
        )
        vectors.attach_file(self._connection, placed)

    def _tidy(self) -> None:
        """Make files of one tier into one until no tier has too many."""
        while full := next(iter(self._full()), None):
            self._begin()
            whole = " UNION ALL ".join(f"FROM {_table(Path(name).stem)}" for name, _ in full)
            self._connection.execute(
                f"INSERT INTO {_table(_FRESH)} SELECT {_columns()} FROM ({whole}) ORDER BY utterance_id, model"
            )
            names = [name for name, _ in full]
            self._kept = self._kept.filter(~pl.col("name").is_in(names))
            vectors.detach(self._connection, names)
            self._end(sum(rows for _, rows in full))

    def _full(self) -> list[list[tuple[str, int]]]:
        tiers: dict[int, list[tuple[str, int]]] = {}
        for name, rows in self._kept.sort("rows", "name").select("name", "rows").iter_rows():
            tiers.setdefault(_tier(rows), []).append((name, rows))
        return [
            files[:TIER]
            for files in tiers.values()
            if len(files) >= TIER and sum(rows for _, rows in files[:TIER]) <= LARGEST
        ]

    def _file(self) -> Path:
        return self._work / f"wordings{vectors.SUFFIX}"


def _tier(rows: int) -> int:
    tier = 0
    while rows > SMALLEST * TIER**tier:
        tier += 1
    return tier


def _table(catalog: str) -> str:
    return f"{identifier(catalog)}.main.{vectors.TABLE}"


def _columns() -> str:
    return ", ".join(map(identifier, UTTERANCES.columns))


def together(one: Rows, other: pl.DataFrame, empty: pl.DataFrame) -> pl.DataFrame:
    """Rows handed over and rows made here as one frame."""
    if isinstance(one, pl.DataFrame):
        return pl.concat([one, other], how="diagonal")
    return pl.concat([empty, *map(pl.read_parquet, one), other], how="diagonal")

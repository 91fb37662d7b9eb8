"""How stages hand over: Parquet parts in the run's own folder, written whole or not at all.

    <run>/<stage>/<table>-00003.parquet    a part: one table of one batch
    <run>/<stage>/gone-00014.parquet       which rows of a table go
    <run>/<stage>/batch-00003.json         written after the parts of its batch: the batch is done
    <run>/<stage>/manifest.json            written last: the stage is done

Every file is written aside, synced and renamed, so a killed run leaves only whole files, and what has a manifest is
not done again. A manifest tells the SHA-256 of its parts: what a disk has lost or changed since is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS, GONE, HANDED_OVER


class Tally(NamedTuple):
    """What a stage or batch took and what became of it, in the unit that the stage takes.

    rows_in = rows_out + rejected + duplicates; `yielded` counts what was made of them. `refused_before` counts those of
    `duplicates` that an earlier run refused, and that have not changed since.
    """

    rows_in: int = 0
    rows_out: int = 0
    rejected: int = 0
    duplicates: int = 0
    yielded: int = 0
    seconds: float = 0.0
    refused_before: int = 0

    def plus(self, other: Tally) -> Tally:
        """The sum, field by field."""
        return Tally(
            self.rows_in + other.rows_in,
            self.rows_out + other.rows_out,
            self.rejected + other.rejected,
            self.duplicates + other.duplicates,
            self.yielded + other.yielded,
            self.seconds + other.seconds,
            self.refused_before + other.refused_before,
        )


class StageFolder:
    """The parts of one stage of one run."""

    def __init__(self, run: Path, stage: str) -> None:
        self.path = run / stage

    def write(self, table: str, batch: int, frame: pl.DataFrame) -> Path:
        """Write one part, conformed to the contract of its table; returns its path."""
        target = self.path / f"{table}-{batch:05d}.parquet"
        self.path.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(".tmp")
        HANDED_OVER[table].conform(frame).write_parquet(aside)
        _settle(aside, target)
        return target

    def gone(self, table: str, rows: pl.DataFrame) -> Path:
        """Write which rows of a table go, as (column_name, value), before those are loaded that are handed over."""
        told = rows.with_columns(pl.lit(table).alias("table_name"))
        return self.write(GONE.name, list(CONTRACTS).index(table), told)

    def paths(self, table: str) -> list[Path]:
        """The parts of a table, in the order of their batches."""
        return sorted(self.path.glob(f"{table}-[0-9]*.parquet"))

    def read(self, table: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """All parts of a table as one frame, or some of its columns; no part gives an empty frame."""
        contract, paths = HANDED_OVER[table], self.paths(table)
        names = list(contract.columns) if columns is None else list(columns)
        if not paths:
            return contract.empty().select(names)
        return pl.read_parquet(paths, columns=names)

    def scan(self, table: str) -> pl.LazyFrame:
        """All parts of a table, left in their files until something of them is asked for."""
        paths = self.paths(table)
        return pl.scan_parquet(paths) if paths else HANDED_OVER[table].empty().lazy()

    def part(self, table: str, batch: int, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """One part of a table, or some of its columns."""
        names = None if columns is None else list(columns)
        return pl.read_parquet(self.path / f"{table}-{batch:05d}.parquet", columns=names)

    def finish_batch(self, batch: int, tally: Tally) -> Tally:
        """Say that a batch is done."""
        return self._tell(f"batch-{batch:05d}.json", tally, f"*-{batch:05d}.parquet")

    def batch(self, batch: int) -> Tally | None:
        """The tally of a batch that is done and whose parts are as they were written, else None."""
        return self._told(f"batch-{batch:05d}.json")

    def batches(self) -> list[int]:
        """The batches that are done, in order."""
        return sorted(
            int(path.stem.removeprefix("batch-")) for path in self.path.glob("batch-*.json")
        )

    def finish(self, tally: Tally) -> Tally:
        """Say that the stage is done."""
        return self._tell("manifest.json", tally, "*.parquet", "segments/*-*")

    def done(self) -> Tally | None:
        """The tally of the stage where it is done and its parts are as they were written, else None."""
        return self._told("manifest.json")

    def _tell(self, manifest: str, tally: Tally, *parts: str) -> Tally:
        found = sorted(path for pattern in parts for path in self.path.glob(pattern))
        told = {
            "tally": tally._asdict(),
            "parts": {str(path.relative_to(self.path)): _digest(path) for path in found},
        }
        write_atomic(self.path / manifest, json.dumps(told).encode())
        return tally

    def _told(self, manifest: str) -> Tally | None:
        try:
            told = json.loads((self.path / manifest).read_bytes())
            whole = all(
                _digest(self.path / name) == sha256 for name, sha256 in told["parts"].items()
            )
            return Tally(**told["tally"]) if whole else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            # Not written yet, or not readable any more: either way the work is to be done.
            return None


def write_atomic(target: Path, data: bytes) -> None:
    """Write a file so that it is there whole or as it was before, also after a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.tmp")
    try:
        aside.write_bytes(data)
        _settle(aside, target)
    except OSError:
        # Half a file takes room that a full disk has not.
        aside.unlink(missing_ok=True)
        raise


def _settle(aside: Path, target: Path) -> None:
    sync(aside)
    aside.replace(target)


def sync(path: Path) -> None:
    """Have what is written to a file or folder on the disk before this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

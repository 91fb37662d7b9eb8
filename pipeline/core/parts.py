"""How stages hand over: Parquet parts in the run's own folder, written whole or not at all.

    <run>/<stage>/<table>-00003.parquet    a part: one table of one batch
    <run>/<stage>/gone-00014.parquet       which rows of a table go
    <run>/<stage>/batch-00003.json         written after the parts of its batch: the batch is done
    <run>/<stage>/manifest.json            written last: the stage is done
    <run>/known/asked/<what>.parquet       what the run asked of the record, NAME.sha256 beside it

Every file is written aside, synced and renamed, so a killed run leaves only whole files, and what has a manifest is
not done again. A manifest tells the SHA-256 of its parts: what a disk has lost or changed since is made again.

Where workers are on other machines, parts lie in a store as well, under the same names. There they are the truth:
a part is put before it is renamed here, a manifest last; what others wrote is fetched, whole, held against its
manifest's hash, and kept in the folder, so that it is fetched once.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS, GONE, HANDED_OVER
from onrecord.pipeline.core.stores import Store, StoreError

_AT_ONCE = 16
"""Objects that are fetched at the same time: each waits for the network."""


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
    """The parts of one stage of one run; `store` is where they lie for others too."""

    def __init__(self, run: Path, stage: str, store: Store | None = None) -> None:
        self.path = run / stage
        self._store = store.below(stage) if store else None

    def write(self, table: str, batch: int, frame: pl.DataFrame) -> Path:
        """Write one part, conformed to the contract of its table; returns its path."""
        target = self.path / f"{table}-{batch:05d}.parquet"
        self.path.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(".tmp")
        HANDED_OVER[table].conform(frame).write_parquet(aside)
        if self._store:
            self._store.put(target.name, aside.read_bytes())
        _settle(aside, target)
        return target

    def gone(self, table: str, rows: pl.DataFrame) -> Path:
        """Write which rows of a table go, as (column_name, value), before those are loaded that are handed over."""
        told = rows.with_columns(pl.lit(table).alias("table_name"))
        return self.write(GONE.name, list(CONTRACTS).index(table), told)

    def paths(self, table: str) -> list[Path]:
        """The parts of a table, in the order of their batches."""
        self._fetch()
        return sorted(self.path.glob(f"{table}-[0-9]*.parquet"))

    def read(self, table: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """All parts of a table as one frame, or some of its columns; no part gives an empty frame."""
        contract, paths = HANDED_OVER[table], self.paths(table)
        names = list(contract.columns) if columns is None else list(columns)
        if not paths:
            return contract.empty().select(names)
        return pl.read_parquet(paths, columns=names)

    def scan(self, table: str, batches: range | None = None) -> pl.LazyFrame:
        """All parts of a table, or those of some batches, left in their files until something of them is asked for."""
        paths = self.paths(table)
        if batches is not None:
            paths = [path for path in paths if int(path.stem[-5:]) in batches]
        return pl.scan_parquet(paths) if paths else HANDED_OVER[table].empty().lazy()

    def part(self, table: str, batch: int, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """One part of a table, or some of its columns."""
        names = None if columns is None else list(columns)
        path = self.path / f"{table}-{batch:05d}.parquet"
        if self._store and not path.is_file():
            self._fetch_batch(_of_batch(batch), only=path.name)
        return pl.read_parquet(path, columns=names)

    def finish_batch(self, batch: int, tally: Tally) -> Tally:
        """Say that a batch is done."""
        return self._tell(_of_batch(batch), tally, f"*-{batch:05d}.parquet")

    def batch(self, batch: int) -> Tally | None:
        """The tally of a batch that is done and whose parts are as they were written, else None."""
        return self._told(_of_batch(batch))

    def batches(self) -> list[int]:
        """The batches that are done, in order."""
        return [int(name[len("batch-") : -len(".json")]) for name in self._manifests()]

    def finish(self, tally: Tally) -> Tally:
        """Say that the stage is done."""
        self._fetch()
        return self._tell("manifest.json", tally, "*.parquet", "segments/*-*")

    def done(self) -> Tally | None:
        """The tally of the stage where it is done and its parts are as they were written, else None."""
        return self._told("manifest.json")

    def clear(self) -> None:
        """Remove all that the stage has made."""
        if self._store:
            self._store.remove()
        shutil.rmtree(self.path, ignore_errors=True)

    def _tell(self, manifest: str, tally: Tally, *parts: str) -> Tally:
        found = sorted(path for pattern in parts for path in self.path.glob(pattern))
        told = {
            "tally": tally._asdict(),
            "parts": {str(path.relative_to(self.path)): _digest(path) for path in found},
        }
        data = json.dumps(told).encode()
        if self._store:
            self._store.put(manifest, data)
        write_atomic(self.path / manifest, data)
        return tally

    def _told(self, manifest: str) -> Tally | None:
        # What is here was fetched or written by this run, and costs no request.
        if (told := self._told_here(manifest)) is not None or self._store is None:
            return told
        try:
            return self._fetch_batch(manifest)
        except (FileNotFoundError, ValueError, KeyError, TypeError, Damaged):
            return None

    def _told_here(self, manifest: str) -> Tally | None:
        try:
            told = json.loads((self.path / manifest).read_bytes())
            whole = all(
                _digest(self.path / name) == sha256 for name, sha256 in told["parts"].items()
            )
            return Tally(**told["tally"]) if whole else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            # Not written yet, or not readable any more: either way the work is to be done.
            return None

    def _manifests(self) -> list[str]:
        """The names of the batches' manifests, in order."""
        names = self._store.names() if self._store else [path.name for path in self.path.glob("*")]
        return sorted(name for name in names if fnmatch(name, "batch-*.json"))

    def _fetch(self) -> None:
        """Bring here what others have put into the store since."""
        if self._store:
            new = [name for name in self._manifests() if not (self.path / name).is_file()]
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                # As a list: what one of them raises is raised here.
                list(threads.map(self._fetch_batch, new))

    def _fetch_batch(self, manifest: str, only: str | None = None) -> Tally:
        """Bring here the parts of a manifest in the store, or one of them. Raises FileNotFoundError, Damaged."""
        assert self._store is not None  # noqa: S101 - for the types: whoever calls has looked
        data = self._store.get(manifest)
        told = json.loads(data)
        for name, sha256 in told["parts"].items():
            path = self.path / name
            if only in (None, name) and not (path.is_file() and _digest(path) == sha256):
                part = self._store.get(name)
                if hashlib.sha256(part).hexdigest() != sha256:
                    raise Damaged(f"{self._store.address}/{name}: is not what its manifest tells")
                write_atomic(path, part)
        if only is None:
            write_atomic(self.path / manifest, data)
        return Tally(**told["tally"])


class Damaged(StoreError):  # noqa: N818
    """A part in a store is not what was put there."""


def _of_batch(batch: int) -> str:
    return f"batch-{batch:05d}.json"


def made_once(file: Path, make: Callable[[Path], object]) -> Path:
    """A file that is made once and then stays what it was, which its SHA-256 beside it tells: else it is made again.

    It is read for that once a process, and once more only where somebody wrote it since.
    """
    told = file.with_name(f"{file.name}.sha256")
    if not (file.is_file() and told.is_file() and told.read_bytes() == _digest_now(file)):
        told.unlink(missing_ok=True)
        make(file)
        write_atomic(told, _digest_now(file))
    return file


def _digest_now(file: Path) -> bytes:
    found = file.stat()
    return _digest_of(file, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=1024)
def _digest_of(file: Path, *_stamp: int) -> bytes:
    return _digest(file).encode()


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

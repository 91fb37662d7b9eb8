"""Segments in the record's folder: there before their generation is, and removed with the last that lists them.

DIR/segments/<kind>-<sha16>.<ext>    mode 0444; shared by every generation whose table `segments` lists it
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import SEGMENTS
from onrecord.pipeline.core.parts import sync
from onrecord.pipeline.core.segments import FOLDER, MODE, sound
from onrecord.warehouse.database import once_a_file, reader
from onrecord.warehouse.errors import PublishError, WarehouseError
from onrecord.warehouse.publishing.loader import Rows
from onrecord.warehouse.publishing.seal import sha256

_DAMAGED = ".damaged"

log = logging.getLogger(__name__)


@once_a_file
def listed(path: Path) -> pl.DataFrame:
    """The segments that a generation's file stands on; none where an older version made it."""
    with reader(path) as connection:
        return listed_in(connection)


def listed_in(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The same of what is open."""
    there = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'segments'"
        " AND database_name = current_database()"
    ).fetchone()
    if there is None:
        return SEGMENTS.empty()
    told = SEGMENTS.conform(connection.execute("FROM segments ORDER BY name").pl())
    return told.filter(pl.col("name").is_in(sound(told["name"])))


def put(folder: Path, parts: Rows, generation: int) -> pl.DataFrame:
    """Put the files that a run's parts tell of into the record's folder; their rows, each with its generation.

    Raises PublishError where a file is not there.
    """
    if isinstance(parts, pl.DataFrame):
        parts, told = (), SEGMENTS.conform(parts)
    else:
        told = pl.concat([SEGMENTS.empty(), *(pl.read_parquet(part) for part in parts)])
    home = folder / FOLDER
    for name, size in told.select("name", "bytes").iter_rows():
        made = [file for part in parts if (file := part.parent / FOLDER / name).is_file()]
        if made:
            home.mkdir(exist_ok=True)
            link(made[0], home / name)
        elif not _stands(home / name, size):
            raise PublishError(f"segment {name} is neither in {home} nor among the run's parts")
    if told.height:
        sync(home)
    brings = pl.when(pl.col("generation") == 0).then(generation).otherwise("generation")
    return told.with_columns(brings.alias("generation"))


def hand_over(folder: Path, path: Path | None, into: Path) -> None:
    """Write into a run's folder what the published file `path` stands on: its rows, and the files by hard link."""
    told = SEGMENTS.empty() if path is None else listed(path)
    home = into / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    for name in told["name"]:
        # One that is missing is told by who looks for it, and made anew.
        if (folder / FOLDER / name).is_file() and not (home / name).exists():
            link(folder / FOLDER / name, home / name)
    told.write_parquet(into / f"{SEGMENTS.name}.parquet")


def prune(folder: Path, generations: Iterable[Path]) -> None:
    """Remove the files that none of these generations lists. Where one of them cannot be read, all stay."""
    home = folder / FOLDER
    if not home.is_dir():
        return
    try:
        needed = {name for path in generations for name in listed(path)["name"]}
    except (WarehouseError, duckdb.Error) as error:
        log.warning("%s: nothing is removed, since a generation cannot be read: %s", home, error)
        return
    for file in home.iterdir():
        if file.name not in needed:
            file.unlink(missing_ok=True)


def set_aside(folder: Path, path: Path) -> list[str]:
    """Give the files that `path` stands on and that are not what they were other names; what they were called.

    Each is read for that: it is for when something went wrong. From then on they are missing, and whoever looks for one
    makes it anew; what is left of them goes with the next generation. The caller holds the lock.
    """
    damaged = []
    for name, known in listed(path).select("name", "sha256").iter_rows():
        file = folder / FOLDER / name
        if file.is_file() and sha256(file) != known:
            file.replace(file.with_name(file.name + _DAMAGED))
            damaged.append(name)
    return damaged


def _stands(file: Path, size: int) -> bool:
    return file.is_file() and file.stat().st_size == size


def link(source: Path, target: Path) -> None:
    """Have a file under a second name, in place of what may stand there; copied where the file system has no links."""
    fresh = target.with_name(f".{target.name}.fresh")
    fresh.unlink(missing_ok=True)
    try:
        os.link(source, fresh)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # exFAT, some network shares.
        shutil.copy2(source, fresh)
        sync(fresh)
    fresh.chmod(MODE)
    fresh.replace(target)


_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EXDEV, errno.ENOSYS)

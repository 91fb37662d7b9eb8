"""Segments: files beside the record on which a generation stands, besides its tables.

    known/segments.parquet, known/segments/     those of the record, as they were handed to a run, by hard link
    <stage>/segments/<kind>-<sha16>.<ext>       new ones of a stage
    <stage>/segments-00000.parquet              all that the kinds stand on which the stage touched

A segment never changes, and its name is never another's: it is of its content. What a stage gives are whole kinds, and
each kind is one stage's. Whoever keeps something in one makes it anew from the tables where it is missing or damaged.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core.contracts import SEGMENTS
from onrecord.pipeline.core.parts import StageFolder, sync

FOLDER = "segments"
VECTORS = "vectors"
"""The kind of those that hold wordings with their vectors, which are the record's own and in no table besides."""
MODE = 0o444
_NAME = re.compile(r"[a-z_]{1,40}+-[0-9a-f]{16}(\.[a-z0-9]+)?")

log = logging.getLogger(__name__)


class Segment(NamedTuple):
    """One file: a row of SEGMENTS, and where it lies now. `generation` is 0 until one brings it."""

    name: str
    kind: str
    model: str | None
    part: str
    rows: int
    bytes: int
    sha256: str
    generation: int
    path: Path

    @property
    def is_whole(self) -> bool:
        """Whether the file is there, and as long as it was. Its hash is for `verify`: it would be read for that."""
        return self.path.is_file() and self.path.stat().st_size == self.bytes


def sound(names: Iterable[str]) -> list[str]:
    """The names that a segment can have. A record from elsewhere may list any file: it is left out, and told."""
    names = list(names)
    for name in names:
        if not _NAME.fullmatch(name):
            log.warning("%r: no segment has such a name: it is left out", name)
    return [name for name in names if _NAME.fullmatch(name)]


def named(file: Path, kind: str) -> tuple[str, str]:
    """The name of a segment with the content of a file, and the SHA-256 of that."""
    with file.open("rb") as opened:
        told = hashlib.file_digest(opened, "sha256").hexdigest()
    return f"{kind}-{told[:16]}{file.suffix}", told


def settled(file: Path, kind: str, folder: Path) -> tuple[Path, str]:
    """Put a finished file into a folder under its segment's name, synced and never to be written again; its hash."""
    name, told = named(file, kind)
    folder.mkdir(parents=True, exist_ok=True)
    sync(file)
    file.chmod(MODE)
    target = folder / name
    file.replace(target)
    sync(folder)
    return target, told


class Segments:
    """What a stage of a run finds kept, and what it keeps itself."""

    def __init__(self, known: Path, stage: StageFolder) -> None:
        self.handed, self.given = known / FOLDER, stage.path / FOLDER
        self._stage, self._touched = stage, set[str]()
        table = known / f"{SEGMENTS.name}.parquet"
        told = pl.read_parquet(table) if table.is_file() else SEGMENTS.empty()
        self._all: dict[str, Segment] = {}
        for row in told.iter_rows(named=True):
            self._all[row["name"]] = Segment(**row, path=self.handed / row["name"])

    def of(self, kind: str, model: str | None = None) -> list[Segment]:
        """Those of a kind, and of a model where one is told, in the order of their parts.

        One that is missing, or not as long as it was, is left out, which is told in the log.
        """
        return [one for one in self.every(kind, model) if _told_whole(one)]

    def is_whole(self, kind: str, model: str | None = None) -> bool:
        """Whether all that should be there of a kind is there."""
        return all(one.is_whole for one in self.every(kind, model))

    def frame(self) -> pl.DataFrame:
        """All that are kept, as rows of SEGMENTS."""
        rows = [one[:-1] for one in self._all.values()]
        return pl.DataFrame(rows, schema=SEGMENTS.schema, orient="row")

    def aside(self, suffix: str) -> Path:
        """Where a file may be written that is to become a segment."""
        self.given.mkdir(parents=True, exist_ok=True)
        return self.given / f"aside{suffix}"

    def add(self, file: Path, kind: str, part: str, rows: int, model: str | None = None) -> Segment:
        """Keep a finished file, which is moved to its place."""
        path, told = settled(file, kind, self.given)
        made = Segment(path.name, kind, model, part, rows, path.stat().st_size, told, 0, path)
        self._touched.add(kind)
        if path.name in self._all:
            # The very same was there before: it stays whose it was.
            made = made._replace(generation=self._all[path.name].generation)
        self._all[path.name] = made
        return made

    def drop(self, segment: Segment) -> None:
        """Keep one no longer, since others hold what it held, or since it cannot be trusted."""
        self._touched.add(segment.kind)
        self._all.pop(segment.name, None)

    def write(self) -> None:
        """Say that this is what is kept, of the kinds of which something was added or dropped."""
        stand = [name for name, one in self._all.items() if one.is_whole]
        told = pl.col("kind").is_in(self._touched) & pl.col("name").is_in(stand)
        self._stage.write(SEGMENTS.name, 0, self.frame().filter(told))
        self._stage.gone(
            SEGMENTS.name,
            pl.DataFrame({"column_name": "kind", "value": sorted(self._touched)}),
        )

    def every(self, kind: str, model: str | None = None) -> list[Segment]:
        """Those that should be there of a kind, whether or not they are."""
        return sorted(
            (
                one
                for one in self._all.values()
                if one.kind == kind and (model is None or one.model == model)
            ),
            key=lambda one: (one.part, one.name),
        )


def _told_whole(segment: Segment) -> bool:
    if not segment.is_whole:
        log.warning("%s: is missing, or not as long as it was: it is made anew", segment.name)
    return segment.is_whole

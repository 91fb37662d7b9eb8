"""The file of corrections: DIR/corrections.jsonl, one JSON object a line, only ever added to.

It can be versioned, shared and merged: lines may come in any order, and the same line twice is one. Whoever adds holds
a lock of its own, so that nobody waits for a run. A line that was torn by a power cut, or is none of ours, is passed
over and told, and what follows it stands.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from onrecord.pipeline.core.parts import sync
from onrecord.pipeline.corrections.entries import (
    Correction,
    Entry,
    Told,
    UnusableError,
    line,
    parse,
    together,
    undo,
)
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import WarehouseBusy
from onrecord.warehouse.publishing.publish import published

FILE = "corrections.jsonl"
MOST_BYTES = 1 << 27
"""A larger file is not read: some 100,000 corrections are a tenth of it."""

_LOCK = "corrections.lock"
_WAIT = 10.0


class Read(NamedTuple):
    """What the file holds: the entries of its lines, in order, and which lines are none, by number, with the reason."""

    entries: tuple[Entry, ...]
    unusable: tuple[tuple[int, str], ...] = ()

    @property
    def told(self) -> Told:
        """The corrections, and what takes them back."""
        return together(self.entries)


def path(folder: Path) -> Path:
    """Where the corrections of a record lie."""
    return folder / FILE


def read(folder: Path) -> Read:
    """All that the file holds; where it is lost, what the record has of it. Raises UnusableError where it is too
    large."""
    file = path(folder)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UnusableError(f"{file}: larger than {MOST_BYTES:,} bytes; it is not read")
        return of_lines(file.read_bytes())
    except FileNotFoundError:
        return of_lines(b"\n".join(of_record(folder)))


def of_lines(data: bytes) -> Read:
    """The entries of lines."""
    entries: list[Entry] = []
    unusable = []
    for number, told in enumerate(data.split(b"\n"), start=1):
        if not told.strip():
            continue
        try:
            entries.append(parse(told))
        except UnusableError as error:
            unusable.append((number, str(error)))
    return Read(tuple(entries), tuple(unusable))


def of_record(folder: Path) -> list[bytes]:
    """The lines that the published record holds, undoing ones included as far as they can be told."""
    file = published(folder)
    if file is None:
        return []
    with reader(file) as connection:
        there = connection.execute(
            "SELECT 1 FROM duckdb_tables() WHERE table_name = 'corrections'"
            " AND database_name = current_database()"
        ).fetchone()
        if there is None:
            return []
        rows = connection.execute(
            "SELECT line, state = 'undone', correction_id, detail FROM corrections ORDER BY made_at, correction_id"
        ).fetchall()
    lines = []
    for told, undone, correction, detail in rows:
        lines.append(str(told).encode())
        if undone:
            # Who took it back is in the detail; the line itself is with the file.
            lines.append(
                line(undo(correction, "the record", str(detail or ""), at="1970-01-01T00:00:00Z"))
            )
    return lines


def lines(folder: Path) -> list[bytes]:
    """The lines of all entries, each once, in the order of the file."""
    return list({entry.id: line(entry) for entry in read(folder).entries}.values())


def add(folder: Path, entries: Iterable[Entry]) -> int:
    """Add entries that the file does not hold yet; how many those were.

    They are on the disk when this returns, each whole. Raises WarehouseBusy where somebody else has been adding for too
    long, UnusableError where the file would grow too large, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / _LOCK, timeout=_WAIT):
            return _add(folder, entries)
    except Timeout:
        raise WarehouseBusy(
            f"{path(folder)} is being written by somebody else; try again"
        ) from None


def _add(folder: Path, entries: Iterable[Entry]) -> int:
    file = path(folder)
    held = {entry.id for entry in read(folder).entries}
    fresh = []
    for entry in entries:
        if entry.id not in held:
            held.add(entry.id)
            fresh.append(line(entry) + b"\n")
    if not fresh:
        return 0
    data = b"".join(fresh)
    if not file.exists():
        data = b"".join(told + b"\n" for told in of_record(folder)) + data
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        if size + len(data) > MOST_BYTES:
            raise UnusableError(f"{file}: it would be larger than {MOST_BYTES:,} bytes")
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            # A line that was torn stays by itself.
            data = b"\n" + data
        _write(descriptor, data, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync(folder)
    return len(fresh)


def _write(descriptor: int, data: bytes, size: int) -> None:
    """Write all of it, or, where there is no room, nothing."""
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def stamp(folder: Path) -> str:
    """A hash of the file as it stands; '' where there is none."""
    try:
        with path(folder).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def chosen(told: Told, ids: Sequence[str]) -> list[Correction]:
    """The corrections of some identities, or of their beginnings. Raises UnusableError for one that is none's."""
    found = []
    for asked in ids:
        fit = (
            [one for one in told.corrections if one.id.startswith(asked)] if len(asked) >= 4 else []
        )
        if len(fit) != 1:
            raise UnusableError(
                f"{asked}: {'several corrections begin so' if fit else 'no correction begins so'};"
                " `onrecord corrections` lists them"
            )
        found.append(fit[0])
    return found


def take_back(folder: Path, ids: Sequence[str], by: str, because: str) -> int:
    """Take corrections back; how many that were not taken back before. Raises UnusableError for one that is none's."""
    told = read(folder).told
    taken: list[Entry] = [
        undo(one.id, by, because) for one in chosen(told, ids) if one.id not in told.undone
    ]
    add(folder, taken)
    return len(taken)

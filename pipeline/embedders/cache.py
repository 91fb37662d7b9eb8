"""What is kept between processes: exported models, and the hashes of the files that they come of."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

_LARGE = 1 << 20
_SETTLED = 5 * 10**9
"""Nanoseconds since its last change from which a file's hash is kept: two changes of one moment bear one time."""


def cache_folder() -> Path:
    """Where exported models are kept: $XDG_CACHE_HOME/onrecord/models, else
    ~/.cache/onrecord/models."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "onrecord" / "models"


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal.

    A large file, half a second's work, is not read again while size, times and place on the disk are what they were.
    """
    state = path.stat()
    stamp = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
    name = str(path.resolve())
    if state.st_size >= _LARGE and (kept := _kept().get(name)) and kept[:-1] == stamp:
        return str(kept[-1])
    with path.open("rb") as file:
        made = hashlib.file_digest(file, "sha256").hexdigest()
    settled = time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > _SETTLED
    if state.st_size >= _LARGE and settled:
        _keep(name, [*stamp, made])
    return made


def put(file: Path, told: str) -> None:
    """Write a file whole, whichever processes do so at once."""
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    partial.write_text(told, encoding="utf-8")
    partial.replace(file)


def _hashes() -> Path:
    return cache_folder() / "hashes.json"


def _kept() -> dict[str, list[object]]:
    """[size, changed, changed in any way, inode, hash] by the file's path; what cannot be read is made anew."""
    with suppress(OSError, ValueError):
        told = json.loads(_hashes().read_text(encoding="utf-8"))
        if isinstance(told, dict):
            return {name: row for name, row in told.items() if isinstance(row, list)}
    return {}


def _keep(name: str, row: list[object]) -> None:
    there = {other: its for other, its in _kept().items() if Path(other).is_file()}
    with suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        put(_hashes(), json.dumps(there | {name: row}))

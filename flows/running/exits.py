"""How a command ends: its exit code, and a word for whoever started it. README.md explains the codes."""

from __future__ import annotations

import os
from pathlib import Path

FAILED, USAGE, REFUSED_SOME, BUSY = 1, 2, 3, 4
INTERRUPTED, TERMINATED = 130, 143


class Exit(Exception):  # noqa: N818
    """The command ends with this code, and this word where there is one; `refused` is how many inputs were."""

    def __init__(self, code: int, message: str = "", refused: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.refused = code, message, refused


def usable(folder: Path, remedy: str) -> None:
    """Make a folder, unless it stands. Ends the command, with what to do, where it cannot be made or written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Exit(USAGE, f"{folder}: cannot be made: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Exit(USAGE, f"{folder}: you may not write there; {remedy}")


def usable_record(warehouse: Path) -> None:
    """End the command where no warehouse can be made at that path."""
    if warehouse.exists() and not warehouse.is_dir():
        raise Exit(USAGE, f"{warehouse} is a file; --warehouse names a folder")
    if any(above.is_file() for above in warehouse.parents):
        raise Exit(USAGE, f"{warehouse}: a part of that path is a file")
    usable(warehouse, "name another with --warehouse")

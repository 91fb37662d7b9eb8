"""Files that are written once, under the name of what they hold, and never trusted blindly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from onrecord.pipeline.core.parts import sync

_NAMED = 16
"""Digits of a file's SHA-256 that its name has."""


class Damaged(ValueError):  # noqa: N818 - it is a state, told by `except`
    """A kept file is missing, cut off, not what it says, or made for other cells: it is to be built again."""


def name_of(file: Path) -> str:
    """The first digits of the SHA-256 of what a file holds, as a sealed file has them in its name."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()[:_NAMED]


def sealed(into: Path, kind: str, ending: str, write: Callable[[Path], None]) -> Path:
    """Have `write` make a file in the folder `into`, which gets the name of what it holds, whole or not at all."""
    into.mkdir(parents=True, exist_ok=True)
    aside = into / f"{kind}.tmp"
    try:
        write(aside)
        sync(aside)
        return aside.replace(into / f"{kind}-{name_of(aside)}.{ending}")
    except BaseException:
        # Half a file takes room that a full disk has not.
        aside.unlink(missing_ok=True)
        raise

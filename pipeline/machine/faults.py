"""Faults: what an exception tells where one item is let go and the others go on.

Never its message, which may hold the item's own words: its name, and the place in our code where it came up.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Final

_HOME: Final = Path(__file__).parents[1]
_PANIC: Final = "PanicException"
"""Each library written in Rust (polars, tokenizers) has one of its own, and none of them is an Exception."""


def is_fault(error: BaseException) -> bool:
    """Whether something went wrong: a panic counts, a wish to end (Ctrl-C, a cancelled task) does not."""
    return isinstance(error, Exception) or type(error).__name__ == _PANIC


def told(error: BaseException) -> str:
    """Name and place: 'IndexError at pipeline/names/recognised.py:231'.

    The place is the innermost one in the pipeline, since what it called was given what it could not take there.
    """
    met = [
        (Path(frame.f_code.co_filename), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    ours = [(path, line) for path, line in met if path.is_relative_to(_HOME)]
    if not met:
        return type(error).__name__
    path, line = (ours or met)[-1]
    where = path.relative_to(_HOME.parent).as_posix() if ours else path.name
    return f"{type(error).__name__} at {where}:{line}"

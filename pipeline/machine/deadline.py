"""A deadline for one item: whoever works long on it asks now and then whether its time is up.

Time is that of the processor in this thread: an item is too slow or not whatever else the machine does. Signals reach
the main thread alone and threads cannot be ended, so nothing is broken off from outside; between two questions all work
is in line with the text.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_ENDS: Final[ContextVar[float | None]] = ContextVar("ends", default=None)


class TooSlow(Exception):  # noqa: N818
    """The item took longer than an item may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what is done in the block so much time."""
    before = _ENDS.set(time.thread_time() + seconds)
    try:
        yield
    finally:
        _ENDS.reset(before)


def heed() -> None:
    """Raises TooSlow where the time is up."""
    ends = _ENDS.get()
    if ends is not None and time.thread_time() > ends:
        raise TooSlow

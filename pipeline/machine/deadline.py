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


class _End:
    """When time is up, on the thread's clock. That is asked no sooner than it can be so by the wall's, which costs far
    less: a thread works no faster than time passes.
    """

    __slots__ = ("at", "soonest")

    def __init__(self, seconds: float) -> None:
        self.at = time.thread_time() + seconds
        self.soonest = time.monotonic() + seconds

    def has_come(self) -> bool:
        if time.monotonic() < self.soonest:
            return False
        left = self.at - time.thread_time()
        self.soonest = time.monotonic() + left
        return left < 0


_ENDS: Final[ContextVar[_End | None]] = ContextVar("ends", default=None)


class TooSlow(Exception):  # noqa: N818
    """The item took longer than an item may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what is done in the block so much time."""
    before = _ENDS.set(_End(seconds))
    try:
        yield
    finally:
        _ENDS.reset(before)


def heed() -> None:
    """Raises TooSlow where the time is up."""
    end = _ENDS.get()
    if end is not None and end.has_come():
        raise TooSlow

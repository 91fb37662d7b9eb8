"""Ctrl-C, heard once and never lost.

Whoever waits for another thread, or DuckDB in the midst of a query, may turn the KeyboardInterrupt into an error of its
own or swallow it. So it is noted as well, and the run looks at the note after each stage and before it publishes.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from types import FrameType

_heard, _held_off = Event(), Event()


@contextmanager
def listening() -> Iterator[None]:
    """Note Ctrl-C while this holds; it still raises KeyboardInterrupt."""
    _heard.clear()
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, _hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def held_off() -> Iterator[None]:
    """Let Ctrl-C come too late while this holds. Raises KeyboardInterrupt where it has come before."""
    heed()
    _held_off.set()
    try:
        yield
    finally:
        _held_off.clear()


def heard() -> bool:
    """Whether Ctrl-C has come."""
    return _heard.is_set()


def heed() -> None:
    """Raise KeyboardInterrupt where Ctrl-C has come."""
    if heard():
        raise KeyboardInterrupt


def _hear(_: int, __: FrameType | None) -> None:
    if not _held_off.is_set():
        _heard.set()
        raise KeyboardInterrupt

"""Ctrl-C and SIGTERM, heard once, never lost, and heeded within ten seconds.

Whoever waits for another thread, or DuckDB in the midst of a query, may turn the KeyboardInterrupt into an error of its
own or swallow it. So it is noted as well, and the run looks at the note after each stage and before it publishes. What
never looks up (a product, a search, somebody else's loop) is left behind when the time is over: a run that is cut off
at any moment loses nothing, and the next one goes on.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer, current_thread, main_thread
from types import FrameType
from typing import Any

LAST_SECONDS = 8.0
"""From the signal to the end of the process, where nothing heeds it."""

SIGNALS = (signal.SIGINT, signal.SIGTERM)

_held_off, _as_long_as_it_takes = Event(), Event()
_sent: list[int] = []
_last_deeds: list[Callable[[], None]] = []


@contextmanager
def listening(*, in_time: bool = True) -> Iterator[None]:
    """Note Ctrl-C and SIGTERM while this holds; each still does what it did, or else raises KeyboardInterrupt.

    May be entered again inside, where somebody has put a handler of theirs in its place, as Prefect does. Without
    `in_time` the process outlives what is listened for, as a notebook does, and is not ended by its clock.
    """
    if current_thread() is not main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    if not is_listening():
        _sent.clear()
        (_as_long_as_it_takes.clear if in_time else _as_long_as_it_takes.set)()
    try:
        for number, handler in before.items():
            signal.signal(number, _hearing(handler))
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_listening() -> bool:
    """Whether whoever called this listens already."""
    return any(getattr(signal.getsignal(number), "hears", False) for number in SIGNALS)


@contextmanager
def held_off() -> Iterator[None]:
    """Let a signal come too late while this holds. Raises KeyboardInterrupt where one has come before."""
    heed()
    _held_off.set()
    try:
        yield
    finally:
        _held_off.clear()


@contextmanager
def at_last(deed: Callable[[], None]) -> Iterator[None]:
    """What is still done, if it can be, before a process that heeds nothing is ended."""
    _last_deeds.append(deed)
    try:
        yield
    finally:
        _last_deeds.remove(deed)


def heard() -> int:
    """The signal that has come, 0 where none has."""
    return _sent[0] if _sent else 0


def code() -> int:
    """The exit code that tells which signal has come, as shells have it; 0 where none has."""
    return 128 + heard() if heard() else 0


def heed() -> None:
    """Raise KeyboardInterrupt where a signal has come."""
    if heard():
        raise KeyboardInterrupt


def _hearing(before: Any) -> Callable[[int, FrameType | None], None]:
    def hear(number: int, frame: FrameType | None) -> None:
        if _held_off.is_set():
            return
        if not _sent:
            _sent.append(number)
            if not _as_long_as_it_takes.is_set():
                clock = Timer(LAST_SECONDS, _end, [number])
                clock.daemon = True
                clock.start()
        # Prefect's own handler turns it into what its engine understands.
        if callable(before) and before is not signal.default_int_handler:
            before(number, frame)
        raise KeyboardInterrupt

    hear.hears = True  # type: ignore[attr-defined]
    return hear


def _end(number: int) -> None:
    """End this process, whatever it is at; its children are told by the system."""
    for deed in reversed(_last_deeds):
        with suppress(Exception):
            deed()
    with suppress(Exception):
        print(
            "onrecord: stopped amid its work; nothing was published, the next run goes on from here",
            file=sys.stderr,
            flush=True,
        )
    os._exit(128 + number)

"""What befalls a command on its way: it is killed, or the system refuses it something, at a known place in the code.

A place is the name of a function of ours, as "module:function" or "module:Class.method". The function itself runs
as it is; only what happens before it, after it or while it runs is added.
"""

from __future__ import annotations

import functools
import importlib
import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

BEFORE, AFTER, WHILE = "before", "after", "while"
PAUSE_SECONDS = 0.0005


class Instant(NamedTuple):
    """A moment of a run: before, after or while a function runs, in a stage where it is shared by several."""

    moment: str
    function: str
    stage: str | None = None

    def __str__(self) -> str:
        """Words for people: "while onrecord.pipeline.stages.embed:embed"."""
        return f"{self.moment} {self.function}{f' of {self.stage}' if self.stage else ''}"


Surrounding = Callable[..., AbstractContextManager[None]]
"""What is entered before a call of a function and left after it; it is given the arguments of the call."""


def around(function: str, surrounding: Surrounding) -> None:
    """Have every call of a function of ours run within `surrounding`."""
    module, _, name = function.partition(":")
    owner = importlib.import_module(module)
    *holders, last = name.split(".")
    for holder in holders:
        owner = getattr(owner, holder)
    original = getattr(owner, last)

    @functools.wraps(original)
    def surrounded(*arguments: Any, **named: Any) -> Any:
        with surrounding(*arguments, **named):
            return original(*arguments, **named)

    setattr(owner, last, surrounded)


def kill(instant: Instant, call: int, seconds: float) -> None:
    """Die by SIGKILL at the `call`-th call (from 1); while it runs: after `seconds` of work, or at its end."""
    # Batches are cleaned in several threads: every call has a number of its own.
    numbers = itertools.count(1)

    @contextmanager
    def deadly(*arguments: Any, **_: Any) -> Iterator[None]:
        if not _is_in(instant.stage, arguments) or next(numbers) != call:
            yield
            return
        if instant.moment == BEFORE:
            _die()
        if instant.moment == WHILE:
            threading.Thread(target=_die_after, args=(seconds,), daemon=True).start()
        yield
        _die()

    around(instant.function, deadly)


def clock(instants: tuple[Instant, ...], told: Path) -> None:
    """Write down how many seconds this process works during each call of each function in a run."""
    seen: dict[str, list[float]] = {}

    @contextmanager
    def timed(key: str, stage: str | None, *arguments: Any, **_: Any) -> Iterator[None]:
        if not _is_in(stage, arguments):
            yield
            return
        # Calls are told in the order in which they begin, which is that in which `kill` counts them.
        calls, began = seen.setdefault(key, []), time.process_time()
        number = len(calls)
        calls.append(0.0)
        yield
        calls[number] = time.process_time() - began
        told.write_text(json.dumps(seen))

    for function, stage in {(instant.function, instant.stage) for instant in instants}:
        around(function, functools.partial(timed, f"{function} {stage}", stage))


def _die_after(seconds: float) -> None:
    """Die once this process has worked so long, which is the same place on an idle machine and on a busy one."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        time.sleep(PAUSE_SECONDS)
    _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _is_in(stage: str | None, arguments: tuple[Any, ...]) -> bool:
    """Whether a call belongs to a stage: its first argument is the stage's name or its folder of parts."""
    if stage is None:
        return True
    first = arguments[0]
    return first == stage or getattr(getattr(first, "path", None), "name", None) == stage

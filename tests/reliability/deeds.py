"""What befalls a command on its way: it is killed, or the system refuses it something, at a known place in the code.

A place is the name of a function of ours, as "module:function" or "module:Class.method". The function itself runs
as it is; only what happens before it, after it or while it runs is added.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

BEFORE, AFTER, WHILE = "before", "after", "while"


class Instant(NamedTuple):
    """A moment of a run: before, after or while a function runs, in a stage where it is shared by several."""

    moment: str
    function: str
    stage: str | None = None

    def __str__(self) -> str:
        """Words for people: "while pipeline.embed:embed"."""
        return f"{self.moment} {self.function}{f' of {self.stage}' if self.stage else ''}"


def around(
    function: str,
    enter: Callable[..., None] | None = None,
    leave: Callable[..., None] | None = None,
) -> None:
    """Call `enter` before every call of a function of ours, with its arguments, and `leave` after it."""
    module, _, name = function.partition(":")
    owner = importlib.import_module(module)
    *holders, last = name.split(".")
    for holder in holders:
        owner = getattr(owner, holder)
    original = getattr(owner, last)

    @functools.wraps(original)
    def surrounded(*arguments: Any, **named: Any) -> Any:
        if enter is not None:
            enter(*arguments, **named)
        made = original(*arguments, **named)
        if leave is not None:
            leave(*arguments, **named)
        return made

    setattr(owner, last, surrounded)


def kill(instant: Instant, call: int, share: float, seconds: float) -> None:
    """Die by SIGKILL at the `call`-th call (from 1); while it runs after `share` of its usual `seconds`."""
    count = 0

    def reached(*arguments: Any, **_: Any) -> None:
        nonlocal count
        count += _is_in(instant.stage, arguments)
        if not (count == call and _is_in(instant.stage, arguments)):
            return
        if instant.moment == WHILE:
            threading.Thread(target=_die, args=(share * seconds,), daemon=True).start()
        else:
            _die(0)

    if instant.moment == AFTER:
        around(instant.function, leave=reached)
    else:
        around(instant.function, enter=reached)


def clock(instants: tuple[Instant, ...], told: Path) -> None:
    """Write down how often each function is called in a run and how many seconds its longest call takes."""
    seen: dict[str, list[float]] = {}
    started: dict[str, float] = {}

    def enter(key: str, stage: str | None, *arguments: Any, **_: Any) -> None:
        if _is_in(stage, arguments):
            started[key] = time.perf_counter()

    def leave(key: str, stage: str | None, *arguments: Any, **_: Any) -> None:
        if _is_in(stage, arguments):
            calls, longest = seen.get(key, (0, 0.0))
            seen[key] = [calls + 1, max(longest, time.perf_counter() - started[key])]
            told.write_text(json.dumps(seen))

    for function, stage in {(instant.function, instant.stage) for instant in instants}:
        key = f"{function} {stage}"
        around(function, functools.partial(enter, key, stage), functools.partial(leave, key, stage))


def _die(seconds: float) -> None:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)


def _is_in(stage: str | None, arguments: tuple[Any, ...]) -> bool:
    """Whether a call belongs to a stage: its first argument is the stage's name or its folder of parts."""
    if stage is None:
        return True
    first = arguments[0]
    return first == stage or getattr(getattr(first, "path", None), "name", None) == stage

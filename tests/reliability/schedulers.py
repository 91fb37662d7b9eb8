"""Measure 10: two runs of one record that begin at the same moment: exactly one publishes, the other says why not.

Each is a process of its own under the same Prefect server, as two schedulers start them; they wait for each other
at the door of the lock.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing import publish
from tests.reliability import corpus
from tests.reliability.commands import WELL, started
from tests.reliability.deeds import around
from tests.reliability.score import Case, Failure

BUSY = 4
PATIENCE_SECONDS = 120


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` times two runs at once, each time with an article more."""
    place = folder / "two"
    for number in range(count):
        yield Case(
            f"round {number}", functools.partial(_one_publishes, place, number, seed % 1000 * 5)
        )


def meet(mine: Path, other: Path) -> None:
    """Wait at the lock until the other run is there too (in the process of the command)."""

    @contextmanager
    def met(*_: Any, **__: Any) -> Iterator[None]:
        mine.touch()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not other.exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        yield

    around("onrecord.warehouse.publishing.publish:lock", met)


def _one_publishes(place: Path, number: int, first: int) -> None:
    corpus.write(place / "news", [first + number * 5 + number % 4], f"n{number}")
    doors = [place / f"door-{number}-{name}" for name in "ab"]
    two = [
        started(place, functools.partial(meet, mine, other), name=mine.name)
        for mine, other in (doors, reversed(doors))
    ]
    ends = sorted(command.ended() for command in two)
    won = [end for end in ends if end.code in WELL]
    lost = [end for end in ends if end.code == BUSY]
    if len(won) != 1 or len(lost) != 1:
        raise Failure(f"exit codes {[end.code for end in ends]}: {ends[0].printed[-300:]}")
    if "is being written by" not in lost[0].printed:
        raise Failure(f"the other said: {lost[0].printed[-300:]}")
    if (generation := publish.generation(place / "record")) != number + 1:
        raise Failure(f"generation {generation} after {number + 1} rounds")
    if problems := verify(place / "record"):
        raise Failure("; ".join(map(str, problems)))

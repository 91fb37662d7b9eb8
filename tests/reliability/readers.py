"""Measure 2: two analysts poll the record, each time of a new connection, while it is loaded and loads are killed.

Each load is killed three times, at changes to the file system and at moments of the build that the seed chooses,
before it is finished; generation n holds n articles with one quotation each, so a mixture would show.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterator
from pathlib import Path

from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing import publish
from tests.reliability.score import Case, Failure
from tests.support.polling import Poller
from tests.support.publishing import amiss, finish, killed, write_run

KILLS = 3
CHANGES = 9
"""So many renames, links, removals and changes of mode does a publish make at most."""
BUILD_MILLISECONDS = 500


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` loads under two pollers, and one case for what each of the two saw."""
    record, chance = folder / "record", random.Random(seed)
    record.mkdir()
    pollers = [Poller(record, folder / f"polled-{number}.json") for number in range(2)]
    for number in range(1, count + 1):
        deaths = [_death(chance) for _ in range(KILLS)]
        yield Case(
            f"load {number}, killed at {deaths}",
            functools.partial(_loaded, record, folder, number, deaths),
        )
    for number, poller in enumerate(pollers):
        yield Case(f"reader {number}", functools.partial(_answered, poller, count))


def _death(chance: random.Random) -> tuple[int, int]:
    if chance.random() < 0.3:
        return 0, chance.randint(1, BUILD_MILLISECONDS)
    return chance.randint(1, CHANGES), 0


def _loaded(record: Path, folder: Path, number: int, deaths: list[tuple[int, int]]) -> None:
    parts = write_run(folder / "runs", number)
    for change, milliseconds in deaths:
        killed(record, parts, change, milliseconds)
    finish(record, parts)
    if publish.generation(record) != number:
        raise Failure(f"generation {publish.generation(record)} stands, not {number}")
    if problems := verify(record):
        raise Failure("; ".join(map(str, problems)))


def _answered(poller: Poller, loads: int) -> None:
    polled = poller.ended()
    if wrong := amiss(polled):
        raise Failure(f"{len(wrong)} of {len(polled.seen)} reads: {'; '.join(wrong[:5])}")
    if len({row[0] for row in polled.seen}) < min(loads, 2):
        raise Failure(f"saw {len(polled.seen)} reads and too few generations to tell")

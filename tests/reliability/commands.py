"""Commands of the scorecard: started, awaited, and held to an exit code.

Each is a process of its own that runs the real flow with the real models on a real Prefect server (see
`tests/support/warmed.py`). What befalls it on the way is told in `deeds`.
"""

from __future__ import annotations

import functools
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.reliability.score import Failure
from tests.support import warmed
from tests.support.warmed import Deed

SECONDS = 300
WELL = (0, 3)
"""Exit codes of a run that published, with nothing refused or something."""

_ENVIRONMENT = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "HF_HUB_OFFLINE": "1",
    "OMP_NUM_THREADS": "1",
}
"""What commands find in theirs, besides."""


class Ended(NamedTuple):
    """How a command ended: its exit code (negative: the signal that killed it) and what it printed."""

    code: int
    printed: str


def use(api: str) -> None:
    """From now on commands use the Prefect server at `api`."""
    _ENVIRONMENT["PREFECT_API_URL"] = api


def warm() -> None:
    """Import Prefect beforehand too, for a long series of commands that all use one server."""
    warmed.start(["prefect.flow_engine", "prefect.artifacts"], **_ENVIRONMENT)


class Command:
    """`onrecord ARGUMENTS` under way; `place` is where it works, and NAME.out there what it prints."""

    def __init__(
        self,
        place: Path,
        arguments: Sequence[str],
        deeds: Sequence[Deed] = (),
        name: str = "command",
    ) -> None:
        self._printed = place / f"{name}.out"
        self._printed.write_bytes(b"")
        self.process = warmed.onrecord(
            arguments,
            place,
            {**os.environ, **_ENVIRONMENT},
            (self._printed, self._printed),
            deeds,
        )

    def ended(self, seconds: float = SECONDS, expected: Sequence[int] | None = None) -> Ended:
        """Wait for its end. Raises Failure where it does not end in time or as expected."""
        self.process.join(seconds)
        printed = self._printed.read_text(encoding="utf-8")
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise Failure(f"did not end within {seconds} s: {printed[-500:]}")
        if expected is not None and self.process.exitcode not in expected:
            raise Failure(
                f"exit code {self.process.exitcode}, not one of {expected}: {printed[-500:]}"
            )
        return Ended(self.process.exitcode, printed)


def record(
    place: Path,
    *deeds: Deed,
    expected: Sequence[int] = WELL,
    processors: int = 1,
    name: str = "run",
) -> Ended:
    """Run the flow over place/news into place/record, in batches of two; its exit code must be an expected one.

    On one processor batches are cleaned in the process of the command, on two in the processes of its pool.
    """
    return started(place, *deeds, processors=processors, name=name).ended(expected=expected)


def started(place: Path, *deeds: Deed, processors: int = 1, name: str = "run") -> Command:
    """The same, under way."""
    config = place / "config.yaml"
    config.write_text(
        "ingest: {batch_articles: 2}\npublish: {keep_generations: 3}\n", encoding="utf-8"
    )
    there = sorted(os.sched_getaffinity(0))
    # Any of them, so that commands at once do not all wait for the first.
    some = set(random.sample(there, min(processors, len(there))))
    arguments = ("--warehouse", "record", "--config", str(config), "run", "--quiet", "news")
    return Command(
        place, arguments, [functools.partial(os.sched_setaffinity, 0, some), *deeds], name
    )

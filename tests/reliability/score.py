"""What a measure is, and how its cases are run, counted and kept where they fail."""

from __future__ import annotations

import shutil
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.accounting import accounts


class Failure(AssertionError):  # noqa: N818
    """What was measured is not what was promised; the message says how it differs."""


class Case(NamedTuple):
    """One case of a measure: its name, and what raises where it does not hold.

    `place` is its folder, which is kept where it fails and removed where it holds.
    """

    name: str
    check: Callable[[], None]
    place: Path | None = None


class Measure(NamedTuple):
    """A row of the scorecard. `cases` takes a folder, a seed and a count, and gives that many cases or a few more."""

    number: int
    words: str
    cases: Callable[[Path, int, int], Iterator[Case]]
    count: int
    short: int


class Score(NamedTuple):
    """How a measure came out; `runs` are those whose accounts were looked at, wherever they were made."""

    held: int
    failed: list[str]
    runs: int
    seconds: float

    @property
    def count(self) -> int:
        """How many cases there were."""
        return self.held + len(self.failed)


def score(
    cases: Iterable[Case], folder: Path, say: Callable[[str], None] = lambda _: None
) -> Score:
    """Run every case to its end; a failure stops nothing, and keeps its folder.

    Every run that a case made must add up, whatever else the case is about.
    """
    started, held, runs, failed = time.perf_counter(), 0, 0, []
    for case in cases:
        error = _error(case.check)
        if case.place is not None:
            made = accounts(case.place)
            runs, error = runs + made.runs, error or "; ".join(made.wrong)
            if not error:
                shutil.rmtree(case.place)
        if error:
            kept = f"\n  kept in {case.place}" if case.place else ""
            failed.append(f"{case.name}: {error}{kept}")
            say(failed[-1])
        held += not error
        say(f"{held} held, {len(failed)} failed: {case.name}")
    rest = accounts(folder)
    return Score(
        held,
        [*failed, *rest.wrong],
        runs + rest.runs,
        time.perf_counter() - started,
    )


def _error(check: Callable[[], None]) -> str:
    try:
        check()
    except Failure as failure:
        return str(failure)
    except Exception:
        return traceback.format_exc()
    return ""

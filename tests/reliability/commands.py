"""The command line in processes forked from a warmed one: the real thing, without its five seconds of imports.

A server (multiprocessing's "forkserver") imports what is heavy and none of ours, and starts no thread of work, so
forking it is safe; every command then is a process of its own that imports OnRecord, loads the real models and runs
the real flow on a real Prefect server (see `warm`). What befalls it on the way is told in `deeds`.
"""

from __future__ import annotations

import functools
import os
import random
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

from tests.reliability.score import Failure

HEAVY = [
    "prefect.flow_engine",
    "prefect.artifacts",
    "great_expectations",
    "trafilatura",
    "faiss",
    "igraph",
    "leidenalg",
    "scipy.sparse",
    "rich.progress",
    "typer",
]
SECONDS = 300
WELL = (0, 3)
"""Exit codes of a run that published, with nothing refused or something."""

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(HEAVY)

Deed = Callable[[], None]
"""Something that is done in the process of a command before it begins."""


class Ended(NamedTuple):
    """How a command ended: its exit code (negative: the signal that killed it) and what it printed."""

    code: int
    printed: str


def warm(api: str) -> None:
    """Start the process that commands are forked from; they use the Prefect server at `api`."""
    before = dict(os.environ)
    os.environ.update(
        PREFECT_API_URL=api,
        PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL="CRITICAL",
        GX_ANALYTICS_ENABLED="false",
        HF_HUB_OFFLINE="1",
        OMP_NUM_THREADS="1",
    )
    try:
        ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


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
        self.process: BaseProcess = _CONTEXT.Process(
            target=_be, args=(place, tuple(arguments), tuple(deeds), self._printed)
        )
        self.process.start()

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


def _be(place: Path, arguments: tuple[str, ...], deeds: tuple[Deed, ...], printed: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    output = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(place)
    sys.argv = ["onrecord", *arguments]
    for deed in deeds:
        deed()
    from flows.cli import main

    main()

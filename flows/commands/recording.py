"""The command that makes the record: run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, is_told, told
from onrecord.flows.running.exits import (
    FAILED,
    INTERRUPTED,
    REFUSED_SOME,
    TERMINATED,
    USAGE,
    Exit,
    usable_record,
)

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome
    from onrecord.pipeline.core.settings import Settings


def run(
    where: Where,
    sources: list[str],
    *,
    day: date | None,
    start: str | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run the flow once and tell what it found."""
    outcome = run_flow(
        where,
        lambda: where.settings(sources).on(day or date.today()),
        start=start,
        quiet=quiet,
        verbose=verbose,
    )
    if not quiet:
        from onrecord.flows.showing import summary, unread

        with unread.aside():
            summary.show(outcome, _waited())
    if outcome.rejected:
        raise Exit(REFUSED_SOME)


def run_flow(
    where: Where,
    settings_of: Callable[[], Settings],
    *,
    again: Sequence[str] = (),
    start: str | None = None,
    whole: bool = False,
    quiet: bool = False,
    verbose: bool = False,
) -> Outcome:
    """Run the flow once, or only over what was refused before, or with `whole` over what is on record; ends the command
    where nothing comes of it.

    The settings are asked for while the engine starts, which takes longest: to read them imports much by itself.
    """
    from onrecord.flows.running import interrupts
    from onrecord.flows.serving.once import quieten, run_once

    def usable() -> Settings:
        settings = settings_of()
        usable_record(settings.warehouse)
        return settings

    quieten(verbose)
    with told(), interrupts.listening(), _in_words(verbose):
        return run_once(
            usable,
            where.warehouse,
            where.config,
            again=again,
            start=start,
            whole=whole,
            bars=sys.stderr.isatty() and not quiet,
        )


def _waited() -> float:
    """Seconds on the wall since this process began: what somebody before the terminal has waited."""
    import time

    import psutil

    return time.time() - psutil.Process().create_time()


@contextmanager
def _in_words(verbose: bool) -> Iterator[None]:
    """Turn what ends a run into words and an exit code."""
    try:
        yield
    except Exit:
        raise
    except KeyboardInterrupt:
        raise _interrupted() from None
    except Exception as error:
        from onrecord.flows.running import interrupts

        # Before anything more is imported: an import that was broken off cannot be had again.
        if interrupts.heard():
            raise _interrupted() from error
        from onrecord.flows.running.runs import GateFailed, NothingUsable

        if isinstance(error, NothingUsable):
            raise Exit(USAGE, str(error), error.refused) from None
        if isinstance(error, GateFailed):
            raise Exit(FAILED, str(error)) from None
        if verbose or is_told(error):
            raise
        raise Exit(
            FAILED,
            f"the run failed: {type(error).__name__}: {error}\nNothing was published; the next run goes on where"
            " this one stopped. `onrecord run --verbose` shows where.",
        ) from error


def _interrupted() -> Exit:
    from onrecord.flows.running import interrupts

    told = "nothing was published, the next run goes on from here"
    if interrupts.heard() == signal.SIGTERM:
        return Exit(TERMINATED, f"told to end; {told}")
    return Exit(INTERRUPTED, f"interrupted; {told}")

"""The command that makes the record: run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, is_told, told
from onrecord.flows.running.exits import (
    FAILED,
    INTERRUPTED,
    REFUSED_SOME,
    TERMINATED,
    USAGE,
    Exit,
    usable,
)
from onrecord.flows.running.imports import import_ahead, uncollected

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
    quiet: bool = False,
    verbose: bool = False,
) -> Outcome:
    """Run the flow once, or only over what was refused before; ends the command where nothing comes of it.

    The settings are asked for while the engine starts, which takes longest: to read them imports much by itself.
    """
    quieten(verbose)
    from onrecord.flows.running import interrupts, progress
    from onrecord.flows.serving.temporary import engine

    with told(), interrupts.listening(), _in_words(verbose), engine() as answering:
        settings = settings_of()
        _usable_folder(settings.warehouse)
        from onrecord.flows.running.outcome import short_cut

        with progress.bars(show=sys.stderr.isatty() and not quiet):
            if not again and not start and (unchanged := short_cut(settings)):
                return unchanged
            import_flow()
            answering()
            return _record(where, settings, again, start)


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


def quieten(verbose: bool) -> None:
    """Let Prefect print its log, or not. It reads its settings when it is imported: call this before."""
    os.environ.setdefault(
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO" if verbose else "CRITICAL"
    )


@cache
def import_flow() -> None:
    """Import what the run needs while a server starts; what the first gate needs goes on beside the first stage."""
    with uncollected():
        import onrecord.flows.record  # noqa: F401
    import_ahead()


def _record(where: Where, settings: Settings, again: Sequence[str], start: str | None) -> Outcome:
    from onrecord.flows.record import record
    from onrecord.flows.running import handover

    return record(  # type: ignore[return-value]
        sources=handover.named(settings.sources),
        warehouse=where.warehouse,
        config=where.config,
        again=list(again) or None,
        start=start,
    )


def _usable_folder(warehouse: Path) -> None:
    """End the command where no warehouse can be made at that path."""
    if warehouse.exists() and not warehouse.is_dir():
        raise Exit(USAGE, f"{warehouse} is a file; --warehouse names a folder")
    if any(above.is_file() for above in warehouse.parents):
        raise Exit(USAGE, f"{warehouse}: a part of that path is a file")
    usable(warehouse, "name another with --warehouse")

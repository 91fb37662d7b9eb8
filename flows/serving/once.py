"""The flow run once in this process: what `onrecord run` and `onrecord.run` both do."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.running import progress
from onrecord.flows.running.imports import import_ahead, uncollected
from onrecord.flows.serving.temporary import engine

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome
    from onrecord.pipeline.core.settings import Settings


def run_once(
    settings_of: Callable[[], Settings],
    warehouse: Path | None,
    config: Path | None,
    *,
    again: Sequence[str] = (),
    start: str | None = None,
    whole: bool = False,
    bars: bool = False,
) -> Outcome:
    """Run the flow once, or only over what was refused before, or over what is on record, and tell how it ended.

    The settings are asked for while the engine starts, which takes longest: to read them imports much by itself.
    `warehouse` and `config` are what they were made of. Raises whatever ends the run.
    """
    with engine() as answering:
        settings = settings_of()
        from onrecord.flows.running.outcome import short_cut

        with progress.bars(show=bars):
            if not (again or start or whole) and (unchanged := short_cut(settings)):
                return unchanged
            import_flow()
            answering()
            from onrecord.flows.record import record
            from onrecord.flows.running import handover

            return record(  # type: ignore[return-value]
                sources=[] if whole else handover.named(settings.sources),
                warehouse=warehouse,
                config=config,
                again=list(again) or None,
                start=start,
                whole=whole,
            )


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

"""Files beside the record that turn out damaged amid a run: taken out of its way, and made anew by the same run."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from onrecord.flows.running import interrupts
from onrecord.flows.running.runs import Run
from onrecord.flows.watching import logs
from onrecord.pipeline.core.segments import FOLDER
from onrecord.warehouse.publishing import publish, segments
from onrecord.warehouse.publishing.snapshot import let_go


def through_damage(run: Run, make: Callable[[Run], Path]) -> Path:
    """What `make` makes of the record, from the stage embed on: once more where it fails over a damaged file.

    A file is damaged where a block of it cannot be read, which shows only when somebody asks for that block. Raises
    what `make` raises where every file is as it was written, or nothing is left that could be taken away.
    """
    while True:
        try:
            return make(run)
        except Exception as error:
            if interrupts.heard() or not (damaged := _set_aside(run)):
                raise
            told = f"set aside as damaged, and made anew: {', '.join(damaged)}"
            run.entry.detail = f"{run.entry.detail}; {told}" if run.entry.detail else told
            logs.tell(
                "damaged files set aside",
                logging.WARNING,
                files=", ".join(damaged),
                error=type(error).__name__,
            )


def _set_aside(run: Run) -> list[str]:
    let_go()
    path = publish.published(run.warehouse)
    damaged = segments.set_aside(run.warehouse, path) if path else []
    if damaged:
        # What the run was handed and told of them, and what it made of that.
        for name in damaged:
            (run.place.known / FOLDER / name).unlink(missing_ok=True)
        shutil.rmtree(run.place.asked, ignore_errors=True)
        run.undo("embed")
    return damaged

"""How a run ended, for whoever started it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.runs import Run, is_unchanged, open_run
from pipeline.settings import Settings
from warehouse import ledger


@dataclass(frozen=True)
class Outcome:
    """`status` is "published" or "unchanged"; `stages` and `gates` are the run's rows of the ledger.

    `rejected` counts what was refused; of an unchanged source, what was refused of it when it was read.
    """

    run_id: str
    status: str
    warehouse: Path
    generation: int
    rejected: int
    seconds: float
    stages: pl.DataFrame
    gates: pl.DataFrame


def nothing_new(run: Run) -> Outcome:
    """End a run that found nothing new: nothing is published, no row changes."""
    rejected = run.entry.rejected
    if not run.entry.stages and run.previous is not None:
        rejected = run.previous.rejected_then
    run.entry.rejected_then = rejected
    run.ended("unchanged", "nothing new", generation=run.entry.base)
    return outcome(run)


def outcome(run: Run) -> Outcome:
    """The outcome of a run that has ended."""
    tables = ledger.tables([run.entry])
    row = tables["runs"].row(0, named=True)
    return Outcome(
        run_id=run.place.run_id,
        status=run.entry.status,
        warehouse=run.warehouse,
        generation=run.entry.generation or 0,
        rejected=run.entry.rejected_then,
        seconds=(row["ended_at"] - row["started_at"]).total_seconds(),
        stages=tables["stage_runs"],
        gates=tables["gate_results"],
    )


def short_cut(settings: Settings) -> Outcome | None:
    """The outcome where the sources stand as the last run left them, else None; starts no engine."""
    if not is_unchanged(settings):
        return None
    with open_run(settings) as run:
        return nothing_new(run)

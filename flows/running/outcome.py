"""How a run ended, for whoever started it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from onrecord.flows.running.runs import Run, is_unchanged, open_run
from onrecord.pipeline.core.settings import Settings
from onrecord.warehouse import ledger


@dataclass(frozen=True)
class Outcome:
    """`status` is "published", "unchanged", "refused" or "failed", `detail` says why where nothing was published.

    `stages` and `gates` are the run's rows of the ledger. `rejected` counts what was newly refused, `refused_before`
    what was refused before and has not changed. `gate_page` shows all gates of the run, where one was reached.
    """

    run_id: str
    status: str
    detail: str
    warehouse: Path
    generation: int
    rejected: int
    refused_before: int
    seconds: float
    stages: pl.DataFrame
    gates: pl.DataFrame
    gate_page: Path

    @property
    def counts(self) -> dict[str, int]:
        """What was new in this run, and what was not taken; statements are those that were made or added to."""
        told = {row["stage"]: row for row in self.stages.iter_rows(named=True)}

        def count(stage: str, column: str) -> int:
            return int(told[stage][column]) if stage in told else 0

        return {
            "articles": count("ingest", "rows_out"),
            "quotations": count("clean", "yielded"),
            "statements": count("cluster", "yielded"),
            "duplicates": count("ingest", "duplicates"),
            "rejected": self.rejected,
        }

    @property
    def sentence(self) -> str:
        """How the run ended, in a line."""
        if self.status == "unchanged":
            return "nothing new, nothing published"
        if self.status != "published":
            return self.detail
        quotations = self.counts["quotations"]
        refused = f", {self.rejected:,} refused" if self.rejected else ""
        return f"generation {self.generation} published: {quotations:,} new quotations{refused}"


def nothing_new(run: Run) -> Outcome:
    """End a run that found nothing new: nothing is published, no row changes."""
    run.entry.rejected_then = run.entry.rejected + run.entry.refused_before
    if not run.entry.stages and run.previous is not None:
        run.entry.rejected_then = run.previous.rejected_then
    run.ended("unchanged", "nothing new", generation=run.entry.base)
    return outcome(run)


def outcome(run: Run) -> Outcome:
    """The outcome of a run that has ended."""
    tables = ledger.tables([run.entry])
    return Outcome(
        run_id=run.place.run_id,
        status=run.entry.status,
        detail=run.entry.detail or "",
        warehouse=run.warehouse,
        generation=run.entry.generation or 0,
        rejected=run.entry.rejected,
        refused_before=max(run.entry.refused_before, run.entry.rejected_then - run.entry.rejected),
        seconds=run.entry.seconds or 0.0,
        stages=tables["stage_runs"],
        gates=tables["gate_results"],
        gate_page=run.gate_page,
    )


def short_cut(settings: Settings) -> Outcome | None:
    """The outcome where the sources stand as the last run left them, else None; starts no engine."""
    if not is_unchanged(settings):
        return None
    with open_run(settings) as run:
        return nothing_new(run)

"""What others can follow: an event for each published generation.

event     onrecord.generation.published
resource  onrecord.warehouse.<its folder>
payload   generation, run_id, file, articles, quotations, statements, refused, seconds
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect.events import emit_event

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome

PUBLISHED = "onrecord.generation.published"


def published(outcome: Outcome) -> None:
    """Tell that a generation is published; the event names the run as what it is related to."""
    folder = outcome.warehouse.resolve()
    rows = {row["stage"]: row for row in outcome.stages.to_dicts()}
    # A run that only settles what was refused before may end early.
    made = {stage: row["yielded"] for stage, row in rows.items()}
    emit_event(
        PUBLISHED,
        resource={
            "prefect.resource.id": f"onrecord.warehouse.{folder}",
            "prefect.resource.name": folder.name,
        },
        payload={
            "generation": outcome.generation,
            "run_id": outcome.run_id,
            "file": str(folder / "onrecord.duckdb"),
            "articles": rows["clean"]["rows_out"] if "clean" in rows else 0,
            "quotations": made.get("clean", 0),
            "statements": made.get("cluster", 0),
            "refused": outcome.rejected,
            "seconds": round(outcome.seconds, 3),
        },
    )

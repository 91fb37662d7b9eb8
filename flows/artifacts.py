"""What a person sees of a run in the Prefect UI: a table a stage, the gate's results, the refused, the sum of it.

Artifacts hold counts, names of rules and places, never a sentence of an article.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from prefect.artifacts import create_markdown_artifact, create_table_artifact

if TYPE_CHECKING:
    from flows.outcome import Outcome

REJECTS_SHOWN = 50


def stage(name: str, row: dict[str, float], rejects: pl.DataFrame) -> None:
    """What a stage took, gave and refused."""
    create_table_artifact(
        key=f"{name}-counts",
        table=[{key: round(value, 2) for key, value in row.items()}],
        description=f"{name}: rows_in = rows_out + rejected + duplicates",
    )
    if rejects.height:
        create_table_artifact(
            key=f"{name}-rejects",
            table=rejects.head(REJECTS_SHOWN)
            .select("source", "place", "reason", "detail")
            .to_dicts(),
            description=f"{name}: {rejects.height} refused, the first {min(REJECTS_SHOWN, rejects.height)} shown",
        )


def gate(name: str, results: pl.DataFrame, page: Path) -> None:
    """Every expectation of a gate, failures first; `page` shows all gates of the run."""
    failed = results.filter(~pl.col("passed"))
    told = "all hold" if failed.is_empty() else f"{failed.height} do not hold"
    link = page.resolve().as_uri()
    create_table_artifact(
        key=f"{name}-gate",
        table=results.sort("passed", maintain_order=True)
        .select("passed", "severity", "expectation", "observed")
        .to_dicts(),
        description=f"gate {name}: {results.height} expectations, {told}; all gates: {link}",
    )


def run(outcome: Outcome) -> None:
    """The run at a glance."""
    lines = [
        f"# {outcome.status}: generation {outcome.generation}",
        f"Run `{outcome.run_id}`, {outcome.seconds:.1f} s, {outcome.rejected} refused.",
        "",
        "| stage | in | out | refused | duplicates | made | seconds | gate |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['stage']} | {row['rows_in']} | {row['rows_out']} | {row['rejected']} | {row['duplicates']} "
        f"| {row['yielded']} | {row['seconds']:.1f} | {row['gate_seconds']:.1f} |"
        for row in outcome.stages.to_dicts()
    ]
    create_markdown_artifact(
        key="record", markdown="\n".join(lines), description="The run at a glance"
    )

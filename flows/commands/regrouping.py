"""The command that groups the record anew: regroup."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, show_rows, told
from onrecord.flows.commands.recording import run_flow

if TYPE_CHECKING:
    import polars as pl

    from onrecord.pipeline.core.settings import Settings


def regroup(where: Where, form: str, *, dry_run: bool, verbose: bool) -> None:
    """Group all that is on record anew, or only tell what that would move."""
    from onrecord.warehouse.asking.moves import moves
    from onrecord.warehouse.publishing.publish import require

    with told():
        require(where.settings().warehouse)
    if dry_run:
        with told():
            moved = _would_move(where.settings())
        print(f"Nothing was changed: {_sentence(moved)}.", file=sys.stderr)
    else:
        outcome = run_flow(where, where.settings, whole=True, verbose=verbose)
        with told():
            moved = moves(outcome.warehouse, outcome.run_id)
        done = f"Generation {outcome.generation} is published"
        print(f"{done}: {_sentence(moved)}.", file=sys.stderr)
    if not moved.is_empty():
        show_rows(moved, form)


def _would_move(settings: Settings) -> pl.DataFrame:
    """The statements that a whole grouping would move; nothing is written beside the record."""
    from onrecord.pipeline.stages.steps import cluster_step
    from onrecord.pipeline.stages.workplace import Workplace
    from onrecord.warehouse.answers import Answers
    from onrecord.warehouse.mending.fitting import hand_over
    from onrecord.warehouse.publishing.snapshot import snapshot

    limit = settings.publish.memory_limit
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        place = Workplace(Path(folder), "regroup", Answers(settings.warehouse, limit))
        snapshot(settings.warehouse, place.known, memory_limit=limit)
        hand_over(settings.warehouse, place.known)
        cluster_step(place, settings, whole=True)
        made = place.stage("cluster")
        now = made.read("statements", ("statement_id", "quotations", "text"))
        moves = made.read("statement_moves", ("statement_id", "into_id"))
        return moves.join(now, on="statement_id", how="left").sort("statement_id")


def _sentence(moved: pl.DataFrame) -> str:
    joined = int((moved["quotations"] == 0).sum())
    return f"{joined:,} statements join another, {moved.height - joined:,} are split off"

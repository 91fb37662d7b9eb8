"""A run without the flow around it: what clean and embed give is brought, linked, clustered, loaded and published."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from onrecord.flows.running.runs import code_version
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages.load import load as parts_of
from onrecord.pipeline.stages.steps import cluster_step, link
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse import ledger
from onrecord.warehouse.answers import Answers
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import SMALL, let_go, snapshot


def play(
    record: Path,
    number: int,
    bring: Callable[[Workplace], dict[str, Tally]],
    *,
    whole: bool = False,
) -> None:
    """Publish what `bring` writes into a run's place, which tells what each stage came to; `number` sets runs apart.

    With `whole` nothing is brought, and all that is on record is grouped anew.
    """
    settings = Settings(sources=("made.jsonl",), warehouse=record)
    entry = ledger.Entry(
        run_id=f"20250101T{number:06}-abcdef",
        started_at="2025-01-01T00:00:00",
        sources=list(settings.sources),
        settings_hash=settings.digest,
        version=code_version(),
        model="",
        base=publish.generation(record),
        fingerprint="",
        whole=whole,
    )
    limit = settings.publish.memory_limit
    place = Workplace(record / "work" / entry.run_id, entry.run_id, Answers(record, limit))
    with publish.lock(record, entry.run_id):
        snapshot(record, place.known, SMALL, memory_limit=limit)
        for stage, tally in bring(place).items():
            entry.staged(stage, tally)
        models = place.stage("embed").read("utterances", ("model",))["model"]
        entry.model = models[0] if len(models) else ""
        if not whole:
            link(place)
        entry.staged("cluster", cluster_step(place, settings, whole=whole))
        let_go()
        entry.ended("published")
        ledger.write(record, entry)
        tables = {**parts_of(place.stage), **ledger.tables([entry])}
        publish.publish(record, building.build(record, tables, run_id=entry.run_id), keep=3)
    shutil.rmtree(place.folder)

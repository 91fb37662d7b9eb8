"""The tasks of the flow: thin, named after what they do to what, one a batch where there are batches.

They hand over paths and counts, never frames, and Prefect caches nothing: what is done is known from the manifests.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.states import Cancelled, Completed, Failed, State

from onrecord.flows.running import progress, workers
from onrecord.flows.running.runs import GateFailed
from onrecord.flows.watching import logs, traces
from onrecord.flows.watching.escaping import count
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.load import load
from onrecord.pipeline.stages.workplace import AGAIN, Workplace
from onrecord.warehouse import history, lake, ledger
from onrecord.warehouse.publishing import building, publish


@task(
    task_run_name="read {told}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
    retry_delay_seconds=2,
)
def read_sources(place: Workplace, settings: Settings, told: str) -> State[Tally]:
    """Read every source into batches of articles."""
    return _done(
        steps.ingest_step(place, settings.sources, settings, _read_batch),
        "item",
        "article",
    )


@task(
    task_run_name="clean {told}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
    retry_delay_seconds=1,
)
def clean_batch(place: Workplace, batch: int, settings: Settings, told: str) -> State[Tally]:
    """Mark the blocks of one batch of articles and find its quotations."""
    try:
        tally = workers.clean_batch(place, batch, settings.clean)
    except workers.CalledOff:
        return Cancelled(message="the run ended before it was begun")
    progress.listener.advance(tally.rows_in)
    logs.tell("batch ended", stage="clean", batch=batch, **logs.counts(tally))
    traces.note(stage="clean", batch=batch, **logs.counts(tally))
    return _done(tally, "article", "quotation")


@task(
    task_run_name="embed {told}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
    retry_delay_seconds=1,
)
def embed_wordings(place: Workplace, settings: Settings, told: str) -> State[Tally]:
    """One vector for each wording that is new."""
    each = workers.each(settings.workers)
    made = steps.embed_step(place, settings, progress.listener.advance, each)
    return _done(made, "quotation", "vector")


@task(task_run_name="cluster {told}", cache_policy=NO_CACHE, persist_result=False)
def cluster_quotations(
    place: Workplace, settings: Settings, told: str, *, whole: bool = False
) -> State[Tally]:
    """Speakers, statements and themes from quotations; with `whole` from all that are on record."""
    return _done(steps.cluster_step(place, settings, whole=whole), "quotation", "statement")


@task(task_run_name="build {told}", cache_policy=NO_CACHE, persist_result=False)
def build_generation(place: Workplace, settings: Settings, told: str) -> State[Path]:
    """Build the next generation aside, where nobody can see it yet."""
    home, parts, again = settings.warehouse, load(place.stage), place.known / AGAIN
    if not place.stage("cluster").done():
        # Nothing was left to cluster: the tables that a run makes whole stay as they are.
        parts = {"rejects": parts["rejects"]}
    tables = {
        **parts,
        "rejects": [*ledger.kept_rejects(home, besides=place.run_id), *parts["rejects"]],
        **ledger.tables(list(history.entries(home, besides=[place.run_id], set_aside=True))),
    }
    built = building.build(
        settings.warehouse,
        tables,
        run_id=place.run_id,
        again=again if again.is_file() else None,
        closings=ledger.kept_closings(home),
        shown=settings.show.confidence.model_dump(),
        memory_limit=settings.publish.memory_limit,
    )
    return Completed(message=f"{built.stat().st_size / 1e6:,.1f} MB", data=built)


@task(task_run_name="gate {stage}", cache_policy=NO_CACHE, persist_result=False)
def hold_against(
    stage: str,
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame],
    tally: Tally,
    settings: Settings,
    run_id: str,
    history: pl.DataFrame,
) -> State[pl.DataFrame]:
    """Hold what a stage made against its suite; the results, a row an expectation.

    Where something critical does not hold it has failed, and its result raises GateFailed, with the results.
    """
    from onrecord.expectations.gate import check

    counts = {name: int(value) for name, value in tally._asdict().items() if name != "seconds"}
    verdict = check(stage, tables, counts, settings.gates, run_id, history)
    if not verdict.passed:
        failure = GateFailed(stage, verdict.failed("critical"), verdict.results, verdict.articles)
        return Failed(message=failure.headline, data=failure)
    held = int(verdict.results["passed"].sum())
    return Completed(message=f"{held} of {verdict.results.height} rules held", data=verdict.results)


@task(task_run_name="publish {told}", cache_policy=NO_CACHE, persist_result=False)
def publish_generation(candidate: Path, settings: Settings, told: str) -> int:
    """Put the built generation into the lake, where there is one, then into the place of the published one."""
    lake.commit(settings.publish, settings.warehouse, candidate)
    return publish.publish(settings.warehouse, candidate, settings.publish.keep_generations)


def _read_batch(items: int) -> None:
    progress.listener.advance(items)
    logs.tell("batch ended", stage="ingest", taken=items)


def _done(tally: Tally, taken: str, made: str) -> State[Tally]:
    """The end of a task with what it did as its message."""
    told = [f"{count(tally.rows_in, taken)}: {count(tally.yielded, made)}"]
    told += [f"{tally.rejected:,} refused"] if tally.rejected else []
    told += [f"{tally.duplicates:,} known"] if tally.duplicates else []
    return Completed(message=", ".join(told), data=tally)

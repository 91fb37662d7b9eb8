"""The flow `record`: the five stages, each with its gate, then one new generation of the warehouse."""

# Annotations stay objects here: a scheduled run loads this file in a way in which their names are not found again.
# What the UI says of a parameter is its line under Args.
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Literal

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed, Failed, State

from onrecord.flows import stages, turn
from onrecord.flows.running import handover, interrupts
from onrecord.flows.running.damaged import through_damage
from onrecord.flows.running.outcome import Outcome, nothing_new, outcome
from onrecord.flows.running.readiness import ready
from onrecord.flows.running.runs import GateFailed, NothingUsable, Run, open_run
from onrecord.flows.showing import artifacts
from onrecord.flows.showing.artifacts import watched
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.configuration import load_settings
from onrecord.pipeline.core.days import is_dated, of_day
from onrecord.warehouse.errors import WarehouseBusy


def _name() -> str:
    told = flow_run.parameters
    sources = told.get("sources") or ["the configured sources"]
    if is_dated(sources):
        sources = of_day(sources, turn.day(told.get("day"), told.get("timezone") or "UTC"))
    return f"record {', '.join(map(shown, sources[:3]))}"


@flow(name="record", flow_run_name=_name, persist_result=False)
def record(
    sources: list[str] | None = None,
    warehouse: Path | None = None,
    config: Path | None = None,
    day: date | None = None,
    timezone: str = "UTC",
    start: Literal["clean", "embed", "cluster", "load"] | None = None,
    again: list[str] | None = None,
    whole: bool = False,
) -> State[Outcome]:
    """Read articles and publish a new generation of the record of who said what.

    Publishes nothing where nothing is new. Ends as failed where nothing could be read, where a gate found something
    critical, and where another run is at work: each leaves what is published as it was.

    Args:
        sources: Files, folders, globs or addresses; those of config.yaml where none is given
        warehouse: Folder of the record; that of config.yaml where not given
        config: Another config.yaml
        day: The day that {date} in a source stands for; that for which the run was scheduled where not given
        timezone: The zone whose day that is
        start: Start from this stage, with what an unfinished run over these sources made before it
        again: Rejects to put through again, by identity; only their sources are read
        whole: Read nothing, and group all that is on record anew into statements and themes
    """
    settings = load_settings(config, warehouse=warehouse, sources=handover.true(sources or ()))
    if whole:
        settings = settings.model_copy(update={"sources": ()})
    if not is_dated(settings.sources):
        turn.stand_in()
    run = None
    try:
        with (
            # Under a worker of Prefect it is that one that ends what takes too long, and tells it as cancelled.
            interrupts.listening() if interrupts.is_listening() else nullcontext(),
            ready(settings),
            open_run(
                settings.on(turn.day(day, timezone)),
                wait=turn.patience(),
                again=again or (),
                start=start,
                whole=whole,
            ) as run,
            watched(run),
        ):
            ended = _five_stages(run)
    except (NothingUsable, GateFailed, WarehouseBusy) as refusal:
        if run is not None:
            artifacts.run(outcome(run), None, run.shown, refusal)
        return Failed(message=getattr(refusal, "headline", str(refusal)), data=refusal)
    # In the list of runs their names alone tell them apart.
    name = "Unchanged" if ended.status == "unchanged" else None
    return Completed(message=ended.sentence, data=ended, name=name)


def _five_stages(run: Run) -> Outcome:
    if run.unchanged:
        return nothing_new(run)
    if run.entry.whole:
        return stages.regrouped(run)

    with stages.known(run):
        stages.ingest(run)
        if not stages.nothing_left(run):
            stages.look_ahead(run)
            stages.gate(run, "ingest")
    if stages.nothing_left(run):
        return stages.settled(run)

    stages.clean(run)
    if stages.nothing_left(run):
        return stages.settled(run)
    stages.gate(run, "clean")

    return stages.publish_record(run, through_damage(run, _from_embed_on))


def _from_embed_on(run: Run) -> Path:
    stages.embed(run)
    stages.gate(run, "embed")
    return stages.grouped(run)

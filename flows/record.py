"""The flow `record`: the five stages, each with its gate, then one new generation of the warehouse."""

# Annotations stay objects here: a scheduled run loads this file in a way in which their names are not found again.
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed, Failed, State
from pydantic import Field

from flows import artifacts, stages, turn
from flows.artifacts import watched
from flows.outcome import Outcome, nothing_new, outcome
from flows.runs import GateFailed, NothingUsable, Run, open_run
from pipeline.days import is_dated, of_day
from pipeline.readers.address import shown
from pipeline.settings import load_settings
from warehouse.errors import WarehouseBusy


def _name() -> str:
    told = flow_run.parameters
    sources = told.get("sources") or ["the configured sources"]
    if is_dated(sources):
        sources = of_day(sources, turn.day(told.get("day"), told.get("timezone") or "UTC"))
    return f"record {', '.join(map(shown, sources[:3]))}"


@flow(name="record", flow_run_name=_name, persist_result=False)
def record(
    sources: Annotated[
        list[str] | None,
        Field(description="Files, folders or globs; those of config.yaml where none is given"),
    ] = None,
    warehouse: Annotated[
        Path | None, Field(description="Folder of the record; that of config.yaml where not given")
    ] = None,
    config: Annotated[Path | None, Field(description="Another config.yaml")] = None,
    day: Annotated[
        date | None,
        Field(
            description="The day that {date} in a source stands for; that of the run where not given"
        ),
    ] = None,
    timezone: Annotated[str, Field(description="The zone whose day that is")] = "UTC",
    start: Annotated[
        Literal["clean", "embed", "cluster", "load"] | None,
        Field(description="Start from this stage, with what an unfinished run made before it"),
    ] = None,
    again: Annotated[
        list[str] | None,
        Field(description="Rejects to put through again, by identity; only their sources are read"),
    ] = None,
) -> State[Outcome]:
    """Read articles and publish a new generation of the record of who said what.

    Publishes nothing where nothing is new. Raises NothingUsable where nothing could be read, GateFailed where a gate
    found something critical, WarehouseBusy where another run is at work: each leaves what is published as it was.
    """
    settings = load_settings(config, warehouse=warehouse, sources=tuple(sources or ()))
    if not is_dated(settings.sources):
        turn.stand_in()
    run = None
    try:
        with (
            open_run(
                settings.on(turn.day(day, timezone)),
                wait=turn.patience(),
                again=again or (),
                start=start,
            ) as run,
            watched(run),
        ):
            ended = _five_stages(run)
    except (NothingUsable, GateFailed, WarehouseBusy) as refusal:
        if run is not None:
            artifacts.run(outcome(run), None, run.shown)
        return Failed(message=getattr(refusal, "headline", str(refusal)), data=refusal)
    return Completed(message=ended.sentence, data=ended)


def _five_stages(run: Run) -> Outcome:
    if run.unchanged:
        return nothing_new(run)

    stages.ingest(run)
    if stages.nothing_left(run):
        return stages.settled(run)
    stages.gate(run, "ingest")

    stages.clean(run)
    if stages.nothing_left(run):
        return stages.settled(run)
    stages.gate(run, "clean")

    stages.embed(run)
    stages.gate(run, "embed")

    stages.cluster(run)
    stages.gate(run, "cluster")

    built = stages.load(run)
    stages.gate(run, "load", built)
    return stages.publish_record(run, built)

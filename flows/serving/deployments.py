"""The flow on its schedules: one deployment for each schedule of config.yaml, and who runs them.

`serve` runs them in a process of its own; `deploy` hands them to a work pool of a server, whose workers run them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.flows.serving.exposure import guard
from onrecord.pipeline.core.days import is_dated
from onrecord.pipeline.core.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import ConcurrencyLimitStrategy
    from prefect.client.schemas.responses import DeploymentResponse
    from prefect.deployments.runner import RunnerDeployment

POOL = "onrecord"
"""The work pool: a run at a time, since one record takes one writer."""

TAG = "onrecord"

UPKEEP = "lake-upkeep"
"""The deployment that tidies the lake, where there is one."""


def serve(settings: Settings, config: Path | None) -> None:
    """Serve the flow on the schedules of the settings until stopped; one run at a time.

    The server is the one of PREFECT_API_URL. Where that is not set Prefect would start a temporary server that
    forgets everything, so this says what to do instead, with exit code 2.
    """
    need_server("serve")
    from prefect import serve as serve_forever

    from onrecord.flows.serving import automations

    _leave_others_alone(settings)
    automations.apply(settings)
    made = deployments(settings, config)
    for line in told(settings):
        print(line)
    print("serving; Ctrl-C ends it")
    sys.stdout.flush()
    serve_forever(*made, limit=1, print_starting_message=False)


def deploy(settings: Settings, config: Path | None) -> None:
    """Make the work pool and the deployments on the server, or bring them up to the settings.

    Deployments of this record whose schedule is no longer in the settings are taken away. Runs work in the folder
    in which this is called, so that relative sources mean what they mean here.
    """
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        _make_pool(client)
        made = deployments(settings, config)
        for deployment in made:
            deployment.work_pool_name = POOL
            deployment.job_variables = {"working_dir": str(Path.cwd())}
            deployment.apply()
        _take_away(client, settings, keep={deployment.name for deployment in made})


def deployments(settings: Settings, config: Path | None) -> list[RunnerDeployment]:
    """A deployment for each schedule, named after it."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from onrecord.flows.record import record

    return [
        *_upkeep(settings, config),
        *[
            record.to_deployment(
                name=name,
                schedules=[Cron(when.cron, timezone=when.timezone, slug=name)] if when.cron else [],
                parameters={
                    "sources": sources,
                    "warehouse": _record(settings),
                    "config": str(config.resolve()) if config else None,
                    "timezone": when.timezone,
                },
                tags=[TAG],
                # Serving pauses a deployment when it ends.
                paused=False,
                concurrency_limit=ConcurrencyLimitConfig(
                    limit=1, collision_strategy=_second(sources)
                ),
                # A file's path would put flows/ itself on the import path of the runs.
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
            for name, when in settings.schedule.items()
            for sources in [list(when.sources or settings.sources)]
        ],
    ]


def _upkeep(settings: Settings, config: Path | None) -> list[RunnerDeployment]:
    """The deployment that tidies the lake, where there is one."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from onrecord.flows.upkeep import tidy_lake

    if not _is_tidied(settings):
        return []
    return [
        tidy_lake.to_deployment(
            name=UPKEEP,
            schedules=[Cron(str(settings.publish.tidy), timezone="UTC", slug=UPKEEP)],
            parameters={
                "warehouse": _record(settings),
                "config": str(config.resolve()) if config else None,
            },
            tags=[TAG],
            paused=False,
            concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=_second([])),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    ]


def _second(sources: list[str]) -> ConcurrencyLimitStrategy:
    """What becomes of a run while another of its schedule is under way: called off, as that one reads what it would.

    Where sources name the day it has sources of its own, and waits.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitStrategy

    if is_dated(sources):
        return ConcurrencyLimitStrategy.ENQUEUE
    return ConcurrencyLimitStrategy.CANCEL_NEW


def _is_tidied(settings: Settings) -> bool:
    return settings.publish.store == "ducklake" and settings.publish.tidy is not None


def told(settings: Settings) -> list[str]:
    """The schedules in words, a line each."""
    upkeep = [f"  {UPKEEP}: {_when(settings.publish.tidy, 'UTC')}"] if _is_tidied(settings) else []
    return upkeep + [
        f"  {name}: {_when(when.cron, when.timezone)}, from {', '.join(when.sources or settings.sources)}"
        for name, when in settings.schedule.items()
    ]


def need_server(command: str) -> None:
    """End the command where no Prefect server is configured, or it does not answer, saying how to get one."""
    from onrecord.flows.running.exits import FAILED, USAGE, Exit
    from onrecord.flows.serving.temporary import EngineError, reach

    address = os.environ.get("PREFECT_API_URL")
    if not address:
        raise Exit(
            USAGE,
            "no Prefect server: `onrecord up` starts one with everything on it; with one of your own\n"
            f"  PREFECT_API_URL=http://127.0.0.1:4200/api onrecord {command}",
        )
    try:
        reach(address)
    except EngineError as error:
        raise Exit(FAILED, str(error)) from None


def _when(cron: str | None, timezone: str) -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from cronsim import CronSim

    if cron is None:
        return "when started by hand"
    due = next(CronSim(cron, datetime.now(ZoneInfo(timezone))))
    return f"'{cron}' {timezone}, next {due:%Y-%m-%d %H:%M}"


def _make_pool(client: SyncPrefectClient) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.workers.process import ProcessWorker

    pool = WorkPoolCreate(
        name=POOL,
        type=ProcessWorker.type,
        description="Runs of OnRecord, one at a time.",
        base_job_template=ProcessWorker.get_default_base_job_template(),
        concurrency_limit=1,
    )
    client.create_work_pool(pool, overwrite=True)


def _leave_others_alone(settings: Settings) -> None:
    """End the command where a schedule's name on this server is that of another record, whose place it would take."""
    from prefect.client.orchestration import get_client

    from onrecord.flows.running.exits import USAGE, Exit

    with get_client(sync_client=True) as client:
        for deployment in _ours(client):
            record: Any = deployment.parameters.get("warehouse")
            if deployment.name in settings.schedule and record not in (None, _record(settings)):
                raise Exit(
                    USAGE,
                    f"the schedule `{deployment.name}` on this server is that of another record, {record}; give it"
                    " another name in config.yaml, or take that one away first:"
                    f" prefect deployment delete record/{deployment.name}",
                )


def _take_away(client: SyncPrefectClient, settings: Settings, keep: set[str]) -> None:
    for deployment in _ours(client):
        same_record: Any = deployment.parameters.get("warehouse")
        if same_record == _record(settings) and deployment.name not in keep:
            client.delete_deployment(deployment.id)


def _ours(client: SyncPrefectClient) -> list[DeploymentResponse]:
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags

    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    return client.read_deployments(deployment_filter=tagged)


def _record(settings: Settings) -> str:
    return str(settings.warehouse.resolve())


def start_server(host: str, port: int) -> None:
    """Become a Prefect server with its UI; never returns. Others than this machine need a password (see `guard`)."""
    guard(host)
    address = f"http://{host}:{port}"
    os.environ.setdefault("PREFECT_UI_API_URL", f"{address}/api")
    # Else Prefect stops to ask whether the server it is about to start should be the one to use.
    os.environ["PREFECT_API_URL"] = f"{address}/api"
    print(f"The UI will be at {address}; the first start takes up to a minute. Ctrl-C ends it.")
    print(f"In another terminal: PREFECT_API_URL={address}/api onrecord run")
    sys.stdout.flush()
    arguments = ["server", "start", "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "prefect", *arguments])  # noqa: S606

"""When it is a run's turn: the day it is for, the late runs it stands in for, how long it waits for another."""

from __future__ import annotations

from datetime import UTC, date, datetime

from onrecord.pipeline.core.days import day_of

PATIENCE_SECONDS = 3600.0


def day(told: date | str | None, timezone: str) -> date:
    """The day that a run is for: the one told, else the day in `timezone` for which it was scheduled."""
    if told is not None:
        return told if isinstance(told, date) else date.fromisoformat(told)
    from prefect.runtime import flow_run

    return day_of(flow_run.scheduled_start_time or datetime.now(UTC), timezone)


def stand_in() -> int:
    """Call off the runs of the same deployment, with the same parameters, that are due by now as well; how many.

    Each of them would read what this one is about to read: what was due while nobody could run it is made up for
    once, not as often as it was due.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterDeploymentId,
        FlowRunFilterExpectedStartTime,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.runtime import deployment, flow_run
    from prefect.states import Cancelled

    if not deployment.id:
        return 0
    due = FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=[deployment.id]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=datetime.now(UTC)),
    )
    with get_client(sync_client=True) as client:
        own = client.read_flow_run(flow_run.id)
        same = [
            run
            for run in client.read_flow_runs(flow_run_filter=due)
            if run.id != own.id and run.parameters == own.parameters
        ]
        for run in same:
            reason = Cancelled(name="Skipped", message=f"made up for by '{own.name}'")
            client.set_flow_run_state(run.id, reason, force=True)
    return len(same)


def patience() -> float:
    """Seconds that a run waits for another to let go of the record: a deployment's an hour, a person's none."""
    from prefect.runtime import deployment

    return PATIENCE_SECONDS if deployment.id else 0.0

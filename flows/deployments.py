"""The flow on its schedule, and a server to watch it on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.settings import Settings

DEPLOYMENT = "daily"


def serve(settings: Settings, config: Path | None) -> None:
    """Serve the flow on the schedule of the settings until stopped; one run at a time.

    The server is the one of PREFECT_API_URL. Where that is not set Prefect would start a temporary server that
    forgets everything, so this says what to do instead, with exit code 2.
    """
    from flows.commands import USAGE, Exit

    if not os.environ.get("PREFECT_API_URL"):
        raise Exit(
            USAGE,
            "no Prefect server: start one with `onrecord ui`, then\n"
            "  PREFECT_API_URL=http://127.0.0.1:4200/api onrecord serve",
        )
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from flows.record import record

    schedule = settings.schedule
    print(
        f"serving '{record.name}/{DEPLOYMENT}' at '{schedule.cron}' {schedule.timezone}; Ctrl-C ends it"
    )
    record.serve(
        name=DEPLOYMENT,
        schedules=[Cron(schedule.cron, timezone=schedule.timezone)],
        parameters={
            "sources": list(settings.sources),
            "warehouse": str(settings.warehouse.resolve()),
            "config": str(config.resolve()) if config else None,
        },
        tags=["onrecord"],
        # A second run would only find the lock held; what is late is not made up for one by one.
        global_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        limit=1,
        # A file's path would put flows/ itself on the import path of the runs.
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
    )


def start_server(host: str, port: int) -> None:
    """Become a Prefect server with its UI; never returns."""
    address = f"http://{host}:{port}"
    os.environ.setdefault("PREFECT_UI_API_URL", f"{address}/api")
    print(f"The UI will be at {address}; the first start takes up to a minute. Ctrl-C ends it.")
    print(f"In another terminal: PREFECT_API_URL={address}/api onrecord run")
    sys.stdout.flush()
    arguments = ["server", "start", "--host", host, "--port", str(port)]
    os.execv(sys.executable, [sys.executable, "-m", "prefect", *arguments])  # noqa: S606

"""The flow on a real Prefect server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.support.command import ONRECORD, SAMPLES, environment


def ask(server: str, what: str) -> list[dict[str, Any]]:
    return httpx.post(f"{server}/{what}/filter", json={"limit": 200}).raise_for_status().json()


def test_a_served_run_publishes(tmp_path: Path, server: str) -> None:
    """`onrecord serve` registers the deployment with its schedule, and a run of it publishes."""
    home = tmp_path / "record"
    process = subprocess.Popen(
        [ONRECORD, "-w", str(home), "serve"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**environment(server), "ONRECORD_SOURCES": f'["{SAMPLES / "wire.jsonl"}"]'},
    )
    try:
        deployment = until(lambda: next(iter(ask(server, "deployments")), None))
        assert deployment["schedules"][0]["schedule"]["cron"] == "0 5 * * *"
        start = f"{server}/deployments/{deployment['id']}/create_flow_run"
        # A busy SQLite database may ask to be asked again.
        made = until(lambda: httpx.post(start, json={}), lambda told: told.is_success).json()
        ended = until(
            lambda: next(run for run in ask(server, "flow_runs") if run["id"] == made["id"])[
                "state"
            ],
            lambda state: state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"),
        )
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert ended["type"] == "COMPLETED", ended
    assert (home / "onrecord.duckdb").is_file()


def until(look: Callable[[], Any], well: Callable[[Any], bool] = bool, seconds: float = 180) -> Any:
    """What `look` gives once it is well."""
    deadline = time.monotonic() + seconds
    while not well(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.5)
    return seen

"""A real Prefect server on loopback, for as long as it is needed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from onrecord.flows.running.children import die_with_parent

START_SECONDS = 180
ANSWER_SECONDS = 120


@contextmanager
def prefect_server(home: Path, *, ui: bool = False) -> Iterator[str]:
    """A server with its database in `home`, with its UI or without; its API's address.

    It does not outlive this process.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/api"
    start = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    process = subprocess.Popen(
        start if ui else [*start, "--no-ui"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, os.getpid()),
        env={
            **os.environ,
            "PREFECT_HOME": str(home),
            "PREFECT_UI_API_URL": address,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "0",
        },
    )
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the Prefect server ended while it started"
        try:
            if httpx.get(f"{address}/health", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError("the Prefect server did not answer within three minutes")


def _request(verb: str, address: str, **how: Any) -> httpx.Response:
    """What a server answers. It may be slow, and may ask to be asked again: other tests take its cores."""
    answer: httpx.Response = until(
        lambda: httpx.request(verb, address, timeout=ANSWER_SECONDS, **how),
        lambda answer: answer.status_code != httpx.codes.SERVICE_UNAVAILABLE,
    )
    return answer


get, post = partial(_request, "GET"), partial(_request, "POST")
patch, delete = partial(_request, "PATCH"), partial(_request, "DELETE")


def ask(server: str, what: str, **filters: Any) -> list[dict[str, Any]]:
    """Up to 200 things of a kind that a server knows."""
    asked = {"limit": 200, **filters}
    answer = post(f"{server}/{what}/filter", json=asked)
    told: list[dict[str, Any]] = answer.raise_for_status().json()
    return told


def until(look: Callable[[], Any], well: Callable[[Any], bool] = bool, seconds: float = 180) -> Any:
    """What `look` gives once it is well."""
    deadline = time.monotonic() + seconds
    while not well(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.5)
    return seen


def run_of(server: str, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The deployment of that name, once it stands, and the state in which a run of it that is started here ends."""
    deployment = until(
        lambda: next((one for one in ask(server, "deployments") if one["name"] == name), None)
    )
    start = f"{server}/deployments/{deployment['id']}/create_flow_run"
    made = post(start, json={}).raise_for_status().json()
    ended = until(
        lambda: next(run for run in ask(server, "flow_runs") if run["id"] == made["id"])["state"],
        lambda state: state["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"),
    )
    return deployment, ended

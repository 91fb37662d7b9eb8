"""What a Prefect server shows of a run: names that say what was done to what, messages, artifacts."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.command import ONRECORD, SAMPLES, environment, onrecord


def ask(server: str, what: str) -> list[dict[str, Any]]:
    return httpx.post(f"{server}/{what}/filter", json={"limit": 200}).raise_for_status().json()


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, server: str) -> Path:
    """A record made under the eyes of the server, from one sample and a file that is none."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "news").mkdir()
    (folder / "news" / "wire.jsonl").write_bytes((SAMPLES / "wire.jsonl").read_bytes())
    (folder / "news" / "empty.txt").write_bytes(b"")
    onrecord("run", "news", warehouse=folder / "record", server=server, expect=3)
    return folder / "record"


def test_runs_read_like_sentences(watched: Path, server: str) -> None:
    """The flow run and its tasks are named after what they do, and the state says how it ended."""
    run = next(run for run in ask(server, "flow_runs") if run["name"] == "record news")
    assert run["state"]["type"] == "COMPLETED"
    assert run["state"]["message"].startswith("generation 1 published: ")
    assert run["state"]["message"].endswith(", 1 refused")
    names = {task["name"] for task in ask(server, "task_runs") if task["flow_run_id"] == run["id"]}
    assert {
        "read news",
        "clean batch 1 of 1",
        "build generation 1",
        "publish generation 1",
    } <= names
    assert {f"gate {stage}" for stage in ("ingest", "clean", "embed", "cluster", "load")} <= names


def test_artifacts_tell_and_quote_nothing(watched: Path, server: str) -> None:
    """Each stage has its counts and its gate; the refused are listed; no sentence of an article is in any."""
    artifacts = ask(server, "artifacts")
    keys = {artifact["key"] for artifact in artifacts}
    stages = ("ingest", "clean", "embed", "cluster", "load")
    assert {f"{stage}-counts" for stage in stages} | {f"{stage}-gate" for stage in stages} <= keys
    assert {"ingest-rejects", "record"} <= keys
    told = " ".join(str(artifact["data"]) for artifact in artifacts)
    assert "empty.txt" in told
    assert "nurses sleep" not in told
    assert (watched / "gates").is_dir()


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

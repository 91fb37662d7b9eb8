"""The flow on a real Prefect server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.command import ONRECORD, SAMPLES, environment, onrecord
from tests.support.server import ask, run_of
from tests.support.site import PAGE, Site


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
        deployment, ended = run_of(server, "daily")
        assert deployment["schedules"][0]["schedule"]["cron"] == "0 5 * * *"
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert ended["type"] == "COMPLETED", ended
    assert (home / "onrecord.duckdb").is_file()


def test_what_lets_people_in_is_used_and_told_to_nobody(tmp_path: Path, server: str) -> None:
    """A token in an address reaches the site it is for; Prefect and the ledger get to know the rest."""
    site = Site()
    site.lay("/lock", PAGE)
    fetch = {"allowed": True, "hosts": ["127.0.0.1"], "cache": str(tmp_path / "cache")}
    config = tmp_path / "c.yaml"
    config.write_text(json.dumps({"ingest": {"fetch": fetch}}), encoding="utf-8")
    address = f"http://127.0.0.1:{site.port}/lock"
    try:
        run = ("-c", str(config), "run", f"{address}?token=rosebud")
        done = onrecord(*run, warehouse=tmp_path / "record", server=server)
    finally:
        site.server.shutdown()
        site.server.server_close()
    assert site.paths() == ["/lock?token=rosebud"]
    runs = [told["parameters"].get("sources") for told in ask(server, "flow_runs")]
    assert [f"{address}?token=..."] in runs
    for kind in ("flow_runs", "task_runs", "artifacts", "logs"):
        assert "rosebud" not in json.dumps(ask(server, kind))
    ledger = (tmp_path / "record" / "runs").glob("*.json")
    assert all("rosebud" not in entry.read_text(encoding="utf-8") for entry in ledger)
    assert "rosebud" not in done.stdout + done.stderr

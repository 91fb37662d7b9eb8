"""`onrecord up` as an operator has it: server, schedules, worker, notifications, a cancelled run, an end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from onrecord.flows import turn
from onrecord.flows.serving import automations
from onrecord.pipeline.core.settings import NotifySettings, Settings
from onrecord.warehouse import ledger
from onrecord.warehouse.publishing import publish
from tests.support.command import ONRECORD, SAMPLES, onrecord
from tests.support.mail import MailServer
from tests.support.server import delete, get, patch, post, until

CONFIG = """
warehouse: record
sources: [news]
ingest: {batch_articles: 4}
schedule:
  daily: {cron: "0 5 * * *", timezone: Europe/Oslo}
  by-hand: {cron: null, sources: ["crawl/{date-1}"]}
notify: {late_minutes: 0}
"""


class Up:
    """A running `onrecord up`: its folder, its server's address, and what its webhook was told."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = folder, folder / "record"
        self.lines, self.told = list[str](), list[str]()
        self.hook = HTTPServer(("127.0.0.1", 0), self._handler())
        self.mail = MailServer()
        for heard in (self.hook, self.mail):
            threading.Thread(target=heard.serve_forever, daemon=True).start()
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.process = subprocess.Popen(
            [ONRECORD, "up", "--port", str(self.port)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**self.environment, **self.told_to},
        )

    @property
    def environment(self) -> dict[str, str]:
        """Of a machine on which nothing of Prefect is set up."""
        return {name: value for name, value in os.environ.items() if name != "PREFECT_HOME"}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.hook.server_address[1]}"

    @property
    def told_to(self) -> dict[str, str]:
        """The environment that says who is told."""
        return {
            automations.WEBHOOK: f"{self.address}/hush",
            automations.MAIL: f"{self.mail.address}&name=hush",
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        told = self.told

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.append(json.loads(body)["text"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Hook

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While the worker takes no run."""
        pool = f"{self.api}/work_pools/onrecord"
        patch(pool, json={"is_paused": True}).raise_for_status()
        yield
        patch(pool, json={"is_paused": False}).raise_for_status()

    def apply(self, notify: NotifySettings) -> None:
        """Make the automations of these settings, with the webhook."""
        settings = Settings().model_copy(update={"notify": notify})
        with pytest.MonkeyPatch.context() as patch, temporary_settings({PREFECT_API_URL: self.api}):
            for name, address in self.told_to.items():
                patch.setenv(name, address)
            automations.apply(settings)

    def ask(self, what: str, **body: Any) -> Any:
        return post(f"{self.api}/{what}", json=body).raise_for_status().json()

    def start(self, deployment: str, due: datetime | None = None, **parameters: Any) -> str:
        """Ask for a run of a deployment, as its UI does; its identity."""
        made = get(f"{self.api}/deployments/name/record/{deployment}").json()
        state = {"type": "SCHEDULED", "state_details": {"scheduled_time": str(due or "")}}
        body = {"parameters": parameters, **({"state": state} if due else {})}
        return self.ask(f"deployments/{made['id']}/create_flow_run", **body)["id"]

    def state(self, run: str) -> dict[str, Any]:
        return get(f"{self.api}/flow_runs/{run}").json()["state"]

    def ended(self, run: str) -> dict[str, Any]:
        ends = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
        return until(lambda: self.state(run), lambda state: state["type"] in ends)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("up")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "news").mkdir()
    (folder / "news" / "wire.jsonl").write_bytes((SAMPLES / "wire.jsonl").read_bytes())
    made = Up(folder)
    try:
        assert made.process.stdout is not None
        for line in made.process.stdout:
            made.lines.append(line)
            if "Ctrl-C ends" in line:
                break
        assert made.process.poll() is None, "".join(made.lines)
        yield made
    finally:
        if made.process.poll() is None:
            made.process.terminate()
            made.process.communicate(timeout=120)
        made.hook.shutdown()
        made.mail.shutdown()


def test_it_tells_what_is_up(up: Up) -> None:
    """The UI's address, each schedule with its next run; each a deployment with its zone, and one run at a time."""
    told = "".join(up.lines)
    assert f"http://127.0.0.1:{up.port}\n" in told
    assert "'0 5 * * *' Europe/Oslo, next" in told
    made = {each["name"]: each for each in up.ask("deployments/filter")}
    assert set(made) == {"daily", "by-hand"}
    assert made["daily"]["schedules"][0]["schedule"]["timezone"] == "Europe/Oslo"
    assert made["by-hand"]["schedules"] == []
    assert made["by-hand"]["parameters"]["sources"] == ["crawl/{date-1}"]
    described = made["daily"]["parameter_openapi_schema"]["properties"]
    assert all("description" in each for each in described.values())
    pool = get(f"{up.api}/work_pools/onrecord").json()
    assert (pool["type"], pool["concurrency_limit"], pool["status"]) == ("process", 1, "READY")
    assert get(f"http://127.0.0.1:{up.port}/", follow_redirects=True).status_code == 200


def test_the_pages_are_up(up: Up) -> None:
    """They say that there is no record yet, or show it; and where they are is told."""
    told = next(line for line in up.lines if line.startswith("Look at the record: "))
    shown = httpx.get(told.split()[-1])
    assert shown.status_code in (200, 503) and "OnRecord" in shown.text


def test_a_second_one_is_refused(up: Up) -> None:
    """It says where the first is, and leaves it alone."""
    done = subprocess.run(
        [ONRECORD, "up"], cwd=up.folder, capture_output=True, text=True, env=up.environment
    )
    assert done.returncode == 4
    assert f"http://127.0.0.1:{up.port}" in done.stderr


def test_another_record_does_not_take_its_place(up: Up, tmp_path: Path) -> None:
    """Schedules of one name are one deployment: whoever would serve another record under it is told."""
    done = onrecord("serve", warehouse=tmp_path / "other", server=up.api, expect=2)
    assert f"`daily` on this server is that of another record, {up.record}" in done.stderr
    made = {each["name"]: each for each in up.ask("deployments/filter")}
    assert made["daily"]["parameters"]["warehouse"] == str(up.record)


def test_late_runs_do_not_pile_up(up: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of those that are due calls the others off, since it reads what they would; and it alone runs."""
    with up.paused():
        due = datetime.now(UTC) - timedelta(hours=3)
        runs = [up.start("daily", due + timedelta(hours=hour)) for hour in range(3)]
        another = up.start("daily", due, sources=["elsewhere"])
        deployment = get(f"{up.api}/deployments/name/record/daily").json()["id"]
        # So Prefect tells a process which run it is.
        monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", deployment)
        monkeypatch.setenv("PREFECT__RUNTIME__FLOW_RUN__ID", runs[0])
        with temporary_settings({PREFECT_API_URL: up.api}):
            assert turn.stand_in() == 2
            assert turn.stand_in() == 0
        assert [up.state(run)["name"] for run in runs[1:]] == ["Skipped", "Skipped"]
        assert up.state(another)["type"] == "SCHEDULED"
        delete(f"{up.api}/flow_runs/{another}").raise_for_status()
    assert up.ended(runs[0])["type"] == "COMPLETED"
    assert publish.generation(up.record) == 1


def test_a_run_has_the_sources_of_its_day(up: Up) -> None:
    """`{date-1}` is the day before the one it was scheduled for; where that has nothing, webhook and mail tell so."""
    run = up.start("by-hand", datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert up.ended(run)["type"] == "FAILED"
    named = get(f"{up.api}/flow_runs/{run}").json()["name"]
    assert named == "record crawl/2026-02-28"
    text = until(lambda: next((text for text in up.told if "a run failed" in text), None))
    assert "record crawl/2026-02-28: Failed" in text
    assert "nothing usable" in text
    assert f"http://127.0.0.1:{up.port}/runs/flow-run/{run}" in text
    mail = until(lambda: next((text for text in up.mail.told if "a run failed" in text), None))
    assert "record crawl/2026-02-28: Failed" in mail


def test_the_addresses_of_webhook_and_mail_are_secrets(up: Up) -> None:
    """Nobody who asks the server is told it."""
    blocks = up.ask("block_documents/filter")
    assert sorted(block["block_type"]["slug"] for block in blocks) == [
        "custom-webhook",
        "slack-webhook",
    ]
    assert "hush" not in json.dumps([blocks, up.ask("automations/filter")])


def test_automations_are_made_once(up: Up) -> None:
    """Applied again they stand as they stood; one that was switched off stays off; what is not wanted goes."""
    made = {each["name"]: each for each in up.ask("automations/filter")}
    assert set(made) == {f"OnRecord: {each}" for each in ("failed", "crashed", "late", "zombie")}
    off = f"{up.api}/automations/{made['OnRecord: crashed']['id']}"
    patch(off, json={"enabled": False}).raise_for_status()
    before = {each["name"]: each["updated"] for each in up.ask("automations/filter")}
    up.apply(NotifySettings(late_minutes=0))
    after = {each["name"]: each for each in up.ask("automations/filter")}
    assert {name: each["updated"] for name, each in after.items()} == before
    assert not after["OnRecord: crashed"]["enabled"]
    patch(off, json={"enabled": True}).raise_for_status()
    told = subprocess.run(
        [ONRECORD, "automations"],
        cwd=up.folder,
        env={**up.environment, "PREFECT_API_URL": up.api},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.startswith("  OnRecord: zombie: ")
    for variable in (automations.WEBHOOK, automations.MAIL):
        assert f"no longer told: the address of {variable}" in told.stdout
    assert [each["name"] for each in up.ask("automations/filter")] == ["OnRecord: zombie"]
    assert up.ask("block_documents/filter") == []
    up.apply(NotifySettings(late_minutes=0))
    assert len(up.ask("automations/filter")) == 4


def test_late_and_dead_runs_are_told(up: Up) -> None:
    """A run that does not begin is told; one that falls silent is marked as crashed, and told."""
    up.apply(
        NotifySettings.model_construct(
            events=NotifySettings().events, block=None, late_minutes=0, silent_minutes=0.2
        )
    )
    with up.paused():
        _late_and_dead(up)
    up.apply(NotifySettings(late_minutes=0))


def _late_and_dead(up: Up) -> None:
    late = up.start("daily", datetime.now(UTC) - timedelta(minutes=1))
    flow = up.ask("flows/filter")[0]
    dead = up.ask("flow_runs/", flow_id=flow["id"], name="silent", state={"type": "RUNNING"})["id"]
    beat = {
        "id": str(uuid.uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": "prefect.flow-run.heartbeat",
        "resource": {"prefect.resource.id": f"prefect.flow-run.{dead}"},
        "related": [
            {
                "prefect.resource.id": f"prefect.flow.{flow['id']}",
                "prefect.resource.role": "flow",
                "prefect.resource.name": "record",
            }
        ],
    }
    post(f"{up.api}/events", json=[beat]).raise_for_status()
    until(lambda: any("has not begun" in text for text in up.told))
    assert up.ended(dead)["name"] == "Crashed"
    until(lambda: any("silent: Crashed" in text for text in up.told))
    delete(f"{up.api}/flow_runs/{late}").raise_for_status()


def test_a_cancelled_run_ends_between_batches(up: Up) -> None:
    """Cancel in the UI: what is published stays as it was, no batch is half, and the next run goes on from there."""
    (up.folder / "many").mkdir()
    with (up.folder / "many" / "a.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(320):
            text = f"“Pump {number} is mended,” said Ada Brandt, the warden of lock {number}."
            lines.write(json.dumps({"text": text, "outlet": "Lock News"}) + "\n")
    before = publish.generation(up.record)
    run = up.start("daily", sources=["many"])
    until(lambda: list((up.record / "work").glob("*/clean/batch-*.json")))
    post(
        f"{up.api}/flow_runs/{run}/set_state", json={"state": {"type": "CANCELLING"}}
    ).raise_for_status()
    assert up.ended(run)["type"] == "CANCELLED"
    entry = list(ledger.entries(up.record))[-1]
    assert (entry.status, publish.generation(up.record)) == ("stopped", before)
    parts = set((up.record / "work" / entry.run_id / "clean").glob("*.parquet"))
    assert parts
    assert not list((up.record / "work" / entry.run_id / "clean").glob("*.tmp"))
    onrecord("run", "many", warehouse=up.record, server=up.api)
    resumed = list(ledger.entries(up.record))[-1]
    assert (resumed.run_id, resumed.status) == (entry.run_id, "published")


def test_it_ends_without_orphans(up: Up) -> None:
    """SIGTERM ends server and worker, in this order of asking, with exit code 0 and nothing left behind."""
    children = psutil.Process(up.process.pid).children(recursive=True)
    assert len(children) >= 3
    os.kill(up.process.pid, signal.SIGTERM)
    told, _ = up.process.communicate(timeout=120)
    assert up.process.returncode == 0, told
    assert psutil.wait_procs(children, timeout=1)[1] == []
    assert not (up.record / "prefect" / "up.address").exists()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It says so before it starts anything, and names another."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [ONRECORD, "up", "--port", str(port)], cwd=tmp_path, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert "already in use" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "record" / "prefect" / "server.log").exists()


def test_a_server_that_does_not_start(tmp_path: Path) -> None:
    """Its last words are told, and nothing is left running."""
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    broken = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{tmp_path}/no/db"}
    done = subprocess.run(
        [ONRECORD, "up", "--port", str(free_port())],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, **broken},
        timeout=200,
    )
    assert done.returncode == 1
    assert "ended while it started" in done.stderr
    assert "unable to open database file" in done.stderr

"""What is seen of a run: in a real Prefect server, in the log, by a real OTLP collector, in the metrics."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.command import ONRECORD, SAMPLES, environment
from tests.support.server import ask, until

STAGES = ("ingest", "clean", "embed", "cluster", "load")
HOSTILE = "![x](evil.png)<img src=x> www.x.example.txt"
SAID = "nurses sleep"
"""Words of a sample: nothing but what is meant to quote may show them."""


class Watched(NamedTuple):
    """A run under the eyes of a server, a collector and a follower."""

    record: Path
    run: dict[str, Any]
    artifacts: dict[str, dict[str, Any]]
    spans: list[Any]
    followed: dict[str, Any]


@pytest.fixture(scope="module")
def collector() -> Iterator[tuple[str, list[Any]]]:
    """An OTLP collector on loopback: its address, and the spans that it gets."""
    spans: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                spans.extend(span for scope in resource.scope_spans for span in scope.spans)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", spans
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def watched(
    tmp_path_factory: pytest.TempPathFactory, server: str, collector: tuple[str, list[Any]]
) -> Watched:
    """A run over samples and files that are none, with a flow of the documentation that follows its record."""
    folder = tmp_path_factory.mktemp("watched")
    news, record = folder / "watched", folder / "record"
    news.mkdir()
    (news / "daily.jsonl").write_bytes((SAMPLES / "daily-beacon.jsonl").read_bytes())
    (news / "wire.jsonl").write_bytes((SAMPLES / "wire.jsonl").read_bytes())
    (news / HOSTILE).write_bytes(b"")
    address, spans = collector
    with following(folder, record, server) as deployment:
        done = subprocess.run(
            [ONRECORD, "-w", "record", "run", "watched"],
            cwd=folder,
            env={
                **environment(server),
                "ONRECORD_LOGS__FORMAT": "json",
                "ONRECORD_LOGS__LEVEL": "debug",
                "ONRECORD_METRICS__FILE": str(folder / "onrecord.prom"),
                "ONRECORD_TRACES__ENDPOINT": address,
            },
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 3, done.stdout + done.stderr
        followed = until(
            lambda: next(
                (
                    run
                    for run in ask(server, "flow_runs")
                    if run["deployment_id"] == deployment and run["state_type"] == "COMPLETED"
                ),
                None,
            )
        )
    run = next(run for run in ask(server, "flow_runs") if run["name"] == "record watched")
    artifacts = {
        artifact["key"]: artifact
        for artifact in ask(server, "artifacts", flow_runs={"id": {"any_": [run["id"]]}})
    }
    return Watched(record, run, artifacts, spans, followed)


@contextmanager
def following(folder: Path, record: Path, server: str) -> Iterator[str]:
    """The example of docs/operations.md, served while the block runs; the id of its deployment."""
    docs = (SAMPLES.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", docs, re.DOTALL)
    [example] = [code for code in examples if "DeploymentEventTrigger" in code]
    (folder / "follower.py").write_text(example.replace("/data/record", str(record.resolve())))
    process = subprocess.Popen(
        [sys.executable, "follower.py"],
        cwd=folder,
        env=environment(server),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    named = {"deployments": {"name": {"any_": ["after-each-generation"]}}}
    try:
        yield until(lambda: ask(server, "deployments", **named))[0]["id"]
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_runs_read_like_sentences(watched: Watched, server: str) -> None:
    """Flow run and tasks are named after what they do; their states say what came of it; tags find them again."""
    state = watched.run["state"]
    assert state["type"] == "COMPLETED"
    assert re.fullmatch(r"generation 1 published: \d+ new quotations, 1 refused", state["message"])
    assert {"onrecord", "source: watched", "warehouse: record"} <= set(watched.run["tags"])
    tasks = ask(server, "task_runs", flow_runs={"id": {"any_": [watched.run["id"]]}})
    told = {task["name"]: task["state"]["message"] for task in tasks}
    assert re.fullmatch(r"\d+ items: \d+ articles, 1 refused", told["read watched"])
    assert re.fullmatch(r"\d+ articles: \d+ quotations", told["clean batch 1 of 1"])
    assert {"build generation 1", "publish generation 1"} <= set(told)
    for stage in STAGES:
        assert re.fullmatch(r"(\d+) of \1 rules held", told[f"gate {stage}"])


def test_artifacts_show_all_of_it(watched: Watched) -> None:
    """A bar that is full for each stage, a table for each gate, the refused, the news, and the run at a glance."""
    keys = {f"{stage}-{kind}" for stage in STAGES for kind in ("progress", "gate")}
    assert set(watched.artifacts) == keys | {"ingest-refused", "news", "record"}
    assert {watched.artifacts[f"{stage}-progress"]["data"] for stage in STAGES} == {100.0}
    glance = watched.artifacts["record"]["data"]
    for stage in STAGES:
        assert f"](./{watched.artifacts[f'{stage}-gate']['id']})" in glance
    assert f"[What is new](./{watched.artifacts['news']['id']})" in glance
    assert glance.count("](data:image/svg+xml;base64,") == 2


def test_only_the_news_quote(watched: Watched) -> None:
    """Statements stand by the number of outlets; no other artifact holds a sentence of an article."""
    news = watched.artifacts["news"]["data"]
    assert SAID in news
    outlets = [int(count) for count in re.findall(r"\*\*, (\d+) outlets?", news)]
    assert outlets == sorted(outlets, reverse=True)
    assert outlets[0] > 1
    told = {key: str(made["data"]) for key, made in watched.artifacts.items() if key != "news"}
    assert [key for key, data in told.items() if SAID in data] == []


def test_a_name_of_a_file_is_words_only(watched: Watched) -> None:
    refused = watched.artifacts["ingest-refused"]["data"]
    assert r"\!\[x\]\(evil\.png\)\<img src\=x\>" in refused
    assert not re.search(r"(?<!\\)[<\[]", refused)


def test_another_flow_follows(watched: Watched) -> None:
    """The documented trigger ran the documented flow after the generation was published, with what it needs."""
    assert watched.followed["parameters"]["generation"] in (1, "1")
    assert Path(watched.followed["parameters"]["file"]) == watched.record / "onrecord.duckdb"


def test_the_log_has_every_boundary_and_no_article(watched: Watched) -> None:
    told = (watched.record / "logs" / "onrecord.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in told.splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("run started", "run ended")
    assert [line["stage"] for line in lines if line["event"] == "stage ended"] == list(STAGES)
    assert [line["stage"] for line in lines if line["event"] == "gate ended"] == list(STAGES)
    assert {
        line["batch"] for line in lines if line["event"] == "batch ended" and "batch" in line
    } == {0}
    assert len({line["run"] for line in lines}) == 1
    assert [line["source"] for line in lines if line["event"] == "refused one"] == [HOSTILE]
    assert SAID not in told


def test_the_log_is_in_the_ui_too(watched: Watched, server: str) -> None:
    logs = {"flow_run_id": {"any_": [watched.run["id"]]}}
    told = [log["message"] for log in ask(server, "logs", logs=logs)]
    assert [message for message in told if message.startswith("stage ended stage=cluster")]


def test_spans_make_one_tree(watched: Watched) -> None:
    """Run, stages and tasks: one trace, one root, counts on the stages."""
    spans = {span.span_id: span for span in watched.spans}
    assert len({span.trace_id for span in spans.values()}) == 1
    [root] = [span for span in spans.values() if not span.parent_span_id]
    assert root.name == "run"
    named = {span.name: span for span in spans.values()}
    assert {*STAGES, "clean batch 1 of 1", "gate clean", "publish generation 1"} <= set(named)
    assert spans[named["clean batch 1 of 1"].parent_span_id].name == "clean"
    counts = {entry.key: entry.value.int_value for entry in named["clean"].attributes}
    assert counts["onrecord.made"] > counts["onrecord.taken"] > 0


def test_the_metrics_are_written(watched: Watched) -> None:
    told = (watched.record.parent / "onrecord.prom").read_text(encoding="utf-8")
    assert 'onrecord_runs_total{status="published"} 1.0' in told
    assert 'onrecord_refused_total{stage="ingest"} 1.0' in told

"""Nodes, store and flow fail at any moment of clean and embed; the record is what one machine makes of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from onrecord.flows.running.children import die_with_parent
from onrecord.pipeline.core.stores import Store
from tests.cluster.conftest import ROUNDS, Bucket, written
from tests.cluster.raylets import Raylets
from tests.cluster.tables import tables
from tests.support.command import ONRECORD, onrecord

SECONDS = 280
every_round = pytest.mark.parametrize("number", range(ROUNDS))
Tables = dict[str, tuple[int, int]]


def started(config: str, news: Path, record: Path, server: str) -> subprocess.Popen[str]:
    """A run, under way."""
    return subprocess.Popen(
        [ONRECORD, "--warehouse", str(record), "--config", config, "run", "-q", str(news)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=record.parent,
        env={**os.environ, "PREFECT_API_URL": server},
        preexec_fn=partial(die_with_parent, os.getpid()),
    )


def wait_for(what: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    """Until something is so, or the run has ended before."""
    deadline = time.monotonic() + SECONDS
    while not what():
        assert run.poll() is None, run.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ended(run: subprocess.Popen[str], code: int = 0) -> str:
    """What a run printed, which must have ended with this code."""
    told = run.communicate(timeout=SECONDS)[0]
    assert run.returncode == code, told
    return told


def begun(stage: str, number: int) -> tuple[str, int]:
    """When a fault is made: as the stage's parts begin to stand, a few more of them each round."""
    if stage == "embed":
        # Its one part is worked at as soon as clean is whole; the manifest tells.
        return "clean/manifest.json", 1
    return "/clean/batch-", 1 + number % 6


@every_round
@pytest.mark.parametrize("stage", ["clean", "embed"])
def test_a_killed_node_loses_no_batch(
    stage: str,
    number: int,
    tmp_path: Path,
    news: Path,
    server: str,
    config: str,
    store: Store,
    raylets: Raylets,
    alone: Tables,
) -> None:
    mark, count = begun(stage, number)
    run = started(config, news, tmp_path / "record", server)
    wait_for(lambda: sum(mark in name for name in store.names()) >= count, run)
    time.sleep(random.Random(number).random())
    raylets.others()[0].kill()
    ended(run)
    assert tables(tmp_path / "record") == alone
    assert store.names() == []


@every_round
@pytest.mark.parametrize("stage", ["clean", "embed"])
def test_a_killed_flow_is_finished_by_the_next_run(
    stage: str,
    number: int,
    tmp_path: Path,
    news: Path,
    server: str,
    config: str,
    store: Store,
    alone: Tables,
) -> None:
    mark, count = begun(stage, number)
    run = started(config, news, tmp_path / "record", server)
    wait_for(lambda: sum(mark in name for name in store.names()) >= count, run)
    time.sleep(random.Random(number).random() / 2)
    run.kill()
    run.communicate()
    left = {name: store.get(name) for name in store.names() if "/batch-" in name}
    onrecord("--config", config, "run", str(news), warehouse=tmp_path / "record", server=server)
    assert tables(tmp_path / "record") == alone
    assert left, "nothing was left for the next run to go on from"
    assert store.names() == []


@every_round
def test_a_store_that_refuses_for_a_while_is_waited_for(
    number: int,
    tmp_path: Path,
    news: Path,
    server: str,
    config: str,
    store: Store,
    bucket: Bucket,
    alone: Tables,
) -> None:
    mark, count = begun(("clean", "embed")[number % 2], number)
    run = started(config, news, tmp_path / "record", server)
    wait_for(lambda: sum(mark in name for name in store.names()) >= count, run)
    bucket.switch("refusing")
    time.sleep(20)
    assert run.poll() is None
    bucket.switch("refusing", None)
    ended(run)
    assert tables(tmp_path / "record") == alone


@pytest.mark.parametrize(
    ("fault", "told", "words"),
    [
        ("read-only", "", "AccessDenied"),
        ("full", "", "make room in the bucket"),
        ("region", "eu-central-1", "set AWS_REGION"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_before_any_work(
    fault: str,
    told: str,
    words: str,
    tmp_path: Path,
    news: Path,
    server: str,
    config: str,
    store: Store,
    bucket: Bucket,
) -> None:
    bucket.switch(fault, told)
    done = started(config, news, tmp_path / "record", server)
    assert words in ended(done, 2)
    assert not (tmp_path / "record" / "runs").exists()


def test_a_cluster_that_cannot_be_used_is_told_before_any_work(
    tmp_path: Path, news: Path, server: str, bucket: Bucket
) -> None:
    nobody = written(
        tmp_path / "config.yaml",
        workers={"engine": "ray", "address": "127.0.0.1:1"},
        parts={"at": bucket.address},
    )
    told = ended(started(nobody, news, tmp_path / "record", server), 2)
    assert "no Ray cluster at 127.0.0.1:1" in told
    assert not (tmp_path / "record" / "runs").exists()


def test_ctrl_c_ends_the_run_and_what_it_had_under_way(
    tmp_path: Path, news: Path, server: str, config: str, store: Store, alone: Tables
) -> None:
    run = started(config, news, tmp_path / "record", server)
    wait_for(lambda: sum("/clean/batch-" in name for name in store.names()) >= 1, run)
    asked = time.monotonic()
    run.send_signal(2)
    ended(run, 130)
    assert time.monotonic() - asked < 15
    onrecord("--config", config, "run", str(news), warehouse=tmp_path / "record", server=server)
    assert tables(tmp_path / "record") == alone


def test_nothing_of_the_cluster_is_imported_without_it() -> None:
    script = (
        "import sys, onrecord.flows.record, onrecord.pipeline.stages.steps\n"
        "print(sorted({'ray', 'obstore', 'moto'} & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

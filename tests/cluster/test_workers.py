"""Nodes, store and flow fail at any moment of clean and embed; the record is what one machine makes of it."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.pipeline.core.stores import Store
from tests.cluster.conftest import ROUNDS, Bucket, written
from tests.cluster.raylets import Raylets
from tests.cluster.tables import tables
from tests.support import warmed
from tests.support.command import onrecord

SECONDS = 280
every_round = pytest.mark.parametrize("number", range(ROUNDS))
Tables = dict[str, tuple[int, int]]


class Running:
    """A run under way, forked from a process that has imported what others wrote."""

    def __init__(
        self, config: str, news: Path, record: Path, server: str, *, named: str = ""
    ) -> None:
        told = ["--warehouse", named or str(record), "--config", config]
        command = [*told, "run", "-q", str(news)]
        self._told = record.parent / "told"
        environment = {**os.environ, "PREFECT_API_URL": server}
        self.process = warmed.onrecord(
            command, record.parent, environment, (self._told, self._told)
        )

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Until something is so, which must be before the run has ended."""
        deadline = time.monotonic() + SECONDS
        while not what():
            assert self.process.is_alive(), self._told.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def killed(self) -> None:
        """Killed, as by nobody who asks."""
        self.process.kill()
        self.process.join()

    def ended(self, code: int = 0) -> str:
        """What it printed; it must have ended with this code."""
        self.process.join(SECONDS)
        told = self._told.read_text()
        assert self.process.exitcode == code, told
        return told


def begun(store: Store, stage: str, number: int) -> bool:
    """Whether a stage is so far that a fault may come: a few more batches each round."""
    names = store.names()
    if stage == "embed":
        return any(name.endswith("/clean/manifest.json") for name in names)
    return sum("/clean/batch-" in name for name in names) >= 1 + number % 5


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
    run = Running(config, news, tmp_path / "record", server)
    run.wait_for(lambda: begun(store, stage, number))
    run.wait_for(lambda: bool(raylets.at_work()))
    random.Random(number).choice(raylets.at_work() or raylets.others()).kill()
    run.ended()
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
    raylets: Raylets,
    alone: Tables,
) -> None:
    run = Running(config, news, tmp_path / "record", server)
    run.wait_for(lambda: begun(store, stage, number))
    run.wait_for(lambda: bool(raylets.at_work()))
    run.killed()
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
    run = Running(config, news, tmp_path / "record", server)
    run.wait_for(lambda: begun(store, ("clean", "embed")[number % 2], number))
    bucket.switch("refusing")
    time.sleep(20)
    assert run.process.is_alive()
    bucket.switch("refusing", None)
    run.ended()
    assert tables(tmp_path / "record") == alone


def test_nodes_that_see_the_records_folder_need_no_store(
    tmp_path: Path, news: Path, server: str, raylets: Raylets, alone: Tables
) -> None:
    workers = {"engine": "ray", "address": raylets.address}
    config = written(tmp_path / "config.yaml", workers=workers)
    # Workers have another working directory than whoever names the record from theirs.
    Running(config, news, tmp_path / "record", server, named="record").ended()
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
    assert words in Running(config, news, tmp_path / "record", server).ended(2)
    assert not (tmp_path / "record" / "runs").exists()


def test_a_cluster_that_cannot_be_used_is_told_before_any_work(
    tmp_path: Path, news: Path, server: str, bucket: Bucket
) -> None:
    nobody = written(
        tmp_path / "config.yaml",
        workers={"engine": "ray", "address": "127.0.0.1:1"},
        parts={"at": bucket.address},
    )
    told = Running(nobody, news, tmp_path / "record", server).ended(2)
    assert "no Ray cluster at 127.0.0.1:1" in told
    assert not (tmp_path / "record" / "runs").exists()


def test_ctrl_c_ends_the_run_and_what_it_had_under_way(
    tmp_path: Path, news: Path, server: str, config: str, store: Store, alone: Tables
) -> None:
    run = Running(config, news, tmp_path / "record", server)
    run.wait_for(lambda: any("/clean/batch-" in name for name in store.names()))
    asked = time.monotonic()
    os.kill(run.process.pid or 0, signal.SIGINT)
    run.ended(130)
    assert time.monotonic() - asked < 15
    onrecord("--config", config, "run", str(news), warehouse=tmp_path / "record", server=server)
    assert tables(tmp_path / "record") == alone

"""Nodes and a store beside a record of one machine: what they make, and how a run with them is ended."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from onrecord.pipeline.core.stores import Store
from tests.cluster.conftest import written
from tests.cluster.raylets import Raylets
from tests.cluster.running import Running
from tests.cluster.tables import Tables, tables
from tests.support.command import onrecord


def test_nodes_that_see_the_records_folder_need_no_store(
    tmp_path: Path, news: Path, server: str, raylets: Raylets, alone: Tables
) -> None:
    workers = {"engine": "ray", "address": raylets.address}
    config = written(tmp_path / "config.yaml", workers=workers)
    # Workers have another working directory than whoever names the record from theirs.
    Running(config, news, tmp_path / "record", server, named="record").ended()
    assert tables(tmp_path / "record") == alone


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

"""Nodes, S3 and a lake together make of two days what one machine makes of them: every table after each.

`ARTICLES="300 30"` says how many the two days have.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from onrecord.pipeline.core.stores import Store
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.lake import faces, keeping
from onrecord.warehouse.lake.catalog import Lake
from tests.bench import corpus
from tests.cluster.conftest import written
from tests.cluster.lakes import settings
from tests.cluster.tables import tables
from tests.support.command import onrecord

FIRST, MORE = map(int, os.environ.get("ARTICLES", "24 6").split())


def test_two_days_are_those_of_one_machine(
    everything: Callable[[Path], tuple[str, Lake]], store: Store, tmp_path: Path, server: str
) -> None:
    beyond, lake = everything(tmp_path)
    alone = written(tmp_path / "alone.yaml")
    one, many = tmp_path / "one", tmp_path / "many"
    for day, (count, first) in enumerate(((FIRST, 0), (MORE, FIRST)), start=1):
        news = tmp_path / f"day-{day}.jsonl"
        corpus.write(news, count, first=first)
        for config, home in ((alone, one), (beyond, many)):
            begun = time.monotonic()
            onrecord("-c", config, "run", "-q", str(news), warehouse=home, server=server)
            print(f"day {day} in {home.name}: {time.monotonic() - begun:.0f} s", flush=True)
        here, there = tables(one), tables(many)
        assert there == here
        assert here["quotations"][0] > 5 * FIRST
        assert keeping.differences(lake, many) == []
        print(f"day {day}: {len(here)} tables equal, {here['quotations'][0]} quotations")
    assert verify(many) == [] and store.names() == []
    assert keeping.status(lake)["generation"].to_list() == [1, 2]
    face = tmp_path / "face"
    faces.bring_up(lake, settings(lake), face)
    assert tables(face) == tables(one) and verify(face) == []

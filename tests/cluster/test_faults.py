"""All that there is beyond one machine at once (nodes, S3, a lake), and each part of it broken at any moment of a run.

The record is what one machine makes of the same articles: every table to the last digit, in the file and in the lake.
`ROUNDS=5` breaks each of the eight five times, at instants that the number of the round decides.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.stores import Store
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.lake import keeping
from onrecord.warehouse.lake.catalog import Lake
from onrecord.warehouse.lake.session import Session
from onrecord.warehouse.publishing import publish
from tests.cluster.bucket import Bucket
from tests.cluster.conftest import ROUNDS
from tests.cluster.postgres import Postgres
from tests.cluster.raylets import Raylets
from tests.cluster.running import Running
from tests.cluster.tables import Tables, tables
from tests.support.command import onrecord

_COMMITTED = "SELECT count(*) FROM ducklake_snapshot_changes WHERE author = 'onrecord'"


class Room(NamedTuple):
    """A run under way, what may be broken, and chance."""

    run: Running
    record: Path
    number: int
    chance: Random
    bucket: Bucket
    raylets: Raylets
    postgres: Postgres
    parts: Store
    lake: Lake
    files: int
    """How many files a commit of these articles writes."""


def in_clean(room: Room) -> str:
    """Some batches of eight are done."""
    many = room.chance.randint(1, 6)
    room.run.wait_for(lambda: batches_cleaned(room.parts) >= many)
    return f"{many} batches of 8 cleaned"


def in_embed(room: Room) -> str:
    """Clean is done, and nodes are at work again."""
    room.run.wait_for(lambda: any("clean/manifest" in name for name in room.parts.names()))
    room.run.wait_for(lambda: bool(room.raylets.workers()))
    return "workers embed"


def in_load(room: Room) -> str:
    """The next generation is being built."""
    room.run.wait_for(lambda: any((room.record / "work").glob(f"*/{publish.FILE}")))
    return "generation being built"


def in_commit(room: Room) -> str:
    """Some of the lake's files are written."""
    many = room.chance.randint(1, room.files)
    room.run.wait_for(lambda: len(Store(room.lake.data).names()) >= many, every=0.005)
    return f"{many} of {room.files} files written"


def in_publish(room: Room) -> str:
    """Every third time: the lake has it, the file is not in its place yet."""
    if room.number % 3 != 2:
        return in_commit(room)
    with_session = Session(room.lake)
    room.run.wait_for(lambda: is_committed(with_session), every=0.001)
    with_session.close()
    return "committed"


def batches_cleaned(parts: Store) -> int:
    """How many batches of clean are done."""
    return sum("/clean/batch-" in name for name in parts.names())


def is_committed(session: Session) -> bool:
    """Whether a lake holds a generation."""
    with suppress(NotReady):
        return bool(session.ask(_COMMITTED))
    return False


def kill_node(room: Room) -> None:
    """A raylet is gone, and with it the worker that was at a batch."""
    room.run.wait_for(lambda: bool(room.raylets.at_work()), every=0.01)
    room.raylets.at_work()[0].kill()


def kill_worker(room: Room) -> None:
    """A worker is gone, as by a machine that is out of memory."""
    room.run.wait_for(lambda: bool(room.raylets.workers()), every=0.01)
    room.chance.choice(room.raylets.workers()).kill()


def kill_flow(room: Room) -> None:
    """The run itself is gone."""
    room.run.killed()


def restart_postgres(room: Room) -> None:
    """The catalog is gone as with its machine, and comes back."""
    room.postgres.stop()
    time.sleep(room.chance.uniform(0.2, 8))
    room.postgres.start()


def refuse(room: Room) -> None:
    """S3 answers with 503 for 20 seconds."""
    room.bucket.switch("refusing")
    time.sleep(20)
    assert room.run.process.is_alive()
    room.bucket.switch("refusing", None)


class Fault(NamedTuple):
    """What is broken, and at which moments, one a round."""

    broken: Callable[[Room], None]
    moments: tuple[Callable[[Room], str], ...]


FAULTS = {
    "node in clean": Fault(kill_node, (in_clean,)),
    "node in embed": Fault(kill_node, (in_embed,)),
    "worker": Fault(kill_worker, (in_clean, in_embed)),
    "flow in clean": Fault(kill_flow, (in_clean,)),
    "flow in embed": Fault(kill_flow, (in_embed,)),
    "flow in publish": Fault(kill_flow, (in_publish,)),
    "Postgres": Fault(restart_postgres, (in_commit, in_load)),
    "S3": Fault(refuse, (in_clean, in_commit, in_embed)),
}


@pytest.fixture(scope="session")
def files(
    tmp_path_factory: pytest.TempPathFactory,
    news: Path,
    server: str,
    everything: Callable[[Path], tuple[str, Lake]],
    alone: Tables,
) -> int:
    """How many files a commit of these articles writes, of a run that nothing befalls."""
    home = tmp_path_factory.mktemp("whole")
    config, lake = everything(home)
    onrecord("--config", config, "run", str(news), warehouse=home / "record", server=server)
    assert tables(home / "record") == alone
    return len(Store(lake.data).names())


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_lost_and_nothing_doubled(
    name: str,
    number: int,
    tmp_path: Path,
    news: Path,
    server: str,
    everything: Callable[[Path], tuple[str, Lake]],
    bucket: Bucket,
    raylets: Raylets,
    postgres: Postgres,
    store: Store,
    alone: Tables,
    files: int,
) -> None:
    fault, record = FAULTS[name], tmp_path / "record"
    config, lake = everything(tmp_path)
    run = Running(config, news, record, server)
    begun, chance = time.monotonic(), Random(f"{name} {number}")
    room = Room(run, record, number, chance, bucket, raylets, postgres, store, lake, files)
    moment = fault.moments[number % len(fault.moments)](room)
    if moment != "committed":
        time.sleep(chance.uniform(0, 0.2))
    fault.broken(room)
    if fault.broken is kill_flow:
        onrecord("--config", config, "run", str(news), warehouse=record, server=server)
    else:
        run.ended()
    print(f"{name}, {number}: {moment}: {time.monotonic() - begun:.0f} s", flush=True)
    assert tables(record) == alone
    assert verify(record) == []
    assert keeping.status(lake)["generation"].to_list() == [1]
    assert keeping.differences(lake, record) == []
    assert store.names() == [], "parts are gone with their run"
    keeping.clean(lake, young=True)
    assert keeping.differences(lake, record) == []

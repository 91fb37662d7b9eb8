"""What the cluster's tests stand on: S3, Postgres, two raylets, and what one machine makes of the same articles."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest
import yaml

from onrecord.flows.running.children import die_with_parent
from onrecord.pipeline.core.stores import Store
from onrecord.warehouse.lake.catalog import Lake
from tests.bench import corpus
from tests.cluster.postgres import Postgres
from tests.cluster.raylets import Raylets
from tests.cluster.tables import tables
from tests.support.command import onrecord

ROUNDS = int(os.environ.get("ROUNDS", "1"))
"""How often each fault is made, each time at another instant."""


class Bucket:
    """A bucket of a real S3 server, whose faults are files in a folder (see `s3`)."""

    def __init__(self, address: str, switches: Path) -> None:
        self.address, self.switches = address, switches

    def switch(self, fault: str, told: str | None = "") -> None:
        """Begin a fault, or end it with None."""
        if told is None:
            (self.switches / fault).unlink(missing_ok=True)
        else:
            (self.switches / fault).write_text(told)


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """An S3 server with one bucket; the environment names it from here on, for raylets too."""
    switches = tmp_path_factory.mktemp("switches")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.s3", str(port), str(switches)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, os.getpid()),
        cwd=Path(__file__).parents[2],
    )
    endpoint = f"http://127.0.0.1:{port}"
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_REGION="us-east-1",
    )
    try:
        _made(f"{endpoint}/onrecord")
        yield Bucket("s3://onrecord/parts", switches)
    finally:
        server.kill()
        server.wait()


def _made(bucket: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            httpx.put(bucket, timeout=10).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "the S3 server did not come up"
            time.sleep(0.2)


_lakes = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A Postgres that runs. It is another user's, who may not look into pytest's folders."""
    folder = Path(tempfile.mkdtemp(prefix="onrecord-postgres-"))
    server = Postgres(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def lake(postgres: Postgres, tmp_path: Path) -> Lake:
    """A lake that is not made yet."""
    return Lake(postgres.create(f"lake{next(_lakes)}"), str(tmp_path / "lake"))


@pytest.fixture(scope="session")
def raylets(bucket: Bucket) -> Iterator[Raylets]:
    """Two nodes."""
    cluster = Raylets({})
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some invented articles."""
    file = tmp_path_factory.mktemp("news") / "news.jsonl"
    corpus.write(file, 24)
    return file


@pytest.fixture(scope="session")
def alone(
    tmp_path_factory: pytest.TempPathFactory, news: Path, server: str
) -> dict[str, tuple[int, int]]:
    """The tables that one machine makes of them."""
    home = tmp_path_factory.mktemp("alone")
    config = written(home / "config.yaml")
    onrecord("--config", config, "run", str(news), warehouse=home / "record", server=server)
    return tables(home / "record")


@pytest.fixture
def config(tmp_path: Path, bucket: Bucket, raylets: Raylets) -> str:
    """A config.yaml with the cluster as workers, and the bucket for parts."""
    if not raylets.others():
        raylets.add()
    workers = {"engine": "ray", "address": raylets.address}
    return written(tmp_path / "config.yaml", workers=workers, parts={"at": bucket.address})


@pytest.fixture
def store(bucket: Bucket) -> Iterator[Store]:
    """What lies in the bucket: nothing before, and nothing may be left."""
    place = Store(bucket.address)
    place.remove()
    yield place
    for fault in ("refusing", "full", "read-only", "region"):
        bucket.switch(fault, None)


def written(file: Path, **sections: object) -> str:
    """A config.yaml with small batches and these sections."""
    file.write_text(yaml.safe_dump({"ingest": {"batch_articles": 3}, **sections}))
    return str(file)

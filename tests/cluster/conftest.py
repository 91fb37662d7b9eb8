"""What the cluster's tests stand on: S3, Postgres, a Ray cluster, and what one machine makes of the same articles."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import yaml

from onrecord.pipeline.core.stores import Store
from onrecord.warehouse.lake.catalog import Lake
from tests.bench import corpus
from tests.cluster.bucket import Bucket, serving
from tests.cluster.postgres import Postgres
from tests.cluster.raylets import Raylets
from tests.cluster.tables import Tables, tables
from tests.support.command import onrecord

ROUNDS = int(os.environ.get("ROUNDS", "1"))
"""How often each fault is made, each time at another instant."""


@pytest.fixture(scope="session")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """An S3 server with one bucket; the environment names it from here on, for raylets too."""
    with serving(tmp_path_factory.mktemp("switches")) as bucket:
        yield bucket


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
    """Two nodes, and a head that keeps batches off itself, as docs/cluster.md starts it."""
    cluster = Raylets({}, nodes=3, is_idle_head=True)
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
def alone(tmp_path_factory: pytest.TempPathFactory, news: Path, server: str) -> Tables:
    """The tables that one machine makes of them."""
    home = tmp_path_factory.mktemp("alone")
    config = written(home / "config.yaml")
    onrecord("--config", config, "run", str(news), warehouse=home / "record", server=server)
    return tables(home / "record")


@pytest.fixture
def config(tmp_path: Path, bucket: Bucket, raylets: Raylets) -> str:
    """A config.yaml with the cluster as workers, and the bucket for parts."""
    raylets.fill(2)
    workers = {"engine": "ray", "address": raylets.address}
    return written(tmp_path / "config.yaml", workers=workers, parts={"at": bucket.address})


@pytest.fixture(scope="session")
def everything(
    bucket: Bucket, raylets: Raylets, postgres: Postgres
) -> Callable[[Path], tuple[str, Lake]]:
    """Makes a config.yaml in a folder with nodes as workers, parts on S3, and a lake of its own; that lake."""

    def made(folder: Path) -> tuple[str, Lake]:
        raylets.fill(2)
        name = f"lake{next(_lakes)}"
        lake = Lake(postgres.create(name), f"s3://onrecord/{name}")
        config = written(
            folder / "config.yaml",
            workers={"engine": "ray", "address": raylets.address},
            parts={"at": bucket.address},
            publish={"store": "ducklake", "catalog": lake.catalog, "data": lake.data},
        )
        return config, lake

    return made


@pytest.fixture
def store(bucket: Bucket) -> Iterator[Store]:
    """What lies in the bucket: nothing before, and nothing may be left."""
    place = Store(bucket.address)
    place.remove()
    yield place
    bucket.heal()


def written(file: Path, **sections: object) -> str:
    """A config.yaml with small batches and these sections."""
    file.write_text(yaml.safe_dump({"ingest": {"batch_articles": 3}, **sections}))
    return str(file)

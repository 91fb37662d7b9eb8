"""A published record of the invented articles, built once for the tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.warehouse.asking.apart import Apart
from onrecord.warehouse.publishing import building, publish
from tests.support import record


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published generation."""
    home = tmp_path_factory.mktemp("record")
    candidate = building.build(home, record.tables(), run_id=record.RUN)
    publish.publish(home, candidate, 3)
    return home


@pytest.fixture(scope="session")
def repeating(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a later article, in which the mayor says again what she said before."""
    home = tmp_path_factory.mktemp("repeating")
    candidate = building.build(home, record.tables(articles=record.REPEATING), run_id=record.RUN)
    publish.publish(home, candidate, 3)
    return home


@pytest.fixture
def home(repeating: Path, tmp_path: Path) -> Path:
    """A copy of the record, to be changed."""
    return shutil.copytree(repeating, tmp_path / "record")


@pytest.fixture(scope="session")
def apart() -> Iterator[Apart]:
    """Who answers SQL in processes of their own."""
    made = Apart()
    yield made
    made.close()

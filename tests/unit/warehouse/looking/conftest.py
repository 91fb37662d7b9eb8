"""A published record of invented articles with kin: versions, a copy, repeats, a denial, a question left open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.warehouse.shelf.reader import Reader
from tests.support import kin


@pytest.fixture(scope="session")
def kindred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record."""
    return kin.published(tmp_path_factory.mktemp("kindred"))


@pytest.fixture
def reader(kindred: Path) -> Iterator[Reader]:
    """One request's reader of it."""
    with Reader(kindred) as opened:
        yield opened

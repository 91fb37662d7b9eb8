"""A published record of the invented articles, built once for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import record
from warehouse import publish


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with one published generation."""
    home = tmp_path_factory.mktemp("record")
    candidate = publish.build(home, record.tables(), run_id=record.RUN)
    publish.publish(home, candidate, 3)
    return home

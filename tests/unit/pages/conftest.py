"""A small published record, and the pages of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from onrecord.warehouse.publishing import building, publish
from tests.support import record


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of the invented articles of tests/support/record.py."""
    home = tmp_path_factory.mktemp("pages") / "record"
    shown = {"direct": 0.5, "mixed": 0.6, "indirect": 0.65}
    with publish.lock(home, record.RUN):
        made = building.build(
            home, record.tables(articles=record.REPEATING), run_id=record.RUN, shown=shown
        )
        publish.publish(home, made, 3)
    return home


@pytest.fixture(scope="session")
def pages(folder: Path) -> TestClient:
    """A browser without scripts, at this machine."""
    return TestClient(make(folder), base_url="http://localhost", follow_redirects=False)

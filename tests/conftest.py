"""What every test stands on: no network, nothing of the user's environment, one Prefect database for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounting import accounts
from tests.support.server import prefect_server

for name in [name for name in os.environ if name.startswith("ONRECORD_")]:
    del os.environ[name]
os.environ["HF_HUB_OFFLINE"] = "1"
# Many small runs of nets: threads would only contend.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.pop("PREFECT_API_URL", None)


@pytest.fixture(scope="session", autouse=True)
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for Prefect that the tests share: its database is made once."""
    home = tmp_path_factory.mktemp("prefect")
    os.environ["PREFECT_HOME"] = str(home)
    return home


@pytest.fixture(scope="session")
def server(prefect_home: Path) -> Iterator[str]:
    """A real Prefect server on loopback that the tests share; its API's address."""
    with prefect_server(prefect_home) as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def every_run_adds_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whatever a test is about: what went into each run that it made came out, was refused, or was known."""
    yield
    made = accounts(tmp_path_factory.getbasetemp())
    assert made.wrong == []

"""What every test stands on: no network, nothing of the user's environment, one Prefect database for all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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

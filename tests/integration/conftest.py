"""A record that the integration tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import SAMPLES, onrecord


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record made from samples/ by the command line, with no server configured, once for all."""
    home = tmp_path_factory.mktemp("record") / "record"
    done = onrecord("run", str(SAMPLES), warehouse=home, server=None)
    assert "Generation 1 is published" in done.stdout
    return home

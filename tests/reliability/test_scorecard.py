"""The short form of the scorecard (`make reliability` is the full one): what of it a minute allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability import commands
from tests.reliability.__main__ import MEASURES
from tests.reliability.score import Measure, score

SEED = 7
SHORT = [measure for measure in MEASURES if measure.short]


@pytest.fixture(scope="module", autouse=True)
def at_the_server(server: str) -> None:
    """Commands use the server that the tests share."""
    commands.use(server)


@pytest.mark.parametrize("measure", SHORT, ids=[str(measure.number) for measure in SHORT])
def test_measure(measure: Measure, tmp_path: Path) -> None:
    """A few cases of each measure hold."""
    made = score(measure.cases(tmp_path, SEED, measure.short), tmp_path)
    assert made.failed == []
    assert made.held >= measure.short

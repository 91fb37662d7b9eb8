"""Artifacts where there is nobody to show them to."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from onrecord.flows.showing import artifacts
from onrecord.pipeline.core.contracts import CONTRACTS


@pytest.fixture
def unreachable() -> Iterator[None]:
    """A Prefect API at a port where nothing listens."""
    nowhere = {PREFECT_API_URL: "http://127.0.0.1:9/api", PREFECT_CLIENT_MAX_RETRIES: 0}
    with temporary_settings(nowhere):
        yield


def rejects() -> pl.DataFrame:
    row = dict.fromkeys(CONTRACTS["rejects"].columns)
    row |= {"source": "a.txt", "place": "", "reason": "empty", "detail": "Nothing in it."}
    return pl.DataFrame([row])


@pytest.mark.usefixtures("unreachable")
@pytest.mark.filterwarnings("ignore:Artifact creation outside:FutureWarning")
def test_a_run_goes_on_where_the_ui_cannot_be_reached() -> None:
    assert artifacts.refused("ingest", rejects()) is None
    bars = artifacts.Bars()
    bars.stage("ingest", 10, "items")
    bars.advance(10)
    bars.end()

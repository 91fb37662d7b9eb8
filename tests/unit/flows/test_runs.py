"""What ends a run stands in the ledger, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from onrecord.flows.running import interrupts
from onrecord.flows.running.runs import open_run
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import ClusterSettings, Settings
from onrecord.warehouse import ledger


@pytest.fixture(autouse=True)
def heard_afresh() -> Iterator[None]:
    """No signal of another test is still in the ear."""
    with interrupts.listening():
        yield


@pytest.mark.parametrize(
    "panic", [pl.exceptions.PanicException, type("PanicException", (BaseException,), {})]
)
def test_a_panic_of_a_library_is_a_failure(tmp_path: Path, panic: type[BaseException]) -> None:
    """It is no Exception by itself: it would go past every handler, and be told as a run that was stopped."""
    settings = Settings(warehouse=tmp_path, sources=("news.jsonl",))
    with (
        pytest.raises(RuntimeError, match="no such row"),
        open_run(settings),
    ):
        raise panic("no such row")
    (entry,) = ledger.entries(tmp_path)
    assert (entry.status, entry.detail) == (
        "failed",
        "RuntimeError: a library panicked: no such row",
    )


@pytest.mark.parametrize("changed", ["settings", "sources", "nothing"])
def test_a_run_goes_on_only_where_it_would_do_the_very_same(tmp_path: Path, changed: str) -> None:
    """Parts that were made under other settings are no part of what these settings make."""
    settings = Settings(warehouse=tmp_path, sources=("news.jsonl",))
    with pytest.raises(ZeroDivisionError), open_run(settings) as broken:
        broken.place.stage("clean").finish(Tally(1, 1))
        raise ZeroDivisionError
    if changed == "settings":
        settings = settings.model_copy(update={"cluster": ClusterSettings(window_days=7)})
    elif changed == "sources":
        settings = settings.model_copy(update={"sources": ("other.jsonl",)})
    with open_run(settings) as run:
        went_on = run.place.stage("clean").done() is not None
        run.ended("stopped")
    assert went_on == (changed == "nothing")

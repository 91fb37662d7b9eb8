"""Ctrl-C in the midst of a run, also where somebody swallows it: nothing is published, and the next run goes on."""

from __future__ import annotations

import functools
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from onrecord.warehouse import ledger
from onrecord.warehouse.publishing import publish
from tests.reliability import commands, corpus
from tests.reliability.deeds import around

STRUCK = (
    "onrecord.flows.stages:snapshot",
    "onrecord.pipeline.stages.embed:embed",
    "onrecord.pipeline.stages.cluster:cluster",
    "onrecord.warehouse.publishing.building:build",
)


@contextmanager
def swallowed(*_: Any, **__: Any) -> Iterator[None]:
    with suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    yield


@contextmanager
def turned(*_: Any, **__: Any) -> Iterator[None]:
    """As DuckDB does with Ctrl-C in the midst of a query."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None
    yield


@pytest.fixture
def place(tmp_path: Path, server: str) -> Path:
    commands.use(server)
    corpus.write(tmp_path / "news", range(2), "new")
    return tmp_path


@pytest.mark.parametrize("function", STRUCK)
def test_what_is_swallowed_ends_the_run_all_the_same(place: Path, function: str) -> None:
    interrupted = functools.partial(around, function, swallowed)
    assert "nothing was published" in commands.record(place, interrupted, expected=(130,)).printed
    assert publish.published(place / "record") is None
    assert [entry.status for entry in ledger.entries(place / "record")] == ["stopped"]
    commands.record(place)
    assert [entry.status for entry in ledger.entries(place / "record")] == ["published"]


def test_what_is_turned_into_another_error_is_told_as_what_it_was(place: Path) -> None:
    interrupted = functools.partial(around, "onrecord.flows.stages:breaches", turned)
    told = commands.record(place, interrupted, expected=(130,)).printed
    assert "Query interrupted" not in told
    assert [entry.status for entry in ledger.entries(place / "record")] == ["stopped"]


def test_it_comes_too_late_for_what_is_put_into_place(place: Path) -> None:
    late = functools.partial(around, "onrecord.warehouse.publishing.publish:_into_place", swallowed)
    commands.record(place, late)
    assert [entry.status for entry in ledger.entries(place / "record")] == ["published"]
    assert publish.generation(place / "record") == 1

"""Every stage is followed by its gate, and nothing is published before the last one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from onrecord.flows import record, stages

ORDER = [
    *("ingest", "gate ingest", "clean", "gate clean", "embed", "gate embed"),
    *("cluster", "gate cluster", "load", "gate load", "publish"),
]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """A run that has something to do, upon a record that has nothing yet."""
    return SimpleNamespace(unchanged=False, entry=SimpleNamespace(whole=False), warehouse=tmp_path)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the flow asks for, in order; a gate that is named in it beforehand does not let through."""
    done: list[str] = []

    def noted(name: str) -> Any:
        def step(*_: Any) -> str:
            done.append(name)
            return name

        return step

    @contextmanager
    def known(_: Any) -> Iterator[None]:
        yield

    for stage in ("ingest", "clean", "embed", "cluster", "load"):
        monkeypatch.setattr(stages, stage, noted(stage))
    monkeypatch.setattr(stages, "known", known)
    monkeypatch.setattr(stages, "look_ahead", lambda _: None)
    monkeypatch.setattr(stages, "nothing_left", lambda _: False)
    monkeypatch.setattr(stages, "publish_record", noted("publish"))
    monkeypatch.setattr(stages, "regrouped", noted("regroup"))
    monkeypatch.setattr(stages, "gate", lambda _, stage, *built: noted(f"gate {stage}")())
    return done


def test_every_stage_is_followed_by_its_gate(run: Any, done: list[str]) -> None:
    record._five_stages(run)
    assert done == ORDER


@pytest.mark.parametrize("stage", ["ingest", "clean", "embed", "cluster", "load"])
def test_nothing_comes_after_a_gate_that_does_not_let_through(
    run: Any, stage: str, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held(Exception):  # noqa: N818
        pass

    def gate(_: Any, of: str, *built: Any) -> None:
        if of == "load":
            assert built == ("load",)
        done.append(f"gate {of}")
        if of == stage:
            raise Held

    monkeypatch.setattr(stages, "gate", gate)
    with pytest.raises(Held):
        record._five_stages(run)
    assert done == ORDER[: ORDER.index(f"gate {stage}") + 1]


def test_a_regrouping_reads_nothing(run: Any, done: list[str]) -> None:
    run.entry.whole = True
    record._five_stages(run)
    assert done == ["regroup"]

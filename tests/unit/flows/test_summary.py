"""What is printed after a run, in terminals of any width and in none."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from onrecord.flows.running.outcome import Outcome
from onrecord.flows.showing import summary
from onrecord.warehouse.publishing import building, publish
from tests.support import record


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with one published generation."""
    folder = tmp_path_factory.mktemp("record")
    publish.publish(folder, building.build(folder, record.tables(), run_id=record.RUN), 3)
    return folder


def outcome(home: Path, *, held: bool = True) -> Outcome:
    """A run with numbers as large as they get."""
    stages = [
        {"stage": stage, "rows_in": 30_000, "rows_out": 29_000, "rejected": 1_000, "duplicates": 0}
        | {"yielded": 812_345, "seconds": 1234.5, "gate_seconds": 12.25}
        for stage in ("ingest", "clean", "embed", "cluster", "load")
    ]
    gates = {
        "stage": ["clean"],
        "expectation": ["a rule [of ours]"],
        "severity": ["warning"],
        "passed": [held],
        "observed": ["2 of 9 fail"],
    }
    return Outcome(
        run_id=record.RUN,
        status="published",
        detail="",
        warehouse=home,
        generation=1,
        rejected=1_000,
        refused_before=2_000,
        seconds=6_000.0,
        stages=pl.DataFrame(stages),
        gates=pl.DataFrame(gates),
        gate_page=home / "gates.html",
    )


def shown(home: Path, capsys: pytest.CaptureFixture[str], *, held: bool = True) -> list[str]:
    summary.show(outcome(home, held=held))
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [60, 80, 160])
def test_tables_fit_their_terminal(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """No number and no name is cut off; what can be pasted (after "Try:") is never folded."""
    monkeypatch.setenv("COLUMNS", str(width))
    lines = shown(home, capsys)
    told = lines[: next(place for place, line in enumerate(lines) if line.endswith("Try:")) - 1]
    assert max(len(line) for line in told) <= width
    cluster = next(line for line in told if line.startswith("cluster")).split()
    assert cluster[1:6] == ["30,000", "29,000", "1,000", "0", "812,345"]
    assert "1,234" in cluster
    assert any(line.split()[:2] == ["Ilse", "Marrow"] for line in told)


def test_a_pipe_gets_no_colours(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in "".join(shown(home, capsys))


def test_outlets_are_told_from_words_without_colour(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = " ".join(" ".join(shown(home, capsys)).split())
    assert "each cable has been tested – Inland Courier" in told


def test_a_rule_that_does_not_hold_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not [line for line in shown(home, capsys) if line.startswith("gate ")]
    lines = shown(home, capsys, held=False)
    assert "gate clean: a rule [of ours]: found 2 of 9 fail" in lines
    assert next(line for line in lines if line.startswith("clean")).split()[-4:-1] == [
        "0",
        "of",
        "1",
    ]

"""The log of a record: one line an event, whatever its fields hold."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from onrecord.flows.watching import logs
from onrecord.pipeline.core.settings import LogSettings


def lines(folder: Path, name: str = "onrecord.log") -> list[str]:
    return (folder / "logs" / name).read_text(encoding="utf-8").splitlines()


def test_an_event_is_a_line(tmp_path: Path) -> None:
    with logs.written(tmp_path, "run-1", LogSettings()):
        logs.tell("stage ended", stage="clean", taken=64, seconds=3.25, batch=None)
    [line] = lines(tmp_path)
    moment, rest = line.split(" ", 1)
    assert moment.endswith("Z")
    assert rest == "INFO stage ended run=run-1 stage=clean taken=64 seconds=3.25"


def test_json_lines(tmp_path: Path) -> None:
    with logs.written(tmp_path, "run-1", LogSettings(format="json")):
        logs.tell("run started", sources=["news/", "a b.txt"], base=3)
        logs.tell("rule failed", logging.ERROR, found='2 of "9"')
    first, second = map(json.loads, lines(tmp_path, "onrecord.jsonl"))
    assert first.pop("time")
    assert first == {
        "level": "info",
        "event": "run started",
        "run": "run-1",
        "sources": ["news/", "a b.txt"],
        "base": 3,
    }
    assert (second["level"], second["found"]) == ("error", '2 of "9"')


@pytest.mark.parametrize("format", ["text", "json"])
def test_no_field_can_forge_a_line(tmp_path: Path, format: str) -> None:
    """A source's name is foreign: line breaks and terminal codes in it stay within its field."""
    with logs.written(tmp_path, "run-1", LogSettings(format=format)):
        logs.tell("refused", source="a.txt\n2026 ERROR forged\x1b[2J\u2028x")
    [line] = lines(tmp_path, logs.NAMES[format])
    assert "\x1b" not in line
    assert line.count("\n") == 0


def test_levels(tmp_path: Path) -> None:
    with logs.written(tmp_path, "run-1", LogSettings(level="warning")):
        logs.tell("stage ended")
        logs.tell("rule failed", logging.WARNING)
    assert [line.split(" ")[1] for line in lines(tmp_path)] == ["WARNING"]


def test_nothing_is_written_outside_of_a_run(tmp_path: Path) -> None:
    with logs.written(tmp_path, "run-1", LogSettings()):
        pass
    logs.tell("late")
    assert lines(tmp_path) == []


def test_runs_follow_each_other_in_one_file(tmp_path: Path) -> None:
    for run in ("run-1", "run-2"):
        with logs.written(tmp_path, run, LogSettings()):
            logs.tell("run started")
    assert [line.split("run=")[1] for line in lines(tmp_path)] == ["run-1", "run-2"]

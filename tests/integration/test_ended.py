"""SIGTERM ends a run within ten seconds wherever it comes; who reads what is printed changes no exit code."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from onrecord.warehouse import ledger
from onrecord.warehouse.publishing import publish
from tests.reliability import commands, corpus
from tests.reliability.deeds import around
from tests.support.command import ONRECORD, SAMPLES, environment

MOMENTS = {
    "while the record is written out": "onrecord.flows.stages:snapshot",
    "while articles are read": "onrecord.flows.tasks:read_sources",
    "while batches are cleaned": "onrecord.pipeline.stages.steps:finish_clean",
    "while the model works": "onrecord.pipeline.stages.embed:embed",
    "while statements are made": "onrecord.pipeline.stages.cluster:cluster",
    "while a generation is built": "onrecord.warehouse.publishing.building:build",
}
SLACK = 5.0
"""Seconds besides, for a machine that others use."""


@contextmanager
def told_to_end(note: Path, *_: Any, **__: Any) -> Iterator[None]:
    """Note the hour and who works below this process, and be sent SIGTERM from outside the function's thread."""
    if not note.exists():
        below = [str(each.pid) for each in psutil.Process().children(recursive=True)]
        note.write_text("\n".join([str(time.time()), *below]), encoding="utf-8")
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()
        time.sleep(0.2)
    yield


@contextmanager
def heeding_nothing(note: Path, *_: Any, **__: Any) -> Iterator[None]:
    """The same, and whatever is raised is swallowed for ever."""
    note.write_text(str(time.time()), encoding="utf-8")
    threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGTERM)).start()
    while True:
        with suppress(BaseException):
            time.sleep(60)
    yield


@pytest.fixture
def place(tmp_path: Path, server: str) -> Path:
    commands.use(server)
    corpus.write(tmp_path / "news", range(4), "new")
    return tmp_path


def _ended_in_time(place: Path, function: str, how: Any, processors: int) -> None:
    note = place / "note"
    deed = functools.partial(around, function, functools.partial(how, note))
    commands.record(place, deed, expected=(143,), processors=processors)
    ended = time.time()
    sent, *below = note.read_text(encoding="utf-8").split()
    assert ended - float(sent) < 10 + SLACK
    left = [each for pid in below for each in _living(int(pid))]
    assert psutil.wait_procs(left, timeout=10)[1] == []
    assert publish.published(place / "record") is None
    assert [entry.status for entry in ledger.entries(place / "record")] == ["stopped"]
    commands.record(place)
    assert publish.generation(place / "record") == 1


def _living(pid: int) -> list[psutil.Process]:
    try:
        return [psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return []


@pytest.mark.parametrize("function", MOMENTS.values(), ids=MOMENTS)
def test_a_run_that_is_told_to_end_does(place: Path, function: str) -> None:
    _ended_in_time(place, function, told_to_end, processors=2)


def test_a_run_that_heeds_nothing_is_ended_all_the_same(place: Path) -> None:
    _ended_in_time(place, "onrecord.pipeline.stages.embed:embed", heeding_nothing, processors=1)


@pytest.mark.parametrize(
    "printed", ["| head -n 1", "> /dev/full", "> /dev/null"], ids=lambda told: told
)
def test_where_it_prints_to_changes_no_exit_code(tmp_path: Path, server: str, printed: str) -> None:
    """A run ends with what it did; what only prints fails where that cannot be written, not where nobody reads it."""
    article = SAMPLES / "northern-ledger-nurses.txt"

    def ended(*arguments: object) -> int:
        line = " ".join(f"'{word}'" for word in (ONRECORD, "-w", tmp_path / "record", *arguments))
        command = f"set -o pipefail; {line} {printed}"
        return subprocess.run(
            ["bash", "-c", command],
            env=environment(server),
            stderr=subprocess.PIPE,
            timeout=300,
            check=False,
        ).returncode

    assert ended("run", article) == 0
    assert publish.generation(tmp_path / "record") == 1
    rows = "SELECT repeat('a', 100) FROM range(10_000)".replace("'", '"')
    assert ended("sql", rows.replace('"a"', "chr(97)")) == (1 if "full" in printed else 0)

"""The temporary server of a run that has no other: behind a password, and ended from outside."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from onrecord.warehouse import ledger
from tests.support.command import ONRECORD, SAMPLES, environment

PASSWORD = "desk:a long password"


def start(home: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [ONRECORD, "-w", str(home), "run", str(SAMPLES / "northern-ledger-nurses.txt")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(None), **more},
    )


def test_a_password_for_servers_is_told_to_its_own_client(tmp_path: Path) -> None:
    began = time.monotonic()
    run = start(tmp_path / "record", PREFECT_SERVER_API_AUTH_STRING=PASSWORD)
    printed, errors = run.communicate(timeout=300)
    took = time.monotonic() - began
    assert run.returncode == 0, printed + errors
    assert PASSWORD not in printed + errors
    # The seconds are the wall's, not those of the run within.
    told = re.search(r"Generation 1 is published \(([\d.]+) s\)", printed)
    assert told, printed
    (entry,) = ledger.entries(tmp_path / "record")
    assert entry.seconds < float(told[1]) <= took + 1


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_is_ended_from_outside_is_told_as_that(
    tmp_path: Path, sent: signal.Signals
) -> None:
    run = start(tmp_path / "record")
    deadline = time.monotonic() + 60
    while not (below := psutil.Process(run.pid).children()) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(below[0].pid, sent)
    printed, errors = run.communicate(timeout=300)
    assert run.returncode == 1, printed + errors
    assert f"ended from outside, by {sent.name}" in errors
    assert "room on the disk" not in errors
    assert "Traceback" not in errors

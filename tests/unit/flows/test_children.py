"""Processes that are started here, and ended with all that descend from them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from onrecord.flows.running import children
from onrecord.flows.serving.temporary import EngineError, await_server

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) > 1:
    subprocess.Popen([sys.executable, "-c", sys.argv[1]])
print("started", flush=True)
time.sleep(600)
"""


def started(tmp_path: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A process of which all have said that they started."""
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = children.start(["-c", STUBBORN, *arguments], file)
    deadline = time.monotonic() + 60
    while log.read_text().count("started") <= len(arguments):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def test_a_family_that_does_not_want_to_end_is_ended(tmp_path: Path) -> None:
    """Neither a process that ignores the request nor its child outlives it."""
    process = started(tmp_path, STUBBORN)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    children.stop(process, seconds=0.2)
    assert process.returncode is not None
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_process_that_has_ended_is_stopped(tmp_path: Path) -> None:
    """Stopping what is gone is no error."""
    with (tmp_path / "log").open("wb") as file:
        process = children.start(["-c", "print('done')"], file)
    process.wait(timeout=60)
    children.stop(process)
    assert children.last_lines(tmp_path / "log") == "  done"


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    """Also where the parent is killed and can end nothing."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom onrecord.flows.running import children\n"
        f"with Path({str(tmp_path / 'log')!r}).open('wb') as log:\n"
        "    print(children.start(['-c', 'import time; print(1, flush=True); time.sleep(600)'], log).pid, flush=True)\n"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    deadline = time.monotonic() + 60
    while not (tmp_path / "log").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(parent.pid, 9)
    parent.communicate(timeout=10)
    child.wait(timeout=10)


def test_a_child_whose_parent_has_died_before_it_asks(tmp_path: Path) -> None:
    """Nothing would ever tell it."""
    orphan = (
        "import signal, sys, time\nfrom pathlib import Path\n"
        "from onrecord.flows.running.children import die_with_parent\n"
        f"while not Path({str(tmp_path / 'killed')!r}).exists(): time.sleep(0.02)\n"
        "die_with_parent(int(sys.argv[1]), signal.SIGKILL)\n"
        "time.sleep(600)"
    )
    code = (
        "import os, subprocess, sys, time\n"
        f"print(subprocess.Popen([sys.executable, '-c', {orphan!r}, str(os.getpid())]).pid, flush=True)\n"
        "time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()
    os.kill(parent.pid, 9)
    parent.wait(timeout=10)
    (tmp_path / "killed").touch()
    child.wait(timeout=30)


def test_silence_is_told(tmp_path: Path) -> None:
    """A server that had no room for a log says nothing; of a traceback the underlining is left out."""
    log = tmp_path / "log"
    log.write_text("\n")
    assert "room on the disk" in children.last_lines(log)
    log.write_text("  db.connect()\n  ^^^^~~~^^^^\nOSError: refused\n")
    assert children.last_lines(log).splitlines() == ["    db.connect()", "  OSError: refused"]


def test_a_server_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    """Not waited for."""
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = children.start(["-c", "raise SystemExit('the disk is full')"], file)
    heard: list[float] = []
    with pytest.raises(EngineError, match="the disk is full"):
        await_server(process, "http://127.0.0.1:9/api", log, heard.append)
    assert heard

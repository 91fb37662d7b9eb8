"""Processes that this one starts and answers for: none of them, nor of theirs, outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

STOP_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1
_CHILD = """
import os, sys
from onrecord.flows.running.children import die_with_parent
die_with_parent(int(sys.argv[1]))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


def die_with_parent(parent: int, sent: signal.Signals = signal.SIGTERM) -> None:
    """See to it that this process is sent a signal when its parent ends, however that ends (Linux).

    `parent` is the parent's id: where that one has ended before it came to this, the signal is sent at once.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, sent)
    if os.getppid() != parent:
        os.kill(os.getpid(), sent)


def start(arguments: list[str], log: IO[bytes], **environment: str) -> subprocess.Popen[bytes]:
    """Start Python with these arguments; what it says goes to `log`.

    It is in a session of its own, so that it hears no Ctrl-C, and is asked to end when this process does.
    """
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _CHILD, str(os.getpid()), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        env={**os.environ, **environment},
    )


def stop(process: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> None:
    """End a process and all that descend from it: its children first, for so long; what is left is killed."""
    import psutil

    with suppress(psutil.NoSuchProcess):
        own = psutil.Process(process.pid)
        _end(own.children(), seconds)
        _end([own], STOP_SECONDS)
    process.wait()


def _end(asked: list[psutil.Process], seconds: float) -> None:
    """Ask these to end, and kill what is left of them and theirs."""
    import psutil

    family = [*asked, *(below for each in asked for below in each.children(recursive=True))]
    for each in asked:
        with suppress(psutil.NoSuchProcess):
            each.terminate()
    for each in psutil.wait_procs(family, timeout=seconds)[1]:
        with suppress(psutil.NoSuchProcess):
            each.kill()


def killed_by(process: subprocess.Popen[bytes]) -> str:
    """The name of the signal that has ended a process; empty where it lives, or ended otherwise."""
    code = process.poll()
    if code is None or code >= 0:
        return ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def last_lines(log: Path, lines: int = 5) -> str:
    """The end of what a process said, indented; empty lines and a traceback's underlining left out."""
    said = log.read_text("utf-8", "replace").splitlines()
    told = [line for line in said if line.strip(" ^~")] or ["nothing; is there room on the disk?"]
    return "\n".join(f"  {line}" for line in told[-lines:])

"""The command line as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.support import warmed

SAMPLES = Path(__file__).parents[2] / "samples"
ONRECORD = str(Path(sys.executable).parent / "onrecord")
SECONDS = 300


def onrecord(
    *arguments: str,
    warehouse: Path,
    server: str | None,
    expect: int = 0,
    deeds: Sequence[warmed.Deed] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; its exit code must be the expected one.

    `server` is the address of a Prefect API; the process is forked from a warmed one then (see `warmed`), in which
    `deeds` are done first. None runs without a server and from nothing.
    """
    command = [ONRECORD, "--warehouse", str(warehouse), *arguments]
    if server is None:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=warehouse.parent,
            env=environment(None),
            timeout=SECONDS,
        )
    else:
        done = _forked(command, warehouse.parent, environment(server), deeds)
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def _forked(
    command: list[str], place: Path, environment: dict[str, str], deeds: Sequence[warmed.Deed]
) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "out"), Path(folder, "errors")
        process = warmed.onrecord(command[1:], place, environment, told, deeds)
        process.join(SECONDS)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(command, SECONDS)
        printed = [path.read_text(encoding="utf-8") for path in told]
    return subprocess.CompletedProcess(command, process.exitcode, *printed)


def environment(server: str | None) -> dict[str, str]:
    """The environment of a command that uses this Prefect API, or none."""
    return {**os.environ, **({"PREFECT_API_URL": server} if server else {})}

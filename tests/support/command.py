"""The command line as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
ONRECORD = str(Path(sys.executable).parent / "onrecord")


def onrecord(
    *arguments: str, warehouse: Path, server: str | None, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; its exit code must be the expected one.

    `server` is the address of a Prefect API; None runs without one.
    """
    done = subprocess.run(
        [ONRECORD, "--warehouse", str(warehouse), *arguments],
        capture_output=True,
        text=True,
        cwd=warehouse.parent,
        env=environment(server),
        timeout=300,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done


def environment(server: str | None) -> dict[str, str]:
    """The environment of a command that uses this Prefect API, or none."""
    return {**os.environ, **({"PREFECT_API_URL": server} if server else {})}

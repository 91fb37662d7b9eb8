"""The command line as a user calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"
ONRECORD = str(Path(sys.executable).parent / "onrecord")


def onrecord(
    *arguments: str, warehouse: Path, expect: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does; its exit code must be the expected one."""
    done = subprocess.run(
        [ONRECORD, "--warehouse", str(warehouse), *arguments],
        capture_output=True,
        text=True,
        cwd=warehouse.parent,
        env={**os.environ, **environment},
        timeout=300,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done

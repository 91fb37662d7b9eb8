"""The plain script, run on the same articles: in an environment of its own, made once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.measure import Measured, measure

HERE = Path(__file__).parent


def environment(folder: Path) -> Path:
    """The Python of the script's own environment, made where it is not there yet (five minutes, 2.5 GB)."""
    python = folder / "bin" / "python"
    ready = folder / ".ready"
    if not ready.is_file():
        print("Making the plain script's environment: about five minutes, once.", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pins = HERE / "requirements.txt"
        torch = next(line for line in pins.read_text().splitlines() if line.startswith("torch=="))
        # torch first and alone, as in the Makefile: nothing then reaches for an accelerator's build.
        for wanted in ([torch], ["-r", str(pins)]):
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*map(str, install), *wanted], check=True, stderr=subprocess.DEVNULL)
        ready.touch()
    return python


def run(python: Path, sources: Sequence[Path], work: Path) -> tuple[Measured, dict[str, Any]]:
    """Run the script over JSON Lines; its cost, and what it tells of itself."""
    source, target, log = (work / name for name in ("plain.jsonl", "plain.duckdb", "plain.log"))
    with source.open("wb") as joined:
        for part in sources:
            joined.write(part.read_bytes())
    target.unlink(missing_ok=True)
    script = HERE / "plain_script.py"
    cost = measure([python, script, source, target], environment={"HF_HUB_OFFLINE": "1"}, log=log)
    told: dict[str, Any] = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    return cost, told

"""How many small faults the tests notice: `make mutate`, or `python -m tests.mutation ROOM ...`.

mutmut changes a room's files in a copy of the project, one thing at a time, and runs the tests that belong to the room.
`rooms.toml` names both.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = Path(__file__).with_name("rooms.toml")
_NOTICED = ("killed", "timeout", "suspicious", "segfault")


def main() -> None:
    """Measure each room that is asked for, and list what nobody noticed."""
    rooms = tomllib.loads(ROOMS.read_text(encoding="utf-8"))
    folders = rooms.pop("folders")
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(rooms)}")
    parser.add_argument(
        "--work", type=Path, default=ROOT / ".mutants", help="where copies are made"
    )
    parser.add_argument("--children", default="1", help="mutants at a time")
    told = parser.parse_args()
    for name in told.rooms or rooms:
        if name not in rooms:
            parser.error(f"no room {name!r}; there are {', '.join(rooms)}")
        _measure(name, rooms[name], folders, told.work / name, told.children)


def _measure(
    name: str, room: dict[str, Any], folders: list[str], work: Path, children: str
) -> None:
    _copy(room, folders, work)
    command = [sys.executable, "-m", "mutmut"]
    with (work / "mutmut.log").open("w", encoding="utf-8") as log:
        made = subprocess.run(
            [*command, "run", "--max-children", children], cwd=work, stdout=log, stderr=log
        )
    found = subprocess.run(
        [*command, "export-cicd-stats"], cwd=work, capture_output=True, text=True
    )
    stats = work / "mutants" / "mutmut-cicd-stats.json"
    if made.returncode or not stats.is_file():
        print(f"{name}: mutmut failed, see {work / 'mutmut.log'}\n{found.stderr}", flush=True)
        return
    counts = json.loads(stats.read_text(encoding="utf-8"))
    total, noticed = counts["total"], sum(counts.get(kind, 0) for kind in _NOTICED)
    print(f"{name}: {total} mutants, {noticed} noticed ({noticed / max(total, 1):.0%})", flush=True)
    left = subprocess.run([*command, "results"], cwd=work, capture_output=True, text=True)
    print("\n".join(line for line in left.stdout.splitlines() if line.strip()), flush=True)
    print(f"  a mutant's change: cd {work} && python -m mutmut show NAME", flush=True)


def _copy(room: dict[str, Any], folders: list[str], work: Path) -> None:
    """A copy of the project that is set to change the files of a room alone."""
    shutil.rmtree(work, ignore_errors=True)
    for folder in folders:
        shutil.copytree(ROOT / folder, work / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config.yaml", work)
    settings = {
        "source_paths": sorted({Path(file).parts[0] for file in room["files"]}),
        "only_mutate": room["files"],
        "also_copy": [*folders, "config.yaml"],
        "pytest_add_cli_args_test_selection": room["tests"],
    }
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (work / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main()

"""How many small faults the tests notice: `make mutate`, or `python -m tests.mutation ROOM ...`.

mutmut changes a room's files in a copy of the project, one thing at a time, and runs the tests that belong to the room.
`rooms.toml` names both. `--most` takes a sample of a room's mutants, the same for the same seed.
"""

from __future__ import annotations

import argparse
import json
import random
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
    parser.add_argument("--most", type=int, help="so many mutants a room, by chance")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    told = parser.parse_args()
    for name in told.rooms or rooms:
        if name not in rooms:
            parser.error(f"no room {name!r}; there are {', '.join(rooms)}")
        work = told.work / name
        _copy(rooms[name], folders, work)
        sample = _sample(work, told.most, told.seed) if told.most else []
        _measure(name, work, ["--max-children", told.children, *sample])


def _sample(work: Path, most: int, seed: int) -> list[str]:
    """The names of some of a room's mutants; none where it has no more than that."""
    # mutmut makes them all before it finds that none has this name.
    _mutmut(work, "run", "--max-children", "1", "none")
    made = sorted(
        name
        for meta in (work / "mutants").rglob("*.py.meta")
        for name in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    )
    return random.Random(seed).sample(made, most) if len(made) > most else []


def _measure(name: str, work: Path, chosen: list[str]) -> None:
    made = _mutmut(work, "run", *chosen)
    found = _mutmut(work, "export-cicd-stats")
    stats = work / "mutants" / "mutmut-cicd-stats.json"
    if made.returncode or not stats.is_file():
        print(f"{name}: mutmut failed, see {work / 'mutmut.log'}\n{found.stderr}", flush=True)
        return
    left = _mutmut(work, "results").stdout.splitlines()
    left = [line for line in left if line.strip() and not line.endswith("not checked")]
    counts = json.loads(stats.read_text(encoding="utf-8"))
    noticed = sum(counts.get(kind, 0) for kind in _NOTICED)
    total = noticed + len(left)
    late = counts.get("timeout", 0)
    print(
        f"{name}: {total} mutants, {noticed} noticed ({noticed / max(total, 1):.0%}), {late} by time",
        flush=True,
    )
    print("\n".join(left), flush=True)
    print(f"  a mutant's change: cd {work} && python -m mutmut show NAME", flush=True)


def _mutmut(work: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mutmut", *arguments]
    made = subprocess.run(command, cwd=work, capture_output=True, text=True)
    with (work / "mutmut.log").open("a", encoding="utf-8") as log:
        log.write(made.stdout + made.stderr)
    return made


def _copy(room: dict[str, Any], folders: list[str], work: Path) -> None:
    """A copy of the project that is set to change the files of a room alone."""
    shutil.rmtree(work, ignore_errors=True)
    # The rooms stand where they are imported from, not behind links, which mutmut does not follow.
    for folder in ["onrecord", *folders]:
        shutil.copytree(ROOT / folder, work / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for room_of_package in (
        path for path in ROOT.joinpath("onrecord").iterdir() if path.is_symlink()
    ):
        (work / room_of_package.name).symlink_to(Path("onrecord") / room_of_package.name)
    shutil.copy(ROOT / "config.yaml", work)
    settings = {
        "source_paths": ["onrecord"],
        "only_mutate": [f"onrecord/{file}" for file in room["files"]],
        "also_copy": [*folders, "config.yaml"],
        "pytest_add_cli_args_test_selection": room["tests"],
        # From a process that has only imported: one that has run tests has threads of polars, which no fork survives.
        "process_isolation": "forkserver",
    }
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (work / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{lines}", encoding="utf-8")


if __name__ == "__main__":
    main()

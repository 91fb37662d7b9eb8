"""A run on one machine has nothing of what is there for more of them: not imported, whether installed or not."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from tests.support.command import SAMPLES

RUN = """
import json, sys
for name in json.loads(sys.argv.pop(1)):
    sys.modules[name] = None
told = sys.argv.pop(1)
from onrecord.flows.commands.cli import main
try:
    main()
finally:
    there = [name for name, module in sys.modules.items() if module is not None]
    with open(told, "w") as file:
        json.dump(sorted(there), file)
"""
OURS = {
    "onrecord.flows.running.readiness",
    "onrecord.pipeline.core.stores",
    "onrecord.warehouse.lake",
}
"""What asks whether the settings name more than one machine; each imports nothing more by itself."""
BEYOND = ("onrecord.flows.running.cluster", "onrecord.warehouse.lake.", "onrecord.flows.upkeep")


def packages() -> set[str]:
    """The packages that the extra brings, and the server that its tests start: those that are installed."""
    wanted = {"moto"}
    for line in distribution("onrecord").requires or ():
        name, _, marks = line.partition(";")
        if "extra == " in marks and "cluster" in marks:
            wanted.add(name.strip())
    found = set()
    for module, owners in packages_distributions().items():
        if wanted & {owner.replace("_", "-").lower() for owner in owners}:
            found.add(module)
    # Prefect's, which imports it for its own server.
    return found - {"asyncpg"}


def imported(folder: Path, hidden: set[str]) -> set[str]:
    """The modules of the process of a run over the samples, in the end."""
    told = folder / "modules.json"
    command = [sys.executable, "-c", RUN, json.dumps(sorted(hidden)), str(told)]
    command += ["--warehouse", str(folder / "record"), "run", "-q", str(SAMPLES)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, 3), done.stderr
    return set(json.loads(told.read_text()))


def test_a_run_imports_nothing_of_the_extra_and_no_more_with_it_than_without(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    extra = packages()
    assert {"obstore", "duckdb_extension_ducklake", "moto"} <= extra
    there = imported(tmp_path_factory.mktemp("with"), set())
    of_extra = {name for name in there if name.partition(".")[0] in extra}
    assert of_extra == set()
    assert {name for name in there if name.startswith(BEYOND)} == set()
    assert there >= OURS
    assert imported(tmp_path_factory.mktemp("without"), extra) == there

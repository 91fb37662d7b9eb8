"""Measure 11: a record written by this version opens in the next major version of DuckDB.

The next major version goes into a throw-away environment of its own; every table and view of a record is read there
and here, and must give the same rows. Where the package index serves no such version, or there is no index, what the
file itself declares is held instead: the storage version that DuckDB promises to read for ever.
"""

from __future__ import annotations

import functools
import json
import subprocess
import venv
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from onrecord.warehouse.publishing import publish
from tests.reliability import rows_of
from tests.reliability.score import Case, Failure
from tests.support.publishing import finish, write_run

STORAGE = "v1.0.0+"
PIP_SECONDS = 600


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """The storage version that the file declares; and, where `count` is more than one, the next major version."""
    home = folder / "record"
    home.mkdir()
    finish(home, write_run(folder / "runs", 3))
    file = publish.require(home)
    yield Case("the file declares the storage of 1.0", functools.partial(_declares, file))
    if count < 2:
        return
    newer = _next_major(folder / "next")
    if newer is not None:
        yield Case("the next major version reads the same", functools.partial(_same, file, newer))


def _declares(file: Path) -> None:
    told = rows_of.opened(file)["storage"]
    if told != STORAGE:
        raise Failure(f"storage version {told}")


def _next_major(folder: Path) -> Path | None:
    """A Python that has the next major version of DuckDB, None where none can be had."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    major = int(version("duckdb").split(".")[0]) + 1
    made = subprocess.run(
        [
            *(str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"),
            f"duckdb>={major},<{major + 1}",
        ],
        capture_output=True,
        timeout=PIP_SECONDS,
    )
    return python if made.returncode == 0 else None


def _same(file: Path, python: Path) -> None:
    made = subprocess.run(
        [python, rows_of.__file__, str(file)], capture_output=True, text=True, timeout=PIP_SECONDS
    )
    if made.returncode != 0:
        raise Failure(made.stderr[-1000:])
    here, there = rows_of.opened(file), json.loads(made.stdout)
    if different := sorted(
        name for name in here["rows"] if here["rows"][name] != there["rows"].get(name)
    ):
        raise Failure(f"DuckDB {there['version']} reads other rows of {', '.join(different)}")

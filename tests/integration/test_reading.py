"""Feeds and exports as tools write them: address, outlet, date, author and words come out as they were meant.

Each folder of tests/fixtures/reading/ is read by one run; check.json holds questions to the record and their answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.command import onrecord

HOME = Path(__file__).parents[1] / "fixtures" / "reading"
CHECKS = {
    f"{folder.name}: {check['id']}": (folder.name, check)
    for folder in sorted(HOME.iterdir())
    for check in json.loads((folder / "check.json").read_text(encoding="utf-8"))["checks"]
}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, server: str) -> dict[str, Path]:
    """A record of each folder."""
    made = {}
    for folder in sorted(HOME.iterdir()):
        home = tmp_path_factory.mktemp("reading") / folder.name
        sources = [str(path) for path in sorted(folder.iterdir()) if path.name != "check.json"]
        onrecord("run", *sources, warehouse=home, server=server)
        made[folder.name] = home / "onrecord.duckdb"
    return made


@contextmanager
def opened(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize(("folder", "check"), CHECKS.values(), ids=list(CHECKS))
def test_it_is_read_right(records: dict[str, Path], folder: str, check: dict[str, Any]) -> None:
    with opened(records[folder]) as connection:
        rows = connection.execute(check["sql"]).fetchall()
    told = [[None if value is None else str(value).lower() for value in row] for row in rows]
    assert told == [[None if v is None else str(v).lower() for v in row] for row in check["want"]]

"""What `rejects`, `rollback` without a number and `runs` list."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from onrecord.flows.commands.cli import app
from onrecord.flows.running.exits import Exit
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.publishing import building, publish
from tests.support import record

FIRST, SECOND = "20260301T060000-aaaa", "20260302T060000-bbbb"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A record of two generations; the second refused a few things."""
    for run_id, refused in ((FIRST, []), (SECOND, REFUSED)):
        tables = record.tables(run_id)
        tables["rejects"] = CONTRACTS["rejects"].conform(
            pl.concat([CONTRACTS["rejects"].empty(), *map(_rejects, refused)], how="diagonal")
        )
        publish.publish(tmp_path, building.build(tmp_path, tables, run_id=run_id), 3)
    return tmp_path


REFUSED = [
    ("clean", "no_quotation", "b.txt", ""),
    ("ingest", "not_json", "a.jsonl", "line 10"),
    ("ingest", "not_json", "a.jsonl", "line 9"),
    ("ingest", "not_json", "c.jsonl", "line 2"),
    ("ingest", "empty", "d.txt", ""),
]


def _rejects(told: tuple[str, str, str, str]) -> pl.DataFrame:
    named = zip(("stage", "reason", "source", "place"), told, strict=True)
    columns = CONTRACTS["rejects"].columns
    row: dict[str, Any] = {**dict(named), "run_id": SECOND, "detail": f"it is {told[1]}"}
    row |= {"payload": b"x", "cut": False}
    return pl.DataFrame(
        {name: pl.Series([row.get(name)], dtype=columns[name].dtype) for name in columns}
    )


def listed(home: Path, *arguments: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(app, ["-w", str(home), *arguments, "--format", "json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_rejects_are_grouped_by_reason_the_commonest_first(home: Path) -> None:
    found = listed(home, "rejects")
    assert [(row["stage"], row["reason"], row["rejects"], row["sources"]) for row in found] == [
        ("ingest", "not_json", 3, 2),
        ("clean", "no_quotation", 1, 1),
        ("ingest", "empty", 1, 1),
    ]
    # The example is the first of them, and says what to do.
    every = listed(home, "rejects", "--all")
    assert found[0]["example"] == next(r["id"] for r in every if r["reason"] == "not_json")
    assert found[0]["detail"] == "it is not_json"


def test_rejects_stand_in_the_order_of_their_places(home: Path) -> None:
    found = listed(home, "rejects", "--all")
    assert [(row["source"], row["place"]) for row in found] == [
        ("b.txt", ""),
        ("a.jsonl", "line 9"),
        ("a.jsonl", "line 10"),
        ("c.jsonl", "line 2"),
        ("d.txt", ""),
    ]


def test_rollback_without_a_number_lists_the_generations_and_publishes_none(home: Path) -> None:
    before = publish.generation(home)
    found = listed(home, "rollback")
    assert [row["generation"] for row in found] == [1, 2]
    assert [row["run_id"] for row in found] == [FIRST, SECOND]
    assert publish.generation(home) == before == 2


def test_runs_marks_the_one_whose_generation_stands(home: Path) -> None:
    def standing() -> dict[str, str]:
        return {row["run_id"]: row["stands"] for row in listed(home, "runs")}

    assert standing() == {FIRST: "", SECOND: "stands"}
    done = CliRunner().invoke(app, ["-w", str(home), "rollback", "1"])
    assert done.exit_code == 0, done.output
    assert standing() == {FIRST: "stands", SECOND: ""}


def test_rollback_to_a_generation_that_lost_something_says_what(home: Path) -> None:
    for file in (home / "segments").iterdir():
        file.unlink()
    done = CliRunner().invoke(app, ["-w", str(home), "rollback", "1"])
    assert done.exit_code == 0, done.output
    assert "generation 1 is published" in done.output
    assert re.search(r"onrecord: but segments: 1 row: \S+ is missing", done.output)


def test_rollback_where_one_may_not_write_says_where(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, *_: object, **__: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(os, "open", refuse)
    done = CliRunner().invoke(app, ["-w", str(home), "rollback", "1"])
    assert isinstance(done.exception, Exit)
    assert str(done.exception) == f"{home / 'lock'}: Permission denied"
    monkeypatch.undo()
    assert publish.generation(home) == 2

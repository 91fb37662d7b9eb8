"""Runs that are on record are told by the record; entries of the ledger are read where it cannot tell."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import pytest

from onrecord.warehouse import history, ledger
from onrecord.warehouse.publishing import building, publish
from tests.support import record
from tests.unit.warehouse.test_ledger import entry

FIRST, SECOND, THIRD = "20260301T060000-aaaa", "20260302T060000-bbbb", "20260303T060000-cccc"


def published(home: Path, *runs: str) -> None:
    """Publish a generation for each run, as a run would with its entry in the ledger."""
    for run in runs:
        told = entry(run_id=run, status="published", ended_at="2026-03-01T06:00:10")
        ledger.write(home, told)
        tables = {**record.tables(run), "runs": ledger.tables([told])["runs"]}
        publish.publish(home, building.build(home, tables, run_id=run), 3)


def spoil(home: Path, run: str, *, old: bool) -> Path:
    """An entry that nobody can read; `old` where it was written before the record was."""
    file = home / "runs" / f"{run}.json"
    file.write_bytes(b"")
    if old:
        os.utime(file, (1, 1))
    return file


def test_an_entry_that_is_on_record_is_not_read_again(tmp_path: Path) -> None:
    published(tmp_path, FIRST, SECOND)
    before = history.told(tmp_path).runs
    assert before["run_id"].to_list() == [FIRST, SECOND]
    spoil(tmp_path, FIRST, old=True)
    assert FIRST not in history.history(tmp_path).fresh
    assert history.told(tmp_path).runs["run_id"].to_list() == [FIRST, SECOND]
    assert history.sources_of(tmp_path, [FIRST]) == {FIRST: ("news",)}
    shown = ledger.readable([], history.history(tmp_path).held)
    assert shown.filter(run_id=FIRST).select("status", "generation", "seconds").row(0) == (
        "published",
        1,
        10,
    )


def test_what_the_record_does_not_hold_is_read(tmp_path: Path) -> None:
    published(tmp_path, FIRST)
    ledger.write(tmp_path, entry(run_id=SECOND, status="refused"))
    assert SECOND in history.history(tmp_path).fresh
    assert SECOND in [each.run_id for each in history.entries(tmp_path)]


def test_after_a_rollback_what_the_record_lost_is_read_again(tmp_path: Path) -> None:
    published(tmp_path, FIRST, SECOND)
    for file in (tmp_path / "runs").glob("*.json"):
        os.utime(file, (1, 1))
    assert history.history(tmp_path).fresh == []
    publish.rollback(tmp_path, 1)
    assert history.history(tmp_path).fresh == [SECOND]


def test_without_a_record_all_is_read(tmp_path: Path) -> None:
    assert history.told(tmp_path).runs.is_empty()
    assert history.last(tmp_path, ["news"]) is None
    ledger.write(tmp_path, entry(run_id=FIRST, status="unchanged"))
    last = history.last(tmp_path, ["news"])
    assert last is not None
    assert last.run_id == FIRST


def test_the_last_run_over_sources_is_the_newest_that_read_them_whole(tmp_path: Path) -> None:
    published(tmp_path, FIRST)
    os.utime(tmp_path / "runs" / f"{FIRST}.json", (1, 1))
    ledger.write(tmp_path, entry(run_id=SECOND, status="published", again=["1a2b"]))
    ledger.write(tmp_path, entry(run_id=THIRD, status="failed"))
    last = history.last(tmp_path, ["news"])
    assert last is not None
    assert last.run_id == FIRST
    assert history.last(tmp_path, ["other"]) is None


def test_only_runs_that_may_be_under_way_are_looked_at(tmp_path: Path) -> None:
    for run in (FIRST, SECOND, THIRD):
        ledger.write(tmp_path, entry(run_id=run))
    (tmp_path / "work" / FIRST).mkdir(parents=True)
    (tmp_path / "work" / "nobody's").mkdir()
    assert history.open_runs(tmp_path) == [FIRST, THIRD]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"null",
        b'{"run_id": "20260301T060000-aaaa"}',
    ],
)
def test_a_damaged_entry_is_told_and_passed_over(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.write(tmp_path, entry(run_id=SECOND))
    file = tmp_path / "runs" / f"{FIRST}.json"
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert [each.run_id for each in ledger.entries(tmp_path)] == [SECOND]
    assert file.name in caplog.text
    assert [each.run_id for each in history.entries(tmp_path, set_aside=True)] == [SECOND]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [
        f"{FIRST}.json.damaged",
        f"{SECOND}.json",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sources": "news"},
        {"stages": []},
        {"stages": {"clean": {"rows_in": 1}}},
        {"gates": [{"stage": "clean"}]},
        {"started_at": "yesterday"},
        {"base": "one"},
        {"run_id": "another"},
        {"ended_at": "2026-03-01T06:00:00+00:00"},
        {"status": None},
    ],
)
def test_an_entry_of_other_types_is_damaged(tmp_path: Path, wrong: dict[str, object]) -> None:
    ledger.write(tmp_path, entry(run_id=FIRST))
    (file,) = (tmp_path / "runs").glob("*.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | wrong))
    assert list(ledger.entries(tmp_path)) == []


def test_what_a_newer_version_noted_is_kept(tmp_path: Path) -> None:
    ledger.write(tmp_path, entry(run_id=FIRST))
    (file,) = (tmp_path / "runs").glob("*.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"mood": "fine"}))
    (told,) = ledger.entries(tmp_path)
    told.ended("failed")
    ledger.write(tmp_path, told)
    assert json.loads(file.read_text())["mood"] == "fine"
    assert "unknown" not in json.loads(file.read_text())


def test_what_weighs_goes_with_the_generation(tmp_path: Path) -> None:
    published(tmp_path, FIRST)
    (told,) = ledger.entries(tmp_path)
    told.gates = record.tables(FIRST)["gate_results"].to_dicts()
    ledger.write(tmp_path, told)
    published(tmp_path, SECOND, THIRD)
    publish.finish(tmp_path, 2)
    (slim,) = ledger.read(tmp_path, [FIRST])
    assert (slim.gates, slim.seals, slim.status) == ([], {}, "published")
    (kept,) = ledger.read(tmp_path, [THIRD])
    assert list(kept.seals) == ["3"]

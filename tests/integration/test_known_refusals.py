"""What was refused before and has not changed is known: it changes no exit code and no share, and is listed once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.support.command import SAMPLES, onrecord


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with news, a file that nobody reads here, an empty one, and an article that quotes nobody."""
    folder = tmp_path / "news"
    folder.mkdir()
    shutil.copy(SAMPLES / "northern-ledger-nurses.txt", folder)
    (folder / "minutes.odt").write_bytes(b"PK\x03\x04" + bytes(100_000))
    (folder / "empty.txt").touch()
    (folder / "quiet.txt").write_text("The ferry ran on time.\n" * 20, encoding="utf-8")
    return folder


def _rejects(warehouse: Path, server: str) -> dict[str, str]:
    told = onrecord(
        "rejects", "--all", "--format", "jsonl", warehouse=warehouse, server=server
    ).stdout
    rows = [json.loads(line) for line in told.splitlines()]
    found = {row["source"]: row["reason"] for row in rows}
    assert len(found) == len(rows)
    return found


def test_it_is_news_once(news: Path, tmp_path: Path, server: str) -> None:
    home = tmp_path / "record"

    def run(expect: int, *options: str) -> str:
        return onrecord(
            "run", str(news), *options, warehouse=home, server=server, expect=expect
        ).stdout

    assert "3 refused:" in run(3)
    before = _rejects(home, server)
    assert before == {
        "minutes.odt": "unknown_format",
        "empty.txt": "empty",
        "quiet.txt": "no_quotation",
    }

    told = run(0)
    assert "Nothing new" in told
    assert "3 refused before" in told

    shutil.copy(SAMPLES / "kessel-observer-dam.txt", news)
    told = run(0)
    assert "Generation 2 is published" in told
    assert "3 refused before" in told
    assert _rejects(home, server) == before

    (news / "spoilt.json").write_text("{", encoding="utf-8")
    assert "1 refused:" in run(3)
    assert set(_rejects(home, server)) == {*before, "spoilt.json"}
    assert "4 refused before" in run(0)

    # What changed is looked at anew, even where it changed past what was kept of it.
    (news / "empty.txt").write_text(" \n", encoding="utf-8")
    with (news / "minutes.odt").open("ab") as file:
        file.write(b"more")
    assert "2 refused:" in run(3)

    put_again = onrecord("retry", warehouse=home, server=server, expect=3).stdout
    assert "4 put through again: 0 on record, 4 refused again" in put_again
    assert "4 refused before" in run(0)

    shutil.copy(SAMPLES / "calder-post-dam.html", news)
    run(0)
    with duckdb.connect(home / "onrecord.duckdb", read_only=True) as record:
        told_counts = record.execute("SELECT bool_and(balanced) FROM accounting").fetchone()
        assert told_counts == (True,)
        counts = record.execute(
            "SELECT stage, rejected, duplicates FROM accounting"
            " WHERE run_id = (SELECT max(run_id) FROM runs) AND stage IN ('ingest', 'clean')"
        ).fetchall()
    # Two articles on record and three files of no use; one article that quotes nobody.
    assert sorted(counts) == [("clean", 0, 1), ("ingest", 0, 5)]


def test_nothing_usable_stays_nothing_usable(tmp_path: Path, server: str) -> None:
    (tmp_path / "empty.txt").touch()
    for _ in range(2):
        done = onrecord(
            "run",
            str(tmp_path / "empty.txt"),
            warehouse=tmp_path / "record",
            server=server,
            expect=2,
        )
        assert "nothing usable" in done.stderr
    assert len(_rejects(tmp_path / "record", server)) == 1

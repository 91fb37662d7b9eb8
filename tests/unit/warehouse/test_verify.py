"""Whatever is planted in a good file, verify finds it and names it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking import looked_at
from onrecord.warehouse.checking.breaches import breaches
from onrecord.warehouse.checking.row_rules import RULES
from onrecord.warehouse.checking.verify import Problem, verify, verify_file
from onrecord.warehouse.database import utc_now
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.examined import WHOLE, is_due
from tests.support import record
from tests.support.tampering import changed, changed_vectors


def test_a_good_record_has_no_problem(repeating: Path) -> None:
    assert verify(repeating) == []


FAULTS = [
    (
        "dismissed",
        "dismissed_quotations",
        "INSERT INTO dismissed_quotations FROM quotations LIMIT 1",
    ),
    ("name", "segments", "UPDATE segments SET name = '../' || name"),
    ("name", "segments", "UPDATE segments SET sha256 = md5(sha256) || md5(sha256)"),
    ("corrected", "quotations", "UPDATE quotations SET corrected = ['nobody said so']"),
    ("text_hash", "articles", "UPDATE articles SET text = text || ' ' WHERE title = 'Le pont'"),
    ("copies", "articles", "UPDATE articles SET duplicate_of = article_id, duplicate_share = 1"),
    ("copies", "articles", "UPDATE articles SET duplicate_share = 0.5"),
    (
        "versions",
        "articles",
        "UPDATE articles SET supersedes = (SELECT min(article_id) FROM articles)",
    ),
    ("span_order", "blocks", "UPDATE blocks SET \"end\" = 100000 WHERE kind = 'body'"),
    ("span_order", "blocks", 'UPDATE blocks SET "end" = start'),
    ("verbatim", "quotations", "UPDATE quotations SET start = start + 1"),
    ("verbatim", "quotations", "UPDATE quotations SET text = upper(text)"),
    ("verbatim", "mentions", "UPDATE mentions SET text = 'nobody'"),
    ("pieces", "quotations", "UPDATE quotations SET spans = []"),
    (
        "pieces",
        "quotations",
        "UPDATE quotations SET spans = [{'start': start, 'end': start + 5},"
        " {'start': start + 3, 'end': \"end\"}]",
    ),
    ("mention", "quotations", "UPDATE quotations SET mention = 'someone'"),
    ("cue", "quotations", "UPDATE quotations SET cue_start = 0, cue_end = 4"),
    ("wording", "quotations", "UPDATE quotations SET utterance_id = 'none'"),
    ("unit_norm", "utterances", "UPDATE utterances SET embedding = [0, 0, 0, 0, 0, 0, 0, 0]"),
    ("unit_norm", "utterances", "UPDATE utterances SET embedding = ['nan']"),
    ("width", "utterances", "UPDATE utterances SET embedding = [1] WHERE text LIKE 'Les%'"),
    ("no_quotations", "statements", "DELETE FROM statement_members"),
    ("count", "statements", "UPDATE statements SET quotations = 9"),
    (
        "two_speakers",
        "statement_members",
        "UPDATE statement_members SET statement_id = (SELECT min(statement_id) FROM statements)",
    ),
    (
        "verbatim",
        "variant_changes",
        'UPDATE variant_changes SET start = start + 1, "end" = "end" + 1',
    ),
    ("verbatim", "variant_changes", "UPDATE variant_changes SET other_text = upper(other_text)"),
    ("verbatim", "variant_changes", "UPDATE variant_changes SET statement_id = 'none'"),
    ("kind", "variant_changes", "UPDATE variant_changes SET kind = 'added'"),
    ("changes", "statement_members", "DELETE FROM variant_changes WHERE position = 0"),
    ("changes", "statement_members", "UPDATE statement_members SET difference = 'same'"),
    ("repeats", "statement_repeats", "UPDATE statement_repeats SET repeats_id = statement_id"),
    ("repeats", "statement_repeats", "UPDATE statements SET speaker_id = NULL"),
    ("count", "statements", "UPDATE statements SET quotations = 1 WHERE quotations = 0"),
    ("no_quotations", "statements", "DELETE FROM statement_moves"),
    ("count", "themes", "UPDATE themes SET size = 0"),
    ("accounting", "stage_runs", "UPDATE stage_runs SET rows_out = 0 WHERE stage = 'clean'"),
    ("key", "quotations", "INSERT INTO quotations SELECT * FROM quotations LIMIT 1"),
    ("values", "quotations", "UPDATE quotations SET type = 'shouted'"),
    ("bounds", "quotations", "UPDATE quotations SET confidence = 1.5"),
    ("bounds", "blocks", "UPDATE blocks SET confidence = 'nan'"),
    ("reference", "quotations", "UPDATE quotations SET speaker_id = 'nobody'"),
    ("reference", "blocks", "DELETE FROM articles WHERE title = 'Le pont'"),
    ("reference", "theme_members", "DELETE FROM themes"),
    ("apart", "blocks", "UPDATE blocks SET start = 0 WHERE kind = 'body'"),
    (
        "insertions",
        "quotations",
        "UPDATE quotations SET insertions = [{'start': 0, 'end': start + 1}]",
    ),
    ("name", "quotations", "UPDATE quotations SET unresolved = 'a pronoun'"),
    ("nested", "quotations", "UPDATE quotations SET nested_in = 'nobody'"),
    ("member", "quotations", "DELETE FROM statement_members"),
    ("member", "quotations", "UPDATE quotations SET stance = 'supposed' WHERE stance = 'denied'"),
    ("stance", "quotations", "UPDATE quotations SET stance_start = NULL WHERE stance = 'unsaid'"),
    ("stance", "quotations", "UPDATE quotations SET stance = 'asserted'"),
    ("stance", "quotations", "UPDATE quotations SET stance_end = 100000 WHERE stance = 'unsaid'"),
    ("stance", "statements", "UPDATE statements SET stance = 'asserted'"),
    ("reference", "stage_runs", "DELETE FROM runs"),
    ("reference", "gate_results", "DELETE FROM runs"),
    ("key", "rejects", "INSERT INTO rejects SELECT * FROM rejects LIMIT 1"),
    ("values", "gate_results", "UPDATE gate_results SET severity = 'grave'"),
    ("bounds", "stage_runs", "UPDATE stage_runs SET seconds = -1"),
    ("columns", "speakers", "ALTER TABLE speakers DROP COLUMN aliases"),
    ("columns", "mentions", "DROP TABLE mentions"),
    ("migrations", "schema_migrations", "UPDATE schema_migrations SET sha256 = 'other'"),
    ("index", "quotations", "UPDATE quotations SET content = content || '!'"),
    ("index", "quotations", "DELETE FROM meta"),
]


@pytest.mark.parametrize(("check", "table", "fault"), FAULTS)
def test_a_planted_fault_is_found(
    repeating: Path, tmp_path: Path, check: str, table: str, fault: str
) -> None:
    home = shutil.copytree(repeating, tmp_path / "record")
    (changed_vectors if table == "utterances" else changed)(home, fault)
    found = {(problem.check, problem.table) for problem in verify_file(home / "onrecord.duckdb")}
    assert (check, table) in found


def test_every_rule_has_a_planted_fault() -> None:
    assert {(rule.check, rule.table) for rule in RULES} <= {
        (check, table) for check, table, _ in FAULTS
    }


def test_the_gate_is_told_of_a_record_of_nothing(repeating: Path, tmp_path: Path) -> None:
    file = tmp_path / "onrecord.duckdb"
    shutil.copyfile(repeating / "onrecord.duckdb", file)
    some = {"table": "articles", "says": "has at least 1 row"}
    assert breaches(file).filter(**some)["breaches"].to_list() == [0]
    assert breaches(file)["breaches"].sum() == 0
    with duckdb.connect(str(file)) as connection:
        connection.execute("DELETE FROM articles")
    assert breaches(file).filter(**some)["breaches"].to_list() == [1]


def test_texts_are_counted_slice_by_slice(
    repeating: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "onrecord.duckdb"
    shutil.copyfile(repeating / "onrecord.duckdb", file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE quotations SET text = upper(text)")
        connection.execute("UPDATE mentions SET start = start + 1")
    whole = breaches(file)
    assert whole.filter(says="text stands verbatim between start and end")["breaches"].min() > 1
    monkeypatch.setattr("onrecord.warehouse.checking.breaches.ARTICLES_AT_ONCE", 1)
    assert breaches(file).equals(whole)


def test_a_damaged_file_is_a_problem_and_not_a_crash(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "onrecord.duckdb"
    whole = (folder / "onrecord.duckdb").read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert verify_file(file) != []
    file.write_bytes(whole[:20_000] + bytes(len(whole) - 20_000))
    assert verify_file(file) != []


def test_what_lies_wrong_in_the_folder_is_told(folder: Path, tmp_path: Path) -> None:
    shutil.copyfile(folder / "onrecord.duckdb", tmp_path / "onrecord.duckdb")
    assert {problem.check for problem in verify(tmp_path)} == {
        "read_only",
        "kept",
        "no_entry",
        "segment",
    }
    (tmp_path / "onrecord.duckdb.wal").touch()
    told = {problem.check: str(problem) for problem in verify(tmp_path)}
    assert "mode 0444" in told["read_only"]
    assert "write-ahead log" in told["log"]
    assert "not among the kept generations" in told["kept"]


def test_a_copied_warehouse_is_as_good(repeating: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(repeating, copy)
    (kept,) = (copy / "generations").glob("*.duckdb")
    assert not kept.samefile(copy / "onrecord.duckdb")
    assert verify(copy) == []
    # As large, but not the same.
    kept.chmod(0o644)
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert [problem.check for problem in verify(copy)] == ["kept"]


def test_a_problem_is_told_in_words(tmp_path: Path, folder: Path) -> None:
    assert str(Problem("verbatim", "quotations", 3, "the text is not there")) == (
        "quotations: 3 rows: the text is not there (check: verbatim). Publish an earlier generation"
        " with `onrecord rollback N`, or make the record anew."
    )
    assert str(Problem("key", "runs", 1, "x")).startswith("runs: 1 row: x (check: key). ")
    shutil.copyfile(folder / "onrecord.duckdb", tmp_path / "onrecord.duckdb")
    told = [str(problem) for problem in verify(tmp_path)]
    assert told[0].startswith(
        f"{tmp_path}/onrecord.duckdb can be written; it should have mode 0444"
    )
    assert told[0].endswith("(check: read_only). Take the right to write away: `chmod 0444` on it.")


@pytest.mark.parametrize(
    ("check", "table", "fault"),
    # Of the index, no more than the numbers are looked at each day.
    [
        fault
        for fault in FAULTS
        if not fault[2].startswith("UPDATE quotations SET content = content ||")
    ],
)
def test_what_is_looked_at_in_parts_is_looked_at_by_every_rule(
    repeating: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    check: str,
    table: str,
    fault: str,
) -> None:
    monkeypatch.setattr(looked_at, "SMALL", 0)
    monkeypatch.setattr(looked_at, "PARTS", 1)
    home = shutil.copytree(repeating, tmp_path / "record")
    (changed_vectors if table == "utterances" else changed)(home, fault)
    file = home / "onrecord.duckdb"
    whole = breaches(file).drop("of")
    changed(home, "UPDATE meta SET value = '0 2020-01-01' WHERE key = 'examined whole'")
    parts = breaches(file)
    assert parts.drop("of").equals(whole)
    assert check in ("columns", "index", "migrations") or parts["of"].null_count() < parts.height


def test_a_day_looks_at_what_is_new_and_at_a_part_of_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looked_at, "SMALL", 0)
    told = []
    for number, articles in enumerate((record.ARTICLES, [], record.REPEATING), start=1):
        tables = record.tables(str(number), articles) if articles else {"rejects": []}
        candidate = building.build(tmp_path, tables, run_id=str(number))
        found = breaches(candidate)
        assert found["breaches"].sum() == 0
        told.append(dict(found.filter(table="quotations").select("says", "of").iter_rows()))
        publish.publish(tmp_path, candidate, 3)
    said = "text stands verbatim between start and end"
    assert told[0][said] is None
    held = query(tmp_path, "SELECT count(*) FROM quotations").item()
    assert told[1][said] <= 1 < told[2][said] < held


@pytest.mark.parametrize(
    ("noted", "due"),
    [
        (None, True),
        (f"1 {utc_now() - timedelta(days=6)}", False),
        (f"1 {utc_now() - timedelta(days=7, seconds=1)}", True),
        # The clock was ahead when it was noted, and has been set back.
        (f"1 {utc_now() + timedelta(days=400)}", True),
        ("1 yesterday", True),
        ("", True),
        ("1 2026-01-01T00:00:00+00:00", True),
    ],
    ids=["nothing", "six days ago", "a week ago", "ahead", "no time", "empty", "long ago"],
)
def test_everything_is_looked_at_once_a_week_whatever_the_clock_says(
    noted: str | None, due: bool
) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
        if noted is not None:
            connection.execute("INSERT INTO meta VALUES (?, ?)", [WHOLE, noted])
        assert is_due(connection) is due

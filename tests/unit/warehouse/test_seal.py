"""What is changed behind the record's back is found, and told by its table.

FLIPS sets in how many places of a file a bit is flipped.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.verify import as_published, verify
from onrecord.warehouse.database import reader
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.seal import Seal, differences, digests, seal
from tests.support import record
from tests.support.tampering import changed, changed_vectors

TAMPERED = [
    ("articles", "UPDATE articles SET published_at = TIMESTAMP '1999-01-01'"),
    ("articles", "UPDATE articles SET outlet = 'Another Post' WHERE outlet = 'Le Quai'"),
    ("articles", "UPDATE articles SET sketch = [1, 2]"),
    ("articles", "UPDATE articles SET url = NULL"),
    ("blocks", "UPDATE blocks SET kind = 'caption' WHERE kind = 'title'"),
    ("blocks", "UPDATE blocks SET confidence = confidence - 0.0000000001"),
    ("quotations", "UPDATE quotations SET name = 'Linus Gade' WHERE name = 'Ilse Marrow'"),
    ("quotations", "UPDATE quotations SET confidence = 0.81"),
    ("quotations", "UPDATE quotations SET said_on = DATE '2001-01-01' WHERE in_headline"),
    ("quotations", "UPDATE quotations SET translated = true"),
    ("quotations", "UPDATE quotations SET told = ''"),
    ("mentions", "UPDATE mentions SET descriptor = 'a liar'"),
    ("mentions", "INSERT INTO mentions FROM mentions"),
    ("speakers", "UPDATE speakers SET aliases = []"),
    ("speakers", "UPDATE speakers SET first_seen = NULL"),
    ("statements", "UPDATE statements SET text = 'I resign today'"),
    ("statements", "UPDATE statements SET outlets = 99 WHERE outlets = 1"),
    ("statements", "UPDATE statements SET first_said = TIMESTAMP '1999-01-01'"),
    ("statement_members", "UPDATE statement_members SET similarity = 0.5"),
    ("variant_changes", "UPDATE variant_changes SET kind = 'cut'"),
    ("statement_repeats", "DELETE FROM statement_repeats"),
    ("statement_moves", "UPDATE statement_moves SET run_id = 'other'"),
    ("themes", "UPDATE themes SET label = 'nothing at all'"),
    ("theme_members", "UPDATE theme_members SET similarity = 0.1"),
    ("rejects", "DELETE FROM rejects"),
    ("rejects", "UPDATE rejects SET payload = 'x'::BLOB"),
    ("rejects", "UPDATE rejects SET reason = 'too_long'"),
    ("runs", "UPDATE runs SET version = '9'"),
    ("stage_runs", "UPDATE stage_runs SET seconds = 1"),
    ("gate_results", "UPDATE gate_results SET observed = 'all is well'"),
    ("generations", "UPDATE generations SET published_at = TIMESTAMP '1999-01-01'"),
    ("changes", "DELETE FROM changes"),
    ("schema_migrations", "UPDATE schema_migrations SET applied_at = TIMESTAMP '1999-01-01'"),
    ("meta", "INSERT INTO meta VALUES ('note', 'mine')"),
    ("fts_main_quotations.terms", "DELETE FROM fts_main_quotations.terms WHERE docid = 0"),
    ("fts_main_quotations.dict", "UPDATE fts_main_quotations.dict SET term = 'x' WHERE termid = 0"),
    ("fts_main_quotations.docs", "UPDATE fts_main_quotations.docs SET len = 1"),
    ("fts_main_quotations.stats", "UPDATE fts_main_quotations.stats SET avgdl = 1"),
    ("quotes", "CREATE OR REPLACE VIEW quotes AS SELECT 1 AS one"),
    ("latest_run", "DROP VIEW latest_run"),
    ("mine", "CREATE VIEW mine AS SELECT 1 AS one"),
    ("mine", "CREATE TABLE mine (one BIGINT)"),
    ("folded", "CREATE OR REPLACE MACRO folded(words) AS upper(words)"),
    ("search_words", "DROP MACRO TABLE search_words"),
    ("articles", "COMMENT ON TABLE articles IS 'nothing of interest'"),
    ("quotes", "COMMENT ON COLUMN quotes.speaker IS 'whoever'"),
    ("quotations", "COMMENT ON COLUMN quotations.name IS 'whoever'"),
    ("folded", "COMMENT ON MACRO folded IS 'whatever'"),
    ("articles", "ALTER TABLE articles ALTER COLUMN outlet SET DEFAULT 'The Post'"),
    ("articles", "ALTER TABLE articles ALTER COLUMN source DROP NOT NULL"),
    ("speakers", "ALTER TABLE speakers ADD COLUMN mine VARCHAR"),
    ("mine", "CREATE SEQUENCE mine"),
    ("mine", "CREATE SCHEMA mine"),
    ("mine", "CREATE TYPE mine AS ENUM ('a')"),
    ("mine", "CREATE INDEX mine ON articles (article_id)"),
]

FLIPS = int(os.environ.get("FLIPS", "16"))
_EMPTY = ("NULL", "[]", "[NULL]", "[NULL, NULL]", "[0]")


@pytest.mark.parametrize(("name", "sql"), TAMPERED, ids=[sql[:60] for _, sql in TAMPERED])
def test_a_change_behind_its_back_is_found_and_told_by_its_table(
    repeating: Path, tmp_path: Path, name: str, sql: str
) -> None:
    file = tmp_path / "onrecord.duckdb"
    shutil.copyfile(repeating / "onrecord.duckdb", file)
    sealed = seal(file)
    assert list(differences(file, sealed)) == []
    with duckdb.connect(str(file)) as connection:
        connection.execute(sql)
    assert seal(file).sha256 != sealed.sha256
    assert name in {found for found, _ in differences(file, sealed)}


def test_verify_says_which_table_differs(home: Path) -> None:
    assert verify(home) == []
    changed(home, "UPDATE quotations SET confidence = 0.81")
    (problem,) = verify(home)
    assert (problem.check, problem.table) == ("sealed", "quotations")
    assert "its rows are not those of generation 1, which run" in str(problem)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE utterances SET embedding = list_transform(embedding, lambda x: -x)",
        "UPDATE utterances SET embedding = list_reverse(embedding)",
        "UPDATE utterances SET text = upper(text)",
    ],
)
def test_vectors_that_were_changed_are_told(home: Path, sql: str) -> None:
    (segment,) = (home / "segments").glob("vectors-*.duckdb")
    segment.chmod(0o644)
    with duckdb.connect(str(segment)) as connection:
        connection.execute(sql)
    assert ("segment", "segments") in {(found.check, found.table) for found in verify(home)}
    changed_vectors(shutil.copytree(home, home.parent / "again"), "SELECT 1")
    assert ("sealed", "segments") in {
        (found.check, found.table) for found in verify(home.parent / "again")
    }


def test_a_file_written_anew_with_the_same_rows_is_another_file(home: Path) -> None:
    changed(
        home, "INSERT INTO meta VALUES ('a', 'b'); DELETE FROM meta WHERE key = 'a'; CHECKPOINT"
    )
    assert {(problem.check, problem.table) for problem in verify(home)} == {("sealed", "")}


def test_each_flipped_byte_is_found(home: Path) -> None:
    file = home / "onrecord.duckdb"
    whole = file.read_bytes()
    file.chmod(0o644)
    for at in range(FLIPS):
        place = at * len(whole) // FLIPS + (at * 37) % 64
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << at % 8]) + whole[place + 1 :])
        checks = {problem.check for problem in verify(home)} - {"read_only", "kept"}
        assert checks & {"sealed", "opens", "readable"}, f"byte {place}"
    # What is left behind is read once more, as every test's record is.
    file.write_bytes(whole)


def test_a_block_that_is_damaged_amid_a_tables_vectors_is_told(tmp_path: Path) -> None:
    file = tmp_path / "one.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT i::VARCHAR AS a, [random()::FLOAT FOR _ IN range(16)] AS v"
            " FROM range(200_000) AS r(i)"
        )
    whole, sealed = file.read_bytes(), seal(file)
    told = []
    for part in range(4, 8):
        place = part * len(whole) // 8
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        told += list(differences(file, sealed))
    assert told == [("t", "its rows cannot be read as in")] * 4


def test_digests_do_not_hang_on_the_order_of_rows_and_count_each(tmp_path: Path) -> None:
    def told(sql: str) -> dict[str, str]:
        file = tmp_path / "one.duckdb"
        file.unlink(missing_ok=True)
        with duckdb.connect(str(file)) as connection:
            connection.execute("CREATE TABLE t (a VARCHAR, b VARCHAR, v FLOAT[])")
            connection.execute(sql)
        with reader(file) as connection:
            return digests(connection)

    one = told("INSERT INTO t VALUES ('a', 'b', [1, 2]), ('c', NULL, [3, 4])")
    assert told("INSERT INTO t VALUES ('c', NULL, [3, 4]), ('a', 'b', [1, 2])") == one
    for other in (
        "('a', 'b', [3, 4]), ('c', NULL, [1, 2])",
        "('a', 'b', [1, 2]), ('c', '', [3, 4])",
        "('ab', '', [1, 2]), ('c', NULL, [3, 4])",
        "('a', 'b', [2, 1]), ('c', NULL, [3, 4])",
        "('a', 'b', [1, 2]), ('c', NULL, [3, 4]), ('c', NULL, [3, 4]), ('c', NULL, [3, 4])",
        "('a', 'b', [1, 2]), ('c', NULL, [3, 4, 0])",
        "('a', 'b', [1, 2]), ('c', NULL, NULL)",
        "('a', 'b', [1, 2]), ('c', NULL, [3, NULL])",
        "('a', 'b', []), ('c', NULL, [3, 4])",
        "('a', 'b', [0]), ('c', NULL, [3, 4])",
    ):
        assert told(f"INSERT INTO t VALUES {other}") != one, other
    empty = {told(f"INSERT INTO t VALUES ('a', 'b', {v})")["hashed t"] for v in _EMPTY}
    assert len(empty) == len(_EMPTY)


def test_what_was_added_to_a_digest_makes_that_of_all_rows(tmp_path: Path) -> None:
    file = tmp_path / "one.duckdb"

    def day(number: int, sql: str, *rows: str) -> None:
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"INSERT INTO generations VALUES ({number}); {sql}")
            for told in rows:
                connection.execute(f"INSERT INTO changes VALUES ({number}, {told})")

    add = "INSERT INTO quotations SELECT 'q' || i, 'said' || i FROM range({}, {}) AS r (i);"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "CREATE TABLE quotations (quotation_id VARCHAR, text VARCHAR);"
            "CREATE TABLE generations (generation BIGINT);"
            "CREATE TABLE changes (generation BIGINT, table_name VARCHAR, added BIGINT, changed BIGINT, removed BIGINT)"
        )
    day(1, add.format(0, 9_000), "'quotations', 9000, 0, 0")
    before = seal(file)
    for number, (sql, *rows) in enumerate(
        [
            (add.format(9_000, 9_100), "'quotations', 100, 0, 0"),
            ("DELETE FROM quotations WHERE quotation_id = 'q7'", "'dismissed_quotations', 1, 0, 0"),
            (add.format(9_100, 9_200), "'quotations', 100, 0, 0"),
            (
                f"DELETE FROM quotations WHERE quotation_id = 'q9'; {add.format(9, 10)}",
                "'quotations', 0, 1, 0",
            ),
            (add.format(9_200, 9_300), "'quotations', 100, 0, 0"),
            # What nobody told of: the numbers of rows show it.
            ("DELETE FROM quotations WHERE quotation_id = 'q4711'",),
        ],
        start=2,
    ):
        day(number, sql, *rows)
        assert seal(file, before).digests == seal(file).digests, number
        before = seal(file, before)


def test_where_another_version_sealed_a_file_its_bytes_alone_tell(home: Path) -> None:
    (entry,) = ledger.entries(home)
    ((_, told),) = entry.seals.items()
    told["duckdb"] = "0.0.0"
    ledger.write(home, entry)
    assert verify(home) == []
    changed(home, "UPDATE quotations SET confidence = 0.81")
    (problem,) = verify(home)
    assert problem.check == "sealed"
    assert "which table differs cannot be told" in str(problem)


def test_a_ledger_without_the_entry_is_told(home: Path) -> None:
    (entry,) = (home / "runs").glob("*.json")
    entry.unlink()
    (problem,) = verify(home)
    assert problem.check == "no_entry"
    assert "the ledger has no entry of generation 1" in str(problem)


def test_a_file_that_an_older_version_published_is_told(home: Path) -> None:
    (entry,) = ledger.entries(home)
    entry.seals = {}
    ledger.write(home, entry)
    (problem,) = verify(home)
    assert problem.check == "unsealed"


def test_whatever_is_published_is_sealed(tmp_path: Path) -> None:
    for run, count in (("a", 1), ("b", 2), ("c", 3)):
        built = building.build(tmp_path, record.tables(run, record.ARTICLES[:count]), run_id=run)
        publish.publish(tmp_path, built, 2)
        assert verify(tmp_path) == []
        # Also what was taken over from the seal before is what the file holds.
        (told,) = ledger.read(tmp_path, [run])
        (sealed,) = (Seal(**each) for each in told.seals.values())
        assert seal(tmp_path / "onrecord.duckdb") == sealed
    publish.rollback(tmp_path, 2)
    assert verify(tmp_path) == []
    seals = {entry.run_id: list(entry.seals) for entry in ledger.entries(tmp_path)}
    assert seals == {"a": [], "b": ["2"], "c": ["3"]}


def test_the_seal_holds_where_an_outlet_got_another_spelling(tmp_path: Path) -> None:
    """Articles of before changed with it, and what had been sealed of them was taken over."""
    spelled = ("The Brand Post", "THE BRAND POST", "THE BRAND POST", "The Lark")
    outlets = [
        {**article, "outlet": outlet, "url": f"https://post.example/{at}"}
        for at, (article, outlet) in enumerate(zip(record.ARTICLES, spelled, strict=False))
    ]
    for run, count in (("a", 1), ("b", 3)):
        tables = record.tables(run, outlets[:count])
        publish.publish(tmp_path, building.build(tmp_path, tables, run_id=run), 2)
        assert as_published(tmp_path, every_table=True) == []
    assert query(tmp_path, "SELECT DISTINCT outlet FROM articles")["outlet"].to_list() == [
        "THE BRAND POST"
    ]
    told = query(
        tmp_path, "SELECT added, changed FROM changes WHERE table_name = 'articles' ORDER BY ALL"
    )
    assert told.rows() == [(1, 0), (2, 1)]
    changed(tmp_path, "UPDATE articles SET outlet = 'The Brand Post'", generation=2)
    (problem,) = as_published(tmp_path)
    assert (problem.check, problem.table) == ("sealed", "articles")

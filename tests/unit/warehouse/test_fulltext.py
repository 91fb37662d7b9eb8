"""The full-text extension is found where its package put it, or it is said what to install."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path
from random import Random

import duckdb
import pytest

from onrecord.warehouse.errors import ExtensionMissing
from onrecord.warehouse.publishing import fulltext


def test_the_installed_extension_is_found_and_loads() -> None:
    assert fulltext.extension_path().is_file()
    connection = duckdb.connect()
    fulltext.load_extension(connection)
    assert connection.execute("SELECT stem('cables', 'porter')").fetchone() == ("cabl",)


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "find_spec", lambda name: None)
    with pytest.raises(
        ExtensionMissing, match="not installed: `pip install duckdb-extension-fts=="
    ):
        fulltext.extension_path()


def test_an_extension_for_another_duckdb_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "extensions" / "v0.9.9").mkdir(parents=True)
    spec = ModuleSpec("duckdb_extension_fts", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(fulltext, "find_spec", lambda name: spec)
    with pytest.raises(ExtensionMissing, match=r"is for DuckDB v0\.9\.9, and DuckDB is"):
        fulltext.extension_path()


def test_a_damaged_extension_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "it's.duckdb_extension"
    broken.write_bytes(b"no library")
    monkeypatch.setattr(fulltext, "extension_path", lambda: broken)
    with pytest.raises(ExtensionMissing, match="cannot be loaded"):
        fulltext.load_extension(duckdb.connect())


WORDS = (
    "bridge",
    "council",
    "Water",
    "percent",
    "œuvre",
    "naïve",
    "don't",
    "1,000",
    "Brücke",
    "мост",
)


def _words(rng: Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(0, 9)))


def _record(connection: duckdb.DuckDBPyConnection, rows: dict[str, str]) -> None:
    connection.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
    connection.execute("CREATE TABLE quotations (quotation_id VARCHAR, content VARCHAR)")
    for row in rows.items():
        connection.execute("INSERT INTO quotations VALUES (?, ?)", row)
    fulltext.index(connection)


def _told(connection: duckdb.DuckDBPyConnection) -> list[object]:
    """What the index holds, whatever numbers it gives to documents and terms."""
    index = "fts_main_quotations"
    asked = (
        f"SELECT name, len FROM {index}.docs ORDER BY ALL",
        f"SELECT term, df FROM {index}.dict ORDER BY ALL",
        f"SELECT name, term FROM {index}.terms JOIN {index}.docs USING (docid) JOIN {index}.dict USING (termid)"
        " ORDER BY ALL",
        f"SELECT num_docs, round(avgdl, 9) FROM {index}.stats",
        "SELECT value FROM meta WHERE key = 'fulltext'",
        "SELECT quotation_id, round(fts_main_quotations.match_bm25(quotation_id, 'bridge water мост'), 9)"
        " FROM quotations ORDER BY ALL",
    )
    return [connection.execute(sql).fetchall() for sql in asked]


def _day(connection: duckdb.DuckDBPyConnection, rng: Random, number: int) -> None:
    """Some quotations come, some are worded otherwise, some go."""
    ids = [row[0] for row in connection.execute("SELECT quotation_id FROM quotations").fetchall()]
    changed, gone = rng.sample(sorted(ids), 3), rng.sample(sorted(ids), 2)
    new = [f"new-{number}-{at}" for at in range(5)]
    touched = [*changed, *gone, *new, "unknown"]
    follower = fulltext.Follower(connection, f"SELECT unnest({touched!r}) AS quotation_id")
    for name in changed:
        connection.execute(
            "UPDATE quotations SET content = ? WHERE quotation_id = ?", [_words(rng), name]
        )
    for name in new:
        connection.execute("INSERT INTO quotations VALUES (?, ?)", [name, _words(rng)])
    connection.execute("DELETE FROM quotations WHERE quotation_id IN (SELECT unnest(?))", [gone])
    follower.follow()


@pytest.mark.parametrize("seed", range(3))
def test_an_index_that_follows_is_the_one_made_whole(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, made = Random(seed), fulltext.index
    connection = duckdb.connect()
    _record(connection, {f"first-{at}": _words(rng) for at in range(20)})
    whole: list[int] = []
    monkeypatch.setattr(fulltext, "index", lambda connection: whole.append(1))
    for number in range(6):
        _day(connection, rng, number)
        followed = _told(connection)
        again = duckdb.connect()
        fulltext.load_extension(again)
        rows = connection.execute("FROM quotations").fetchall()
        with monkeypatch.context() as patch:
            patch.setattr(fulltext, "index", made)
            _record(again, dict(rows))
        assert followed == _told(again)
    assert whole == []
    apart = connection.execute("SELECT value FROM meta WHERE key = 'fulltext appended'").fetchone()
    terms = connection.execute("SELECT count(*) FROM fts_main_quotations.terms").fetchone()
    assert apart is None or 4 * int(apart[0]) <= terms[0]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM fts_main_quotations.docs WHERE docid = 3",
        "DELETE FROM fts_main_quotations.terms WHERE docid = (SELECT max(docid) FROM fts_main_quotations.terms)",
        "DROP SCHEMA fts_main_quotations CASCADE",
        "DELETE FROM meta",
        "INSERT INTO quotations VALUES ('nobody told', 'of this bridge')",
    ],
)
def test_an_index_that_is_damaged_or_behind_is_made_whole(damage: str) -> None:
    rng, connection = Random(7), duckdb.connect()
    _record(connection, {f"first-{at}": "a bridge " + _words(rng) for at in range(20)})
    connection.execute(damage)
    _day(connection, rng, 0)
    assert fulltext.fresh(connection)
    told = _told(connection)
    fulltext.index(connection)
    assert _told(connection) == told

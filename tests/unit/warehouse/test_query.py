"""A question in SQL is answered, and can neither change nor reach anything."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.warehouse.asking.query import query, query_file, table
from onrecord.warehouse.errors import NoWarehouse, QueryError, WarehouseError
from tests.support import record


def test_who_said_what(folder: Path) -> None:
    rows = query(
        folder,
        "SELECT words, speaker, day, outlet, theme, broad_theme FROM quotes"
        " WHERE speaker = ? ORDER BY day, words",
        ["Ilse Marrow"],
    )
    assert rows.rows()[0] == (
        "The bridge stays closed until every cable has been tested.",
        "Ilse Marrow",
        date(2026, 2, 27),
        "The Harbour Post",
        "bridge closure",
        "bridge",
    )
    assert rows.height == 3


def test_every_quotation_is_one_row_of_quotes(folder: Path) -> None:
    counts = query(
        folder,
        "SELECT (SELECT count(*) FROM quotes), count(*), count(DISTINCT quotation_id) FROM quotations",
    )
    assert counts.rows() == [(5, 5, 5)]


def test_variants_show_who_prints_what(folder: Path) -> None:
    rows = query(
        folder,
        "SELECT difference, outlets, statement_outlets FROM statement_variants"
        " WHERE speaker = 'Ilse Marrow' AND wording LIKE 'The bridge remains%'",
    )
    assert rows.rows() == [("altered", ["Inland Courier"], 2)]


def test_a_timeline_has_a_row_a_day_and_statement(folder: Path) -> None:
    rows = query(
        folder,
        "SELECT day, outlets, quotations FROM speaker_timeline"
        " WHERE speaker = 'Ilse Marrow' ORDER BY day",
    )
    assert rows.rows() == [
        (date(2026, 2, 27), ["The Harbour Post"], 2),
        (date(2026, 2, 28), ["Inland Courier"], 1),
    ]


def test_the_accounting_balances(folder: Path) -> None:
    rows = query(folder, "SELECT stage, balanced FROM accounting")
    assert rows.rows() == [("ingest", True), ("clean", True)]


def test_the_latest_run_is_one_row(folder: Path) -> None:
    row = query(folder, "FROM latest_run").row(0, named=True)
    assert (row["run_id"], row["generation"], row["new_quotations"]) == (record.RUN, 1, 5)


def test_spans_are_verbatim_by_the_rule_in_the_docs(folder: Path) -> None:
    wrong = query(
        folder,
        "SELECT count(*) FROM quotations AS q JOIN articles AS a USING (article_id)"
        ' WHERE substr(a.text, q.start + 1, q."end" - q.start) <> q.text',
    )
    assert wrong.item() == 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('https://localhost:1/a.csv')",
        "COPY quotations TO '{tmp}/out.csv'",
        "ATTACH '{tmp}/other.duckdb'",
        "EXPORT DATABASE '{tmp}/all'",
        "INSTALL httpfs",
        "LOAD '{tmp}/evil.duckdb_extension'",
        "DELETE FROM quotations",
        "UPDATE articles SET text = ''",
        "DROP TABLE rejects",
        "CREATE TABLE mine (a BIGINT)",
        "SET enable_external_access = true",
        "RESET lock_configuration",
    ],
)
def test_a_query_can_change_and_reach_nothing(folder: Path, tmp_path: Path, sql: str) -> None:
    before = (folder / "onrecord.duckdb").read_bytes()
    with pytest.raises(QueryError):
        query(folder, sql.replace("{tmp}", str(tmp_path)))
    assert list(tmp_path.iterdir()) == []
    assert (folder / "onrecord.duckdb").read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)",
        "/* why */ explain (analyze) -- so\n COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)",
        "PREPARE write AS COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)",
        "ATTACH '{file}' AS other",
    ],
)
def test_a_query_does_not_write_over_what_it_reads(home: Path, sql: str) -> None:
    (vectors,) = (home / "segments").iterdir()
    for file in (home / "onrecord.duckdb", vectors):
        before = file.read_bytes()
        with pytest.raises(QueryError):
            query(home, sql.replace("{file}", str(file)))
        assert file.read_bytes() == before
    assert query(home, "EXPLAIN ANALYZE SELECT count(*) FROM quotes").height == 1


@pytest.mark.parametrize(
    "sql",
    [
        "CALL enable_logging(level = 'trace', storage = 'file', storage_path = '{tmp}/log')",
        "FROM enable_logging(storage = 'stdout')",
        "SELECT DATE 'infinity', (SELECT count(*) FROM system.main.\"Enable_Logging\" /* ( */ ())",
        "SUMMARIZE FROM enable_logging()",
        "EXPLAIN ANALYZE FROM enable_logging()",
        "FROM query('FROM enable_' || 'logging()')",
        "FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_' || 'logging()'))",
        "FROM checkpoint()",
        "SET VARIABLE onrecord_segments = '/etc'",
        "CREATE TEMP TABLE mine AS SELECT 1",
        "CREATE TABLE memory.mine AS SELECT 1",
        "USE memory",
        "BEGIN",
        "DETACH onrecord",
    ],
)
def test_a_query_answers_and_does_no_more(folder: Path, tmp_path: Path, sql: str) -> None:
    # A log to a file ended the process with the statement after it: a server of pages with all who read there.
    with pytest.raises(QueryError, match="a query answers"):
        query(folder, sql.replace("{tmp}", str(tmp_path)))
    assert list(tmp_path.iterdir()) == []


def test_words_like_those_of_what_is_refused_may_be_asked_for(folder: Path) -> None:
    asked = query(
        folder,
        "WITH query AS (SELECT 'query(' || 1 || ') FROM enable_logging()' AS text) -- query(1)\n"
        "SELECT text FROM query WHERE query . text IS NOT NULL",
    )
    assert asked.rows() == [("query(1) FROM enable_logging()",)]
    assert query(folder, "PIVOT quotations ON type USING count(*)").height > 0
    assert query(folder, "DESCRIBE quotations").height > 0
    assert query(folder, "SHOW ALL TABLES").height > 0


def test_errors_are_in_duckdbs_words(folder: Path) -> None:
    with pytest.raises(QueryError, match='syntax error at or near "selec"'):
        query(folder, "selec 1")
    with pytest.raises(QueryError, match='Did you mean "quotes"'):
        query(folder, "FROM quotess")
    with pytest.raises(QueryError, match="one statement at a time, please: found 2"):
        query(folder, "SELECT 1; SELECT 2")
    with pytest.raises(QueryError, match="surrogates not allowed"):
        query(folder, "SELECT '\udcff'")
    with pytest.raises(QueryError, match="found 0"):
        query(folder, "-- nothing")
    with pytest.raises(QueryError, match="not provided"):
        query(folder, "SELECT ?")


def test_without_a_record_it_is_said_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse, match=r"onrecord --warehouse .* run SOURCE"):
        query(tmp_path, "SELECT 1")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "onrecord.duckdb").write_text("not a database " * 1000)
    with pytest.raises(WarehouseError, match="cannot be opened as a DuckDB file"):
        query(tmp_path, "SELECT 1")


def test_a_table_of_a_file_can_be_read_in_part(folder: Path) -> None:
    frame = table(folder / "onrecord.duckdb", "quotations", ("start", "end"))
    assert (frame.columns, frame.height) == (["start", "end"], 5)
    with pytest.raises(QueryError):
        table(folder / "onrecord.duckdb", 'quotations"; DROP TABLE quotations; --')


def test_words_can_be_embedded_in_sql(folder: Path) -> None:
    calls: list[str] = []

    def encode(words: str) -> list[float]:
        calls.append(words)
        return record.vector(words)

    sql = "SELECT words, score FROM search_meaning(embed('nobody asked the workers'), k := 1)"
    (row,) = query(folder, sql, encode=encode).rows()
    assert row[0] == "nobody asked the workers"
    assert row[1] == pytest.approx(1, abs=1e-5)
    assert calls == ["nobody asked the workers"]


def test_a_plain_connection_without_extensions_sees_the_same(folder: Path) -> None:
    rows = query_file(
        next((folder / "generations").glob("*.duckdb")),
        "SELECT words FROM search_words('workers')",
    )
    assert rows["words"].to_list() == ["nobody asked the workers"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("INTERVAL 3 DAY", "3 days"),
        ("'ab'::BLOB", "ab"),
        ("'101'::BIT", "101"),
        ("[INTERVAL 1 HOUR]", "['01:00:00']"),
        ("{'a': '101'::BIT}", "{'a': 101}"),
        ("union_value(k := 1)", "1"),
        ("'1'::BIGNUM", "1"),
        ("'x'::VARIANT", "x"),
    ],
)
def test_types_that_polars_has_not_come_as_text(folder: Path, value: str, shown: str) -> None:
    frame = query(folder, f"SELECT {value} AS a, 2 AS n, ? AS a ORDER BY 2; -- why", ["b"])
    assert (frame.columns, frame.rows()) == (["a", "n", "a_1"], [(shown, 2, "b")])


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("DATE 'infinity'", "infinity"),
        ("TIMESTAMP '-infinity'", "-infinity"),
        ("TIMESTAMP '12000-01-01 06:00'", "12000-01-01 06:00:00"),
        ("DATE '0044-03-15 (BC)'", "0044-03-15 (BC)"),
        ("[DATE 'infinity']", "[infinity]"),
        ("{'day': DATE 'infinity'}", "{'day': infinity}"),
    ],
)
def test_days_beyond_the_calendar_come_as_text(folder: Path, value: str, shown: str) -> None:
    found = query(
        folder, f"SELECT {value} AS day, DATE '9999-12-31' AS last, DATE '0001-01-01' AS one"
    )
    assert found.rows() == [(shown, date.max, date.min)]


def test_how_long_between_two_days_can_be_asked(folder: Path) -> None:
    gaps = query(
        folder, "SELECT max(published_at) - min(published_at) AS gap FROM articles -- an interval"
    )
    assert gaps.item() == "1 day 01:30:00"
    assert query(folder, "EXPLAIN SELECT INTERVAL 1 DAY").height == 1


def test_the_columns_are_ours_and_all_commented(folder: Path) -> None:
    rows = query(folder, "SELECT table_name, column_name, comment FROM columns")
    assert rows["comment"].null_count() == 0
    assert {"articles", "quotes", "columns", "meta"} <= set(rows["table_name"])
    assert not set(rows["table_name"]) & {"dict", "docs", "terms", "stats", "fields", "stopwords"}
    assert rows["table_name"].is_sorted()
    first = query(folder, "SELECT column_name FROM columns WHERE table_name = 'quotes'")
    assert first["column_name"].to_list()[:2] == ["quotation_id", "words"]


def test_views_are_read_in_order(repeating: Path) -> None:
    days = query(repeating, "FROM speaker_timeline")["day"]
    assert days.n_unique() > 2
    assert days.is_sorted()
    wordings = query(repeating, "FROM statement_variants")
    assert wordings["statement"].is_sorted()
    assert wordings.equals(
        wordings.sort(
            "statement",
            "statement_id",
            "similarity",
            descending=[False, False, True],
            maintain_order=True,
        )
    )

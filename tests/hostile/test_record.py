"""A record full of names and words that would command: stored, searched, printed and shown as what they are."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest

from onrecord.expectations import report
from onrecord.flows.showing import summary
from onrecord.pipeline.core.contracts import GATE_RESULTS
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.errors import QueryError, WarehouseError
from onrecord.warehouse.publishing import building, publish
from tests.hostile.conftest import Canary
from tests.support import record

NAMES = (
    "Robert'); DROP TABLE quotations; --",
    'Ann "Lee" OR 1=1',
    "<img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\x1b[2J\x1b]0;owned\x07",
    "\u202eeel nna\u202c",
    "%s %n ${jndi:ldap://x} {{7*7}}",
    "[b]bold[/b] [link=http://x.example]click[/link]",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record whose outlets are hostile names, and in whose words they stand."""
    home = tmp_path_factory.mktemp("it's; --") / "a 'record'; DROP"
    articles = [
        {
            "outlet": name,
            "url": f"https://paper.example/{number}",
            "title": name,
            "published_at": None,
            "text": f'{name}\n\nIlse Marrow said: "They call me {name} here."',
            "said": ((f'"They call me {name} here."', "Ilse Marrow", record.MAYOR, False),),
        }
        for number, name in enumerate(NAMES)
    ]
    built = building.build(home, record.tables(articles=articles), run_id=record.RUN)
    publish.publish(home, built, 3)
    return home


def test_everything_is_stored_as_it_is(hostile: Path) -> None:
    assert verify(hostile) == []
    assert set(query(hostile, "SELECT outlet FROM articles")["outlet"]) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_searched_for_as_a_value(hostile: Path, name: str) -> None:
    found = search(hostile, "call", None, outlet=name)
    assert found["words"].to_list() == [f"They call me {name} here."]
    assert search(hostile, name, None, speaker=name, theme=name).is_empty()
    asked = query(hostile, "SELECT outlet FROM quotes WHERE outlet = ?", [name])
    assert asked["outlet"].to_list() == [name]


@pytest.mark.parametrize("since", ["2026-01-01' OR '1'='1", "now()", "'; DROP TABLE articles; --"])
def test_a_day_that_is_no_day_is_refused(hostile: Path, since: str) -> None:
    with pytest.raises(WarehouseError):
        search(hostile, "call", None, since=since)


@pytest.mark.parametrize("form", ["table", "csv", "json", "jsonl"])
def test_printed_rows_command_no_terminal(
    hostile: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    summary.print_rows(query(hostile, "SELECT outlet FROM articles ORDER BY source"), form)
    told = capsys.readouterr().out
    if form == "table":
        assert not set(told) & {"\x1b", "\x07", "\u202e", "\u202c"}
        assert "[link=http://x.example]" in told
    elif form == "csv":
        assert [row[0] for row in csv.reader(io.StringIO(told))][1:] == [
            "'" + name if name.startswith("=") else name for name in NAMES
        ]
    elif form == "json":
        assert [row["outlet"] for row in json.loads(told)] == list(NAMES)
    else:
        assert [json.loads(line)["outlet"] for line in told.splitlines()] == list(NAMES)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_is_no_formula(cell: str, capsys: pytest.CaptureFixture[str]) -> None:
    summary.print_rows(pl.DataFrame({"a": [cell], "n": [-1]}), "csv")
    assert list(csv.reader(io.StringIO(capsys.readouterr().out, newline=""))) == [
        ["a", "n"],
        ["'" + cell, "-1"],
    ]


def test_what_a_search_prints_commands_no_terminal(
    hostile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary.show_found(search(hostile, "call", None))
    assert not set(capsys.readouterr().out) & {"\x1b", "\x07", "\u202e"}


@pytest.mark.parametrize("name", NAMES[:3])
def test_the_page_of_gates_runs_nothing(name: str) -> None:
    row = ("r", "clean", name, "critical", False, name)
    page = report.page(pl.DataFrame([row], schema=GATE_RESULTS.schema, orient="row"), name)
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_the_published_file_cannot_be_written(hostile: Path) -> None:
    assert publish.require(hostile).stat().st_mode & 0o222 == 0


QUERIES = (
    "COPY articles TO '{out}'",
    "COPY (SELECT 1) TO '{out}' (FORMAT parquet)",
    "COPY articles FROM '{secret}'",
    "EXPORT DATABASE '{out}'",
    "IMPORT DATABASE '{out}'",
    "ATTACH '{out}' AS other",
    "ATTACH '{secret}' AS other (READ_ONLY)",
    "DETACH onrecord",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{out}'",
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM read_blob('{secret}')",
    "SELECT * FROM read_json('{secret}')",
    "SELECT * FROM read_parquet('{out}')",
    "SELECT * FROM '{secret}'",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '{canary}/a.parquet'",
    "SELECT * FROM read_csv('{canary}/a.csv')",
    "SELECT * FROM sniff_csv('{secret}')",
    "SELECT * FROM parquet_metadata('{out}')",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET temp_directory = '{out}'",
    "PRAGMA enable_external_access = true",
    "RESET enable_external_access",
    "SET GLOBAL memory_limit = '1TB'",
    "DROP TABLE articles",
    "DELETE FROM quotations",
    "UPDATE quotations SET text = 'x'",
    "INSERT INTO runs SELECT * FROM runs",
    "ALTER TABLE articles ADD COLUMN a INT",
    "CREATE TABLE a AS SELECT 1",
    "CREATE OR REPLACE VIEW quotes AS SELECT 1",
    "SELECT 1; DROP TABLE articles",
    "SELECT getenv('HOME')",
    "CALL enable_logging()",
    "PREPARE a AS SELECT 1",
)


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_reaches_and_changes_nothing(
    hostile: Path, sql: str, tmp_path: Path, secret: Path, canary: Canary
) -> None:
    before = publish.require(hostile).read_bytes()
    out = tmp_path / "out"
    try:
        answer = query(hostile, sql.format(out=out, secret=secret, canary=canary.url))
    except QueryError:
        answer = pl.DataFrame()
    assert "SECRET" not in str(answer.rows())
    assert answer.height <= 1
    assert not out.exists()
    assert publish.require(hostile).read_bytes() == before

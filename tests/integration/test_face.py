"""`import onrecord` over a record made from samples/: what its docstrings say holds, and what is wrong is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

import onrecord
from onrecord.warehouse.publishing import publish
from tests.support.command import SAMPLES, environment

MODULES = ("rows", "stages_alone", "opened", "making")
DOCTESTS = """
import doctest, sys
from importlib import import_module
import onrecord

results = [
    doctest.testmod(import_module(f"onrecord.{name}"), globs={"onrecord": onrecord}) for name in sys.argv[1:]
]
assert all(result.attempted for result in results)
sys.exit(sum(result.failed for result in results))
"""
# No guard: the processes that clean must not run it again. In a loop: as in a notebook.
SCRIPT = """
import asyncio
import onrecord

print("begun")

async def cell():
    return onrecord.run("news.jsonl", record="record", config={"ingest": {"batch_articles": 1}})

for outcome in (asyncio.run(cell()), asyncio.run(cell())):
    print(outcome.status, outcome.generation, outcome.counts["articles"], outcome.counts["quotations"])
"""


@pytest.fixture
def record(published: Path) -> onrecord.Record:
    return onrecord.open(published)


def python(
    script: str, *arguments: str, place: Path, server: str | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=place,
        env=environment(server),
        capture_output=True,
        text=True,
    )


def test_the_docstrings_hold(published: Path, tmp_path: Path) -> None:
    """Every example of the face, in a folder with `record` and `samples`."""
    (tmp_path / "record").symlink_to(published)
    (tmp_path / "samples").symlink_to(SAMPLES)
    done = python(DOCTESTS, *MODULES, place=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_function_and_method_has_an_example() -> None:
    told = [onrecord.extract, onrecord.blocks, onrecord.statements, onrecord.run, onrecord.open]
    told += [each for name, each in vars(onrecord.Record).items() if not name.startswith("_")]
    told += [each for name, each in vars(onrecord.Rows).items() if not name.startswith("_")]
    assert len(told) >= 14
    for each in told:
        assert ">>> " in (each.__doc__ or ""), each


def test_a_script_without_a_guard_runs_once_and_so_does_a_cell(tmp_path: Path) -> None:
    """Over several processes, inside a loop that runs already; the second time nothing is new."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    lines = [
        json.dumps({"text": f"“Gate {n} stays shut,” said Mara Lind, the warden of gate {n}."})
        for n in range(4)
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["begun", "published 1 4 4", "unchanged 1 0 0"], done.stderr


def test_the_answers_are_the_records_own(record: onrecord.Record) -> None:
    """Filters pass as they do in SQL, parameters bind in order and by name."""
    quotes = record.quotes(speaker="lindqvist")
    told = record.sql("FROM quotes WHERE speaker = $name", {"name": "Mara Lindqvist"})
    assert set(quotes["quotation_id"]) == set(told["quotation_id"])
    assert record.sql("SELECT ? + ?", [1, 2]).item() == 3
    since = date(2026, 2, 12)
    assert record.quotes(since=since)["day"].min() >= since
    assert record.quotes(since="2026-02-12").equals(record.quotes(since=since))


@pytest.mark.parametrize("by", ["words", "meaning", "both"])
def test_a_search_leads_to_its_context_and_its_statement(record: onrecord.Record, by: str) -> None:
    hit = record.search("nurses sleep in their cars", by=by, speaker="Reyes-Okoro", limit=1).row(
        0, named=True
    )
    assert hit["speaker"] == "Tomas Reyes-Okoro"
    around = record.context(hit["quotation_id"], paragraphs=2)
    assert around["place"].is_sorted()
    assert around.filter(place=0).height >= 1
    outlets = {outlet for row in record.statement(hit["statement_id"])["outlets"] for outlet in row}
    assert outlets == set(hit["outlets"])
    assert set(record.quotes(statement=hit["statement_id"])["outlet"]) == outlets


def test_a_generation_that_is_kept_can_be_opened(published: Path) -> None:
    with onrecord.open(publish.kept(published)[1]) as kept:
        assert kept.generation == 1
        assert kept.search("nurses", by="words").height


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda r: r.sql(""), onrecord.InputError, "query: one SQL statement"),
        (lambda r: r.sql("SELECT speeker FROM quotes"), onrecord.QueryError, r"sql\('FROM columns'\)"),
        (lambda r: r.sql("FROM nowhere"), onrecord.QueryError, r"sql\('FROM columns'\)"),
        (lambda r: r.sql("SELECT 1; SELECT 2"), onrecord.QueryError, "one statement at a time"),
        (lambda r: r.sql("DROP TABLE quotations"), onrecord.QueryError, "changes nothing"),
        (lambda r: r.sql("SELECT ?", "x"), onrecord.InputError, "params: a list"),
        (lambda r: r.search(""), onrecord.InputError, "what to look for"),
        (lambda r: r.search("…"), onrecord.InputError, "holds no word"),
        (lambda r: r.search("a", by="magic"), onrecord.InputError, "by: 'both', 'words' or 'meaning'"),
        (lambda r: r.search("a", limit=0), onrecord.InputError, "limit: a whole number from 1"),
        (lambda r: r.search("a", since="soon"), onrecord.InputError, "since: not a day: 'soon'"),
        (lambda r: r.search("a", speaker=["x"]), onrecord.InputError, "speaker: a text is wanted, not a list"),
        (lambda r: r.quotes(outlet=""), onrecord.InputError, "outlet: a text is wanted"),
        (lambda r: r.context("x"), onrecord.NotOnRecord, "no quotation 'x'"),
        (lambda r: r.context(None), onrecord.InputError, "quotation_id"),
        (lambda r: r.context("x", -1), onrecord.InputError, "paragraphs: a whole number from 0"),
        (lambda r: r.statement("x"), onrecord.NotOnRecord, "no statement 'x'"),
        (lambda r: r.speaker(7), onrecord.InputError, "name: the name of a speaker"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told(
    record: onrecord.Record,
    ask: Callable[[onrecord.Record], pl.DataFrame],
    error: type[onrecord.OnRecordError],
    words: str,
) -> None:
    with pytest.raises(error, match=words) as caught:
        ask(record)
    assert isinstance(caught.value, onrecord.OnRecordError)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: onrecord.open("nowhere"), onrecord.NoWarehouse, r"onrecord.run\(sources, record='nowhere'\)"),
        (lambda: onrecord.open(7), onrecord.InputError, "path: a path is wanted"),
        (lambda: onrecord.open("x", config={"embd": {}}), onrecord.SettingsError, "config or .*: unknown key 'embd'"),
        (lambda: onrecord.open("x", config="none.yaml"), onrecord.SettingsError, "none.yaml: no such file"),
        (lambda: onrecord.run([]), onrecord.InputError, "sources: none given"),
        (lambda: onrecord.run(["a", 3]), onrecord.InputError, r"sources\[1\]: a path or an address"),
        (lambda: onrecord.run("a", record=3), onrecord.InputError, "record: a path is wanted"),
        (lambda: onrecord.run("a", record=__file__), onrecord.InputError, "is a file"),
        (lambda: onrecord.run("a", day="soon"), onrecord.InputError, "day: not a day"),
    ],
)  # fmt: skip
def test_what_cannot_be_begun_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    call: Callable[[], object],
    error: type[onrecord.OnRecordError],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        call()


def test_what_is_no_record_is_told_when_it_is_opened(tmp_path: Path) -> None:
    """A file of something else, and a database of somebody else."""
    other = tmp_path / "other.duckdb"
    other.write_bytes(b"nothing of the kind")
    with pytest.raises(onrecord.WarehouseError, match="cannot be opened"):
        onrecord.open(other)
    other.unlink()
    with duckdb.connect(other) as connection:
        connection.execute("CREATE TABLE t (i INT)")
    with pytest.raises(onrecord.NoWarehouse, match="no record of OnRecord"):
        onrecord.open(other)


def test_a_run_in_which_nothing_is_usable_is_told(tmp_path: Path, server: str) -> None:
    script = (
        "import onrecord\n"
        "try:\n    onrecord.run('nowhere', record='record')\n"
        "except onrecord.NothingUsable as error:\n    print(error)\n"
    )
    done = python(script, place=tmp_path, server=server)
    assert "missing_path" in done.stdout, done.stderr

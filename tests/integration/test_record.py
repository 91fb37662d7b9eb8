"""The whole flow on real engines: what a user gets from `onrecord run`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import polars as pl
import psutil
import pytest

from onrecord.pipeline.core.parts import StageFolder
from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query
from tests.support.command import ONRECORD, SAMPLES, environment, onrecord


def test_every_span_is_verbatim(published: Path) -> None:
    """Quotations, blocks and mentions are what stands at their place in the article."""
    rows = query(
        published,
        """SELECT count(*) AS n, count(*) FILTER (
               substr(articles.text, start + 1, "end" - start) = quotations.text) AS verbatim
           FROM quotations JOIN articles USING (article_id)""",
    ).row(0, named=True)
    assert rows["n"] > 50
    assert rows["verbatim"] == rows["n"]


def test_every_stage_adds_up(published: Path) -> None:
    """What goes in comes out, is refused, or was known: exactly, at each of the five stages."""
    rows = query(published, "FROM stage_runs")
    assert set(rows["stage"]) == {"ingest", "clean", "embed", "cluster", "load"}
    assert (rows["rows_in"] == rows["rows_out"] + rows["rejected"] + rows["duplicates"]).all()
    assert rows.filter(stage="ingest")["rows_in"].item() == 13


def test_every_gate_has_spoken(published: Path) -> None:
    """Five gates' results stand in the record, and no critical one failed."""
    rows = query(published, "FROM gate_results")
    assert set(rows["stage"]) == {"ingest", "clean", "embed", "cluster", "load"}
    assert rows.filter(~pl.col("passed") & (pl.col("severity") == "critical")).is_empty()


def test_one_statement_from_several_outlets(published: Path) -> None:
    """The minister's sentence about the first passengers is one statement, whoever cut it."""
    rows = query(
        published,
        """SELECT statement_id, count(DISTINCT outlet) AS outlets
           FROM quotations JOIN articles USING (article_id) JOIN statement_members USING (quotation_id)
           WHERE content ILIKE '%first passengers will go through this tunnel%'
              OR content ILIKE '%walked every metre%' GROUP BY 1 ORDER BY 2 DESC""",
    )
    assert rows["outlets"][0] >= 2


def test_one_speaker_from_many_spellings(published: Path) -> None:
    """Lindqvist and the misprinted Lindquist are one person."""
    rows = query(published, "SELECT name FROM speakers WHERE name ILIKE '%lindq%'")
    assert rows["name"].to_list() == ["Mara Lindqvist"]


def test_second_run_changes_nothing(published: Path, server: str) -> None:
    """Run again over the same sources: nothing new, the published file is the same to the byte."""
    file = published / "onrecord.duckdb"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    started = time.perf_counter()
    done = onrecord("run", str(SAMPLES), warehouse=published, server=server)
    assert "Nothing new" in done.stdout
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [entry.status for entry in ledger.entries(published)][-1] == "unchanged"
    assert time.perf_counter() - started < 60


def test_touched_sources_are_read_and_found_known(
    published: Path, tmp_path: Path, server: str
) -> None:
    """The same articles from another folder: read again, all known, nothing published."""
    shutil.copytree(SAMPLES, tmp_path / "again")
    done = onrecord("run", str(tmp_path / "again"), warehouse=published, server=server)
    assert "Nothing new" in done.stdout
    entry = list(ledger.entries(published))[-1]
    assert entry.stages["ingest"]["duplicates"] == 13


def test_bad_input_is_refused_and_the_run_goes_on(tmp_path: Path, server: str) -> None:
    """Each bad input is a reject with stage, place and reason; what is good is published; exit code 3."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    shutil.copy(SAMPLES / "ansel-courier-rent.md", folder / "good.md")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "marks.txt").write_text("“”\"\"«»''", encoding="utf-8")
    (folder / "long.txt").write_text("word " * 10_000_000, encoding="utf-8")
    (folder / "quiet.txt").write_text(
        "The lake froze in the night. By noon the ice had gone again.\n\nNobody saw it happen.",
        encoding="utf-8",
    )
    good = json.dumps(
        {
            "text": "“We will open the gate at noon,” said Ada Brandt, the warden.",
            "outlet": "Lake News",
        }
    )
    (folder / "lines.jsonl").write_text(
        f'{good}\nnot json\n{{"title": "no text"}}\n{good}\n', encoding="utf-8"
    )
    home = tmp_path / "record"
    onrecord("run", str(folder), str(tmp_path / "missing"), warehouse=home, server=server, expect=3)
    rejects = {
        (row["stage"], Path(row["source"]).name): row["reason"]
        for row in query(home, "FROM rejects").to_dicts()
    }
    refused = {name for _, name in rejects}
    assert {
        "empty.txt",
        "binary.txt",
        "marks.txt",
        "long.txt",
        "quiet.txt",
        "lines.jsonl",
        "missing",
    } <= refused
    assert rejects["clean", "quiet.txt"] == "no_quotation"
    stage = query(home, "FROM stage_runs WHERE stage = 'ingest'").row(0, named=True)
    assert stage["duplicates"] == 1
    assert stage["rows_in"] == stage["rows_out"] + stage["rejected"] + stage["duplicates"]
    assert "no_quotation" in onrecord("rejects", warehouse=home, server=server).stdout


def test_what_is_new_and_quotes_nobody(tmp_path: Path, server: str) -> None:
    """Where all that is new is refused nothing is published, and what was refused is not lost."""
    home, folder = tmp_path / "record", tmp_path / "news"
    folder.mkdir()
    shutil.copy(SAMPLES / "wire.jsonl", folder)
    onrecord("run", "news", warehouse=home, server=server)
    (folder / "quiet.txt").write_text("The lake froze. Nobody saw it happen.\n", encoding="utf-8")
    onrecord("run", "news", warehouse=home, server=server, expect=3)
    assert [entry.status for entry in ledger.entries(home)] == ["published", "unchanged"]
    assert "quiet.txt" in onrecord("rejects", "--all", warehouse=home, server=server).stdout
    onrecord("run", "news", warehouse=home, server=server)
    shutil.copy(SAMPLES / "ansel-courier-rent.md", folder)
    onrecord("run", "news", warehouse=home, server=server)
    told = query(home, "SELECT run_id, reason FROM rejects WHERE source = 'quiet.txt'")
    assert told.height == 1
    assert not ledger.kept_rejects(home)


@pytest.mark.parametrize("content", [None, b""])
def test_nothing_usable_ends_with_two(tmp_path: Path, content: bytes | None, server: str) -> None:
    """An empty folder, or one of nothing but refused files: a clear error, exit code 2, nothing published."""
    folder = tmp_path / "empty"
    folder.mkdir()
    if content is not None:
        (folder / "a.txt").write_bytes(content)
    home = tmp_path / "record"
    done = onrecord("run", str(folder), warehouse=home, server=server, expect=2)
    assert "nothing usable" in done.stderr
    assert (
        len(onrecord("rejects", "-f", "csv", warehouse=home, server=server).stdout.splitlines())
        == 2
    )
    assert not (home / "onrecord.duckdb").exists()


def test_a_critical_failure_publishes_nothing(tmp_path: Path, server: str) -> None:
    """Where a gate fails critically, the published file does not change by one byte and the run says why."""
    home = tmp_path / "record"
    onrecord("run", str(SAMPLES / "wire.jsonl"), warehouse=home, server=server)
    before = hashlib.sha256((home / "onrecord.duckdb").read_bytes()).hexdigest()
    # A run that dies after clean leaves its parts; one of them then says what no article does.
    killed = kill_when(server, home, "clean/manifest.json", str(SAMPLES))
    folder = StageFolder(home / "work" / killed, "clean")
    done = folder.done()
    assert done is not None
    folder.write("quotations", 0, folder.read("quotations").with_columns(pl.col("start") + 1))
    folder.finish_batch(0, done)
    done = onrecord("run", str(SAMPLES), warehouse=home, server=server, expect=1)
    assert "gate clean" in done.stderr
    assert "nothing published" in done.stderr
    assert re.search(r"first in quotations: .+: https://\S+", done.stderr)
    assert hashlib.sha256((home / "onrecord.duckdb").read_bytes()).hexdigest() == before
    assert list(ledger.entries(home))[-1].status == "refused"


def test_a_killed_run_is_finished_by_the_next(tmp_path: Path, published: Path, server: str) -> None:
    """SIGKILL after cleaning: the next run takes the parts up and ends with the very same record."""
    home = tmp_path / "record"
    killed = kill_when(server, home, "clean/manifest.json", str(SAMPLES))
    parts = {
        path: path.stat().st_mtime_ns
        for path in (home / "work" / killed / "clean").glob("*.parquet")
    }
    assert parts
    onrecord("run", str(SAMPLES), warehouse=home, server=server)
    entries = list(ledger.entries(home))
    assert [entry.run_id for entry in entries] == [killed]
    assert entries[0].status == "published"
    assert "taken up again" in (entries[0].detail or "")
    for table in ("articles", "quotations", "statements", "statement_members", "speakers"):
        key = "quotation_id" if table == "statement_members" else f"{table.removesuffix('s')}_id"
        columns = (
            f"SELECT * EXCLUDE (first_run_id) FROM {table}"
            if table == "articles"
            else f"FROM {table}"
        )
        assert query(home, f"{columns} ORDER BY {key}").equals(
            query(published, f"{columns} ORDER BY {key}")
        ), table


def test_an_interrupted_run_ends_at_once(tmp_path: Path) -> None:
    """Ctrl-C, which every process of the terminal hears, ends the run in seconds; the next one goes on."""
    home = tmp_path / "record"
    process = start(None, home, str(SAMPLES))
    until_there(process, home, "ingest/manifest.json")
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in told
    assert "Traceback" not in told
    onrecord("run", str(SAMPLES), warehouse=home, server=None)
    assert [entry.status for entry in ledger.entries(home)] == ["published"]


def test_a_killed_run_leaves_no_process(tmp_path: Path) -> None:
    """The temporary engine of a run dies with it."""
    home = tmp_path / "record"
    process = start(None, home, str(SAMPLES))
    until_there(process, home, "ingest/manifest.json")
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert psutil.wait_procs(children, timeout=30)[1] == []


def test_two_runs_at_once(tmp_path: Path, server: str) -> None:
    """The second says who holds the record, and leaves with 4."""
    from onrecord.warehouse.publishing.publish import lock

    home = tmp_path / "record"
    with lock(home, "another"):
        done = onrecord("run", str(SAMPLES / "wire.jsonl"), warehouse=home, server=server, expect=4)
    assert "another" in done.stderr


def kill_when(server: str, home: Path, manifest: str, source: str) -> str:
    """Start a run and kill it with SIGKILL once a manifest stands; the run's identity."""
    process = start(server, home, source)
    run = until_there(process, home, manifest)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return run


def start(server: str | None, home: Path, source: str) -> subprocess.Popen[str]:
    """Start a run in a process group of its own, as a terminal does."""
    return subprocess.Popen(
        [ONRECORD, "-w", str(home), "run", source],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=home.parent,
        env=environment(server),
    )


def until_there(process: subprocess.Popen[str], home: Path, manifest: str) -> str:
    """Wait for a manifest of the run; the run's identity."""
    deadline = time.monotonic() + 240
    while not (found := list((home / "work").glob(f"*/{manifest}"))):
        assert process.poll() is None, "the run ended before the manifest stood"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found[0].parents[1].name

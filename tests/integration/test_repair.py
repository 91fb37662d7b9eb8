"""Days made up for, and runs started from a stage."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.parts import StageFolder
from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.publishing import publish
from tests.integration.test_record import kill_when
from tests.support.command import SAMPLES, onrecord


def day(folder: Path, name: str, words: str) -> None:
    folder.mkdir(parents=True)
    text = f"“{words},” said Ada Brandt, the warden of {name}."
    (folder / f"{name}.jsonl").write_text(json.dumps({"text": text, "outlet": "Lock News"}) + "\n")


def test_days_are_made_up_for_in_order(tmp_path: Path, server: str) -> None:
    """A run a day; one with nothing is passed over; what was done is not done again; what came later is."""
    home, crawl = tmp_path / "record", tmp_path / "crawl"
    day(crawl / "2026" / "02" / "27", "Brackwater", "We shall close the gate at noon")
    day(crawl / "2026" / "03" / "01", "Eskmouth", "The pumps are old and nobody mends them")
    command = ("backfill", "--from", "2026-02-27", "--to", "2026-03-01", "crawl/{date:%Y/%m/%d}")
    done = onrecord(*command, warehouse=home, server=server)
    lines = done.stdout.splitlines()
    assert [line[:10] for line in lines] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert "nothing usable" in lines[1]
    runs = [(entry.sources, entry.status) for entry in ledger.entries(home)]
    assert runs == [
        (["crawl/2026/02/27"], "published"),
        (["crawl/2026/02/28"], "refused"),
        (["crawl/2026/03/01"], "published"),
    ]
    day(crawl / "2026" / "02" / "28", "Holm", "The ferry will not wait for the minister")
    done = onrecord(*command, warehouse=home, server=server)
    assert done.stdout.splitlines()[0] == "2 of 3 days were done before"
    assert publish.generation(home) == 3
    assert query(home, "SELECT count(*) AS n FROM quotations")["n"].item() == 3
    done = onrecord(*command, warehouse=home, server=None)
    assert done.stdout == "3 of 3 days were done before\n"


def test_a_day_of_which_all_is_refused_is_told_by_the_exit_code(
    tmp_path: Path, server: str
) -> None:
    home, crawl = tmp_path / "record", tmp_path / "crawl"
    day(crawl / "2026-02-27", "Brackwater", "We shall close the gate at noon")
    (crawl / "2026-02-28").mkdir()
    (crawl / "2026-02-28" / "torn.jsonl").write_text("{torn\n", encoding="utf-8")
    days = ("--from", "2026-02-27", "--to", "2026-03-01", "crawl/{date}")
    done = onrecord("backfill", *days, warehouse=home, server=server, expect=3)
    assert "not_json" in done.stdout.splitlines()[1]
    assert "missing_path" in done.stdout.splitlines()[2]
    assert publish.generation(home) == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--from", "2026-01-01", "--to", "2026-01-02", "news"), "names the day"),
        (("--from", "2026-01-02", "--to", "2026-01-01", "n/{date}"), "is before"),
        (("--from", "yesterday", "--to", "2026-01-01", "n/{date}"), "--from"),
        (("--from", "2026-01-01", "--to", "2026-01-01", "n/{date}"), "nothing usable on any"),
    ],
)
def test_what_cannot_be_made_up_for(
    tmp_path: Path, server: str, arguments: tuple[str, ...], word: str
) -> None:
    """It says why, with exit code 2."""
    done = onrecord("backfill", *arguments, warehouse=tmp_path / "r", server=server, expect=2)
    assert word in done.stderr


def test_a_run_reads_the_sources_of_its_day(tmp_path: Path, server: str) -> None:
    """`--day` is the day that {date} stands for."""
    day(tmp_path / "crawl" / "2026-02-27", "Brackwater", "We shall close the gate at noon")
    home = tmp_path / "record"
    onrecord("run", "--day", "2026-02-28", "crawl/{date-1}", warehouse=home, server=server)
    assert publish.generation(home) == 1


def test_a_run_is_started_from_a_stage(tmp_path: Path, server: str) -> None:
    """After a gate refused: the stages before stand, from there on all is made anew, under the settings of now."""
    home, source = tmp_path / "record", str(SAMPLES / "wire.jsonl")
    killed = kill_when(server, home, "clean/manifest.json", source)
    folder = StageFolder(home / "work" / killed, "clean")
    done = folder.done()
    assert done is not None
    folder.write("quotations", 0, folder.read("quotations").with_columns(pl.col("start") + 1))
    folder.finish_batch(0, done)
    onrecord("run", source, warehouse=home, server=server, expect=1)
    assert [entry.status for entry in ledger.entries(home)] == ["refused"]
    config = tmp_path / "other.yaml"
    config.write_text("cluster: {window_days: 3}", encoding="utf-8")
    arguments = ("-c", str(config), "run", "--from", "clean", source)
    told = onrecord(*arguments, warehouse=home, server=server)
    assert "Generation 1 is published" in told.stdout
    entries = list(ledger.entries(home))
    assert [(entry.run_id, entry.status) for entry in entries] == [(killed, "published")]
    assert not folder.path.exists()


def test_nothing_to_start_from(tmp_path: Path, server: str) -> None:
    """Where no unfinished run stands, or not so far, it says so, and touches nothing."""
    home, source = tmp_path / "record", str(SAMPLES / "wire.jsonl")
    run = ("run", "--from", "embed", source)
    assert (
        "no run over these sources"
        in onrecord(*run, warehouse=home, server=server, expect=2).stderr
    )
    killed = kill_when(server, home, "ingest/manifest.json", source)
    told = onrecord(*run, warehouse=home, server=server, expect=2).stderr
    assert "did not finish clean; --from clean does" in told
    assert (home / "work" / killed / "ingest" / "manifest.json").is_file()
    onrecord("run", "--from", "clean", source, warehouse=home, server=server)
    assert publish.generation(home) == 1

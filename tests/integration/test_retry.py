"""What a person does about refusals: looks, mends, puts them through again, and sees them gone."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import yaml

from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.rejects import SPAN
from onrecord.warehouse import quarantine
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.verify import verify
from tests.integration.test_record import kill_when
from tests.support.command import onrecord
from tests.support.site import PAGE, Site

GOOD = {
    "text": "“We will open the gate at noon,” said Ada Brandt, the warden.",
    "outlet": "Lake News",
}
MENDED = {"text": "“Nobody asked the crew,” said Jon Pell, the captain.", "outlet": "Lake News"}


def test_refusals_are_looked_at_mended_and_put_through_again(tmp_path: Path, server: str) -> None:
    home, folder = tmp_path / "record", tmp_path / "news"
    folder.mkdir()
    lines = folder / "lines.jsonl"
    lines.write_text(f"{json.dumps(GOOD)}\nnot json\n", encoding="utf-8")
    (folder / "table.csv").write_text(
        'says,outlet\n"“The bridge is shut,” said Tom Weir, the engineer.",Post\n', encoding="utf-8"
    )
    (folder / "quiet.txt").write_text("The lake froze. Nobody saw it.\n", encoding="utf-8")
    onrecord("run", "news", warehouse=home, server=server, expect=3)

    listed = onrecord("rejects", "--all", "--format", "jsonl", warehouse=home, server=server).stdout
    ids = {row["reason"]: row["id"] for row in map(json.loads, listed.splitlines())}
    assert set(ids) == {"not_json", "no_text", "no_quotation"}
    shown = onrecord("rejects", ids["not_json"], "--payload", warehouse=home, server=server)
    assert shown.stdout == "not json\n"

    lines.write_text(f"{json.dumps(GOOD)}\n{json.dumps(MENDED)}\n", encoding="utf-8")
    (folder / "quiet.txt").unlink()
    config = tmp_path / "c.yaml"
    config.write_text("ingest: {columns: {text: says}}", encoding="utf-8")
    done = onrecord("--config", str(config), "retry", warehouse=home, server=server, expect=3)
    # The file that is gone was kept whole, and quotes nobody still.
    assert "3 put through again: 2 on record, 1 refused again" in done.stdout
    assert query(home, "SELECT count(*) AS n FROM articles").item() == 3
    assert query(home, "SELECT count(*) AS n FROM quotations").item() == 3
    left = onrecord("rejects", "--all", "--format", "jsonl", warehouse=home, server=server).stdout
    assert [json.loads(line)["reason"] for line in left.splitlines()] == ["no_quotation"]
    every = onrecord("rejects", "--close", "no use", warehouse=home, server=server, expect=2)
    assert "say which" in every.stderr
    onrecord(
        *("rejects", "--reason", "no_quotation", "--close", "a walk, no report"),
        warehouse=home,
        server=server,
    )
    closed = onrecord("rejects", "--closed", "--format", "jsonl", warehouse=home, server=server)
    assert json.loads(closed.stdout)["because"] == "a walk, no report"
    assert quarantine.rejects(home).is_empty()
    none = onrecord("rejects", "--reason", "no_quotation", warehouse=home, server=server)
    assert "no open reject fits" in none.stderr
    again = onrecord("retry", "--reason", "not_json", warehouse=home, server=server, expect=2)
    assert "no open reject fits" in again.stderr
    balanced = query(home, "SELECT bool_and(balanced) AS b FROM accounting")
    assert balanced.item()


def test_what_a_gate_held_back_goes_in_once_the_fault_is_mended(
    tmp_path: Path, server: str
) -> None:
    """Every article of the stopped run is listed with what it says; retried it is on record once, and settled."""
    home, folder = tmp_path / "record", tmp_path / "news"
    folder.mkdir()
    both = "".join(f"{json.dumps(article)}\n" for article in (GOOD, MENDED))
    (folder / "lines.jsonl").write_text(both, encoding="utf-8")
    killed = kill_when(server, home, "clean/manifest.json", "news")
    clean = StageFolder(home / "work" / killed, "clean")
    done = clean.done()
    assert done is not None
    moved = clean.read("quotations").with_columns(pl.col("start") + 1)
    clean.write("quotations", 0, moved)
    clean.finish_batch(0, done)
    stopped = onrecord("run", "news", warehouse=home, server=server, expect=1)
    assert "gate clean" in stopped.stderr
    assert not (home / "onrecord.duckdb").exists()

    held = quarantine.rejects(home).select("stage", "reason", "payload")
    assert set(held["stage"] + " " + held["reason"]) == {"clean held_back"}
    assert {json.loads(said)["text"] for said in held["payload"]} == {GOOD["text"], MENDED["text"]}
    listed = onrecord("rejects", "--all", "--format", "jsonl", warehouse=home, server=server).stdout
    assert listed.count("The gate after clean stopped the run: ") == 2

    retried = onrecord("retry", "--reason", "held_back", warehouse=home, server=server)
    assert "2 put through again: 2 on record, 0 refused again" in retried.stdout
    assert query(home, "SELECT count(*) AS n FROM articles").item() == 2
    assert query(home, "SELECT count(*) AS n FROM quotations").item() == 2
    settled = query(home, "SELECT run_id, reason, resolution, payload FROM rejects")
    assert settled.rows() == [(killed, "held_back", "recorded", None)] * 2
    assert quarantine.rejects(home).is_empty()
    # Load took the rejects that no generation held yet too: no row is made of nothing.
    loaded = query(
        home, "SELECT rows_in, rows_out, duplicates FROM stage_runs WHERE stage = 'load'"
    )
    took, made, known = loaded.row(0)
    assert (made, known) == (took, 0)
    again = onrecord("run", "news", warehouse=home, server=server)
    assert "nothing new" in again.stdout.lower()


def test_an_address_gets_its_key_from_who_keeps_it(tmp_path: Path, server: str) -> None:
    """The ledger has none. Without it nothing is asked, and the command says what it needs."""
    home, site = tmp_path / "record", Site()
    address = f"http://127.0.0.1:{site.port}/wire?token=hunter2"
    fetch = {"allowed": True, "hosts": ["127.0.0.1"], "delay_seconds": 0.0}
    settings = {"ingest": {"fetch": {**fetch, "cache": str(tmp_path / "cache")}}}
    (tmp_path / "none.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    kept = {**settings, "sources": [address]}
    (tmp_path / "kept.yaml").write_text(yaml.safe_dump(kept), encoding="utf-8")
    onrecord("--config", "kept.yaml", "run", warehouse=home, server=server, expect=2)
    site.lay("/wire", PAGE)
    site.asked.clear()

    shut = onrecord("--config", "none.yaml", "retry", warehouse=home, server=server, expect=2)
    assert "--address 'the same with its key'" in shut.stderr
    assert "wire?token=...'" in shut.stderr
    assert site.asked == []
    done = onrecord("--config", "kept.yaml", "retry", warehouse=home, server=server)
    site.server.shutdown()
    site.server.server_close()
    assert "1 put through again: 1 on record" in done.stdout
    assert site.asked[-1][1] == "/wire?token=hunter2"
    assert query(home, "SELECT source FROM articles").item() == address.replace("hunter2", "...")
    told = [path for folder in ("runs", "logs") for path in (home / folder).glob("*")]
    assert not any(b"hunter2" in path.read_bytes() for path in (*told, home / "onrecord.duckdb"))


def test_a_quotation_without_a_vector_goes_in_beside_those_of_its_article(
    tmp_path: Path, server: str
) -> None:
    """Its article is read from the record and stays as it is; what stands is not made a second time."""
    home, folder = tmp_path / "record", tmp_path / "news"
    folder.mkdir()
    both = {**GOOD, "text": f"{GOOD['text']}\n\n{MENDED['text']}"}
    (folder / "lines.jsonl").write_text(json.dumps(both), encoding="utf-8")
    killed = kill_when(server, home, "embed/manifest.json", "news")
    _lose_a_vector(home / "work" / killed, "Nobody asked")
    onrecord("run", "news", warehouse=home, server=server, expect=3)
    before = {table: _rows(home, table) for table in ("articles", "blocks", "mentions")}
    assert query(home, "SELECT speaker FROM quotes").rows() == [("Ada Brandt",)]
    assert quarantine.rejects(home)["stage"].to_list() == ["embed"]

    (folder / "lines.jsonl").unlink()
    done = onrecord("retry", warehouse=home, server=server)
    assert "1 put through again: 1 on record, 0 refused again" in done.stdout
    told = query(home, "SELECT speaker FROM quotes ORDER BY ALL").rows()
    assert told == [("Ada Brandt",), ("Jon Pell",)]
    assert query(home, "SELECT count(*) FROM statements").item() == 2
    assert {table: _rows(home, table) for table in before} == before
    assert query(home, "SELECT resolution FROM rejects").item() == "recorded"
    assert query(home, "SELECT bool_and(balanced) FROM accounting").item()
    assert verify(home) == []


def _lose_a_vector(work: Path, text: str) -> None:
    """Make of a run's wording one that its model could not read."""
    embed = StageFolder(work, "embed")
    tally = embed.done()
    assert tally is not None
    utterances = embed.read("utterances")
    lost = (
        StageFolder(work, "clean")
        .read("quotations")
        .filter(pl.col("content").str.starts_with(text))
    )
    assert lost.height == 1
    embed.write(
        "utterances",
        0,
        utterances.filter(~pl.col("utterance_id").is_in(lost["utterance_id"].implode())),
    )
    row = {"run_id": work.name, "stage": "embed", "reason": "unreadable_to_model"}
    refused = lost.select("article_id", pl.col("article_id").alias("source"), SPAN)
    embed.write("rejects", 0, refused.with_columns(**{k: pl.lit(v) for k, v in row.items()}))
    told = tally._replace(rows_out=tally.rows_out - 1, yielded=tally.yielded - 1, rejected=1)
    embed.finish_batch(0, told)
    embed.finish(told)


def _rows(home: Path, table: str) -> list[tuple[object, ...]]:
    return query(home, f"FROM {table} ORDER BY ALL").rows()

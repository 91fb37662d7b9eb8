"""Speaker, theme, outlets, runs and the SQL box, over the invented record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.parts import Tally
from onrecord.warehouse import ledger
from onrecord.warehouse.asking.apart import Apart
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.looking import asked, outlets, runs, silences, speaker, theme
from onrecord.warehouse.shelf.reader import Reader
from tests.support import record


def test_a_speaker(reader: Reader) -> None:
    it = speaker.speaker(reader, record.MAYOR)
    assert it is not None
    assert it.name == "Ilse Marrow"
    assert it.first_day == date(2026, 2, 27)
    counted = reader.asked(
        "SELECT count(DISTINCT statement_id) AS n FROM said WHERE speaker_id = $s",
        {"s": record.MAYOR},
    )
    assert it.statements == counted[0]["n"] == len(it.said)
    assert [one.outlets for one in it.said] == sorted((o.outlets for o in it.said), reverse=True)
    newest = speaker.speaker(reader, record.MAYOR, newest=True)
    assert newest is not None
    days = [one.day for one in newest.said if one.day]
    assert days == sorted(days, reverse=True)
    assert {one.mention for one in it.spellings} >= {"Ms Marrow", "Ilse Marrow"}
    assert {one.stance for one in it.silences} == {"unsaid", "denied"}
    assert sum(one.quotations for one in it.days) <= it.quotations
    assert speaker.speaker(reader, "0" * 32) is None


def test_who_quotes_a_speaker_and_who_does_not(reader: Reader) -> None:
    union = speaker.speaker(reader, record.UNION)
    assert union is not None
    by = {one.outlet: one.quotations for one in union.quoting}
    assert by["The Harbour Post"] == 1
    assert by["Inland Courier"] == 0
    assert set(by) == {
        row["outlet"]
        for row in reader.asked("SELECT DISTINCT outlet FROM articles")
        if row["outlet"]
    }


def test_who_would_not_answer(reader: Reader) -> None:
    (one,) = silences.silences(reader).rows
    assert (one.words, one.told_by, one.speaker) == (
        "who sold them",
        "would not say",
        "Ilse Marrow",
    )


def test_a_theme(reader: Reader) -> None:
    broad = theme.themes(reader).broad[0]
    it = theme.theme(reader, broad.theme_id)
    assert it is not None
    assert it.narrower[0].theme_id == broad.narrower[0].theme_id
    assert {one.speaker_id for one in it.speakers} == {record.MAYOR, record.UNION}
    assert abs(sum(one.share for one in it.outlets) - 1) < 1e-9
    narrow = theme.theme(reader, it.narrower[0].theme_id)
    assert narrow is not None
    assert (narrow.parent_id, narrow.parent) == (it.theme_id, it.label)
    (placed,) = theme.themes(reader).placed
    assert len(placed.embedding) == record.WIDTH
    assert theme.theme(reader, "0" * 32) is None


def test_outlets(reader: Reader) -> None:
    by = {one.outlet: one for one in outlets.outlets(reader).outlets}
    assert by["The Harbour Post"].first == max(one.first or 0 for one in by.values())
    assert by["The Echo <b>"].copies == 1
    one = outlets.outlet(reader, "The Echo <b>")
    assert one is not None
    assert [(each.outlet, each.taken) for each in one.copying] == [("The Harbour Post", True)]
    inland = outlets.outlet(reader, "Inland Courier")
    assert inland is not None
    (altered,) = inland.alters
    assert [piece.text for piece in altered.pieces if piece.kind == "cut"] == ["stays", "every"]
    assert [piece.text for piece in altered.pieces if piece.kind == "added"] == ["remains", "each"]
    assert outlets.outlet(reader, "Nobody's") is None


def test_runs_and_what_they_refused(reader: Reader) -> None:
    it = runs.runs(reader)
    assert [one.run_id for one in it.runs] == [record.RUN]
    assert it.runs[0].balanced
    (reason,) = it.reasons
    assert (reason.stage, reason.reason, reason.rejects) == ("ingest", "empty", 1)
    one = runs.run(reader, record.RUN)
    assert one is not None
    refused = runs.rejects(reader)
    assert refused.count == 1
    payload = runs.reject(reader, refused.rejects[0].id)
    assert payload is not None
    assert payload.reject.retry == f"onrecord retry {refused.rejects[0].id}"
    assert runs.rejects(reader, reason="other").count == 0
    assert runs.run(reader, "20000101T000000-000000") is None
    assert runs.reject(reader, "00000000") is None
    assert runs.reject(reader, "") is None


def test_a_run_that_published_nothing_is_told_by_the_ledger(reader: Reader, kindred: Path) -> None:
    entry = ledger.Entry("20260302T060000-bbbb", "2026-03-02T06:00:00", ["x"], "", "0", "m", 1, "")
    entry.gates = [
        {
            "run_id": entry.run_id,
            "stage": "ingest",
            "expectation": "articles: at least one row",
            "severity": "critical",
            "passed": False,
            "observed": "0 row(s)",
        }
    ]
    entry.staged("ingest", Tally(3, 1, 1, 0, 1, 0.5), 0.1)
    entry.ended("refused", "a gate stopped it")
    ledger.write(kindred, entry)
    try:
        one = runs.run(reader, entry.run_id)
        assert one is not None
        assert (one.run.status, one.gates[0].passed) == ("refused", False)
        (stage,) = one.stages
        # Three came in, one went on and one was refused: one is lost.
        assert (stage.stage, stage.rows_in, stage.balanced) == ("ingest", 3, False)
        assert not one.run.balanced
        assert [each.run_id for each in runs.runs(reader).runs] == [entry.run_id, record.RUN]
    finally:
        (kindred / ledger.FOLDER / f"{entry.run_id}.json").unlink()


@pytest.mark.parametrize("example", asked.EXAMPLES, ids=lambda example: example.words)
def test_every_example_runs_and_finds(reader: Reader, apart: Apart, example: asked.Example) -> None:
    assert asked.ask(reader, example.sql, apart).frame.height > 0


def test_the_box_is_read_only_and_bounded(reader: Reader, apart: Apart) -> None:
    for sql in (
        "DELETE FROM articles",
        "COPY articles TO '/tmp/x'",
        "SELEC 1",
        "",
        "SELECT 1; SELECT 2",
    ):
        with pytest.raises(QueryError):
            asked.ask(reader, sql, apart)
    many = asked.ask(reader, "FROM range(5000)", apart)
    assert many.more
    assert many.frame.height == asked.LIMITS.rows
    with pytest.raises(QueryError, match="longer"):
        asked.ask(
            reader,
            "SELECT count(*) FROM range(100000) a, range(100000) b WHERE hash(a.range + b.range) = 1",
            apart,
            limits=asked.Limits(seconds=0.3, rows=10),
        )


def test_every_column_has_its_comment(reader: Reader) -> None:
    told = asked.relations(reader)
    assert {"quotes", "carried", "said", "articles"} <= {one.name for one in told}
    bare = [(one.name, c.name) for one in told for c in one.columns if not c.about]
    assert bare == []
    assert pl.DataFrame({"name": [one.name for one in told]}).is_unique().all()

"""What was refused stays open until it is refused again, goes in, or proves gone; nothing of it is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from onrecord.pipeline.core.contracts import ARTICLES, QUOTATIONS, REJECTS, RUNS
from onrecord.warehouse import ledger, quarantine
from onrecord.warehouse.errors import NoWarehouse, WarehouseBusy
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.settling import settle
from onrecord.warehouse.quarantine import Filters
from tests.support import record

FIRST, SECOND, THIRD = "20260301T060000-aaaa", "20260302T060000-bbbb", "20260303T060000-cccc"


def run(run_id: str, *sources: str) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "started_at": datetime(2026, 3, 1),
        "status": "published",
        "sources": list(sources or ("news",)),
        "settings_hash": "0",
        "version": "0",
        "model": "m",
    }


def refused(
    run_id: str, source: str = "a.jsonl", place: str = "line 3", **more: Any
) -> dict[str, Any]:
    row = {"stage": "ingest", "reason": "not_json", "payload": b"{not json", "cut": False}
    return {"run_id": run_id, "source": source, "place": place, **row, **more}


@pytest.fixture
def base() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    migrate(connection)
    yield connection
    connection.close()


def put(base: duckdb.DuckDBPyConnection, contract: Any, *rows: dict[str, Any]) -> None:
    frame = contract.conform(pl.DataFrame(list(rows), schema_overrides=contract.schema))
    base.register("handed", frame.to_arrow())
    base.execute(f"INSERT INTO {contract.name} SELECT * FROM handed")
    base.unregister("handed")


def article(
    first_run: str, source: str = "a.jsonl", place: str | None = "line 3"
) -> dict[str, Any]:
    made = record.tables()["articles"].row(0, named=True)
    return {**made, "first_run_id": first_run, "source": source, "place": place}


def state(base: duckdb.DuckDBPyConnection) -> dict[str, tuple[Any, ...]]:
    rows = base.execute(
        "SELECT run_id, resolution, resolved_by, payload, cut FROM rejects"
    ).fetchall()
    return {run_id: told for run_id, *told in rows}  # type: ignore[misc]


def test_what_is_refused_again_is_open_once(base: duckdb.DuckDBPyConnection) -> None:
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, refused(FIRST), refused(SECOND, reason="no_text"))
    settle(base, SECOND)
    assert state(base) == {
        FIRST: ["repeated", SECOND, None, None],
        SECOND: [None, None, b"{not json", False],
    }


@pytest.mark.parametrize(
    "other", [refused(SECOND, source="b.jsonl"), refused(SECOND, place="line 30")]
)
def test_another_place_settles_nothing(
    base: duckdb.DuckDBPyConnection, other: dict[str, Any]
) -> None:
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, refused(FIRST), other)
    settle(base, SECOND)
    assert state(base)[FIRST][0] is None


def test_a_file_of_the_same_name_in_another_folder_settles_nothing(
    base: duckdb.DuckDBPyConnection,
) -> None:
    put(base, RUNS, run(FIRST, "north"), run(SECOND, "south"))
    put(base, REJECTS, refused(FIRST), refused(SECOND))
    put(base, ARTICLES, article(SECOND))
    settle(base, SECOND)
    assert state(base)[FIRST][0] is None


@pytest.mark.parametrize("place", ["line 3", "line 3, id 77"])
def test_what_went_in_at_its_place_is_recorded(base: duckdb.DuckDBPyConnection, place: str) -> None:
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, refused(FIRST))
    put(base, ARTICLES, article(SECOND, place=place))
    settle(base, SECOND)
    assert state(base)[FIRST] == ["recorded", SECOND, None, None]


def test_an_article_held_back_is_recorded_with_its_article(base: duckdb.DuckDBPyConnection) -> None:
    made = article(SECOND, source="elsewhere.html", place=None)
    put(base, RUNS, run(FIRST, "north"), run(SECOND, "south"))
    held = refused(FIRST, stage="embed", reason="held_back", article_id=made["article_id"])
    put(base, REJECTS, held)
    put(base, ARTICLES, made)
    settle(base, SECOND)
    assert state(base)[FIRST][0] == "recorded"


def test_a_quotation_without_a_vector_is_recorded_with_its_quotation(
    base: duckdb.DuckDBPyConnection,
) -> None:
    quotation = record.tables()["quotations"].row(0, named=True)
    place = f"{quotation['start']}:{quotation['end']}"
    lacking = refused(FIRST, quotation["article_id"], place, stage="embed")
    put(base, RUNS, run(FIRST))
    put(base, ARTICLES, article(FIRST))
    put(base, REJECTS, {**lacking, "article_id": quotation["article_id"]})
    settle(base, FIRST)
    assert state(base)[FIRST][0] is None
    put(base, QUOTATIONS, quotation)
    settle(base, SECOND)
    assert state(base)[FIRST][0] == "recorded"


@pytest.mark.parametrize(
    ("source", "came", "resolution"),
    [
        ("a.jsonl", True, "recorded"),
        ("a.jsonl", False, "gone"),
        # What a feed no longer shows may never have been read.
        ("https://news.example/rss", False, None),
    ],
)
def test_what_was_put_through_again_is_settled_by_its_source(
    base: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    source: str,
    came: bool,
    resolution: str | None,
) -> None:
    again = tmp_path / "again.parquet"
    row = refused(FIRST, source)
    REJECTS.conform(pl.DataFrame([row])).write_parquet(again)
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, row, refused(FIRST, source, "line 9"))
    if came:
        put(base, ARTICLES, article(SECOND, source, "line 8"))
    settle(base, SECOND, again)
    found = dict(base.execute("SELECT place, resolution FROM rejects").fetchall())
    assert found == {"line 3": resolution, "line 9": None}


def test_the_list_is_of_what_is_open_newest_first(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse):
        quarantine.rejects(tmp_path)
    tables = {
        **record.tables(FIRST),
        "rejects": pl.DataFrame([refused(FIRST), refused(FIRST, "b.txt", "")]),
    }
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id=FIRST), 3)
    for run_id in (SECOND, THIRD):
        entry = ledger.Entry(
            run_id, "2026-03-02T06:00:00", ["pages"], "0", "0", "m", 1, "f", "refused"
        )
        ledger.write(tmp_path, entry)
        ledger.keep_rejects(tmp_path, run_id, pl.DataFrame([refused(run_id, "c.txt", "")]))
    found = quarantine.rejects(tmp_path)
    # Two runs refused c.txt: the newer one stands for both.
    assert found["source"].to_list() == ["c.txt", "a.jsonl", "b.txt"]
    assert found["run_id"][0] == THIRD
    assert found["payload"].to_list() == [b"{not json"] * 3
    assert quarantine.rejects(tmp_path, settled=True).height == 4
    one = found["id"][1]
    for filters, height in (
        (Filters(ids=(one,)), 1),
        (Filters(ids=(one[:6],)), 1),
        (Filters(reason="not_json"), 3),
        (Filters(reason="empty"), 0),
        (Filters(stage="clean"), 0),
        (Filters(run=FIRST), 2),
        (Filters(source="b."), 1),
    ):
        assert quarantine.rejects(tmp_path, filters).height == height


def test_rejects_of_the_first_version_are_read(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    old = REJECTS.conform(pl.DataFrame([refused(FIRST)])).drop(
        "payload", "cut", "resolution", "resolved_by"
    )
    old.write_parquet(tmp_path / "runs" / f"{FIRST}.rejects.parquet")
    assert quarantine.rejects(tmp_path)["payload"].to_list() == [None]


CLOSED = {
    "resolution": "closed",
    "closed_at": datetime(2026, 3, 2, 8),
    "closed_by": "desk",
    "because": "withdrawn",
}


@pytest.mark.parametrize(
    ("later", "first", "second"),
    [
        ({}, "repeated", "closed"),
        ({"payload": b"{still not json"}, "repeated", None),
        ({"reason": "no_text"}, "repeated", None),
        ({"closed_at": datetime(2026, 3, 3)}, "repeated", None),
        ({"source": "b.jsonl"}, "closed", None),
    ],
)
def test_what_was_closed_stays_closed_while_the_very_same_is_refused(
    base: duckdb.DuckDBPyConnection, later: dict[str, Any], first: str, second: str | None
) -> None:
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, refused(FIRST, **CLOSED), refused(SECOND, **later))
    settle(base, SECOND)
    assert {run_id: told[0] for run_id, told in state(base).items()} == {
        FIRST: first,
        SECOND: second,
    }
    told = base.execute("SELECT because FROM rejects WHERE run_id = $1", [SECOND]).fetchone()
    assert told == ("withdrawn" if second else None,)


def test_what_was_closed_and_goes_in_after_all_is_recorded(base: duckdb.DuckDBPyConnection) -> None:
    put(base, RUNS, run(FIRST), run(SECOND))
    put(base, REJECTS, refused(FIRST, **CLOSED))
    put(base, ARTICLES, article(SECOND))
    settle(base, SECOND)
    assert state(base)[FIRST][0] == "recorded"


@pytest.mark.parametrize("published", [True, False])
def test_closing_takes_out_of_the_list_and_reopening_brings_back(
    tmp_path: Path, published: bool
) -> None:
    """Of a published record, and of a run that published nothing; also once the next generation holds it."""
    two = pl.DataFrame([refused(FIRST), refused(FIRST, "b.txt", "")])
    if published:
        tables = {**record.tables(FIRST), "rejects": two}
        publish.publish(tmp_path, building.build(tmp_path, tables, run_id=FIRST), 3)
    else:
        ledger.keep_rejects(tmp_path, FIRST, two)

    one = Filters(source="b.txt")
    quarantine.close(tmp_path, quarantine.rejects(tmp_path, one), "the outlet has withdrawn it")
    assert quarantine.rejects(tmp_path)["source"].to_list() == ["a.jsonl"]
    (row,) = quarantine.rejects(tmp_path, closed=True).iter_rows(named=True)
    assert (row["source"], row["because"]) == ("b.txt", "the outlet has withdrawn it")
    assert row["closed_by"]
    assert row["payload"] == b"{not json"

    take_up(tmp_path, SECOND)
    assert quarantine.rejects(tmp_path, closed=True)["source"].to_list() == ["b.txt"]
    quarantine.close(tmp_path, quarantine.rejects(tmp_path, one, closed=True), None)
    assert quarantine.rejects(tmp_path).height == 2
    take_up(tmp_path, THIRD)
    assert quarantine.rejects(tmp_path).height == 2
    assert quarantine.rejects(tmp_path, closed=True).is_empty()


def take_up(home: Path, run_id: str) -> None:
    """Publish what lies beside the record, as a run does."""
    kept, closings = ledger.kept_rejects(home), ledger.kept_closings(home)
    tables = {**record.tables(run_id), "rejects": kept} if kept else {}
    publish.publish(home, building.build(home, tables, run_id=run_id, closings=closings), 3)
    for path in (*kept, *closings):
        path.unlink()


def test_no_reject_is_closed_behind_the_back_of_a_run(tmp_path: Path) -> None:
    ledger.keep_rejects(tmp_path, FIRST, pl.DataFrame([refused(FIRST)]))
    with publish.lock(tmp_path), pytest.raises(WarehouseBusy):
        quarantine.close(tmp_path, quarantine.rejects(tmp_path), "no use")
    assert quarantine.rejects(tmp_path).height == 1


def test_a_quotation_waits_for_its_article(tmp_path: Path) -> None:
    tables = record.tables(FIRST)
    (known,) = tables["articles"]["article_id"].head(1)
    lacking = [
        refused(FIRST, article, f"{start}:9", stage="embed", reason="no_words", article_id=article)
        for start, article in enumerate((known, "not yet"))
    ]
    ledger.keep_rejects(tmp_path, FIRST, pl.DataFrame([*lacking, refused(FIRST)]))
    assert quarantine.waiting(tmp_path, quarantine.rejects(tmp_path)).height == 2
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id=FIRST), 3)
    chosen = quarantine.rejects(tmp_path)
    assert quarantine.waiting(tmp_path, chosen)["article_id"].to_list() == ["not yet"]
    found = quarantine.on_record(tmp_path, chosen, ("articles", "blocks", "mentions"))
    assert {name: set(rows["article_id"]) for name, rows in found.items()} == {
        "articles": {known},
        "blocks": {known},
        "mentions": {known},
    }
    assert found["articles"]["text"].to_list() == tables["articles"]["text"].head(1).to_list()

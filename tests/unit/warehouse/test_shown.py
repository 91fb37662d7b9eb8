"""What is shown: quotations that are sure enough for their type, and everything where it is asked for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from onrecord.warehouse.asking import lookup
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.publishing import building, publish
from tests.support import record

LEAST = {"direct": 0.5, "mixed": 0.6, "indirect": 0.65}


@pytest.fixture(scope="module")
def unsure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which the confidence of every quotation is another, from 0 up."""
    home = tmp_path_factory.mktemp("unsure")
    tables = record.tables()
    sure = pl.int_range(pl.len()) / pl.len()
    tables["quotations"] = (
        tables["quotations"].sort("article_id", "start").with_columns(confidence=sure)
    )
    publish.publish(home, building.build(home, tables, run_id=record.RUN, shown=LEAST), 3)
    return home


def test_what_is_less_sure_is_left_out_of_quotes_and_kept_in_all_quotes(unsure: Path) -> None:
    everything = query(unsure, "FROM all_quotes")
    least = everything["type"].replace_strict(LEAST, return_dtype=pl.Float64)
    assert everything["shown"].to_list() == (everything["confidence"] >= least).to_list()
    shown = everything.filter("shown")["quotation_id"]
    assert 0 < len(shown) < everything.height
    assert set(query(unsure, "FROM quotes")["quotation_id"]) == set(shown)


def test_lookups_search_and_the_timeline_show_the_same(unsure: Path) -> None:
    shown = set(query(unsure, "FROM quotes")["quotation_id"])
    told = lookup.quotes(unsure)
    assert set(told["quotation_id"]) <= shown
    assert set(lookup.quotes(unsure, unsure=True)["quotation_id"]) > set(told["quotation_id"])
    assert "shown" not in told.columns
    passing = set(query(unsure, "FROM matching()")["quotation_id"])
    assert passing <= shown
    assert passing < set(query(unsure, "FROM matching(unsure := true)")["quotation_id"])
    statements = query(unsure, "SELECT statement_id FROM quotes")["statement_id"]
    timeline = query(unsure, "FROM speaker_timeline")["statement_id"]
    assert set(timeline) <= set(statements)


def test_the_next_generation_may_ask_for_more_or_less(unsure: Path, tmp_path: Path) -> None:
    again = building.build(unsure, {}, run_id="later")
    count = "SELECT count(*) AS n FROM quotes"
    assert query(again, count).item() == query(unsure, count).item()
    every = building.build(unsure, {}, run_id="last", shown=dict.fromkeys(LEAST, 0.0))
    assert query(every, count).item() == query(unsure, "FROM all_quotes").height


def test_a_record_that_was_told_no_confidence_shows_everything(folder: Path) -> None:
    assert query(folder, "FROM quotes").height == query(folder, "FROM all_quotes").height

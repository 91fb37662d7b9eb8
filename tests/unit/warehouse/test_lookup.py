"""What is looked up: quotations by filters, what stands around one, a statement's wordings, speakers by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from onrecord.warehouse.asking import lookup
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.errors import NotOnRecord, QueryError
from onrecord.warehouse.publishing import publish
from tests.support import record


def first(folder: Path, words: str) -> str:
    rows = query(folder, "SELECT quotation_id FROM quotes WHERE words = ?", [words])
    identity: str = rows["quotation_id"][0]
    return identity


def test_quotes_pass_every_filter(folder: Path) -> None:
    everything = lookup.quotes(folder)
    assert everything["day"].to_list() == sorted(
        everything["day"], key=lambda day: (day is None, day and -day.toordinal())
    )
    marrow = lookup.quotes(folder, speaker="marrow", since=date(2026, 2, 28))
    assert marrow["outlet"].to_list() == ["Inland Courier"]
    assert lookup.quotes(folder, speaker="Nobody Known").is_empty()
    assert lookup.quotes(folder, most=2).height == 2
    statement = marrow["statement_id"][0]
    assert set(lookup.quotes(folder, statement=statement)["statement_id"]) == {statement}


def test_a_quotation_has_its_paragraph_and_those_around_it(folder: Path) -> None:
    """Each place is the article's own text, and the words stand where they are said to."""
    quotation = first(folder, "The bridge stays closed until every cable has been tested.")
    near, wide = (lookup.context(folder, quotation, n) for n in (0, 9))
    assert near["place"].to_list() == [0]
    assert wide["place"].to_list() == [-1, 0]
    text, start, end = near.select("text", "quoted_start", "quoted_end").row(0)
    assert text[start:end] == '"The bridge stays closed until every cable has been tested."'
    assert wide["quoted_start"].is_null().to_list() == [True, False]
    headline = lookup.context(folder, first(folder, "the bridge stays closed"), 1)
    assert headline.select("place", "kind").rows() == [(0, "title"), (1, "body")]


def test_a_statement_has_its_wordings_and_a_merged_one_those_of_what_it_became(
    folder: Path,
) -> None:
    statement = query(folder, "SELECT resolve_statement(?) AS id", [record.GONE])["id"].item()
    told = lookup.statement(folder, statement)
    assert told["similarity"].to_list() == sorted(told["similarity"], reverse=True)
    assert lookup.statement(folder, record.GONE).equals(told)


def test_a_name_means_whom_it_means_everywhere(folder: Path) -> None:
    """A surname, any case: the same ones as for matching."""
    (found,) = lookup.speakers(folder, "MARROW").rows(named=True)
    assert found["speaker_id"] == record.MAYOR
    assert found["quotations"] == lookup.quotes(folder, speaker="marrow").height
    assert lookup.speakers(folder, "nobody known").is_empty()


@pytest.mark.parametrize("ask", [lookup.statement, lambda path, id: lookup.context(path, id, 1)])
def test_what_is_not_on_record_is_told(folder: Path, ask) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotOnRecord, match="'no such id'"):
        ask(folder, "no such id")


def test_a_generation_that_is_kept_answers_too(folder: Path) -> None:
    kept = publish.kept(folder)[1]
    assert lookup.quotes(kept).equals(lookup.quotes(folder))


def test_a_record_without_the_macro_is_told_to_be_made_anew(folder: Path, tmp_path: Path) -> None:
    import duckdb

    old = tmp_path / "old.duckdb"
    old.write_bytes((folder / "onrecord.duckdb").read_bytes())
    with duckdb.connect(old) as connection:
        connection.execute("DROP MACRO TABLE context")
    with pytest.raises(QueryError, match="another version of OnRecord"):
        lookup.context(old, "x", 1)

"""A statement: wordings held against each other, who was first, who copied, what was said before."""

from __future__ import annotations

from onrecord.warehouse.looking.statement import PAGE, Statement, statement
from onrecord.warehouse.shelf.reader import Reader
from tests.support import kin, record


def bridge(reader: Reader, **more: object) -> Statement:
    """The statement on the bridge."""
    rows = reader.asked(
        "SELECT statement_id FROM statements WHERE contains(text, 'until every cable') AND quotations > 0"
    )
    found = statement(reader, rows[0]["statement_id"], **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_wordings_with_what_each_changed(reader: Reader) -> None:
    it = bridge(reader)
    assert it.against == ""
    assert it.wordings[0].words == it.words
    assert {piece.kind for piece in it.wordings[0].pieces} == {"same"}
    altered = next(one for one in it.wordings if "remains" in one.words)
    assert [p.text for p in altered.pieces if p.kind == "cut"] == ["stays", "every"]
    assert [p.text for p in altered.pieces if p.kind == "added"] == ["remains", "each"]
    assert (altered.cut, altered.added) == (2, 2)
    assert altered.outlets == ("Inland Courier", "Upland News")


def test_another_wording_may_be_the_one_that_all_are_held_against(reader: Reader) -> None:
    altered = next(one for one in bridge(reader).wordings if "remains" in one.words)
    it = bridge(reader, against=altered.quotation_id)
    assert it.against_words == altered.words
    assert it.wordings[0].quotation_id == altered.quotation_id
    first = bridge(reader, against="first")
    assert first.against == first.carriers[0].quotation_id
    # One that reports another statement is no measure.
    assert bridge(reader, against="0" * 32).against == ""


def test_who_was_first_and_who_copied_whom(reader: Reader) -> None:
    carriers = bridge(reader).carriers
    assert [(one.place, one.outlet) for one in carriers] == [
        (1, "The Harbour Post"),
        (2, "The Echo <b>"),
        (3, "Inland Courier"),
        (4, "Upland News"),
    ]
    echo, upland = carriers[1], carriers[3]
    assert (echo.copied_from, echo.same_words_as) == ("The Harbour Post", None)
    assert upland.same_words_as == kin.identity(kin.SECOND)
    assert carriers[0].seconds_after == 0
    assert carriers[2].address is not None
    assert carriers[2].address.startswith("https://inland.example/2026/marrow#:~:text=")


def test_a_merged_identity_leads_on(reader: Reader) -> None:
    moved = statement(reader, record.GONE)
    assert moved is not None
    assert moved.statement_id != record.GONE
    assert statement(reader, "0" * 32) is None


def test_repeats_and_what_was_said_before(reader: Reader) -> None:
    it = bridge(reader)
    assert [one.time for one in it.repeats] == [1, 2]
    assert [one.first for one in it.repeats] == [True, False]
    assert it.statement_id in {one.statement_id for one in it.repeats}
    for one in it.before:
        assert one.statement_id != it.statement_id
        assert one.day is None or it.first_said is None or one.day != it.first_said.date()


def test_pages_of_wordings(reader: Reader) -> None:
    it = bridge(reader, page=99)
    assert (it.page, it.pages) == (1, 1)
    assert it.wordings_count == len(it.wordings) <= PAGE

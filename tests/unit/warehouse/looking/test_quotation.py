"""A quotation in its place: text and marks, how the speaker was found, versions and copies, long articles."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

import pytest

from onrecord.warehouse.looking.compared import texts_compared, words_compared
from onrecord.warehouse.looking.quotation import Quotation, quotation
from onrecord.warehouse.looking.reading import PAGE, Marked, Text, passages
from onrecord.warehouse.shelf.reader import Reader
from tests.support import kin


def of(reader: Reader, article: dict[str, object], words: str) -> Quotation:
    """The quotation of an article that has these words."""
    rows = reader.asked(
        "SELECT quotation_id FROM quotations WHERE article_id = $a AND contains(text, $w)",
        {"a": kin.identity(article), "w": words},
    )
    assert len(rows) == 1
    found = quotation(reader, rows[0]["quotation_id"])
    assert found is not None
    return found


def whole(page: Text) -> str:
    """The text that a page shows, a passage a line."""
    return "\n".join("".join(one.text for one in p.segments) for p in page.passages)


def test_the_text_is_told_whole_with_the_words_in_their_place(reader: Reader) -> None:
    it = of(reader, kin.LATER, "until every cable")
    segments = list(chain.from_iterable(p.segments for p in it.text_page.passages))
    told = whole(it.text_page)
    assert told.split() == kin.LATER["text"].split()
    assert "".join(one.text for one in segments if one.meant) == it.text
    assert [p.kind for p in it.text_page.passages][:2] == ["title", "body"]
    others = {name for one in segments for name in one.quotations} - {it.quotation_id}
    assert others == {one.quotation_id for one in it.others} - {it.quotation_id}
    mention = next(one.text for one in segments if one.part == "mention")
    assert mention == it.found.mention == "Ilse Marrow"


def test_how_a_speaker_was_found(reader: Reader) -> None:
    it = of(reader, kin.SECOND, "remains closed")
    assert (it.found.mention, it.found.name, it.speaker) == (
        "Ms Marrow",
        "Ilse Marrow",
        "Ilse Marrow",
    )
    nobody = reader.asked("SELECT quotation_id FROM quotations WHERE speaker_id IS NULL LIMIT 1")
    unnamed = quotation(reader, nobody[0]["quotation_id"])
    assert unnamed is not None
    assert unnamed.found.reason == "unnamed"
    assert unnamed.found.sentences is None


def test_versions_copies_and_what_changed(reader: Reader) -> None:
    first = of(reader, kin.FIRST, "until every cable")
    assert [(one.kin, one.here) for one in first.family] == [
        ("version", True),
        ("version", False),
        ("copy", False),
    ]
    assert first.newer_id is not None
    newest = quotation(reader, first.newer_id)
    assert newest is not None
    assert newest.newer_id is None
    assert newest.article.article_id == kin.identity(kin.LATER)
    (change,) = newest.changes
    assert (change.before, change.after) == (kin.identity(kin.FIRST), kin.identity(kin.LATER))
    kinds = [[piece.kind for piece in one.pieces] for one in change.paragraphs]
    assert kinds == [["same", "cut", "added"], ["added"]]
    copy = of(reader, kin.COPY, "until every cable")
    assert {one.kin for one in copy.family} == {"version", "original"}


def test_one_that_is_not_on_record_is_none(reader: Reader) -> None:
    assert quotation(reader, "0" * 32) is None
    assert quotation(reader, "' OR 1=1 --") is None


def test_a_denial_tells_its_words(reader: Reader) -> None:
    rows = reader.asked("SELECT quotation_id FROM quotations WHERE stance = 'denied'")
    it = quotation(reader, rows[0]["quotation_id"])
    assert it is not None
    assert (it.stance, it.stance_words) == ("denied", "denied")


@pytest.mark.parametrize("text", ["x" * 400_000, "word " * 80_000, "A line.\n" * 50_000])
def test_a_very_long_article_comes_in_pages(text: str) -> None:
    """All of it is told, a page at a time; the first page shown is that of the words that are meant."""
    at = len(text) * 3 // 4
    marked = Marked([("q", [(at, at + 10)]), ("other", [(5, 9)])], "q", {})
    blocks = [{"start": 0, "end": len(text), "kind": "body"}]
    shown = passages(text, blocks, marked)
    assert shown.pages >= len(text) // PAGE
    assert any(one.meant for p in shown.passages for one in p.segments)
    told = ""
    for page in range(1, shown.pages + 1):
        part = passages(text, blocks, marked, page)
        size = sum(len(one.text) for p in part.passages for one in p.segments)
        assert size <= PAGE
        told += "".join(one.text for p in part.passages for one in p.segments)
    assert told == text
    assert passages(text, blocks, marked, 10**9).page == shown.pages
    assert passages(text, blocks, marked, -5).page == 1


def test_blocks_that_overlap_or_leave_out_lose_nothing() -> None:
    text = "Title\n\nBody one.\n\nMenu | Home\n\nEnd."
    blocks = [
        {"start": 7, "end": 16, "kind": "body"},
        {"start": 10, "end": 29, "kind": "navigation"},
    ]
    shown = passages(text, blocks, Marked([], None, {}))
    told = whole(shown)
    assert told.split() == text.split()
    assert [p.dirt for p in shown.passages] == [True, False, True, True]


def test_quotations_within_quotations_are_both_marked() -> None:
    text = "He said 'she said yes' today."
    marked = Marked([("outer", [(8, 22)]), ("inner", [(18, 21)])], "inner", {})
    (passage,) = passages(text, [], marked).passages
    assert [(one.text, one.quotations, one.meant) for one in passage.segments] == [
        ("He said ", (), False),
        ("'she said ", ("outer",), False),
        ("yes", ("outer", "inner"), True),
        ("'", ("outer",), False),
        (" today.", (), False),
    ]


def test_words_compared_give_back_both_wordings() -> None:
    one, two = "We will not open the bridge in May.", "We will open the old bridge in June"
    pieces = words_compared(one, two)
    after = "".join(piece.text for piece in pieces if piece.kind != "cut")
    assert after == two
    assert [piece.text for piece in pieces if piece.kind == "cut"] == ["not", "May."]
    same = words_compared(two, two)
    assert [replace(piece) for piece in same] == list(same)
    assert {piece.kind for piece in same} == {"same"}


def test_texts_compared_are_bounded() -> None:
    before = "\n".join(f"Line {number}" for number in range(500))
    after = "\n".join(f"Row {number}" for number in range(500))
    shown, count = texts_compared(before, after, most=50)
    assert (len(shown), count) == (50, 500)
    assert texts_compared(before, before) == ((), 0)

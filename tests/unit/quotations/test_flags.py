"""What a reader needs to know of a quotation: insertions, written, translated, told, dated, classed."""

from datetime import date

import pytest

from onrecord.pipeline.quotations.said_on import said_on
from onrecord.pipeline.text.cues import cue_class
from tests.unit.quotations.tagged_text import quotations

FRIDAY = date(2024, 3, 15)


def test_insertions_are_taken_out_of_content_and_marked() -> None:
    found = quotations(
        "{c:“He (Berg, - editor) wants [the] harbour. They (Danes) do too,”} {s:Eva Holm} {v:said}."
    )[0]
    assert found.content == "He wants harbour. They do too"
    assert [found.text[a - found.start : b - found.start] for a, b in found.insertions] == [
        "(Berg, - editor)",
        "[the]",
        "(Danes)",
    ]
    assert "(Berg, - editor)" in found.text


def test_ellipsis_in_brackets_is_no_insertion() -> None:
    found = quotations("{c:“We came [...] and we went,”} {s:Eva Holm} {v:said}.")[0]
    assert found.insertions == ()


@pytest.mark.parametrize(
    ("cue", "expected"),
    [
        ("said", "spoken"),
        ("according to", "spoken"),
        ("told reporters", "spoken"),
        ("wrote", "written"),
        ("tweeted", "written"),
        ("said in a statement", "spoken"),
        ("shrugged", "gestured"),
        ("nodded", "gestured"),
        ("said with a shrug", "spoken"),
        ("believes", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_cue_class(cue: str | None, expected: str) -> None:
    assert cue_class(cue) == expected


def test_written_statement_post_and_letter() -> None:
    for where in (
        "in a statement",
        "in a post on social media",
        "in a letter to the board",
        "on Twitter",
    ):
        found = quotations("{c:“The quay is closed,”} {s:Holm} {v:said} " + where + ".")
        assert found[0].written, where
    assert not quotations("{c:“I wrote a letter,”} {s:Holm} {v:said} on the quay.")[0].written


def test_translated() -> None:
    told = "{c:“The quay is closed,”} {s:Holm} {v:said}, speaking through an interpreter."
    assert quotations(told)[0].translated
    assert not quotations("{c:“The quay is closed,”} {s:Holm} {v:said}.")[0].translated


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("radio host Ola Nord on Thursday", "radio host Ola Nord"),
        ("a press conference", "a press conference"),
        ("The Valley Courier.", "The Valley Courier"),
        ("reporters that it was over", "reporters"),
    ],
)
def test_told(rest: str, expected: str) -> None:
    found = quotations("{c:“The quay is closed,”} {s:Holm} {v:told} " + rest)
    assert found[0].told == expected


def test_said_is_told_to_nobody() -> None:
    assert quotations("{c:“It is closed,”} {s:Holm} {v:said} Monday.")[0].told is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Holm said on Thursday", date(2024, 3, 14)),
        ("Holm said Friday", FRIDAY),
        ("Holm said last Friday", date(2024, 3, 8)),
        ("Holm told state radio late on January 28", date(2024, 1, 28)),
        ("Holm wrote on 2 December", date(2023, 12, 2)),
        ("Holm wrote on December 2, 2021", date(2021, 12, 2)),
        ("Holm said yesterday", date(2024, 3, 14)),
        ("Holm said on 2024-03-01", date(2024, 3, 1)),
        ("Holm said", None),
        ("Holm said on Monday and again on Tuesday", None),
        ("Holm said the quay opens next Monday", None),
        ("Holm says every Sunday", None),
        ("Holm said it is closed until Sunday", None),
        ("Holm said on February 30", None),
    ],
)
def test_said_on(words: str, expected: date | None) -> None:
    assert said_on(words, FRIDAY) == expected


def test_without_a_published_date_only_full_dates_resolve() -> None:
    assert said_on("Holm said on Thursday", None) is None
    assert said_on("Holm said on March 1, 2024", None) == date(2024, 3, 1)


def test_days_named_inside_the_words_do_not_date_them() -> None:
    found = quotations("{c:“We open on Monday,”} {s:Holm} {v:said} on Thursday.", published=FRIDAY)
    assert found[0].said_on == date(2024, 3, 14)


def test_comma_of_the_reporting_sentence_is_no_part_of_the_content() -> None:
    found = quotations("{c:“It held in May, and in June,”} {s:Holm} {v:said}.")[0]
    assert found.content == "It held in May, and in June"
    assert found.text == "“It held in May, and in June,”"
    mixed = quotations("{c:It was “as dry as bone,”} {s:Holm} {v:said}.")[0]
    assert mixed.content == "It was “as dry as bone”"
    split = quotations("{c:“It held,”} {s:Holm} {v:said}, {c:“in June.”}")[0]
    assert split.content == "It held, … in June."

"""Whose words they are where somebody else quotes them, and what they come through."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import read
from onrecord.pipeline.quotations.quotation import Quotation
from tests.unit.quotations.tagged_text import quotations

ROWS = [
    ("The Post quoted Ines Roth as saying “the pier will fall”.", "Ines Roth", "The Post"),
    ("Ines Roth was quoted by the Post as saying “the pier will fall”.", "Ines Roth", "the Post"),
    ("Ines Roth was quoted as saying “the pier will fall” by the Post.", "Ines Roth", "the Post"),
    ("“The pier will fall,” Ines Roth was quoted as saying.", "Ines Roth", None),
    (
        "The Lantern cited Ines Roth, a diver, as saying the pier will fall.",
        "Ines Roth",
        "The Lantern",
    ),
    (
        "Reuters quoted the minister, Ines Roth, as saying: “The pier will fall.”",
        "Ines Roth",
        "Reuters",
    ),
    ("A witness heard Ines Roth shout “the pier will fall”.", "Ines Roth", None),
    ("Ines Roth told the Post that the pier will fall.", "Ines Roth", None),
]
CORRECTIONS = [
    ("An earlier version of this report quoted Ines Roth as saying “the pier fell”.", "Ines Roth"),
    (
        "A previous version of this story wrongly quoted Ines Roth as saying “the pier fell”.",
        "Ines Roth",
    ),
    ("This article originally quoted Ines Roth as saying “the pier fell”.", "Ines Roth"),
    (
        "Correction: An earlier edition quoted Ines Roth as saying “the pier fell”. She said “the beer fell”.",
        "Ines Roth",
    ),
    ("An earlier version of this story said that the pier fell.", None),
]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Quotation]]:
    texts = [row[0] for row in (*ROWS, *CORRECTIONS)]
    return {text: reading.quotations for text, reading in zip(texts, read(texts), strict=True)}


@pytest.mark.parametrize(("text", "name", "via"), ROWS)
def test_the_one_who_is_quoted_speaks(
    found: dict[str, list[Quotation]], text: str, name: str, via: str | None
) -> None:
    (one,) = found[text]
    assert "pier will fall" in one.content
    assert (one.name, one.via, one.stance) == (name, via, "asserted")


@pytest.mark.parametrize(("text", "name"), CORRECTIONS)
def test_what_a_correction_takes_back_is_not_told_as_said(
    found: dict[str, list[Quotation]], text: str, name: str | None
) -> None:
    told = [one for one in found[text] if "pier fell" in one.content]
    assert [(one.name, one.stance) for one in told] in ([(name, "supposed")], [])
    assert name is None or told


def test_the_version_in_force_stands(found: dict[str, list[Quotation]]) -> None:
    (right,) = [one for one in found[CORRECTIONS[3][0]] if "beer fell" in one.content]
    assert (right.name, right.stance) == ("Ines Roth", "asserted")


def test_where_nothing_beside_the_words_tells_the_best_guess_is_kept_apart() -> None:
    (one,) = quotations(
        "Eva Holm sat in the hall. Nothing had been {v:described} as {c:“the saddest pier of all”} before."
    )
    assert (one.name, one.unresolved) == (None, "no_mention")
    assert [name for name, _ in one.candidates] == ["Eva Holm"]
    (told,) = quotations("{c:“It is the saddest pier of all,”} {s:Eva Holm} {v:said}.")
    assert told.candidates == ()


def test_lines_with_labels_are_said_by_whom_the_label_names() -> None:
    text = (
        "Ola Berg runs the ferry. We met him in Kessel.\n\nQUESTION: Why did you stop?\n\n"
        "BERG: The ice was too thick, and the hull is old.\n\nQUESTION: Will you sail again?\n\n"
        "BERG: When the ice is gone.\n\n“We will pay,” said Ada Holm, the head of the company."
    )
    (found,) = read([text])
    assert [(one.content, one.name) for one in found.quotations] == [
        ("The ice was too thick, and the hull is old.", "Ola Berg"),
        ("When the ice is gone.", "Ola Berg"),
        ("We will pay", "Ada Holm"),
    ]


def test_whoever_answers_without_a_name_is_who_was_introduced() -> None:
    text = (
        "Nora Quist is a surgeon in Tarn Bay. We met her at noon.\n\nQ: What did you do?\n\n"
        "A: We worked by candle light.\n\nQ: Were you afraid?\n\nA: There was no time for it."
    )
    (found,) = read([text])
    assert {one.name for one in found.quotations} == {"Nora Quist"}
    assert len(found.quotations) == 2


def test_a_label_or_two_make_no_dialogue() -> None:
    (found,) = read(
        ["NOTE: The office is closed.\n\nPHOTO: The ferry in May.\n\nRAIN: More is coming."]
    )
    assert found.quotations == []

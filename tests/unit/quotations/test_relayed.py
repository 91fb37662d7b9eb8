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

"""Whole articles of our own through the packaged tagger: who said what, and what a reader must know of it."""

from datetime import date
from pathlib import Path

import pytest

from onrecord.pipeline.quotations.extract import read
from onrecord.pipeline.quotations.quotation import Quotation

ARTICLES = Path(__file__).parent / "quotations"
FRIDAY = date(2024, 3, 15)


@pytest.fixture(scope="module")
def found() -> dict[str, list[Quotation]]:
    names = ("bridge", "talks", "styles")
    texts = [(ARTICLES / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    readings = read(texts, published=[FRIDAY] * len(texts))
    return {name: reading.quotations for name, reading in zip(names, readings, strict=True)}


def one(quotations: list[Quotation], words: str) -> Quotation:
    """The quotation that holds the words and lies in no other."""
    holding = [q for q in quotations if words in q.content and q.nested_in is None]
    assert len(holding) == 1, f"{words!r}: {len(holding)} quotations"
    return holding[0]


@pytest.mark.parametrize(
    ("article", "words", "name"),
    [
        ("bridge", "cannot pay twice", "Astrid Moen"),
        ("bridge", "We looked at every plan", "Astrid Moen"),
        ("bridge", "The old bridge will not last", "Pavel Dvorak"),
        ("bridge", "I have stood under it", "Pavel Dvorak"),
        ("bridge", "We expect a decision", "National Road Agency"),
        ("bridge", "that she would meet Dvorak", "Astrid Moen"),
        ("bridge", "no money had been promised", "Astrid Moen"),
        ("bridge", "It was never about the cost", "Astrid Moen"),
        ("bridge", "numbers better than I do", "Astrid Moen"),
        ("talks", "ready for talks", "Karin Olsdottir"),
        ("talks", "We have waited long enough", "Karin Olsdottir"),
        ("talks", "My father used to say", "Henrik Laursen"),
        ("talks", "nothing new", "Southern League"),
        ("talks", "The position has not changed", "Viktor Arlenko"),
        ("talks", "when it is on paper", "Viktor Arlenko"),
        ("talks", "the harbour for a handshake", "Maria Quist"),
        ("styles", "The sea does not read", "Jonas Eide"),
        ("styles", "We read them every morning", "Greta Vogel"),
        ("styles", "Nobody asked us", "Jonas Eide"),
        ("styles", "You were invited twice", "Greta Vogel"),
        ("styles", "By letter", "Jonas Eide"),
        ("styles", "Both of them are right", "Lars Holm"),
    ],
)
def test_who_said_it(
    found: dict[str, list[Quotation]], article: str, words: str, name: str
) -> None:
    quotation = one(found[article], words)
    assert quotation.name == name
    assert quotation.unresolved is None


def test_split_quotations_have_their_spans(found: dict[str, list[Quotation]]) -> None:
    for words in ("We looked at every plan", "The old bridge will not last"):
        assert len(one(found["bridge"], words).spans) == 2
    assert one(found["styles"], "Nobody asked us").content == "Nobody asked us, … Nobody ever does."


def test_quotation_over_paragraphs_is_one(found: dict[str, list[Quotation]]) -> None:
    quotation = one(found["bridge"], "It was never about the cost")
    assert quotation.content.endswith("And we decide together")
    assert quotation.mention == "Moen"


def test_flags(found: dict[str, list[Quotation]]) -> None:
    told = one(found["bridge"], "We looked at every plan")
    assert (told.told, told.said_on) == ("the Halden Courier", date(2024, 3, 14))
    assert one(found["bridge"], "We expect a decision").written
    edited = one(found["bridge"], "numbers better than I do")
    assert edited.content == "He knows numbers better than I do"
    assert len(edited.insertions) == 2
    waited = one(found["talks"], "We have waited")
    assert waited.translated and waited.told == "radio host Tomas Bergman"
    assert one(found["talks"], "ready for talks").said_on == date(2024, 3, 12)
    assert one(found["talks"], "handshake").cue_class == "written"


def test_nested(found: dict[str, list[Quotation]]) -> None:
    inner = [q for q in found["talks"] if q.nested_in is not None]
    assert [q.content for q in inner] == ["Never sign on an empty stomach"]
    host = found["talks"][inner[0].nested_in or 0]
    assert host.name == "Henrik Laursen"


def test_unnamed_sources_stay_unnamed(found: dict[str, list[Quotation]]) -> None:
    critics = one(found["talks"], "she gave too much away")
    assert (critics.name, critics.speaker_kind, critics.unresolved) == (None, "group", "unnamed")


def test_what_is_no_speech_is_left_alone(found: dict[str, list[Quotation]]) -> None:
    for words in ("round table", "The Long Net", "Cod", "damaged pillar"):
        assert not any(words in q.text for quotations in found.values() for q in quotations)


def test_sure_ones_are_told_as_sure(found: dict[str, list[Quotation]]) -> None:
    assert one(found["talks"], "The position has not changed").confidence > 0.9
    assert one(found["bridge"], "The old bridge will not last").confidence > 0.9

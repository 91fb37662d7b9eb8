"""Texts in capitals throughout: read with small letters, told as they are printed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.pipeline.names.recased import is_shouted, recased
from onrecord.pipeline.quotations.extract import extract

WIRE = (
    "LUND, VARNO (AP) -- PRIME MINISTER JOHN B. HOLM TOLD THE BBC ON FRIDAY THAT THE PORT IS FULL TODAY. "
    "“WE WILL NOT PAY,” SAID SEN. MARY KEEN, A DEMOCRAT FROM OHIO. “NEVER,” SHE ADDED. “IT IS LATE,” HOLM SAID."
)


@pytest.mark.parametrize(
    ("shouted", "small"),
    [
        (
            "OSTBY - MAYOR ANN TELL SAID ON MONDAY: “THE PARK WILL STAY OPEN.”",
            "Ostby - Mayor Ann Tell said on Monday: “The park will stay open.”",
        ),
        (
            "MR. HOLM'S SPOKESMAN, PETER SAND, SAID IT WAS OVER. JAMES O'BRIEN-SMITH SAW RUSSIAN SHIPS.",
            "Mr. Holm's spokesman, Peter Sand, said it was over. James O'Brien-Smith saw Russian ships.",
        ),
    ],
)
def test_names_alone_are_written_large(shouted: str, small: str) -> None:
    assert is_shouted(shouted)
    assert recased(shouted) == small


@pytest.mark.parametrize(
    "text", ["", "UN", "A quiet text with THREE LARGE WORDS in it." * 3, "123 456"]
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert not is_shouted(text)


@given(st.text(max_size=200))
def test_every_character_stays_in_its_place(text: str) -> None:
    assert len(recased(text.upper())) == len(text.upper())


def test_a_wire_in_capitals_has_its_speakers_and_its_words_as_printed() -> None:
    (found,) = extract([WIRE])
    direct = {q.content: (q.name, q.mention, q.cue) for q in found if q.type == "direct"}
    assert direct == {
        "WE WILL NOT PAY": ("Mary Keen", "SEN. MARY KEEN, A DEMOCRAT FROM OHIO", "SAID"),
        "NEVER": ("Mary Keen", "SHE", "ADDED"),
        "IT IS LATE": ("John B. Holm", "HOLM", "SAID"),
    }
    assert all(q.text == WIRE[q.start : q.end] for q in found)

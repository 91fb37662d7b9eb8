"""What a name names: persons told from apps, places, days, firms and words, and given names with their genders."""

import pytest

from onrecord.pipeline.names.given_names import gender_of, is_given, leaning_of
from onrecord.pipeline.names.recognised import PERSON, find_mentions
from onrecord.pipeline.quotations.persons.entities import gather
from onrecord.pipeline.text.layout import Layout
from tests.unit.quotations.tagged_text import quotations


def people(text: str) -> set[str]:
    return {e.name for e in gather(find_mentions(Layout(text))) if e.kind == PERSON}


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Berto Aluna lives in a camp. He catches up on Zoom with his sons.", "Berto Aluna"),
        ("Orla Brandvik has a shop. On Christmas Day, she plans to open it.", "Orla Brandvik"),
        ("Olle Marsk called home on Skype. He was in Arizona for a week.", "Olle Marsk"),
        ("Tove Lind left in April. In Florida, she found work.", "Tove Lind"),
    ],
)
def test_apps_places_and_days_are_no_persons(text: str, person: str) -> None:
    assert people(text) == {person}


@pytest.mark.parametrize("name", ["Dorothy Day", "Jordan Stewell", "Austin Kraal"])
def test_a_persons_name_may_be_a_places_or_a_days(name: str) -> None:
    text = f"{name} sat by the stove. “I write on Sundays,” {name.split()[1]} said."
    assert name in people(text)


def test_person_met_at_a_sentences_start_alone_is_kept() -> None:
    found = quotations(
        "Lamont Scott was shot on Monday. Rakeya Scott can be heard on the tape.\n\n"
        "{c:“Do not do it,”} {s:she} {v:says}."
    )
    assert [q.name for q in found] == ["Rakeya Scott"]


def test_surname_that_is_a_given_name_tells_no_gender() -> None:
    found = quotations(
        "Edda Warren met the press. {c:“We are closed,”} {s:Warren} {v:said}. Warren was tired.\n\n"
        "{c:“Come back tomorrow,”} {s:she} {v:said}."
    )
    assert [q.name for q in found] == ["Edda Warren"] * 2


def test_given_names_have_genders() -> None:
    assert (gender_of("eva"), gender_of("olav"), gender_of("pier")) != (None, None, None)
    assert gender_of("chris") is None
    assert leaning_of("chris") == "male"
    assert not is_given("the")

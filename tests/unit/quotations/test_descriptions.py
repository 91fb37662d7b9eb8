"""Long mentions, documents and epithets: whom they name, and whom they do not."""

import pytest

from tests.unit.quotations.tagged_text import quotations


def name(marked_up: str) -> str | None:
    return quotations(marked_up)[-1].name


@pytest.mark.parametrize(
    ("mention", "person"),
    [
        ("Anders Pihl's spokeswoman, Mia Falk,", "Mia Falk"),
        ("Delacourt’s agent, Danny Frisk,", "Danny Frisk"),
        ("his partner at Lenford, Boris B. Ketch,", "Boris B. Ketch"),
        ("Bread and Roses Trust chairwoman Iris Penn", "Iris Penn"),
        ("University of the Lower Valley historian Hamish Telfer", "Hamish Telfer"),
        ("one coastal Liberal, Tarn Bay Sen. Mina Roth,", "Mina Roth"),
        ("Scott's niece, state Del. Marla “Cia” Price", "Marla “Cia” Price"),
        ("Mia Falk, who speaks for Anders Pihl,", "Mia Falk"),
        ("Senators Edda Moor", "Edda Moor"),
        ("Then-mayor of Brall Otto Brin", "Otto Brin"),
        ("ex-minister of Tarnland Ida Moen", "Ida Moen"),
        ("Auntie May", "May"),
        ("a spokesman for Anders Pihl", None),
        ("a spokesman for mayor Anders Pihl", None),
    ],
)
def test_the_name_that_a_mention_turns_on(mention: str, person: str | None) -> None:
    assert name("It rained. {s:" + mention + "} {v:said} {c:“we leave at noon.”}") == person


def test_a_short_given_name_before_a_surname_that_is_a_word() -> None:
    assert name("{c:“The buoy is gone,”} {v:said} {s:Ed With, a pilot}.") == "Ed With"


@pytest.mark.parametrize(
    ("before", "mention", "author"),
    [
        ("The charity Lamp Aid Trust met. ", "a statement from the Harbour Guild", "Harbour Guild"),
        ("The Harbour Guild sent a letter on Friday. ", "The letter", "Harbour Guild"),
        ("{s:The Harbour Guild} {v:said} {c:two were missing}. ", "A statement", "Harbour Guild"),
        ("Mayor Eva Holm spoke. ", "Her statement", "Eva Holm"),
        ("The Sea Court ruled that the quay is closed. ", "the ruling", "Sea Court"),
        ("Eva Holm wrote a memoir of her years at sea. ", "the book", "Eva Holm"),
        ("A video by the Harbour Guild shows the wreck. ", "the clip", "Harbour Guild"),
        ("It rained. ", "a speech Eva Holm delivered at noon", "Eva Holm"),
        ("Eva Holm’s tax may fall, a study says. ", "The report", None),
        ("Eva Holm criticised the report. ", "The report", None),
        ("It rained. ", "The statement", None),
        ("Nobody came. ", "A report", None),
    ],
)
def test_a_document_tells_its_authors_words(before: str, mention: str, author: str | None) -> None:
    assert name(before + "{s:" + mention + "} {v:said} {c:“we are sad.”}") == author


@pytest.mark.parametrize(
    "epithet", ["the 24-year-old", "the rookie defenceman", "the white-haired shopkeeper"]
)
def test_an_epithet_means_the_person_in_view(epithet: str) -> None:
    text = "Ewa Lind won the race by a minute. {c:“I heard the snow,”} {v:said} {s:" + epithet
    assert name(text + "}.") == "Ewa Lind"


@pytest.mark.parametrize("mention", ["a passer-by", "the judge", "the announcer", "the witness"])
def test_another_persons_role_means_nobody_in_view(mention: str) -> None:
    assert name("Ewa Lind won the race. {c:“She flew,”} {v:said} {s:" + mention + "}.") is None


def test_who_holds_another_office_is_not_meant() -> None:
    text = "Premier Olga Brandt cut the budget. Mayor Ivar Lund spoke at a rally. "
    assert name(text + "{s:The prime minister} {v:said} {c:it was “a sad day”}.") is None


@pytest.mark.parametrize(
    "mention",
    ["twenty-four percent", "Sixty percent of voters", "A new Tide News poll", "the move"],
)
def test_counts_and_polls_are_no_persons(mention: str) -> None:
    found = quotations("It rained. {s:" + mention + "} {v:said} {c:“we are sad.”}")
    assert all(q.speaker_kind != "person" for q in found)

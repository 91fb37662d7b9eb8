"""Speakers told by layout, and names that are also words or that an article shortens in its own way."""

import pytest

from tests.unit.quotations.tagged_text import quotations


def said(marked_up: str) -> list[tuple[str, str | None]]:
    return [(q.content.split()[0].strip("“”"), q.name) for q in quotations(marked_up)]


@pytest.mark.parametrize("bullet", ["• ", "* ", "", "- "])
def test_name_behind_a_dash_in_a_list(bullet: str) -> None:
    first = f"{bullet}“It rattles all night.” – Ola Berg, 44, baker"
    text = f"We asked:\n\n{first}\n{bullet}“I walk to work now.” – Lis Corvo"
    assert said(text) == [("It", "Ola Berg"), ("I", "Lis Corvo")]


def test_name_on_the_line_under_the_words() -> None:
    text = "“It rattles all night.”\nOla Berg, baker\n\n“I walk to work now.”\nLis Corvo, nurse"
    assert said(text) == [("It", "Ola Berg"), ("I", "Lis Corvo")]


@pytest.mark.parametrize(
    "lead",
    [
        "And from Chairwoman Ines Roth:\n\n",
        "This from Ines Roth, aged nine: ",
        "A word from Ines Roth, who chairs the board: ",
        "Ines Roth, Politika: ",
    ],
)
def test_words_that_a_name_and_a_colon_announce(lead: str) -> None:
    text = f"The board met.\n\n{lead}“We pay our debts in full.”"
    assert said(text) == [("We", "Ines Roth")]


def test_label_before_words_with_a_report_of_their_own_is_no_speaker() -> None:
    text = "EDITOR'S PICK: {c:“I sold my last cow,”} {s:Vigo Haas}, a farmer, {v:said}."
    assert said(text) == [("I", "Vigo Haas")]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Ida From", "From"),
        ("An Nguyen", "Nguyen"),
        ("Wang Deshu", "Wang"),
        ("Jordan Stew", "Jordan"),
    ],
)
def test_names_that_are_words_or_are_shortened_to_the_first(full: str, short: str) -> None:
    text = "{c:“We sold fewer boats,”} {v:said} {s:" + full + "}, who built the yard."
    again = " {c:“The sea is rough,”} {s:" + short + "} {v:said}."
    assert said(text + again) == [("We", full), ("The", full)]


def test_who_is_the_person_and_not_the_body_between() -> None:
    text = "He met Mitch Connell, now the Senate leader, {s:who} {v:said} {c:it was “over”}."
    assert [q.name for q in quotations(text)] == ["Mitch Connell"]


@pytest.mark.parametrize(
    ("second", "person"),
    [
        ("{s:her rival Tor Blick} {v:said}", "Tor Blick"),
        ("{s:the lawyer Petra Vik} {v:said}", "Petra Vik"),
        ("{v:said} {s:oil} and gas worker Petra Vik", "Petra Vik"),
    ],
)
def test_words_that_close_on_a_comma_go_on_to_their_own_report(second: str, person: str) -> None:
    found = said("{c:“We won,”} {s:Saga Holt} {v:said}. {c:“They lost,”} " + second + ".")
    assert found == [("We", "Saga Holt"), ("They", person)]


def test_job_before_the_name_that_a_clause_reports() -> None:
    text = (
        "It was late.\n\n“I promised no pier,” then-Brall council candidate Hedda Brun responded."
    )
    assert said(text) == [("I", "Hedda Brun")]


def test_person_hard_before_the_verb_is_nearer_than_the_sentences_subject() -> None:
    text = "{s:The ad} shows footage of Hedda Brun {v:saying}, {c:“I am tired of it.”}"
    assert said(text) == [("I", "Hedda Brun")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # What a clause of its own hands over is the words of whom it names, not of the sentence's reporter.
        (
            "{s:Critics} {v:denounced} {c:what Minister Karl Immer "
            "called the guild’s “plain theft”} of the quay.",
            "Karl Immer",
        ),
        ("{s:Others} {v:rejected} {c:what Ida Moen has described as “a closed shop.”}", "Ida Moen"),
        (
            "The spot {v:ends} with footage of Ida Moen saying during a "
            "debate last week, {c:“That makes me glad.”}",
            "Ida Moen",
        ),
        # A report that closes the sentence, though a cue stands before the words.
        (
            "The four holes {s:Karl Immer} {v:cited} are {c:“in the wall, in "
            "the roof and by the door,”} Ida Moen reported.",
            "Ida Moen",
        ),
    ],
)
def test_the_nearer_of_two_reports(text: str, name: str) -> None:
    (quotation,) = quotations("Karl Immer and Ida Moen met.\n\n" + text)
    assert quotation.name == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Riders:\n\n* “It is late.” – Tuva Rank\n* “I walk.” – Lis Corvo\n",
            ["Tuva Rank", "Lis Corvo"],
        ),
        (
            'Who won?\n\nHanna Golden, Politika: "She won."\n\nWinston Mann, editor of The Sampler: "He did."',
            ["Hanna Golden", "Winston Mann"],
        ),
    ],
)
def test_short_words_in_a_list_of_names(text: str, names: list[str]) -> None:
    assert [q.name for q in quotations(text)] == names


def test_a_heading_with_a_colon_is_no_speaker() -> None:
    text = (
        "Ida Moen came.\n\nVeto Power Impedes Peace: {c:Ending “the "
        "scourge of war”} is what {s:Moen} {v:wants}."
    )
    assert all(q.name in {None, "Ida Moen"} for q in quotations(text))

"""Names read whole and no further: owners, bodies, roles before a name, headlines, and pronouns that keep to people."""

import time

import pytest

from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, find_mentions
from onrecord.pipeline.quotations.persons.entities import gather
from onrecord.pipeline.text.layout import Layout
from tests.unit.quotations.tagged_text import quotations

Named = tuple[str | None, str | None]


def speakers(marked_up: str, **told: object) -> list[Named]:
    return [(q.name, q.speaker_kind) for q in quotations(marked_up, **told)]


def named(text: str) -> dict[str, str]:
    return {e.name: e.kind for e in gather(find_mentions(Layout(text)))}


@pytest.mark.parametrize("mark", ["'", "’"])
def test_plural_owner_is_a_part_of_a_bodys_name(mark: str) -> None:
    found = speakers(
        "{s:The Growers" + mark + " Union} {v:said} {c:the frost had spared nobody}.\n\n"
        "{v:According to} {s:the Teachers"
        + mark
        + " Forum}, {c:teachers earn less than they did}.\n\n"
        "{s:The Children" + mark + "s Fund} {v:said} {c:it would help}."
    )
    assert found == [
        (f"Growers{mark} Union", "organisation"),
        (f"Teachers{mark} Forum", "organisation"),
        (f"Children{mark}s Fund", "organisation"),
    ]


def test_plural_owner_before_a_person_is_none_of_the_name() -> None:
    text = "On Friday the Greens' Odile Varn spoke. Later the Tidal League's Piet Amsing replied."
    found = named(text)
    assert found["Odile Varn"] == PERSON
    assert found["Piet Amsing"] == PERSON


def test_person_of_a_body_is_named_without_it() -> None:
    found = speakers(
        "{s:Odile Varn of the Growers' Union} {v:spoke of} {c:“a winter without end”}.\n\n"
        "{c:“We lost every tree,”} {s:she} {v:said}."
    )
    assert found == [("Odile Varn", "person")] * 2


def test_body_with_of_in_its_name_keeps_it() -> None:
    text = "They asked the University of Lund, the Supreme Court of Norway and the Bay of Pigs."
    assert named(text)["University of Lund"] == ORGANISATION
    assert named(text)["Supreme Court of Norway"] == ORGANISATION


def test_pronoun_never_means_a_body_or_a_place() -> None:
    found = quotations(
        "The Growers' Union met in Norway. The Harbour Forum listened.\n\n"
        "{c:“We lost every tree,”} {s:she} {v:said}."
    )
    assert [(q.name, q.speaker_kind, q.unresolved) for q in found] == [
        (None, "person", "no_antecedent")
    ]


def test_name_behind_an_owner_is_the_nearest_subject() -> None:
    found = speakers(
        "Minister Anka Tolsen cut the tape. {s:She} {v:vowed} {c:to be back by May}.\n\n"
        "But the Tidal League's Piet Amsing sneered. {c:“Nobody asked for it,”} {s:he} {v:said}."
    )
    assert found == [("Anka Tolsen", "person"), ("Piet Amsing", "person")]


def test_gender_that_a_pronoun_told_is_kept() -> None:
    found = speakers(
        "Minister Anka Tolsen cut the tape. {s:She} {v:vowed} {c:to be back by May}.\n\n"
        "Piet Amsing, a farmer, had watched her from the quay for an hour. The wind was cold. "
        "Rain fell. {s:Tolsen} {v:said} {c:the pier would last}.\n\n"
        "{c:“It will not,”} {s:he} {v:said}."
    )
    assert found[-1] == ("Piet Amsing", "person")


@pytest.mark.parametrize("role", ["Striker", "Councillor", "Ferry worker", "Chairman", "Activist"])
def test_role_before_a_name_does_not_hide_the_person(role: str) -> None:
    found = speakers(
        "Chairman Olle Brandvik kept silent for long. {c:“We shall see,”} {s:he} {v:said}.\n\n"
        + role
        + " Edu Marsk, who had come late, took the blame. {c:“I slept,”} {s:he} {v:wrote}."
    )
    assert found == [("Olle Brandvik", "person"), ("Edu Marsk", "person")]


def test_words_that_nothing_reports_are_given_to_no_title_alone() -> None:
    found = quotations("The Mayor was late.\n\n“Nobody may go near the water until Monday.”")
    assert [(q.name, q.speaker_kind, q.unresolved) for q in found] == [(None, None, "no_mention")]


@pytest.mark.parametrize(
    ("clause", "cue", "mention"),
    [
        ("“We will not sell the pier,” Odile Varn thundered.", "thundered", "Odile Varn"),
        ("“We will not sell the pier!” thundered Odile Varn.", "thundered", "Odile Varn"),
        ("“Who would buy such a pier?” she grumbled.", "grumbled", "she"),
    ],
)
def test_clause_hard_behind_the_marks_reports_them(clause: str, cue: str, mention: str) -> None:
    found = quotations("Farmer Odile Varn rose. The hall was full.\n\n" + clause)
    assert [(q.cue, q.mention, q.name) for q in found] == [(cue, mention, "Odile Varn")]


def test_sentence_after_closed_words_reports_nothing() -> None:
    found = quotations("“We will not sell the pier.” Odile Varn jumped from her chair.")
    assert [(q.cue, q.mention) for q in found] == [(None, None)]


def test_head_of_a_body_is_who_heads_it() -> None:
    found = speakers(
        "{c:The ice will hold}, {s:the head of the polar survey} {v:said}.\n\n"
        "{c:“I have drilled it,”} Odile Varn told members. Varn, who leads the survey, is 50.\n\n"
        "Piet Amsing, who leads the harbour office, was absent."
    )
    assert found[0] == ("Odile Varn", "person")


def test_head_of_a_body_that_nobody_heads_stays_unnamed() -> None:
    found = quotations(
        "{c:The ice will hold}, {s:the head of the polar survey} {v:said}.\n\n"
        "Piet Amsing, who leads the harbour office, was absent."
    )
    assert [(q.name, q.unresolved) for q in found] == [(None, "unnamed")]


def test_trade_nobody_is_given_means_the_speaker_before() -> None:
    found = speakers(
        "{c:“The cliff moves,”} {s:Dr Odile Varn} {v:said} by the boat.\n\n"
        "{s:The geologist} {v:told} them {c:that the path was closed}."
    )
    assert found == [("Odile Varn", "person")] * 2


HEADLINES = [
    "Tolsen Says Ready For Talks",
    "Tolsen Vows To Act",
    "Tolsen Slams Amsing",
    "Tolsen: Ready For Talks On Pier",
    "TOLSEN READY FOR TALKS",
]


@pytest.mark.parametrize("headline", HEADLINES)
@pytest.mark.parametrize("with_blocks", [False, True])
def test_title_case_makes_no_names(headline: str, with_blocks: bool) -> None:
    body = "Minister Anka Tolsen met the farmer Piet Amsing on the pier.\n\nIt rained all day."
    text = f"{headline}\n\n{body}"
    blocks = [(0, len(headline), "title"), (len(headline) + 2, len(text), "body")]
    entities = gather(find_mentions(Layout(text, blocks if with_blocks else None)))
    assert {e.name for e in entities} == {"Anka Tolsen", "Piet Amsing"}


def test_time_is_in_line_with_the_surnames_that_are_words() -> None:
    def seconds(count: int) -> float:
        words = [
            f"x{chr(97 + at // 676)}{chr(97 + at // 26 % 26)}{chr(97 + at % 26)}"
            for at in range(count)
        ]
        layout = Layout("".join(f"Jan {word.title()} saw an {word}. " for word in words))
        began = time.process_time()
        assert len(find_mentions(layout)) >= count
        return time.process_time() - began

    small, large = seconds(400), seconds(4_000)
    assert large < 20 * small + 0.3

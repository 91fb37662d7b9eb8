"""Who is meant: names, titles, roles, pronouns, bodies, groups and nobody."""

import pytest

from onrecord.pipeline.names.recognised import find_mentions
from onrecord.pipeline.names.spelling import alike, fold
from onrecord.pipeline.quotations.persons.entities import gather
from onrecord.pipeline.text.layout import Layout
from tests.unit.quotations.tagged_text import quotations

MAYOR = "The mayor of Lund, Eva Holm, met the Danish finance minister, Lars Berg, on the quay.\n\n"


def speakers(marked_up: str) -> list[tuple[str | None, str | None]]:
    return [(q.name, q.speaker_kind) for q in quotations(marked_up)]


def test_surname_stands_for_the_full_name() -> None:
    assert speakers(MAYOR + "{c:“The harbour stays open,”} {s:Holm} {v:said}.") == [
        ("Eva Holm", "person")
    ]


def test_role_stands_for_its_bearer() -> None:
    found = speakers(
        MAYOR + "{c:“The harbour stays open,”} {v:said} {s:the mayor}. "
        "{c:“And who pays?”} {v:asked} {s:the minister}."
    )
    assert found == [("Eva Holm", "person"), ("Lars Berg", "person")]


def test_another_word_for_the_role() -> None:
    found = speakers(
        "Norwegian President Olav Dahl spoke after Danish President Mette Lund.\n\n"
        "{c:“We agree on fish,”} {v:said} {s:the Norwegian leader}.\n\n"
        "{c:“On most fish,”} {v:said} {s:the Danish head of state}."
    )
    assert found == [("Olav Dahl", "person"), ("Mette Lund", "person")]


def test_pronoun_follows_gender_past_a_distractor() -> None:
    found = speakers(
        MAYOR
        + "{c:“The harbour stays open,”} {s:she} {v:said}. {c:“It must pay,”} {s:he} {v:said}."
    )
    assert found == [("Eva Holm", "person"), ("Lars Berg", "person")]


def test_pronoun_chain_goes_on_over_paragraphs() -> None:
    found = speakers(
        "Omar Reyes came early.\n\n{c:“I know this river,”} {s:Reyes} {v:said}.\n\n"
        "The water stood at nine metres.\n\n{c:“I was born beside it,”} {s:he} {v:said}.\n\n"
        "{c:“I shall die beside it,”} {s:he} {v:said}."
    )
    assert found == [("Omar Reyes", "person")] * 3


def test_names_inside_the_quoted_words_do_not_distract() -> None:
    found = speakers(
        "{c:“I told David Stone to leave,”} {s:Omar Reyes} {v:said}.\n\n"
        "{c:“David Stone did not listen,”} {s:he} {v:said}."
    )
    assert found == [("Omar Reyes", "person")] * 2


def test_misprint_is_the_same_person() -> None:
    found = speakers(
        "Spokesman Dmitri Lesnov arrived.\n\n{c:“No comment today,”} {s:Lesnov} {v:said}.\n\n"
        "{c:“None tomorrow,”} {s:Lensov} {v:said}."
    )
    assert found == [("Dmitri Lesnov", "person")] * 2


def test_bodies_and_metonyms_stay_what_they_are() -> None:
    found = speakers(
        "{s:The Kremlin} {v:said} {c:the talks were useful}.\n\n"
        "{v:According to} {s:the Danish Fisheries Ministry}, {c:stocks are low}.\n\n"
        "{c:“Stocks have halved since spring,”} {s:the ministry} {v:said}."
    )
    assert found == [
        ("Kremlin", "organisation"),
        ("Danish Fisheries Ministry", "organisation"),
        ("Danish Fisheries Ministry", "organisation"),
    ]


@pytest.mark.parametrize(
    ("mention", "kind"),
    [
        ("officials", "unnamed"),
        ("a source close to the talks", "unnamed"),
        ("a spokesman for Lars Berg", "unnamed"),
        ("two residents", "unnamed"),
    ],
)
def test_unnamed_sources_have_no_name_and_a_reason(mention: str, kind: str) -> None:
    found = quotations(MAYOR + "{s:" + mention + "} {v:said} {c:the quay was closed}.")
    assert [(q.name, q.speaker_kind, q.unresolved) for q in found] == [(None, kind, "unnamed")]


def test_groups_with_a_name_keep_it() -> None:
    assert speakers("{s:Danish fishermen} {v:said} {c:the quay was closed}.") == [
        ("Danish fishermen", "group")
    ]


def test_first_person_is_the_author() -> None:
    found = quotations("{c:“Is it safe?”} {s:I} {v:asked}.")
    assert [(q.name, q.unresolved) for q in found] == [(None, "author")]


def test_pronoun_without_anybody_near_stays_unresolved() -> None:
    found = quotations("{c:“It is safe,”} {s:he} {v:said}.")
    assert [(q.name, q.unresolved) for q in found] == [(None, "no_antecedent")]


def test_relative_pronoun_takes_the_name_before_it() -> None:
    assert speakers(MAYOR + "They met Omar Reyes, {s:who} {v:said} {c:the fish were gone}.") == [
        ("Omar Reyes", "person")
    ]


def test_apposition_after_the_role() -> None:
    assert speakers("{c:“All is well,”} {v:said} {s:the harbour master, Eva Holm}.") == [
        ("Eva Holm", "person")
    ]


def test_orphan_paragraph_takes_the_person_in_view_and_is_less_sure() -> None:
    found = quotations(
        "{c:“The quay is closed,”} {s:Omar Reyes} {v:said}.\n\n"
        "Mayor Eva Holm walked along the quay and counted the boats.\n\n"
        "“Nobody may go near the water until Monday.”"
    )
    assert [q.name for q in found] == ["Omar Reyes", "Eva Holm"]
    assert found[1].confidence < found[0].confidence
    assert found[1].mention is None


def test_spellings_fold_together() -> None:
    assert fold("Zelenskyy") == fold("Zelensky") == fold("Zelenskiy")
    assert fold("Müller") == fold("Muller")
    assert alike("lesnov", "lenov") and alike("lesnov", "lensov")
    assert not alike("berg", "borg") and not alike("holm", "helm")


def test_entities_gather_titles_and_gender() -> None:
    text = "Mrs. Holm spoke. Eva Holm is mayor. Senator Lars Berg, a farmer, listened. Berg left."
    entities = {e.name: e for e in gather(find_mentions(Layout(text)))}
    assert entities["Eva Holm"].gender == "female"
    assert len(entities["Eva Holm"].mentions) == 2
    assert entities["Lars Berg"].descriptors[0] == "Senator"
    assert len(entities["Lars Berg"].mentions) == 2


def test_two_people_of_one_surname_are_two() -> None:
    text = "Eva Holm met Karl Holm. Mrs. Holm smiled."
    entities = gather(find_mentions(Layout(text)))
    assert {e.name: len(e.mentions) for e in entities} == {"Eva Holm": 2, "Karl Holm": 1}

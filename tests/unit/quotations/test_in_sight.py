"""Who is in sight for a pronoun: people whom nobody names, bodies "
"that are described, posts, clauses of one's own."""

import pytest

from tests.unit.quotations.tagged_text import quotations

MEET = "Eva Holm met Lars Berg on the quay.\n\n"


def speaker(marked_up: str) -> tuple[str | None, str | None]:
    last = quotations(marked_up)[-1]
    return last.name, last.speaker_kind


@pytest.mark.parametrize(
    "text",
    [
        "Lars Berg sold the boat. {c:“We live by the sea,”} {s:my father} "
        "often {v:said}. {c:“It is enough,”} {s:he} {v:said}.",
        "Lars Berg sold the boat. {c:“It went down,”} {s:a witness} "
        "{v:said}. {c:“I saw it,”} {s:he} {v:added}.",
        "Eva Holm sold the boat. My mother has grown old, but "
        "{s:she} still {v:says}: {c:“The sea feeds us.”}",
    ],
)
def test_pronoun_of_somebody_who_is_never_named(text: str) -> None:
    assert speaker(text) == (None, "unnamed")


def test_kin_who_is_named_beside_is_no_stranger() -> None:
    text = "Lars Berg came late. His wife, Anna Berg, kept the shop. {c:“It was cold,”} {s:she} {v:said}."
    assert speaker(text) == ("Anna Berg", "person")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Lars Berg’s campaign is defending the letters. {s:It} {v:called} them {c:“a plain answer.”}",
            "Lars Berg’s campaign",
        ),
        ("Holm’s office was shut. In a note, {s:it} {v:said} {c:“nobody is in.”}", "Holm’s office"),
        (
            "The Harbour Guild met on Monday. The guild is old. Lars Berg’s "
            "team wants a contrast to what {s:they} {v:call} "
            "{c:“a closed shop.”}",
            "Lars Berg’s team",
        ),
    ],
)
def test_it_is_the_body_at_the_head_of_the_sentence(text: str, name: str) -> None:
    assert speaker(MEET + text) == (name, "organisation")


def test_they_are_no_body_that_only_modifies_another_noun() -> None:
    text = (
        "Eva Holm and Lars Berg wrote to Senate leaders on "
        "Thursday.\n\n{c:“It must end,”} {s:they} {v:wrote}."
    )
    assert speaker(text)[0] is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # The subject of the pronoun's own sentence, though another spoke last.
        (
            "Lars Berg, a rival, {v:said} {c:“it helps.”}\n\nEgil Moen, the harbour "
            "chief, {v:said} the video gave no {c:“clear view,”} "
            "but {s:he} {v:said} that it {c:“bears us out.”}",
            "Egil Moen",
        ),
        # A clause that hangs on the sentence is not set apart from its pronoun.
        ("If Karl Immer were honest, {s:he} {v:would say}: {c:“I took it.”}", "Karl Immer"),
        ("When Karl Immer took over, {s:he} {v:said}: {c:“I begin at noon.”}", "Karl Immer"),
        # Whom one talks about does not step before who talks.
        (
            "{s:Ida Moen} {v:said} {c:Eva Holm has no care for the "
            "quay}.\n\n{c:“It is only talk,”} {s:she} {v:said}.",
            "Ida Moen",
        ),
        # Someone named in reported words is in sight all the same.
        (
            "{s:Karl Immer} {v:described} {c:Eva Holm as a “disgrace”} after "
            "{s:she} {v:blamed} the fire on {c:“old habits.”}",
            "Eva Holm",
        ),
        # The subject of the sentence before, though another is named nearer.
        (
            "Lars Berg {v:said} {c:“it is late.”}\n\nKarl Immer owns the Courier, which has covered Mr. Berg closely. "
            "{s:He} {v:said} {c:“I am very glad.”}",
            "Karl Immer",
        ),
        # A post begins anew.
        (
            "Karl Immer came.\n\n___\n\n2:25 p.m.\n\nLars Berg is at "
            "the quay.\n\n{c:“I stay,”} {s:he} {v:said}.",
            "Lars Berg",
        ),
    ],
)
def test_pronoun(text: str, name: str) -> None:
    assert speaker(text) == (name, "person")


def test_pronoun_does_not_reach_into_another_post() -> None:
    text = "Karl Immer came to the quay.\n\n___\n\n{c:“I stay,”} {s:he} {v:said}."
    assert speaker(text)[0] is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Vice President Ada Worm met the miners. {s:The president} {v:said} {c:“I am glad.”}",
            None,
        ),
        ("Deputy mayor Ada Worm met the miners. {s:The mayor} {v:said} {c:“I am glad.”}", None),
        (
            "Vice-president Ada Worm met the miners. {s:The vice president} {v:said} {c:“I am glad.”}",
            "Ada Worm",
        ),
    ],
)
def test_office_of_a_lower_rank_is_another(text: str, name: str | None) -> None:
    assert speaker(text)[0] == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (MEET + "Holm was late. {c:“We go,”} {s:she} {v:said}.", []),
        (
            "Eva Holm met Ida Moen. Holm was late. {c:“We go,”} {s:she} {v:said}.",
            ["Eva Holm", "Ida Moen"],
        ),
        (
            "Eva Holm met Lars Holm and Ida Moen. {c:“We go,”} {s:Holm} {v:said}.",
            ["Eva Holm", "Lars Holm"],
        ),
        # Where no speaker is told.
        (
            "Eva Holm met Ida Moen. {c:“We will all go home now.”} It rained.",
            ["Eva Holm", "Ida Moen"],
        ),
        ("{c:“It is late,”} {v:said} {s:a witness}. Eva Holm came.", []),
    ],
)
def test_candidates_are_all_who_may_have_spoken(text: str, names: list[str]) -> None:
    (quotation,) = quotations(text)
    shares = [share for _, share in quotation.candidates]
    assert sorted(name for name, _ in quotation.candidates) == sorted(names)
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= 1.0
    if names and quotation.name is not None:
        assert quotation.candidates[0] == (quotation.name, quotation.confidence)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Eva Holm spoke at noon. {s:Her campaign} {v:called} it {c:“a plain lie.”}",
            "Eva Holm’s campaign",
        ),
        ("Lars Berg stayed away. {s:His office} {v:said} {c:“he is ill.”}", "Lars Berg’s office"),
        ("It rained. {s:Her campaign} {v:called} it {c:“a plain lie.”}", None),
        # A body of another make is not meant.
        (
            "{s:The Tarn Senate} {v:said} {c:“we sit.”} {s:The company} {v:said} {c:“we stand.”}",
            None,
        ),
        (
            "{s:The Tarn Fund} {v:said} {c:“we sit.”} {s:The group} {v:said} {c:“we stand.”}",
            "Tarn Fund",
        ),
        # Where an article comes from says nothing.
        ("WASHINGTON — It rained. In a note, {s:it} {v:said} {c:“we stand.”}", None),
    ],
)
def test_bodies(text: str, name: str | None) -> None:
    assert speaker(text)[0] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Eva Holm leads. {s:The poll} {v:said} {c:“most are glad.”}", None),
        ("Eva Holm came. {c:“We shall see,”} {s:the council member} {v:said}.", None),
        ("Eva Holm and Lars Berg came. {s:The governor} {v:said} {c:“I am glad.”}", None),
        (
            "Minority Leader Ida Moen would not say whether she prefers Lars Berg. "
            "{s:The minority leader} {v:said} {c:“no.”}",
            "Ida Moen",
        ),
    ],
)
def test_descriptions_that_fit_nobody_in_view_are_nobody(text: str, name: str | None) -> None:
    assert speaker(text)[0] == name

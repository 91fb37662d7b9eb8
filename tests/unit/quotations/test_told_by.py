"""Who says words where a place, a club or whoever the sentence is about stands nearer, and what nobody says."""

import pytest

from tests.unit.quotations.tagged_text import quotations


def told(marked_up: str) -> list[tuple[str, str | None, str | None]]:
    return [(found.content, found.name, found.mention) for found in quotations(marked_up)]


@pytest.mark.parametrize(
    ("text", "name", "mention"),
    [
        (
            "Quay news.\n\nProtesters marching through {s:the streets} {v:chanted} {c:“What quay?”}.",
            None,
            "Protesters",
        ),
        (
            "Quay news.\n\nPeople walked round the field, where {s:the Varno Pilots} played, while {v:chanting}, "
            "{c:“Hands off, do not sell.”}",
            None,
            "People",
        ),
        (
            "Quay news.\n\nBoos fell when {s:Eva Holm} {v:mentioned} the mayor, and the crowd took up the chant "
            "{c:“Shut it down! Shut it down!”}",
            None,
            "the crowd",
        ),
        (
            "Quay news.\n\nThe mayor met {s:Jan Holm}, and the crowd cheered and {v:shouted} {c:“Stay here!”}",
            None,
            "the crowd",
        ),
        (
            "Quay news.\n\nJan Holm closed by {v:saying} so. {s:The audience gathered in the hall} followed him by "
            "{v:echoing} {c:“too late, too late”}.",
            None,
            "The audience gathered in the hall",
        ),
        (
            "Quay news.\n\nIt {v:followed a report} by the Courier that {c:he “made up” the tale}.",
            "Courier",
            "the Courier",
        ),
        (
            "Quay news.\n\n{s:Mia Falk} won after Jan Holm’s {v:cold suggestion at a debate} that "
            "{c:she was “likable enough.”}",
            "Jan Holm",
            "Jan Holm",
        ),
        (
            "Quay news.\n\nJan Holm left. Peter Sand rose and {v:explained} {c:why “the dockers” would “love” him}.",
            "Peter Sand",
            "Peter Sand",
        ),
        (
            "Quay news.\n\nPeter Sand spoke on Friday. A month later, he came to the port and {v:explained} "
            "{c:why “the dockers” would “love” him}.",
            "Peter Sand",
            "he",
        ),
        (
            "Quay news.\n\nSen. Eva Holm (D-Varno) opposed it. {c:“We cannot pay,”} {s:the Varno Democrat} {v:said}.",
            "Eva Holm",
            "the Varno Democrat",
        ),
        (
            "Quay news.\n\nSen. Eva Holm (R-Varno) spoke to Rep. Jan Sand (D-Brall). {c:“We cannot pay,”} "
            "{s:the Brall Democrat} {v:said}.",
            "Jan Sand",
            "the Brall Democrat",
        ),
        # Nobody in view is of that party.
        (
            "Quay news.\n\nSen. Eva Holm (R-Varno) opposed it. {c:“We cannot pay,”} {s:the Brall Democrat} {v:said}.",
            None,
            "the Brall Democrat",
        ),
        (
            "Quay news.\n\n{s:A top adviser to Eva Holm} {v:says} the talks are on {c:a “smooth path” to the end}.\n\n"
            "Jonas Lund spoke to reporters on Thursday.",
            "Jonas Lund",
            "A top adviser to Eva Holm",
        ),
        (
            "Quay news.\n\nMia Falk was honoured. {s:The “Winter Skin” actress} {v:wrote}: {c:“I thank you all.”}",
            "Mia Falk",
            "The “Winter Skin” actress",
        ),
        # Each piece of a list begins anew.
        (
            "Quay news.\n\n1\n\nJan Holm on the quay.\n\nHe loved it, Jan Holm said.\n\n2\n\nPeter Sand on the sea.\n\n"
            "It rained all day. {c:“I like the rain,”} {s:he} {v:said}.",
            "Peter Sand",
            "he",
        ),
        # Whoever is named next need not be the one who was described.
        (
            "Quay news.\n\n{s:A witness} {v:says} he heard {c:“a loud bang” at noon}.\n\n"
            "Jonas Lund died on Thursday.",
            None,
            "A witness",
        ),
    ],
)
def test_words_are_of_who_the_clause_is_about(text: str, name: str | None, mention: str) -> None:
    (found,) = told(text)[-1:]
    assert found[1:] == (name, mention)


def test_what_critics_say_is_theirs_and_not_of_who_answers_them() -> None:
    ((words, name, mention),) = told(
        "Quay news.\n\n{s:Mayor Eva Holm} {v:rebuked} {c:critics who say she should shun the dockers as “wreckers”}."
    )
    assert (words, name, mention) == ("she should shun the dockers as “wreckers”", None, "critics")


def test_tweets_in_which_somebody_says_a_thing_are_cut_to_what_he_says() -> None:
    ((words, name, mention),) = told(
        "Quay news.\n\nPeter Sand spoke on Friday. {s:He} {v:did not address} {c:his tweets in which he called a "
        "skipper “disgusting”}."
    )
    assert (words, name, mention) == ("a skipper “disgusting”", "Peter Sand", "he")


@pytest.mark.parametrize(
    "text",
    [
        "{s:Eva Holm} {v:signed an order} {c:that created the “Save Water” stickers}.",
        "{s:Eva Holm} {v:sings} {c:Peter Sand’s “Winter Skin” to the mayor}.",
        "{s:Eva Holm} {v:shared notes} from an evening class called {c:“Persuasion”} on her page.",
        "{s:Eva Holm} told of his coming stage project, {c:“Northern History for Beginners,”} on air.",
        "The state cut what had been called the {c:“Golden Hour”} of the port.",
    ],
)
def test_names_of_works_and_things_are_nobodys_words(text: str) -> None:
    assert told("Quay news.\n\n" + text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{s:Eva Holm} {v:called} Peter Sand {c:“Crooked Peter.”}", "“Crooked Peter.”"),
        ("{s:Eva Holm} {v:called} {c:the plan “Harbour for All”}.", "the plan “Harbour for All”"),
    ],
)
def test_what_somebody_calls_somebody_stays_his_words(text: str, words: str) -> None:
    ((found, name, _),) = told("Quay news.\n\n" + text)
    assert name == "Eva Holm"
    assert words.strip("“”.") in found

"""Whom a pronoun or a long mention means where another person is nearer, or named more often."""

import pytest

from tests.unit.quotations.tagged_text import quotations

HOLM = "Jan Holm spoke on Monday. {c:“The quay is ours,”} {s:Holm} {v:said}. {c:“It stays,”} {s:he} {v:said}.\n\n"


def last(marked_up: str) -> str | None:
    return quotations(marked_up)[-1].name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # Who is told the words does not say them.
        (
            HOLM + "Omar Reyes asked Holm how high the wall would be. "
            "{c:“Ten metres,”} {s:he} {v:told} Reyes.",
            "Jan Holm",
        ),
        # A name before another's job is not the subject, nor one that owns it.
        (
            HOLM + "Holm adviser Peter Sand, who keeps the books, took up the thread. "
            "{c:“We are broke,”} {s:he} {v:said}.",
            "Peter Sand",
        ),
        (
            HOLM + "Peter Sand, Holm’s old friend and adviser, smiled at this. "
            "{c:“I am glad of it,”} {s:he} {v:told} the paper.",
            "Peter Sand",
        ),
        # The subject stands behind what is put before it.
        (
            HOLM + "Asked whether he feared that Jan Holm could be mayor, Peter Sand laughed. "
            "{c:“There is one mayor,”} {s:he} {v:said}.",
            "Peter Sand",
        ),
        # A clause put before it may have the pronoun before the name.
        (
            "Eva Holm was milder than Senator Jane Sand. Though {s:she} {v:called} the bank’s deeds "
            "{c:“an outrage”}, Holm left its size to others.",
            "Eva Holm",
        ),
        # A spokesman may be a woman.
        (
            "Anna Sand came.\n\nHolm spokesman Maria Varn confirmed it. "
            "{c:“They are not ours,”} {s:she} {v:said}.",
            "Maria Varn",
        ),
        ("Jan Holm wept.\n\n{c:“More!”} {s:the crowd} {v:cried}.", None),
        (
            "Peter Sand is the man whom Holm fears. Jan Holm met Peter Sand, {s:who} Holm on Monday "
            "{v:called} {c:“a horrible man.”}",
            "Jan Holm",
        ),
        (
            "{c:“It is new,”} {v:said} {s:the Varno Council on Harbour Relations National Executive"
            " Director Nihad Berg}.",
            "Nihad Berg",
        ),
        (
            "Jan Holm laughed.\n\n{c:“A snail has more spine,”} {v:reads} {s:a Monday editorial in The "
            "Varno Courier}.",
            "Varno Courier",
        ),
        (
            "{c:“You will all pay,”} {v:said} {s:a letter to the paper from the chairman of the Varno "
            "Bank}.",
            None,
        ),
        (
            "{c:“It was trade,”} {v:according to} {s:a study by economists Jan Holm and Ida Sand}.",
            "Jan Holm",
        ),
        (
            "Mayor Bill de Varno closed it. De Varno was proud. {c:“It is done,”} {s:he} {v:said}.",
            "Bill de Varno",
        ),
    ],
)
def test_who_is_meant(text: str, name: str | None) -> None:
    assert last(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # A surname that is a nation's word; it, and not the owner before it, said the words.
        (
            "Mark Swiss met Donald Varn. {c:“It is hard,”} {s:Swiss} {v:said}.\n\nVarn’s temper is "
            "worrying, Swiss said.\n\n{c:“Anybody may change,”} {s:he} {v:said} when asked.",
            "Mark Swiss",
        ),
        ("Jan Holm rebuked critics {s:who} {v:say} he {c:“sleeps at work.”}", None),
        (
            "The actress Eva Holm left.\n\n"
            + "It rained. " * 12
            + "\n\nIda Berg opened up about it. "
            "{s:The actress} {v:called} it {c:“a backhanded compliment.”}",
            "Ida Berg",
        ),
        ("{c:“It is unfair,”} {s:Chairman G.K. Butterly} {v:said}.", "G.K. Butterly"),
    ],
)
def test_who_is_meant_by_words_that_could_be_others(text: str, name: str | None) -> None:
    assert last(text) == name


def test_who_is_told_is_no_source() -> None:
    found = quotations(
        "The Varno Fund would not look back, {v:telling} {s:Kanal 5} that {s:the fund} is set on "
        "{c:“ending violence.”}"
    )
    assert [q.name for q in found] != ["Kanal 5"]


def test_words_that_a_report_tells_are_of_whom_it_quotes() -> None:
    found = quotations(
        "{c:“They do not care,” Anna Berg said of the families}, {v:according to} {s:a Town Hall "
        "report}. {c:“Neither do I.”}\n\n{v:According to} {s:Town Hall reports}, {c:Berg said “there is "
        "love” in Lund}."
    )
    assert [q.name for q in found] == ["Anna Berg", "Anna Berg"]


def test_words_on_both_sides_of_a_cue_are_one_quotation() -> None:
    found = quotations(
        "Ida Holm came. {c:“In other news,”} {s:Holm} {v:wrote} last May, {c:“the mayor is praised by "
        "her press office,”} after {s:spokesman Brian Sand} {v:expressed} his joy."
    )
    assert [q.name for q in found] == ["Ida Holm"]


def test_an_unusual_verb_behind_words_that_close_on_a_comma() -> None:
    found = quotations(
        "Peter Sand spoke first. {c:“The town is lost,”} {s:he} {v:claimed}.\n\n{c:“It will always be "
        "ours,”} an angry Jan Holm retaliated."
    )
    assert [q.name for q in found] == ["Peter Sand", "Jan Holm"]

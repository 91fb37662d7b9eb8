"""Which words count as reported, where they begin and end, and who is left as their speaker."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import read
from onrecord.pipeline.quotations.quotation import Quotation

SPOKEN = [
    (
        (
            'The 6\'4" forward Dan Huxley said the 12" pitch markers were "a disgrace to the '
            'club". "We\'ll fix it," the 5\'11" captain Leo Marsh said.'
        ),
        "a disgrace to the club",
        "Dan Huxley",
    ),
    (
        (
            'The 6\'4" forward Dan Huxley said the 12" pitch markers were "a disgrace to the '
            'club". "We\'ll fix it," the 5\'11" captain Leo Marsh said.'
        ),
        "We'll fix it",
        "Leo Marsh",
    ),
    (
        (
            'The carpenter Jonas Wick said the 10" boards were "as soft as bread". "I sent '
            'them back," he said.'
        ),
        "as soft as bread",
        "Jonas Wick",
    ),
    (
        (
            'The carpenter Jonas Wick said the 10" boards were "as soft as bread". "I sent '
            'them back," he said.'
        ),
        "I sent them back",
        "Jonas Wick",
    ),
    (
        'The 12" markers were stolen. "We want them back," said the groundsman, Ned Pike.',
        "We want them back",
        "Ned Pike",
    ),
    ('"The 12" pipe broke," said Ned Pike.', "pipe broke", "Ned Pike"),
    ('"It measured 12" and no more," said Ned Pike.', "and no more", "Ned Pike"),
    ('Ned Pike is 6\'2". "I duck a lot," he said.', "I duck a lot", "Ned Pike"),
    ('Ned Pike said "I am 62" and left. "Good night," he said.', "I am 62", "Ned Pike"),
    ('Ned Pike said "I am 62" and left. "Good night," he said.', "Good night", "Ned Pike"),
    (
        (
            '"We start at nine, Siri Ness said. The hall was full.\n\nOla Berg said: "It was '
            'cold." He left.\n\nKnut Foss said: "It was warm."'
        ),
        "It was cold",
        "Ola Berg",
    ),
    (
        (
            '"We start at nine, Siri Ness said. The hall was full.\n\nOla Berg said: "It was '
            'cold." He left.\n\nKnut Foss said: "It was warm."'
        ),
        "It was warm",
        "Knut Foss",
    ),
    (
        "“The bell is cracked, Ada Quist said.\n\nBo Tellman said: “We ring it anyway.”",
        "We ring it anyway",
        "Bo Tellman",
    ),
    ("Anna Holm called the dish “a crime against geese”.", "a crime against geese", "Anna Holm"),
    (
        "What Anna Holm called “a crime against geese” was served again.",
        "a crime against geese",
        "Anna Holm",
    ),
    ("The “safe harbour” law passed. Anna Holm said: “It was late.”", "It was late", "Anna Holm"),
    (
        (
            '"I paint at night," Lena Varga said. The piece ran in Saturday\'s Brand Post with '
            'the headline, "Blue hours: a visit."'
        ),
        "I paint at night",
        "Lena Varga",
    ),
    ("EDX declined the offer, saying the price was too low.", "the price was too low", "EDX"),
    (
        (
            "The question came up again: who pays for the pier?\n\n“I never promised a pier,” "
            "then-Brall council candidate Hedda Brun responded at one debate."
        ),
        "I never promised a pier",
        "Hedda Brun",
    ),
    (
        (
            '"Everybody thought a fifth rabbit was in that hat."\n\nThat was how Jonas Berwick, '
            "the chief executive of Tidewater, once described the failure of the merger."
        ),
        "Everybody thought",
        "Jonas Berwick",
    ),
    (
        (
            "“I am not leaving”: Sund in tears after vote\n\nGreta Sund has led the inspectors "
            "for nine years."
        ),
        "I am not leaving",
        "Greta Sund",
    ),
    (
        "“We will not sell”: Holm stands firm\n\nAnna Holm spoke on Monday.",
        "We will not sell",
        "Anna Holm",
    ),
    ("“The boats are late,” harbour pilot Ned Pike grumbled.", "The boats are late", "Ned Pike"),
]
NOT_SPOKEN = [
    (
        (
            'The port opened a "warming centre" for residents without power. The infant was '
            'known as "our little gift" at home.'
        ),
        "our little gift",
    ),
    (
        (
            'The port opened a "warming centre" for residents without power. The infant was '
            'known as "our little gift" at home.'
        ),
        "warming centre",
    ),
    (
        (
            "The band's second record, “Nine Bells”, is out on Friday. A boat named “Second "
            "Wife” was towed in."
        ),
        "Nine Bells",
    ),
    (
        (
            "The band's second record, “Nine Bells”, is out on Friday. A boat named “Second "
            "Wife” was towed in."
        ),
        "Second Wife",
    ),
    (
        "A dish called “poor man's goose” was served. Anna Holm said it was “worth a song”.",
        "poor man's goose",
    ),
    ("The programme, titled “a walk in the dark”, starts in May.", "a walk in the dark"),
    ("The so-called “silent clause” was dropped.", "silent clause"),
    ("The “safe harbour” law passed. Anna Holm said: “It was late.”", "safe harbour"),
    (
        (
            '"I paint at night," Lena Varga said. The piece ran in Saturday\'s Brand Post with '
            'the headline, "Blue hours: a visit."'
        ),
        "Blue hours",
    ),
    (
        (
            '"It works," Agnes Roy said. This story appears in the June issue of Tide News '
            'with the headline, "Swat that bug: how to stop it."'
        ),
        "Swat that bug",
    ),
    ("Mayor Ida Brandt has yet to apologize to the families.", "the families"),
    ("EDX declined to comment on the payment.", "comment"),
    (
        (
            "The council of Lathe met for the third time to talk about the quarry, its dust "
            "and the lorries."
        ),
        "the quarry",
    ),
    ("The village of Sund contends with floods every spring.", "floods"),
    ("The hall echoed with songs of the old miners.", "songs"),
    ("The brothers argued about its old water tower for years.", "water tower"),
    ("The report outlines three ways to the coast.", "three ways"),
    ("Brandt denied it.", "it"),
    ("Lena Varga said no.", "no"),
    (
        (
            'The port opened a "warming centre" for residents without power. The infant was '
            'known as "our little gift" at home.'
        ),
        "our little gift",
    ),
    (
        (
            'The port opened a "warming centre" for residents without power. The infant was '
            'known as "our little gift" at home.'
        ),
        "warming centre",
    ),
]
ONLY = [
    (
        'The 6\'4" forward Dan Huxley said the 12" markers were "a disgrace to the club". '
        '"We\'ll fix it," he said.',
        '"We\'ll fix it,"',
    ),
    (
        '"It works," Agnes Roy said. This story appears in Tide News with the headline, "Swat that bug."',
        '"It works,"',
    ),
    (
        "“The bell is cracked, Ada Quist said.\n\nBo Tellman said: “We ring it anyway.”",
        "“We ring it anyway.”",
    ),
]


@pytest.fixture(scope="module")
def found() -> dict[str, list[Quotation]]:
    texts = sorted({row[0] for row in (*SPOKEN, *NOT_SPOKEN, *ONLY)})
    return {text: reading.quotations for text, reading in zip(texts, read(texts), strict=True)}


@pytest.mark.parametrize(("text", "words", "name"), SPOKEN)
def test_what_is_said_is_found(
    found: dict[str, list[Quotation]], text: str, words: str, name: str
) -> None:
    assert name in [quotation.name for quotation in found[text] if words in quotation.text]


@pytest.mark.parametrize(("text", "words"), NOT_SPOKEN)
def test_what_nobody_said_is_left_out(
    found: dict[str, list[Quotation]], text: str, words: str
) -> None:
    assert not [quotation.text for quotation in found[text] if words in quotation.text]


@pytest.mark.parametrize(("text", "whole"), ONLY)
def test_words_end_where_they_end(found: dict[str, list[Quotation]], text: str, whole: str) -> None:
    assert whole in [quotation.text for quotation in found[text]]


def test_what_was_not_commented_on_is_told_without_the_comment() -> None:
    (one,) = read(["EDX declined to comment on the payment to the yard."])[0].quotations
    assert one.content == "the payment to the yard"
    assert one.cue == "declined to comment on"
    assert one.stance == "unsaid"


def test_reported_words_end_with_their_sentence() -> None:
    text = "The pilot, Ned Pike, said the boats were late and the nets were full. The harbour was shut."
    (one,) = read([text])[0].quotations
    assert one.text == "the boats were late and the nets were full"


def test_a_word_or_two_are_enough_for_what_was_not_answered() -> None:
    (one,) = read(["Ida Brandt did not reply to emails asking about the contract."])[0].quotations
    assert (one.content, one.stance, one.name) == ("the contract", "unsaid", "Ida Brandt")
    assert read(["Mayor Ida Brandt has yet to apologise to the families."])[0].quotations == []

"""Words wholly in marks end at their mark, whatever the speaker did then."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import extract

ARTICLE = """The town of Osk has argued about its theatre for eleven years.

{}

The roof will be mended in April by forty workmen."""


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Una Lister told us “my hull is older than my father” and left the hall.", "my hull is older than my father"),
        ("Una Lister told reporters “we sail at dawn” before she walked away.", "we sail at dawn"),
        ("Una Lister said “we sail at dawn” and smiled.", "we sail at dawn"),
        ("Mark Reller shouted “we want our roof back” and then turned to the crowd.", "we want our roof back"),
    ],
)  # fmt: skip
def test_the_words_end_at_the_mark(sentence: str, words: str) -> None:
    (quotations,) = extract([ARTICLE.format(sentence)])
    assert [(q.content, q.type) for q in quotations] == [(words, "direct")]


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("Mark Reller said the plan was “a disgrace” and should be dropped.", "dropped"),
        ("Mark Reller said “the roof of the theatre” and the walls would be mended.", "mended"),
        ("Mark Reller called it “a very bad joke” and left the room.", "joke”"),
    ],
)
def test_what_goes_on_in_his_words_stays(sentence: str, end: str) -> None:
    (quotations,) = extract([ARTICLE.format(sentence)])
    assert [(q.text[-len(end) :], q.type) for q in quotations] == [(end, "mixed")]

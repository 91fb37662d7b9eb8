"""Languages: what is plainly English is told by its words, everything else by the model."""

from __future__ import annotations

import pytest

from onrecord.pipeline.languages.identify import identify_language

TEXT = "The ferry will run at night, the mayor of Kessel told reporters on Tuesday afternoon."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("THE FERRY THAT THE COUNCIL BOUGHT HAS BEEN SOLD, AND THEY SAID WHO BY: " + TEXT, "en"),
        (
            "The Voice of Holland was gisteravond op televisie en de winnaar van het programma was een "
            "zanger die al jaren optreedt in de kroegen van de stad.",
            "nl",
        ),
        (
            "Le groupe The Who and The Band said This Has Been le nom de sa tournée, et la ville a déclaré "
            "mardi que le concert aurait lieu sur le quai du port.",
            "fr",
        ),
    ],
)
def test_english_is_told_by_its_words_and_names_are_none(text: str, language: str) -> None:
    assert identify_language(text) == language
    assert identify_language("\n" * 3_000 + text) == language

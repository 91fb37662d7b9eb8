"""Who is in view: pronouns of the article's own voice, people set apart, people just introduced."""

from tests.unit.quotations.tagged_text import quotations


def names(marked_up: str) -> list[str | None]:
    return [q.name for q in quotations(marked_up)]


def test_pronouns_of_the_articles_own_voice_keep_somebody_in_view() -> None:
    found = names(
        "Orla Brandvik sells boats. "
        + "She paints one a week. " * 12
        + "{c:“I am tired,”} {s:she} {v:said}."
    )
    assert found == ["Orla Brandvik"]


def test_a_name_hard_before_he_said_is_somebody_else() -> None:
    found = names(
        "{c:“It is the old story,”} {v:said} {s:Senator Ruben Blakemore}. Schofield, {s:he} "
        "{v:said}, {c:“knows his colleagues.”} Kurt Schofield leads the chamber."
    )
    assert found == ["Ruben Blakemore"] * 2


def test_who_is_introduced_after_anothers_words_speaks_next() -> None:
    found = names(
        "{c:“The line saves me an hour,”} {v:said} {s:nurse Signe Dahlby}. It has been hard on the "
        "baker Hanne Volk, who lost her windows.\n\n{c:“I sleep with plugs,”} {s:she} {v:said}."
    )
    assert found == ["Signe Dahlby", "Hanne Volk"]


def test_sentences_within_the_quoted_words_are_no_distance() -> None:
    found = names(
        "{c:“We lost,”} {s:Bryan Moss} {v:said}. It worries Henry Crespo, the head of the guild.\n\n"
        "{c:“Nobody sings. Nobody dances. Nobody comes. The hall is empty,”} {s:he} {v:said}."
    )
    assert found == ["Bryan Moss", "Henry Crespo"]

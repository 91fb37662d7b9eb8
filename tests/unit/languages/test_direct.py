"""Direct speech in other languages: the words, who says them, and nobody where the text does not tell."""

from __future__ import annotations

import pytest

from onrecord.pipeline.quotations.extract import extract

# Text, then each quotation's words and the speaker.
TOLD = {
    "de: the verb behind, a surname, a role": (
        "Der Ingenieur Karl Brandt erklärte gestern im Rathaus: „Die Pumpen sind alt.“\n\n"
        "„Die Leute haben ein Recht auf die Wahrheit“, sagte Bürgermeisterin Ute Held. Sie war am Montag in Kiel.\n\n"
        "„Wir prüfen das noch einmal“, sagte Brandt. „Wir warten auf das Geld“, entgegnete die Bürgermeisterin.",
        [
            ("Die Pumpen sind alt.", "Karl Brandt"),
            ("Die Leute haben ein Recht auf die Wahrheit", "Ute Held"),
            ("Wir prüfen das noch einmal", "Karl Brandt"),
            ("Wir warten auf das Geld", "Ute Held"),
        ],
    ),
    "fr: inversion, the report inside the marks": (
        "Le conseil a siégé hier soir à Verlens, et la séance a duré plus de quatre heures.\n\n"
        "« Les gens ont le droit de savoir », a dit la maire Anne Castel.\n\n"
        "« Nous partirons, a-t-elle ajouté, dès que les travaux seront finis. »",
        [
            ("Les gens ont le droit de savoir", "Anne Castel"),
            ("Nous partirons, … dès que les travaux seront finis.", "Anne Castel"),
        ],
    ),
    "es: two in a line, a raya, a subject left out": (
        "«La presa es segura», dijo la alcaldesa Rosa Valdés. «No lo creo», respondió el ingeniero Tomás Rey.\n\n"
        "—El agua llegará en mayo —aseguró Valdés—. Nadie debe temer por la cosecha.",
        [
            ("La presa es segura", "Rosa Valdés"),
            ("No lo creo", "Tomás Rey"),
            ("El agua llegará en mayo … Nadie debe temer por la cosecha.", "Rosa Valdés"),
        ],
    ),
    "uk: behind dashes, gender of the verb": (
        "Мер міста Олег Кравчук зустрівся з директоркою школи Оленою Бондар у вівторок. Олена Бондар прийшла до школи "
        "торік.\n\n"
        "— Ми відкриємо школу восени, — сказав Кравчук. — Гроші вже є.\n\n"
        "«Дітям потрібне тепло», — відповіла вона.",
        [
            ("Ми відкриємо школу восени, … Гроші вже є.", "Олег Кравчук"),
            ("Дітям потрібне тепло", "Олена Бондар"),
        ],
    ),
    "zh: the subject before the verb": (
        "市长王丽华在新闻发布会上说：“大桥将于明年春天开放，大家都可以放心通过。”她的话赢得了掌声。",
        [("大桥将于明年春天开放，大家都可以放心通过。", "王丽华")],
    ),
    "nl: no pack, nobody is named": (
        "„We hebben er nooit aan getwijfeld dat de brug open zou gaan”, zei burgemeester Anna de Vries gisteren.",
        [("We hebben er nooit aan getwijfeld dat de brug open zou gaan", None)],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), TOLD.values(), ids=list(TOLD))
def test_words_and_speakers(text: str, wanted: list[tuple[str, str | None]]) -> None:
    (found,) = extract([text])
    named = dict(wanted)
    assert [one.content for one in found] == list(named)
    for one in found:
        if named[one.content] is not None:
            assert one.name == named[one.content]
        assert (one.name is None) == (one.unresolved is not None)
        assert text[one.start : one.end] == one.text


def test_a_language_without_a_pack_names_its_reason() -> None:
    (found,) = extract([TOLD["nl: no pack, nobody is named"][0]])
    assert [(one.name, one.unresolved, one.type) for one in found] == [(None, "language", "direct")]


def test_terms_and_titles_in_marks_are_no_quotations() -> None:
    text = (
        "Die Zeitung „Neuer Tag“ berichtete gestern, dass der Film „Das letzte Boot“ im Herbst in die Kinos kommt.\n\n"
        "Газета «Обрій» повідомила, що завод «Зоря» відкриють восени, а роман «Тихий сад» видадуть."
    )
    assert extract([text]) == [[]]


def test_english_amid_another_language_is_read_as_english() -> None:
    english = (
        'The mayor of Kessel, Ada Finch, told reporters on Tuesday that the ferry would run at night. "We have waited '
        'for this for ten years," Finch said.'
    )
    german = "„Die Leute haben ein Recht auf die Wahrheit“, sagte Bürgermeisterin Ute Held am Montag in Kiel."
    (alone,) = extract([english])
    (found,) = extract([f"{english}\n\n{german}"])
    assert [one.content for one in found[:-1]] == [one.content for one in alone]
    assert (found[-1].name, found[-1].content) == (
        "Ute Held",
        "Die Leute haben ein Recht auf die Wahrheit",
    )

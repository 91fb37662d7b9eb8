"""What is decided does not hang on the last bits of a float: processors differ in them."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.quotations.tagging.tagger import best_runs
from onrecord.pipeline.statements.comparing.candidates import nearest
from onrecord.pipeline.statements.comparing.likeness import Spoken
from onrecord.pipeline.statements.comparing.wording import mass, words
from onrecord.pipeline.statements.describing import representative
from onrecord.pipeline.statements.grouping import group
from onrecord.pipeline.themes import Themed, find_themes
from tests.property.test_clustering import news
from tests.support.quoted import clustered, quotations, vectors

NOISE = 1e-6


def test_all_that_is_clustered_stays_where_vectors_differ_in_their_last_digits() -> None:
    told = quotations(news())
    exact = vectors(told)
    embedding = np.array(exact["embedding"].to_list(), dtype=np.float32)

    def made(taken: np.ndarray) -> dict[str, pl.DataFrame]:
        held = exact.with_columns(pl.Series("embedding", taken, dtype=exact["embedding"].dtype))
        return clustered(news(), utterances=held)._asdict()

    whole = made(embedding)
    for seed in range(4):
        noise = np.random.default_rng(seed).standard_normal(embedding.shape)
        for name, frame in made((embedding * (1 + NOISE * noise)).astype(np.float32)).items():
            assert frame.equals(whole[name]), name


SUBJECTS = ("ferry", "school", "harvest", "tunnel", "hospital", "lighthouse", "budget", "orchestra")


@lru_cache(maxsize=1)
def spoken_of() -> tuple[Spoken, np.ndarray]:
    """600 statements on eight subjects that run into each other, with vectors that do so too."""
    chance = np.random.default_rng(7)
    subjects = chance.standard_normal((len(SUBJECTS), 64))
    texts, made = [], []
    for number in range(600):
        first, second = chance.integers(0, len(SUBJECTS), 2)
        share = chance.uniform(0, 0.8)
        texts.append(
            f"the {SUBJECTS[first]} of district {number % 17} and its {SUBJECTS[second]} cost more"
        )
        made.append(subjects[first] + share * subjects[second] + 0.7 * chance.standard_normal(64))
    vectors = np.array(made)
    return Spoken.of(texts), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(6))
def test_themes_stay_where_vectors_differ_in_their_last_digits(seed: int) -> None:
    spoken, exact = spoken_of()
    statements = pl.DataFrame({"statement_id": [f"{n:03}" for n in range(600)], "row": range(600)})
    noise = np.random.default_rng(seed).standard_normal(exact.shape)
    known = Themed(contracts.THEMES.empty(), contracts.THEME_MEMBERS.empty())
    made = [
        find_themes(statements, taken.astype(np.float32), spoken, (), known, ClusterSettings())
        for taken in (exact, exact * (1 + NOISE * noise))
    ]
    assert made[0].themes.height > len(SUBJECTS)
    assert made[1].themes.equals(made[0].themes)
    assert made[1].theme_members.equals(made[0].theme_members)


def test_of_equally_near_ones_the_first_are_found() -> None:
    chance = np.random.default_rng(3)
    apart = chance.standard_normal((40, 16))
    held = np.concatenate([np.repeat(apart[:1], 9, axis=0), apart])
    held /= np.linalg.norm(held, axis=1, keepdims=True)
    rows = np.arange(len(held))
    for seed in range(5):
        noise = np.random.default_rng(seed).standard_normal(held.shape)
        _, found = nearest((held * (1 + NOISE * noise)).astype(np.float32), rows, rows[:1], 5)
        assert found.tolist() == [[0, 1, 2, 3, 4]]


def test_ties_of_odds_are_ties_in_whatever_order_they_were_added_up() -> None:
    # 0.1 + 0.2 + 0.3 is another number than 0.3 + 0.2 + 0.1.
    left, right = np.array([0, 0, 1, 2, 3, 3, 4]), np.array([1, 2, 2, 3, 4, 5, 5])
    odds = np.array([0.1, 0.2, 0.3, 0.2, 0.3, 0.2, 0.1])
    first = None
    for seed in range(6):
        shaken = odds * (1 + 1e-13 * np.random.default_rng(seed).standard_normal(len(odds)))
        made = group([None] * 6, left, right, shaken, lambda a, b: np.full(len(a), -2.0))
        first = first or made
        assert made == first


def test_a_mass_is_one_number_whatever_the_order_of_words() -> None:
    told = words("the harbour council must repair the northern lighthouse before winter")
    assert {mass(order) for order in permutations(told[:6])} == {mass(told[:6])}
    assert mass(told) == round(mass(told), 9)


def test_two_wordings_of_one_mass_are_told_apart_by_their_age() -> None:
    text = "the harbour council must repair the northern lighthouse before winter"
    turned = " ".join(reversed(text.split()))
    rows = [
        {
            "quotation_id": f"q{at}", "article_id": f"a{at}", "content": content, "outlet": f"o{at}",
            "type": "direct", "in_headline": False, "said_on": None, "published_at": day, "url": None,
        }
        for at, (content, day) in enumerate([(text, "2026-03-02"), (turned, "2026-03-01")])
    ]  # fmt: skip
    assert representative(rows)["content"] == turned
    assert representative(rows[::-1])["content"] == turned


@pytest.mark.parametrize("seed", range(8))
def test_spans_stay_where_a_tagger_differs_in_its_last_digits(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Tenths make many ties.
    drawn = chance.integers(1, 8, (60, 3)).astype(np.float64)
    chances = (drawn / drawn.sum(axis=1, keepdims=True)).astype(np.float32)
    found = best_runs(chances, -0.5)
    for again in range(4):
        noise = np.random.default_rng(100 + again).standard_normal(chances.shape)
        shaken = (chances * (1 + NOISE * noise)).astype(np.float32)
        assert best_runs(shaken, -0.5) == found

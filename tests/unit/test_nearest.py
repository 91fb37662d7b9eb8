"""The nearest vectors of some among many, whole or cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing import candidates
from onrecord.pipeline.statements.comparing.candidates import NEIGHBOURS, Searched
from onrecord.pipeline.statements.comparing.likeness import Spoken

COUNT = 8


@pytest.fixture
def vectors() -> NDArray[np.float16]:
    """Unit vectors about forty centres, as near to each other as wordings on one subject are."""
    random = np.random.default_rng(7)
    centres = random.normal(size=(40, 48))
    made = centres[random.integers(0, 40, 3000)] + 0.6 * random.normal(size=(3000, 48))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


def test_cells_find_nearly_all_that_a_whole_search_finds(
    vectors: NDArray[np.float16], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, asked = np.arange(500, 3000), np.arange(0, 3000, 2)
    _, true = candidates.nearest(vectors, held, asked, COUNT)
    monkeypatch.setattr(candidates, "_EXACT_UP_TO", 100)
    monkeypatch.setattr(candidates, "_AT_ONCE", 256)
    monkeypatch.setattr(candidates, "_INDEXED", 1024)
    near, found = candidates.nearest(vectors, held, asked, COUNT)
    hits = (true[:, :, None] == found[:, None, :]).any(axis=2)
    assert hits.mean() > 0.9
    assert (np.diff(near, axis=1) <= 0).all()
    products = np.einsum("ad,and->an", vectors[asked].astype(float), vectors[held[found]])
    assert np.abs(near - products).max() < 2e-3


def test_cells_answer_each_alike_in_whatever_company(
    vectors: NDArray[np.float16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "_EXACT_UP_TO", 100)
    held, asked = np.arange(3000), np.arange(0, 3000, 3)
    near, found = candidates.nearest(vectors, held, asked, COUNT)
    turned = np.random.default_rng(1).permutation(len(asked))
    near_turned, found_turned = candidates.nearest(vectors, held, asked[turned], COUNT)
    assert (near_turned == near[turned]).all()
    assert (found_turned == found[turned]).all()


def test_what_one_speaker_says_in_very_many_ways_makes_pairs_in_line_with_the_ways() -> None:
    """All of them alike: the forecast for each town of a country, every day."""
    random, count = np.random.default_rng(5), 1_500
    vectors = random.standard_normal((count, 48)).astype(np.float32) + 6
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    everyone, one = np.arange(count), np.ones(count, dtype=np.int64)
    spoken = Spoken.of(f"word{at}" for at in range(count))
    left, right = candidates.candidates(Searched(spoken, everyone, one, one, vectors))
    assert count <= len(left) <= count * NEIGHBOURS
    for at in range(0, count, 100):
        of = vectors @ vectors[at]
        nearest = set(np.argsort(-of)[1:NEIGHBOURS].tolist())
        assert nearest <= {*right[left == at].tolist(), *left[right == at].tolist()}

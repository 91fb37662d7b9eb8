"""How alike two partings are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import adjusted_rand_score

from tests.bench.arrival import adjusted_rand


@pytest.mark.parametrize(("left", "right"), [(40, 40), (40, 3), (1, 7), (300, 300)])
def test_the_index_is_the_one_everybody_means(left: int, right: int) -> None:
    chance = np.random.default_rng(left)
    one, two = chance.integers(0, left, 300), chance.integers(0, right, 300)
    two[:200] = one[:200]
    names = [f"q{at}" for at in range(300)]
    told = [pl.DataFrame({"quotation_id": names, "of": parts.astype(str)}) for parts in (one, two)]
    shuffled = told[1].sample(fraction=1, shuffle=True, seed=1)
    assert adjusted_rand(told[0], shuffled) == pytest.approx(adjusted_rand_score(one, two))
    assert adjusted_rand(told[0], told[0]) == pytest.approx(1.0)

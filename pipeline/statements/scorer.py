"""The odds that two wordings report one act of speech, from what they have in common."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.features import FEATURES, Floats

_COEFFICIENTS = Path(__file__).with_name("scorer.json")
STRONGEST = 6.0
"""Log odds are kept within ± this: no single pair outvotes all the others."""


class Scorer(NamedTuple):
    """A logistic model over FEATURES."""

    weights: Floats
    bias: float


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """The fitted coefficients beside this module."""
    told = json.loads(_COEFFICIENTS.read_text(encoding="utf-8"))
    return Scorer(np.array([told["weights"][name] for name in FEATURES]), float(told["bias"]))


def log_odds(features: Floats) -> NDArray[np.float64]:
    """Log odds for each row of FEATURES that both wordings report one act of speech."""
    fitted = scorer()
    return np.clip(features @ fitted.weights + fitted.bias, -STRONGEST, STRONGEST)

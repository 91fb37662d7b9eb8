"""The odds that two wordings report one act of speech, from what they have in common.

A small boosted ensemble over the pair's features, fitted by training/statements/fit.py on retranslations of one
sentence and on pairs of quotations from news. No feature that tells of likeness ever lowers the odds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.core.weights import read_pinned
from onrecord.pipeline.statements.comparing.likeness import FEATURES, Floats

_FITTED = Path(__file__).with_name("scorer.json")
STRONGEST = 6.0
"""Log odds are kept within ± this: no single pair outvotes all the others."""


class Scorer(NamedTuple):
    """Trees of one depth as arrays [trees, nodes]: at node n go to 2n+1 where the feature is at most the threshold."""

    features: NDArray[np.int64]
    thresholds: Floats
    values: Floats
    bias: float
    depth: int


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """The fitted ensemble beside this module.

    Raises WeightsError where it is not the pinned one, ValueError where it was fitted on other features.
    """
    told = json.loads(read_pinned(_FITTED))
    if tuple(told["features"]) != FEATURES:
        raise ValueError(f"{_FITTED}: fitted on other features; run training/statements/fit.py")
    return Scorer(
        np.array(told["splits"], dtype=np.int64),
        np.array(told["thresholds"], dtype=np.float64),
        np.array(told["values"], dtype=np.float64),
        float(told["bias"]),
        int(told["depth"]),
    )


def log_odds(features: Floats) -> Floats:
    """Log odds for each row of FEATURES that both wordings report one act of speech, within ± STRONGEST."""
    fitted = scorer()
    rows = np.arange(len(features))
    odds = np.full(len(features), fitted.bias)
    for splits, thresholds, values in zip(
        fitted.features, fitted.thresholds, fitted.values, strict=True
    ):
        node = np.zeros(len(features), dtype=np.int64)
        for _ in range(fitted.depth):
            right = features[rows, splits[node]] > thresholds[node]
            node = 2 * node + 1 + right
        odds += values[node - (2**fitted.depth - 1)]
    clipped: Floats = np.clip(np.round(odds, 9), -STRONGEST, STRONGEST)
    return clipped

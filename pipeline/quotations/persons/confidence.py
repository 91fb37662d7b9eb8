"""Confidence: the probability that span and speaker of a quotation are both right.

A logistic model over what the tagger, the joiner and the resolver say of their own parts, fitted and checked by
training/quotations/calibrate.py on articles that neither was trained on; its coefficients stand in
weights/confidence.json.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import Final

from onrecord.pipeline.core.weights import HOME, read_pinned
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.persons.coreference import Resolution

_WEIGHTS: Final = HOME / "quotations" / "weights" / "confidence.json"
_LEAST: Final = 0.01
# PolNeAR marks no words within words, so nothing here can be fitted: found by pattern alone, they are told as a toss.
_NESTED: Final = 0.5


def confidence(draft: Draft, found: Resolution) -> float:
    """The probability, between 0 and 1 and rounded to three digits, that span and speaker are right."""
    if draft.origin == "nested":
        return _NESTED
    weights = _load()
    score = sum(weights.get(name, 0.0) * value for name, value in signs(draft, found).items())
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score)))), 3)


def signs(draft: Draft, found: Resolution) -> dict[str, float]:
    """What speaks for and against a quotation, by name."""
    scores = [piece.score for piece in draft.pieces]
    quoted = all(piece.quoted for piece in draft.pieces)
    kind = "quoted" if quoted else "marked" if any(p.marked for p in draft.pieces) else "plain"
    length = sum(piece.end - piece.start for piece in draft.pieces)
    made = {
        "bias": 1.0,
        f"kind {kind}": 1.0,
        f"origin {draft.origin}": 1.0,
        "link": _logit(draft.link),
        f"content {kind}": _logit(min(scores)),
        "cue": _logit(draft.cue.score) if draft.cue is not None else 0.0,
        "source": _logit(draft.source.score) if draft.source is not None else 0.0,
        "length": math.log(length),
        "sureness": found.sureness,
    }
    if draft.cue is None:
        made["no cue"] = 1.0
    if draft.source is None:
        made["no source"] = 1.0
    return made


def _logit(chance: float) -> float:
    bounded = min(1.0 - _LEAST, max(_LEAST, chance))
    return math.log(bounded / (1.0 - bounded))


@lru_cache(maxsize=1)
def _load() -> dict[str, float]:
    loaded: dict[str, float] = json.loads(read_pinned(_WEIGHTS))
    return loaded

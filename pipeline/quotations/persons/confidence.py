"""Confidence: the probability that the span of a quotation and the person behind it are both right.

Two logistic models, fitted and checked by training/quotations/calibrate.py on articles that nothing else was trained
on: the first over what the tagger and the joiner say of span and mention, the second over the first and what the
resolver says of the person, by kind of mention. Their coefficients stand in weights/confidence.json.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from onrecord.pipeline.core.weights import HOME, read_pinned
from onrecord.pipeline.quotations.linking.join import Draft
from onrecord.pipeline.quotations.persons.resolution import Resolution

_WEIGHTS: Final = HOME / "quotations" / "weights" / "confidence.json"
_LEAST: Final = 0.01
# PolNeAR marks no words within words, so nothing here can be fitted: found by pattern alone, they are told as a toss.
_NESTED: Final = 0.5
_SPAN_RIGHT: Final = 0.97


def confidence(draft: Draft, found: Resolution) -> float:
    """The probability, between 0 and 1 and rounded to three digits, that span and person are right."""
    if draft.origin == "nested":
        return _NESTED
    sure = combined(likelihood(draft), draft, found, lambda made: _chance("person", made))
    return round(sure, 3)


def combined(
    likely: float, draft: Draft, found: Resolution, person: Callable[[dict[str, float]], float]
) -> float:
    """How sure span and person are, from how likely span and mention are and a model of the person.

    That model knows words in marks, where spans are seldom wrong. Of words without marks, what it says of a person
    whose span is right counts once the span is; nobody told is as right as span and mention are.
    """
    if _kind(draft) != "plain":
        return person(person_signs(likely, draft, found))
    if found.name is None:
        return likely
    return likely * person(person_signs(_SPAN_RIGHT, draft, found))


def likelihood(draft: Draft) -> float:
    """The probability that span and mention are right, whoever the mention means."""
    return _chance("span", signs(draft))


def signs(draft: Draft) -> dict[str, float]:
    """What speaks for and against a quotation, by name."""
    scores = [piece.score for piece in draft.pieces]
    kind = _kind(draft)
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
    }
    if draft.cue is None:
        made["no cue"] = 1.0
    if draft.source is None:
        made["no source"] = 1.0
    return made


def person_signs(likelihood: float, draft: Draft, found: Resolution) -> dict[str, float]:
    """What speaks for and against the person, by name, beside how likely span and mention are."""
    named = "named" if found.name is not None else "unnamed"
    return {
        "bias": 1.0,
        "span": _logit(likelihood),
        f"{found.how} {named}": 1.0,
        f"{found.how} sure": found.sureness if found.name is not None else 0.0,
        f"kind {_kind(draft)}": 1.0,
    }


def _kind(draft: Draft) -> str:
    if all(piece.quoted for piece in draft.pieces):
        return "quoted"
    return "marked" if any(piece.marked for piece in draft.pieces) else "plain"


def _logit(chance: float) -> float:
    bounded = min(1.0 - _LEAST, max(_LEAST, chance))
    return math.log(bounded / (1.0 - bounded))


def _chance(model: str, made: dict[str, float]) -> float:
    weights = _load()[model]
    score = 0.0
    for name, value in made.items():
        score += weights.get(name, 0.0) * value
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score)))), 3)


@lru_cache(maxsize=1)
def _load() -> dict[str, dict[str, float]]:
    loaded: dict[str, dict[str, float]] = json.loads(read_pinned(_WEIGHTS))
    return loaded

"""Confidence: the probability that span and speaker of a quotation are both right."""

from __future__ import annotations

from pipeline.quotations.coreference import Resolution
from pipeline.quotations.join import Draft


def confidence(draft: Draft, found: Resolution) -> float:
    """A product of what the tagger, the joiner and the resolver say of their own parts."""
    scores = [piece.score for piece in draft.pieces]
    return round(
        max(0.0, min(1.0, draft.link * (0.5 + 0.5 * min(scores)) * (0.4 + 0.6 * found.sureness))), 3
    )

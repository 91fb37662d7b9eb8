"""Wordings that look alike and say different things: "We will sign" and "We will not sign".

Likeness of words and of vectors is blind to the one word that matters. Both wordings are read into facts (reading.py)
and laid side by side (aligning.py); then the facts where they part are held against each other (rules.py).
However long the passage, a different fact is a different statement, as long as the rest is worded alike: who retells
freely says 'not unlike' for 'like'.
"""

from __future__ import annotations

from onrecord.pipeline.statements.comparing.contrasts.aligning import lay
from onrecord.pipeline.statements.comparing.contrasts.reading import facts
from onrecord.pipeline.statements.comparing.contrasts.rules import RULES, besides
from onrecord.pipeline.statements.comparing.contrasts.swaps import swapped


def contradict(one: str, two: str) -> bool:
    """Whether two wordings that are much alike say different things. Symmetric; False where one retells freely."""
    return contrast(one, two) is not None


def contrast(one: str, two: str) -> str | None:
    """The name of the first rule that finds two wordings to say different things; None where none does."""
    # Which of several equal ways to lay them side by side is found hangs on their order.
    a, b = (facts(text) for text in sorted((one, two)))
    if swapped(a, b):
        return swapped.__name__
    laid = lay(a, b)
    if laid is None or not laid.shared:
        return None
    found = [(rule.__name__, told) for rule in RULES for told in rule(laid, a, b)]
    telling = frozenset(word for _, told in found for word in told.words)
    reworded = besides(laid, telling) if found else 0.0
    return next((name for name, told in found if reworded <= told.freely), None)

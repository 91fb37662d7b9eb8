"""Which reports a run's new ones can touch: all others keep their statement without being looked at.

Statements are decided within connected components of pairs with positive odds. Starting from the new reports, the
known ones that they pair with are taken in, with all that belongs to the same statement, then those that these pair
with, until nothing is added: what is then decided anew is decided as if everything were.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.candidates import Searched, candidates
from onrecord.pipeline.statements.comparing.judging import judge
from onrecord.pipeline.statements.comparing.likeness import Ints, Vectors
from onrecord.pipeline.statements.comparing.nodes import Nodes, Reports, same_words

Mask = NDArray[np.bool_]

_MOST = 0.5
"""Where more than this share is new, everything is looked at."""


def reach(reports: Reports, vectors: Vectors, window_days: int, fresh: Mask, mates: Ints) -> Mask:
    """Whether each report has to be looked at again, given those that are `fresh`.

    `mates` numbers the statements that known reports are in (with those that they repeat), -1 for
    none. `vectors` are rows as in `gather`.
    """
    if not fresh.any() or fresh.mean() > _MOST:
        return np.full(len(fresh), bool(fresh.any()))
    size = len(fresh)
    told = (reports.speakers + 1) * size + same_words(reports)
    kin = (mates, np.unique(told, return_inverse=True)[1])
    searched = Searched(reports.spoken, np.arange(size), reports.speakers, vectors)
    inside = _with_kin(fresh, kin)
    asked = inside
    while asked.any():
        left, right = candidates(searched, asked)
        out = inside[left] != inside[right]
        left, right = left[out], right[out]
        touching = _touching(reports, vectors, window_days, left, right)
        found = inside.copy()
        found[left[touching]] = found[right[touching]] = True
        found = _with_kin(found, kin)
        inside, asked = found, found & ~inside
    return inside


def _touching(
    reports: Reports, vectors: Vectors, window_days: int, left: Ints, right: Ints
) -> Mask:
    """Whether each pair of reports is one statement as far as the two tell, or one said again."""
    every = Nodes.each(reports)
    judged = judge(reports, every, vectors, left, right, window_days)
    return (judged.odds > 0) | judged.again


def _with_kin(inside: Mask, kin: Sequence[Ints]) -> Mask:
    """Those `inside` and all that have a number in common with one of them, and so on."""
    size = -1
    while size != (size := int(inside.sum())):
        for numbers in kin:
            shared = np.zeros(int(numbers.max(initial=0)) + 1, dtype=bool)
            shared[numbers[inside & (numbers >= 0)]] = True
            inside = inside | ((numbers >= 0) & shared[numbers])
    return inside

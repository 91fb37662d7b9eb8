"""Which reports a run's new ones can touch: all others keep their statement without being looked at.

Statements are decided within connected components of pairs with positive odds. Starting from the new reports, the
known ones that they pair with are taken in, with all that belongs to the same statement, then those that these pair
with, until nothing is added: what is then decided anew is decided as if everything were.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.candidates import RUNS, candidates
from pipeline.statements.features import Ints, word_runs
from pipeline.statements.judging import judge, profiles_of
from pipeline.statements.nodes import Report, Times, node_of
from pipeline.statements.wording import words

Mask = NDArray[np.bool_]

_MOST = 0.5
"""Where more than this share is new, everything is looked at."""


def reach(
    reports: list[Report], vectors: NDArray[np.float32], window_days: int, fresh: Mask, mates: Ints
) -> Mask:
    """Whether each report has to be looked at again, given those that are `fresh`.

    `mates` numbers the statements that known reports are in (with those that they repeat), -1 for
    none. `vectors` are rows as in `gather`.
    """
    if not fresh.any() or fresh.mean() > _MOST:
        return np.full(len(reports), bool(fresh.any()))
    spoken = [words(report.text) for report in reports]
    kin = (
        mates,
        _numbers([(report.speaker, told) for report, told in zip(reports, spoken, strict=True)]),
    )
    speakers = _numbers([report.speaker for report in reports])
    unknown = np.array([report.speaker is None for report in reports], dtype=bool)
    runs = {n: found.tocsc() for n, found in word_runs(spoken, RUNS).items()}
    inside = _with_kin(fresh, kin)
    asked = inside
    while asked.any():
        left, right = candidates(runs, vectors, asked)
        out = inside[left] != inside[right]
        out &= (speakers[left] == speakers[right]) | unknown[left] | unknown[right]
        left, right = left[out], right[out]
        touching = _touching(reports, vectors, window_days, left, right)
        found = inside.copy()
        found[left[touching]] = found[right[touching]] = True
        found = _with_kin(found, kin)
        inside, asked = found, found & ~inside
    return inside


def _touching(
    reports: list[Report], vectors: NDArray[np.float32], window_days: int, left: Ints, right: Ints
) -> Mask:
    """Whether each pair of reports is one statement as far as the two tell, or one said again."""
    rows, at = np.unique(np.concatenate([left, right]), return_inverse=True)
    if not len(rows):
        return np.zeros(0, dtype=bool)
    nodes = [node_of(reports, [row]) for row in rows.tolist()]
    profiles, marked = profiles_of(nodes, vectors)
    one, two = at[: len(left)], at[len(left) :]
    judged = judge(nodes, profiles, marked, Times.of(nodes), one, two, window_days)
    return (judged.odds > 0) | judged.again


def _numbers(labels: Sequence[Hashable]) -> Ints:
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(label, len(numbers)) for label in labels], dtype=np.int64)


def _with_kin(inside: Mask, kin: Sequence[Ints]) -> Mask:
    """Those `inside` and all that have a number in common with one of them, and so on."""
    size = -1
    while size != (size := int(inside.sum())):
        for numbers in kin:
            shared = np.zeros(int(numbers.max(initial=0)) + 1, dtype=bool)
            shared[numbers[inside & (numbers >= 0)]] = True
            inside = inside | ((numbers >= 0) & shared[numbers])
    return inside

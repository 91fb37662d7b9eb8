"""Reports gathered into statements: the decision itself, without frames or identities.

A report is one quotation as far as the decision goes: its words, who said them, and when. Equal wordings of one
speaker at one time are one node; candidate pairs of nodes get log odds from their words, which the speaker and the
dates then overrule. An excerpt goes with the wording that holds it; average linkage groups the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.candidates import Common, Searched, candidates
from onrecord.pipeline.statements.comparing.judging import Judged, judge, worth
from onrecord.pipeline.statements.comparing.likeness import Floats, Ints, VectorRows
from onrecord.pipeline.statements.comparing.nodes import (
    ANYBODY,
    NOBODY,
    PHRASE,
    SAID_APART,
    UNTOLD,
    Nodes,
    Report,
    Reports,
    gap_days,
    make_nodes,
)
from onrecord.pipeline.statements.grouping import group

__all__ = ["UNTOLD", "Gathered", "Report", "Reports", "gather"]

_REPEATED_MASS = 0.9
"""Fragments of less weight ('yes') are nothing that could be said to be repeated."""


class Gathered(NamedTuple):
    """For each report the row of the first report of its statement; and pairs of such rows [pairs, 2], where one
    speaker says on another day what is told as a statement of its own."""

    first: Ints
    again: Ints


def gather(
    reports: Reports, vectors: VectorRows, window_days: int, common: Common | None = None
) -> Gathered:
    """Which reports are one statement, and which statements are said again.

    `vectors` [reports, width] are unit rows, NaN where there is none. Reports must be sorted
    by key: the result is then a function of the set. A report without words is alone. `common` tells
    which runs of words are too many reports' where there are others besides these.
    """
    nodes = make_nodes(reports, window_days)

    def odds(left: Ints, right: Ints) -> Floats:
        return judge(reports, nodes, vectors, left, right, window_days).odds

    left, right = _pairs(reports, nodes, vectors, common)
    judged = judge(reports, nodes, vectors, left, right, window_days)
    holder = _holders(nodes, left, right, judged)
    whole = np.ones(len(nodes.first), dtype=bool)
    whole[list(holder)] = False
    both = whole[left] & whole[right]
    labels = [None if speaker == NOBODY else speaker for speaker in nodes.speakers.tolist()]
    groups = group(labels, left[both], right[both], judged.odds[both], odds)
    for part in holder:
        groups[part] = groups[_top(part, holder)]
    told = _retold(groups, whole, nodes.speakers, left, right, judged)
    numbers = np.array([_top(number, told) for number in groups], dtype=np.int64)
    first = np.full(len(numbers), len(nodes.of))
    np.minimum.at(first, numbers, nodes.first)
    lengths = reports.spoken.lengths[nodes.first]
    long = (lengths[left] >= PHRASE) & (lengths[right] >= PHRASE) & judged.again
    one, two = np.concatenate([_alike(reports, nodes), np.stack([left[long], right[long]])], axis=1)
    one, two = first[numbers[one]], first[numbers[two]]
    again = np.unique(np.stack([np.minimum(one, two), np.maximum(one, two)])[:, one != two], axis=1)
    return Gathered(first[numbers[nodes.of]], again.T)


def _pairs(
    reports: Reports, nodes: Nodes, vectors: VectorRows, common: Common | None
) -> tuple[Ints, Ints]:
    """Pairs of nodes worth judging; what stands in marks stands for its node."""
    size = len(nodes.first)
    rows, marked = reports.wordings(nodes.first)
    owner = np.concatenate([np.arange(size), np.flatnonzero(marked >= 0)])
    told = np.where(np.arange(len(owner)) < size, np.bincount(nodes.of, minlength=size)[owner], 0)
    searched = Searched(reports.spoken, rows, nodes.speakers[owner], told, vectors, common)
    left, right = candidates(searched)
    keep = worth(searched, left, right)
    left, right = owner[left[keep]], owner[right[keep]]
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    keys = keys[keys // max(size, 1) != keys % max(size, 1)]
    return keys // max(size, 1), keys % max(size, 1)


def _alike(reports: Reports, nodes: Nodes) -> Ints:
    """Nodes of a known speaker with the very same words, each with the one before [2, pairs]: they differ in time
    alone. Fragments of one day differ in their articles, and are not said again."""
    heavy = reports.spoken.take(nodes.first).totals() >= _REPEATED_MASS
    at = np.flatnonzero((nodes.speakers > ANYBODY) & (heavy | ~nodes.fragment))
    day = nodes.days()[at, 0]
    at = at[np.lexsort((at, day, nodes.same[at], nodes.speakers[at]))]
    one, two = at[:-1], at[1:]
    same = (nodes.speakers[one] == nodes.speakers[two]) & (nodes.same[one] == nodes.same[two])
    same &= ~nodes.fragment[one] | (gap_days(nodes.days(), one, two) > SAID_APART)
    return np.stack([one[same], two[same]])


def _top(at: int, above: Mapping[int, int]) -> int:
    while at in above:
        at = above[at]
    return at


def _retold(
    groups: list[int],
    whole: NDArray[np.bool_],
    speakers: Ints,
    left: Ints,
    right: Ints,
    judged: Judged,
) -> dict[int, int]:
    """Groups of one wording that retell an excerpt, each with the excerpt's group; the likeliest first.

    A retelling of one sentence is unlike the speech that the sentence is taken from, and joins through the sentence.
    """
    sizes = Counter(number for at, number in enumerate(groups) if whole[at])
    # A speech that holds the excerpt's words itself does not retell them.
    likely = (judged.odds > 0) & ~judged.exact & (whole[left] != whole[right])
    told: dict[int, int] = {}
    pairs = zip(
        (-judged.odds[likely]).tolist(), left[likely].tolist(), right[likely].tolist(), strict=True
    )
    for _, a, b in sorted(pairs):
        retelling, excerpt = (a, b) if whole[a] else (b, a)
        one, two = groups[retelling], groups[excerpt]
        known = speakers[retelling] != NOBODY and speakers[retelling] == speakers[excerpt]
        if known and sizes[one] == 1 and one not in told and one != _top(two, told):
            told[one] = two
    return told


def _holders(nodes: Nodes, left: Ints, right: Ints, judged: Judged) -> dict[int, int]:
    """For each excerpt the wording that holds it: the nearest in time, then the likeliest.

    An excerpt belongs where its words stand, and says nothing on whether two speeches that hold it are one, nor do two
    excerpts of one speech have to be alike. So does a wording of an unknown speaker with that of a known one. No chain
    of holders comes back on itself: each is heavier, or known where the part is not.
    """
    named = nodes.speakers != NOBODY
    lent = judged.exact & (named[left] != named[right])
    usable = (judged.excerpt | lent) & (judged.odds > 0)
    left, right, odds, lent = left[usable], right[usable], judged.odds[usable], lent[usable]
    first = np.where(lent, named[left], judged.heavier[usable])
    outer, inner = np.where(first, left, right), np.where(first, right, left)
    gaps = gap_days(nodes.published, left, right)
    best: dict[int, tuple[float, float, int]] = {}
    for whole, part, gap, odd in zip(
        outer.tolist(), inner.tolist(), gaps.tolist(), odds.tolist(), strict=True
    ):
        if named[part] and nodes.speakers[part] != nodes.speakers[whole]:
            continue
        best[part] = min(best.get(part, (np.inf, 0.0, whole)), (gap, -odd, whole))
    return {part: whole for part, (_, _, whole) in best.items()}

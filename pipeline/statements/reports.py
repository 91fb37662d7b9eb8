"""Reports gathered into statements: the decision itself, without frames or identities.

A report is one quotation as far as the decision goes: its words, who said them, and when. Equal wordings of one
speaker at one time are one node; candidate pairs of nodes get log odds from their words, which the speaker and the
dates then overrule. An excerpt goes with the wording that holds it; average linkage groups the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.candidates import candidates
from pipeline.statements.features import Floats, Ints, Profiles, bag_contained, cosines
from pipeline.statements.grouping import group
from pipeline.statements.judging import Judged, judge, profiles_of
from pipeline.statements.nodes import UNTOLD, Node, Report, Times, flags, gap_days, make_nodes

__all__ = ["UNTOLD", "Gathered", "Report", "gather"]

_PHRASE = 3
"""Fewer words ('not at all') are no phrase that could be said to be repeated."""


class Gathered(NamedTuple):
    """For each report the row of the first report of its statement; and pairs of such rows where one speaker says on
    another day what is told as a statement of its own."""

    first: list[int]
    again: list[tuple[int, int]]


def gather(reports: list[Report], vectors: NDArray[np.float32], window_days: int) -> Gathered:
    """Which reports are one statement, and which statements are said again.

    `vectors` [len(reports), width] are unit rows, NaN where there is none. Reports must be sorted
    by key: the result is then a function of the set. A report without words is alone.
    """
    nodes = make_nodes(reports, window_days)
    profiles, marked = profiles_of(nodes, vectors)
    times = Times.of(nodes)

    def odds(left: Ints, right: Ints) -> Floats:
        return judge(nodes, profiles, marked, times, left, right, window_days).odds

    left, right = _pairs(profiles, marked, len(nodes))
    judged = judge(nodes, profiles, marked, times, left, right, window_days)
    holder = _holders(nodes, profiles, times, left, right, judged)
    whole = np.array([at not in holder for at in range(len(nodes))], dtype=bool)
    both = whole[left] & whole[right]
    speakers = [node.speaker for node in nodes]
    groups = group(speakers, left[both], right[both], judged.odds[both], odds)
    for part in holder:
        groups[part] = groups[_top(part, holder)]
    told = _retold(groups, whole, speakers, left, right, judged)
    groups = [_top(number, told) for number in groups]
    found = [0] * len(reports)
    first: dict[int, int] = {}
    for node, number in zip(nodes, groups, strict=True):
        first[number] = min(first.get(number, node.rows[0]), node.rows[0])
    for node, number in zip(nodes, groups, strict=True):
        for row in node.rows:
            found[row] = first[number]
    pairs = [*_alike(nodes, profiles), *_again_of(profiles, left, right, judged)]
    again = {(first[groups[a]], first[groups[b]]) for a, b in pairs if groups[a] != groups[b]}
    return Gathered(found, sorted({(min(pair), max(pair)) for pair in again}))


def _pairs(profiles: Profiles, marked: Ints, size: int) -> tuple[Ints, Ints]:
    """Pairs of nodes worth judging; what stands in marks stands for its node."""
    left, right = candidates(profiles.grams, profiles.vectors)
    keep = _worth(profiles, left, right)
    owner = np.concatenate([np.arange(size), np.flatnonzero(marked >= 0)])
    left, right = owner[left[keep]], owner[right[keep]]
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    keys = keys[keys // max(size, 1) != keys % max(size, 1)]
    return keys // max(size, 1), keys % max(size, 1)


def _worth(profiles: Profiles, left: Ints, right: Ints) -> NDArray[np.bool_]:
    return (bag_contained(profiles, left, right) > 0.35) | (cosines(profiles, left, right) > 0.6)


def _alike(nodes: list[Node], profiles: Profiles) -> list[tuple[int, int]]:
    """Nodes of a known speaker with the very same words, each with the one before: they differ in time alone."""
    last: dict[tuple[Hashable, bytes], int] = {}
    made = []
    for at, node in enumerate(nodes):
        if node.speaker in (None, UNTOLD) or profiles.lengths[at] < _PHRASE:
            continue
        key = (node.speaker, profiles.tokens[at].tobytes())
        if key in last:
            made.append((last[key], at))
        last[key] = at
    return made


def _again_of(profiles: Profiles, left: Ints, right: Ints, judged: Judged) -> list[tuple[int, int]]:
    """Pairs with nearly the same words of one known speaker that time alone keeps apart."""
    long = np.minimum(profiles.lengths[left], profiles.lengths[right]) >= _PHRASE
    kept = judged.again & long
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _top(at: int, above: Mapping[int, int]) -> int:
    while at in above:
        at = above[at]
    return at


def _retold(
    groups: list[int],
    whole: NDArray[np.bool_],
    speakers: Sequence[Hashable | None],
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
        known = speakers[retelling] is not None and speakers[retelling] == speakers[excerpt]
        if known and sizes[one] == 1 and one not in told and one != _top(two, told):
            told[one] = two
    return told


def _holders(
    nodes: list[Node], profiles: Profiles, times: Times, left: Ints, right: Ints, judged: Judged
) -> dict[int, int]:
    """For each excerpt the wording that holds it: the nearest in time, then the likeliest.

    An excerpt belongs where its words stand, and says nothing on whether two speeches that hold it are one, nor do two
    excerpts of one speech have to be alike. So does a wording of an unknown speaker with that of a known one. No chain
    of holders comes back on itself: each is heavier, or known where the part is not.
    """
    named = flags(node.speaker is not None for node in nodes)
    lent = judged.exact & (named[left] != named[right])
    usable = (judged.excerpt | lent) & (judged.odds > 0)
    left, right, odds, lent = left[usable], right[usable], judged.odds[usable], lent[usable]
    first = np.where(lent, named[left], profiles.mass[left] > profiles.mass[right])
    outer, inner = np.where(first, left, right), np.where(first, right, left)
    gaps = gap_days(times.published, left, right)
    best: dict[int, tuple[float, float, int]] = {}
    for whole, part, gap, odd in zip(
        outer.tolist(), inner.tolist(), gaps.tolist(), odds.tolist(), strict=True
    ):
        speaker = nodes[part].speaker
        if speaker is not None and speaker != nodes[whole].speaker:
            continue
        best[part] = min(best.get(part, (np.inf, 0.0, whole)), (gap, -odd, whole))
    return {part: whole for part, (_, _, whole) in best.items()}

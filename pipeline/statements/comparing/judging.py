"""Pairs of wordings judged: the odds of their words, overruled by speaker, dates and article."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.candidates import Searched
from onrecord.pipeline.statements.comparing.contrasts.contrast import contradict
from onrecord.pipeline.statements.comparing.likeness import (
    FEATURES,
    Bags,
    Floats,
    Ints,
    Profiles,
    VectorRows,
    bag_contained,
    cosines,
    pair_features,
    profile,
    shared_grams,
)
from onrecord.pipeline.statements.comparing.nodes import (
    ANEW,
    ANYBODY,
    NOBODY,
    PROOF_MASS,
    SAID_APART,
    STOCK_MASS,
    Nodes,
    Reports,
    gap_days,
)
from onrecord.pipeline.statements.comparing.scorer import STRONGEST, log_odds

_EXCERPT_PROOF_MASS = 5.0
"""And so are an excerpt, or the same words days later, of at least this weight."""

_VERBATIM = 2.0
"""Least log odds of verbatim words within the window or within one article."""

_WHOLE = 0.8
"""Verbatim words with less in common by weight (Dice) are an excerpt and what it is taken from."""

_COMPARABLE, _PARTLY = 0.4, 0.75
"""A wording shorter than this share of the other is no retelling of it, unless it has this share of its words from
it."""

_KNOWN = 0.5
"""Added where one known speaker said both: the same person at the same time repeats less than people at large."""

_LENIENCE = 0.4
"""Added to the log odds of words: average linkage over wordings needs less than each pair by itself."""

_OPPOSED = -2.0
"""Log odds of wordings that contradict each other. Not the least: with a third wording that is like both, the three
decide together."""

_RUN = 4

_RUN_MASS = 3.0
"""A run of words of this weight, in the mouth of one speaker at one time, is one passage and no common phrase."""

_ALL_BUT = 0.85
"""So is a lighter run that is this share of a wording."""

_LEAST_MASS = 1.5
"""A run that is all but all of a wording is no passage where it is lighter."""

HELD = 0.8
"""Words of which another wording has less than this share, by weight and by n-grams, do not stand in it as they are."""

_CONTAINED, _NEAR = 0.35, 0.6
"""A pair is judged where more of the lighter wording's weight is in the other one, or the vectors' cosine is higher."""

_AT_ONCE = 20_000
"""Pairs judged at once: the wordings of each, taken apart, weigh some 4 KB."""


class Judged(NamedTuple):
    """Pairs of nodes: their log odds, whether the words are verbatim, whether one is an excerpt of the other, whether
    one known speaker said nearly the same words at another time, and whether the left one is the heavier."""

    odds: Floats
    exact: NDArray[np.bool_]
    excerpt: NDArray[np.bool_]
    again: NDArray[np.bool_]
    heavier: NDArray[np.bool_]


def worth(searched: Searched, left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Which pairs of wordings are worth judging."""
    made = np.zeros(len(left), dtype=bool)
    for at in range(0, len(left), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        told, one, two = _numbered(left[part], right[part])
        rows = searched.rows[told]
        contained = bag_contained(Bags.of(searched.spoken.take(rows)), one, two)
        made[part] = contained > _CONTAINED
        made[part] |= cosines(_vectors(searched.vectors, rows), one, two) > _NEAR
    return made


def judge(
    reports: Reports,
    nodes: Nodes,
    vectors: VectorRows,
    left: Ints,
    right: Ints,
    window_days: int,
) -> Judged:
    """Pairs of nodes judged by their words, overruled by speaker, dates and article.

    Verbatim words count where they are heavy enough or near in time. Other wordings count only between articles (none
    words one statement twice, save in its headline), within the window, and of one known speaker. `vectors` are those
    of the reports.
    """
    flags = [np.zeros(len(left), dtype=bool) for _ in Judged._fields[1:]]
    made = Judged(np.zeros(len(left)), *flags)
    hopeless = _hopeless(reports, nodes, left, right)
    made.odds[hopeless] = -STRONGEST
    # Pairs of one speaker stand together, so that few wordings are taken apart twice.
    order = np.lexsort((right, left, np.maximum(nodes.speakers[left], nodes.speakers[right])))
    order = order[~hopeless[order]]
    for at in range(0, len(order), _AT_ONCE):
        part = order[at : at + _AT_ONCE]
        told, one, two = _numbered(left[part], right[part])
        rows, marked = reports.wordings(nodes.first[told])
        profiles = profile(reports.spoken.take(rows), _vectors(vectors, rows))
        texts = [reports.texts[row] for row in nodes.first[told].tolist()]
        found = _judge(nodes.take(told), texts, profiles, marked, one, two, window_days)
        for whole, here in zip(made, found, strict=True):
            whole[part] = here
    return made


def _hopeless(reports: Reports, nodes: Nodes, left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Pairs with an unknown speaker that share too few words to be verbatim: they are refused, and are most of all."""
    made: NDArray[np.bool_] = (nodes.speakers[left] == NOBODY) | (nodes.speakers[right] == NOBODY)
    asked = np.flatnonzero(made)
    for at in range(0, len(asked), _AT_ONCE):
        part = asked[at : at + _AT_ONCE]
        told, one, two = _numbered(left[part], right[part])
        bags = Bags.of(reports.spoken.take(nodes.first[told]))
        made[part] = bag_contained(bags, one, two) < HELD
    return made


def _numbered(left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct rows of pairs, and the pairs by their places among them."""
    rows, at = np.unique(np.concatenate([left, right]), return_inverse=True)
    return rows, at[: len(left)], at[len(left) :]


def _vectors(vectors: VectorRows, rows: Ints) -> NDArray[np.float32]:
    """The vectors of some rows, NaN for those beyond the last."""
    made = np.full((len(rows), vectors.shape[1]), np.nan, dtype=np.float32)
    told = rows < len(vectors)
    made[told] = vectors[rows[told]]
    return made


def _judge(
    nodes: Nodes,
    texts: list[str],
    profiles: Profiles,
    marked: Ints,
    left: Ints,
    right: Ints,
    window_days: int,
) -> Judged:
    features = pair_features(profiles, left, right)
    column = _columns(features)
    mass_shared = np.expm1(column["evidence"])
    exact, nearly = verbatim(features), _nearly(column)
    worded = log_odds(features) + _LENIENCE
    one, two = nodes.speakers[left], nodes.speakers[right]
    known = one > ANYBODY
    worded += np.where(known, _KNOWN, 0.0)
    gap = gap_days(nodes.published, left, right)
    late = gap > window_days
    unknown = (one == NOBODY) | (two == NOBODY)
    others = (one != two) & ~unknown
    within = nodes.share_an_article(left, right)
    retold = known & ~unknown & ~others & ~within & ~exact
    exact |= _verbatim_in_marks(profiles, marked, left, right, retold & ~late)
    exact |= _overlapping(profiles, left, right, retold & ~exact & (gap <= SAID_APART))
    made = np.where(exact | nearly, np.maximum(worded, _VERBATIM), worded)
    told_gap = gap_days(nodes.days(), left, right)
    apart = gap_days(nodes.said, left, right) > SAID_APART
    apart |= exact & late & (mass_shared < STOCK_MASS)
    apart |= (exact | nearly) & (told_gap > ANEW)
    refused = others | apart
    partly = (column["length_ratio"] < np.log(_COMPARABLE)) & (column["bag_contained"] < _PARTLY)
    partly |= ~nearly & (column["length_ratio"] < np.log(_COMPARABLE)) & (mass_shared < STOCK_MASS)
    refused |= ~exact & (partly | late | unknown | (within & ~nearly))
    soon = (column["bag_dice"] >= _WHOLE) & (gap <= SAID_APART)
    proof = np.where(soon, PROOF_MASS, _EXCERPT_PROOF_MASS)
    refused |= exact & unknown & (mass_shared < proof)
    # An article repeats no single word of what it quotes; only the vectors propose such pairs.
    single = np.minimum(profiles.lengths[left], profiles.lengths[right]) == 1
    refused |= single & within & (column["bag_dice"] < _WHOLE)
    refused |= _loose_fragments(nodes, profiles, left, right, exact & (told_gap <= SAID_APART))
    again = (exact | nearly) & (column["bag_dice"] >= _WHOLE) & apart & known & ~others & ~unknown
    likely = np.flatnonzero((made > 0) & (again | ~refused))
    opposed = np.zeros(len(left), dtype=bool)
    for at in likely.tolist():
        opposed[at] = contradict(texts[left[at]], texts[right[at]])
    return Judged(
        np.where(refused, -STRONGEST, np.where(opposed, _OPPOSED, made)),
        exact,
        exact & (column["bag_dice"] < _WHOLE),
        again & ~opposed,
        profiles.bags.mass[left] > profiles.bags.mass[right],
    )


def _loose_fragments(
    nodes: Nodes, profiles: Profiles, left: Ints, right: Ints, held: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Pairs of which one is a fragment that stands in no longer wording of its day (`held` tells which words stand in
    the other's), nor is the same in its own article."""
    fragment = nodes.fragment
    home = (nodes.homes[left] == nodes.homes[right]) & (nodes.homes[left] >= 0)
    inside = held & (profiles.lengths[left] != profiles.lengths[right])
    made: NDArray[np.bool_] = (fragment[left] | fragment[right]) & ~inside & ~(home & held)
    return made


def _verbatim_in_marks(
    profiles: Profiles, marked: Ints, left: Ints, right: Ints, asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each pair that is `asked` about whether one side's words in marks stand verbatim in the other."""
    made = np.zeros(len(left), dtype=bool)
    for one, two in ((left, right), (right, left)):
        at = np.flatnonzero(asked & (marked[one] >= 0))
        part, whole = marked[one[at]], two[at]
        held = verbatim(pair_features(profiles, part, whole))
        made[at] |= held & (profiles.bags.mass[part] <= profiles.bags.mass[whole])
    return made


def _overlapping(
    profiles: Profiles, left: Ints, right: Ints, asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each pair that is `asked` about whether both hold one long run of words, or one all of the
    other but its edges: two cuts of one passage."""
    made = np.zeros(len(left), dtype=bool)
    asked = asked & (shared_grams(profiles, _RUN, left, right) > 0)
    for at in np.flatnonzero(asked).tolist():
        one, two = profiles.spoken.row(left[at]), profiles.spoken.row(right[at])
        found = SequenceMatcher(None, one.tolist(), two.tolist(), autojunk=False)
        start, _, length = found.find_longest_match()
        run = profiles.spoken.weights[np.unique(one[start : start + length])].sum()
        lighter = min(profiles.bags.mass[left[at]], profiles.bags.mass[right[at]])
        made[at] = run >= _RUN_MASS or run >= max(_LEAST_MASS, _ALL_BUT * lighter)
    return made


def verbatim(features: Floats) -> NDArray[np.bool_]:
    """For each row of FEATURES whether one wording holds the other's words as they are, or both have nearly the same.

    At least four fifths of the shorter one's n-grams, or all of its words and nearly none besides in whatever order.
    """
    column = _columns(features)
    held = (column["ngrams_contained"] >= HELD) & (column["bag_contained"] >= HELD)
    return held | ((column["bag_contained"] >= 0.95) & (column["bag_dice"] >= _WHOLE))


def _nearly(column: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Whether the shorter wording's words stand in the other one in their order, with small words changed."""
    return (
        (column["bag_contained"] >= 0.95)
        & (column["bigrams_contained"] >= 0.75)
        & (column["order_kept"] >= 0.85)
    )


def _columns(features: Floats) -> dict[str, Floats]:
    return {name: features[:, at] for at, name in enumerate(FEATURES)}

"""Pairs of wordings judged: the odds of their words, overruled by speaker, dates and article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.contrast import contradict
from pipeline.statements.features import (
    FEATURES,
    Floats,
    Ints,
    Profiles,
    pair_features,
    profile,
    shared_grams,
)
from pipeline.statements.nodes import (
    PROOF_MASS,
    SAID_APART,
    STOCK_MASS,
    UNTOLD,
    Node,
    Times,
    flags,
    gap_days,
)
from pipeline.statements.scorer import STRONGEST, log_odds
from pipeline.statements.wording import mass, words

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

_MARKED = re.compile(r'["“«„]([^"“”«»„]+)["”»“]')

_MARKED_MASS = 1.5
"""Lighter words in marks within a report are a term or a scare quote."""


class Judged(NamedTuple):
    """Pairs of nodes: their log odds, whether the words are verbatim, whether one is an excerpt of the other, and
    whether one known speaker said nearly the same words at another time."""

    odds: Floats
    exact: NDArray[np.bool_]
    excerpt: NDArray[np.bool_]
    again: NDArray[np.bool_]


def judge(
    nodes: list[Node],
    profiles: Profiles,
    marked: Ints,
    times: Times,
    left: Ints,
    right: Ints,
    window_days: int,
) -> Judged:
    """Pairs of nodes judged by their words, overruled by speaker, dates and article.

    Verbatim words count where they are heavy enough or near in time. Other wordings count only between articles (none
    words one statement twice, save in its headline), within the window, and of one known speaker.
    """
    features = pair_features(profiles, left, right)
    column = _columns(features)
    mass_shared = np.expm1(column["evidence"])
    exact, nearly = verbatim(features), _nearly(column)
    worded = log_odds(features) + _LENIENCE
    known = flags(nodes[at].speaker not in (None, UNTOLD) for at in left.tolist())
    worded += np.where(known, _KNOWN, 0.0)
    gap = gap_days(times.published, left, right)
    late = gap > window_days
    pairs = [(nodes[a], nodes[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    unknown = flags(one.speaker is None or two.speaker is None for one, two in pairs)
    others = flags(one.speaker != two.speaker for one, two in pairs) & ~unknown
    within = flags(not one.articles.isdisjoint(two.articles) for one, two in pairs)
    retold = known & ~unknown & ~others & ~within & ~exact
    exact |= _verbatim_in_marks(profiles, marked, left, right, retold & ~late)
    exact |= _overlapping(profiles, left, right, retold & ~exact & (gap <= SAID_APART))
    made = np.where(exact | nearly, np.maximum(worded, _VERBATIM), worded)
    apart = gap_days(times.said, left, right) > SAID_APART
    apart |= exact & late & (mass_shared < STOCK_MASS)
    refused = others | apart
    partly = (column["length_ratio"] < np.log(_COMPARABLE)) & (column["bag_contained"] < _PARTLY)
    refused |= ~exact & (partly | late | unknown | (within & ~nearly))
    soon = (column["bag_dice"] >= _WHOLE) & (gap <= SAID_APART)
    proof = np.where(soon, PROOF_MASS, _EXCERPT_PROOF_MASS)
    refused |= exact & unknown & (mass_shared < proof)
    # An article repeats no single word of what it quotes; only the vectors propose such pairs.
    single = np.minimum(profiles.lengths[left], profiles.lengths[right]) == 1
    refused |= single & within & (column["bag_dice"] < _WHOLE)
    again = (exact | nearly) & (column["bag_dice"] >= _WHOLE) & apart & known & ~others & ~unknown
    likely = np.flatnonzero((made > 0) & (again | ~refused))
    opposed = np.zeros(len(left), dtype=bool)
    opposed[likely] = flags(contradict(*(node.text for node in pairs[at])) for at in likely)
    return Judged(
        np.where(refused, -STRONGEST, np.where(opposed, _OPPOSED, made)),
        exact,
        exact & (column["bag_dice"] < _WHOLE),
        again & ~opposed,
    )


def profiles_of(nodes: list[Node], vectors: NDArray[np.float32]) -> tuple[Profiles, Ints]:
    """Profiles of the nodes' wordings, then of what stands in marks within some of them; and for each
    node the row of the latter, -1 where there is none.

    What an indirect report has in marks is verbatim, though the words around it are the reporter's.
    """
    spans = [(at, _in_marks(node)) for at, node in enumerate(nodes)]
    spans = [(at, text) for at, text in spans if text]
    marked = np.full(len(nodes), -1, dtype=np.int64)
    marked[[at for at, _ in spans]] = np.arange(len(nodes), len(nodes) + len(spans))
    texts = [node.text for node in nodes] + [text for _, text in spans]
    told = np.full((len(texts), vectors.shape[1]), np.nan, dtype=np.float32)
    rows = [node.rows[0] for node in nodes]
    # Not to be buffered: there may be half a million.
    np.take(vectors, rows, axis=0, out=told[: len(nodes)], mode="clip")
    return profile(texts, told), marked


def _in_marks(node: Node) -> str:
    if node.speaker in (None, UNTOLD):
        return ""
    text = " ".join(_MARKED.findall(node.text))
    return text if text and mass(words(text)) >= _MARKED_MASS else ""


def _verbatim_in_marks(
    profiles: Profiles, marked: Ints, left: Ints, right: Ints, asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each pair that is `asked` about whether one side's words in marks stand verbatim in the other."""
    made = np.zeros(len(left), dtype=bool)
    for one, two in ((left, right), (right, left)):
        at = np.flatnonzero(asked & (marked[one] >= 0))
        part, whole = marked[one[at]], two[at]
        held = verbatim(pair_features(profiles, part, whole))
        made[at] |= held & (profiles.mass[part] <= profiles.mass[whole])
    return made


def _overlapping(
    profiles: Profiles, left: Ints, right: Ints, asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """For each pair that is `asked` about whether both hold one long run of words, or one all of the
    other but its edges: two cuts of one passage."""
    made = np.zeros(len(left), dtype=bool)
    asked = asked & (shared_grams(profiles, _RUN, left, right) > 0)
    for at in np.flatnonzero(asked).tolist():
        one, two = profiles.tokens[left[at]], profiles.tokens[right[at]]
        found = SequenceMatcher(None, one.tolist(), two.tolist(), autojunk=False)
        start, _, length = found.find_longest_match()
        run = profiles.weights[np.unique(one[start : start + length])].sum()
        lighter = min(profiles.mass[left[at]], profiles.mass[right[at]])
        made[at] = run >= _RUN_MASS or run >= max(_MARKED_MASS, _ALL_BUT * lighter)
    return made


def verbatim(features: Floats) -> NDArray[np.bool_]:
    """For each row of FEATURES whether one wording holds the other's words as they are, or both have nearly the same.

    At least four fifths of the shorter one's n-grams, or all of its words and nearly none besides in whatever order.
    """
    column = _columns(features)
    held = (column["ngrams_contained"] >= 0.8) & (column["bag_contained"] >= 0.8)
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

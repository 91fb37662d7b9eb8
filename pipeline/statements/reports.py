"""Reports gathered into statements: the decision itself, without frames or identities.

A report is one quotation as far as the decision goes: its words, who said them, and when. Equal wordings of one
speaker at one time are one node; candidate pairs of nodes get log odds from their words, which the speaker and the
dates then overrule. An excerpt goes with the wording that holds it; average linkage groups the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.candidates import candidates
from pipeline.statements.features import FEATURES, Floats, Ints, Profiles, pair_features, profile
from pipeline.statements.grouping import group
from pipeline.statements.scorer import STRONGEST, log_odds
from pipeline.statements.wording import mass, words

_SAID_APART = 2
"""Days by which two reports may differ on when it was said: time zones and 'on Tuesday' make one of it."""

_STOCK_MASS = 2.25
"""Verbatim words lighter than this, printed outside of the window, are a phrase said again ('over and over again')."""

_PROOF_MASS = 3.0
"""The same words of at least this weight are proof even where nobody knows who said them."""

_EXCERPT_PROOF_MASS = 5.0
"""And so is an excerpt of at least this weight."""

_PHRASE = 3
"""Fewer words ('not at all') are no phrase that could be said to be repeated."""

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


class Report(NamedTuple):
    """One quotation, for the decision. `speaker` is None where nobody knows, UNTOLD where nobody was asked to tell."""

    key: str
    text: str
    speaker: Hashable | None = None
    published: date | None = None
    said: date | None = None
    article: str | None = None
    headline: bool = False


UNTOLD = ""
"""The speaker of every report where a set of reports comes without speakers: the words decide
alone."""


class Node(NamedTuple):
    """Reports with the same words of one speaker at one time: rows of the reports, in order."""

    text: str
    speaker: Hashable | None
    days: tuple[int, int] | None
    said: tuple[int, int] | None
    articles: frozenset[str]
    rows: list[int]


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
    nodes = _nodes(reports, window_days)
    profiles = profile([node.text for node in nodes], vectors[[node.rows[0] for node in nodes]])
    times = _Times.of(nodes)

    def odds(left: Ints, right: Ints) -> Floats:
        return _judge(nodes, profiles, times, left, right, window_days).odds

    left, right = candidates(profiles)
    keep = _worth(profiles, left, right)
    left, right = left[keep], right[keep]
    judged = _judge(nodes, profiles, times, left, right, window_days)
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


def _again_of(
    profiles: Profiles, left: Ints, right: Ints, judged: _Judged
) -> list[tuple[int, int]]:
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
    judged: _Judged,
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


class _Judged(NamedTuple):
    """Pairs of nodes: their log odds, whether the words are verbatim, whether one is an excerpt of the other, and
    whether one known speaker said nearly the same words at another time."""

    odds: Floats
    exact: NDArray[np.bool_]
    excerpt: NDArray[np.bool_]
    again: NDArray[np.bool_]


def _holders(
    nodes: list[Node], profiles: Profiles, times: _Times, left: Ints, right: Ints, judged: _Judged
) -> dict[int, int]:
    """For each excerpt the wording that holds it: the nearest in time, then the likeliest.

    An excerpt belongs where its words stand, and says nothing on whether two speeches that hold it are one, nor do two
    excerpts of one speech have to be alike. So does a wording of an unknown speaker with that of a known one. No chain
    of holders comes back on itself: each is heavier, or known where the part is not.
    """
    named = _flags(node.speaker is not None for node in nodes)
    lent = judged.exact & (named[left] != named[right])
    usable = (judged.excerpt | lent) & (judged.odds > 0)
    left, right, odds, lent = left[usable], right[usable], judged.odds[usable], lent[usable]
    first = np.where(lent, named[left], profiles.mass[left] > profiles.mass[right])
    outer, inner = np.where(first, left, right), np.where(first, right, left)
    gaps = _gap(times.published, left, right)
    best: dict[int, tuple[float, float, int]] = {}
    for whole, part, gap, odd in zip(
        outer.tolist(), inner.tolist(), gaps.tolist(), odds.tolist(), strict=True
    ):
        speaker = nodes[part].speaker
        if speaker is not None and speaker != nodes[whole].speaker:
            continue
        best[part] = min(best.get(part, (np.inf, 0.0, whole)), (gap, -odd, whole))
    return {part: whole for part, (_, _, whole) in best.items()}


class _Times(NamedTuple):
    """Ranges of days by node; NaN where unknown."""

    published: Floats
    said: Floats

    @classmethod
    def of(cls, nodes: list[Node]) -> _Times:
        unknown = (float("nan"), float("nan"))
        shape = (len(nodes), 2)
        return cls(
            np.array([node.days or unknown for node in nodes], dtype=np.float64).reshape(shape),
            np.array([node.said or unknown for node in nodes], dtype=np.float64).reshape(shape),
        )


def _gap(ranges: Floats, left: Ints, right: Ints) -> Floats:
    """Days between two ranges, 0 where they touch or one is unknown."""
    a, b = ranges[left], ranges[right]
    apart = np.maximum(a[:, 0] - b[:, 1], b[:, 0] - a[:, 1])
    return np.nan_to_num(np.maximum(apart, 0.0))


def _worth(profiles: Profiles, left: Ints, right: Ints) -> NDArray[np.bool_]:
    from pipeline.statements.features import bag_contained, cosines

    return (bag_contained(profiles, left, right) > 0.35) | (cosines(profiles, left, right) > 0.6)


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


def _judge(
    nodes: list[Node],
    profiles: Profiles,
    times: _Times,
    left: Ints,
    right: Ints,
    window_days: int,
) -> _Judged:
    """Pairs of nodes judged by their words, overruled by speaker, dates and article.

    Verbatim words count where they are heavy enough or near in time. Other wordings count only between articles (none
    words one statement twice, save in its headline), within the window, and of one known speaker.
    """
    features = pair_features(profiles, left, right)
    column = _columns(features)
    mass_shared = np.expm1(column["evidence"])
    exact, nearly = verbatim(features), _nearly(column)
    worded = log_odds(features) + _LENIENCE
    known = _flags(nodes[at].speaker not in (None, UNTOLD) for at in left.tolist())
    worded += np.where(known, _KNOWN, 0.0)
    made = np.where(exact | nearly, np.maximum(worded, _VERBATIM), worded)
    late = _gap(times.published, left, right) > window_days
    pairs = [(nodes[a], nodes[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    unknown = _flags(one.speaker is None or two.speaker is None for one, two in pairs)
    others = _flags(one.speaker != two.speaker for one, two in pairs) & ~unknown
    within = _flags(not one.articles.isdisjoint(two.articles) for one, two in pairs)
    apart = _gap(times.said, left, right) > _SAID_APART
    apart |= exact & late & (mass_shared < _STOCK_MASS)
    refused = others | apart
    partly = (column["length_ratio"] < np.log(_COMPARABLE)) & (column["bag_contained"] < _PARTLY)
    refused |= ~exact & (partly | late | unknown | (within & ~nearly))
    proof = np.where(column["bag_dice"] >= _WHOLE, _PROOF_MASS, _EXCERPT_PROOF_MASS)
    refused |= exact & unknown & (mass_shared < proof)
    return _Judged(
        np.where(refused, -STRONGEST, made),
        exact,
        exact & (column["bag_dice"] < _WHOLE),
        (exact | nearly) & (column["bag_dice"] >= _WHOLE) & apart & known & ~others & ~unknown,
    )


def _flags(told: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(told, dtype=bool)


def _nodes(reports: list[Report], window_days: int) -> list[Node]:
    alike: dict[tuple[Hashable, ...], list[int]] = {}
    for row, report in enumerate(reports):
        spoken = words(report.text)
        # Without words, or with few and without a speaker, equal wordings prove nothing.
        unproved = report.speaker is None and mass(spoken) < _PROOF_MASS
        alone = (report.key,) if not spoken or unproved else ()
        alike.setdefault((report.speaker, spoken, *alone), []).append(row)
    nodes = [
        _node(reports, rows)
        for alikes in alike.values()
        for rows in _occasions(reports, alikes, window_days)
    ]
    return sorted(nodes, key=lambda node: node.rows[0])


def _node(reports: list[Report], rows: list[int]) -> Node:
    first = reports[rows[0]]
    return Node(
        first.text,
        first.speaker,
        _range([reports[row].published for row in rows]),
        _range([reports[row].said for row in rows]),
        frozenset(
            article
            for row in rows
            if (article := reports[row].article) is not None and not reports[row].headline
        ),
        rows,
    )


def _range(days: list[date | None]) -> tuple[int, int] | None:
    known = [day.toordinal() for day in days if day is not None]
    return (min(known), max(known)) if known else None


def _occasions(reports: list[Report], rows: list[int], window_days: int) -> list[list[int]]:
    """Equal wordings split by time: where they were said on other days, or a light phrase was
    printed much later."""
    if len(rows) == 1:
        return [rows]
    light = mass(words(reports[rows[0]].text)) < _STOCK_MASS

    def day(row: int) -> int | None:
        told = reports[row].said or reports[row].published
        return None if told is None else told.toordinal()

    dated = sorted((row for row in rows if day(row) is not None), key=lambda row: (day(row), row))
    undated = [row for row in rows if day(row) is None]
    made: list[list[int]] = []
    for row in dated:
        if made and not _again(reports, made[-1][-1], row, light, window_days):
            made[-1].append(row)
        else:
            made.append([row])
    if not made:
        return [undated]
    made[0].extend(undated)
    return sorted(sorted(occasion) for occasion in made)


def _again(reports: list[Report], before: int, row: int, light: bool, window_days: int) -> bool:
    one, two = reports[before], reports[row]
    if one.said and two.said:
        return abs((two.said - one.said).days) > _SAID_APART
    if not light or one.published is None or two.published is None:
        return False
    return abs((two.published - one.published).days) > window_days

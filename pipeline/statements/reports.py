"""Reports gathered into statements: the decision itself, without frames or identities.

A report is one quotation as far as the decision goes: its words, who said them, and when. Equal
wordings of one speaker at one time are one node; candidate pairs of nodes get log odds from their
words, which the speaker and the dates then overrule; average linkage makes the groups.
"""

from __future__ import annotations

from collections.abc import Hashable
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
"""Days by which two reports may differ on when it was said: time zones and 'on Tuesday' make one of
it."""

_STOCK_MASS = 3.0
"""Identical words lighter than this, reported outside of the window, are a phrase said again."""

_LATE = 3.0
"""What publication outside of the window takes off the log odds of wordings that are not
verbatim."""


class Report(NamedTuple):
    """One quotation, for the decision. `speaker` is None where nobody knows; UNTOLD where nobody
    was asked to tell."""

    key: str
    text: str
    speaker: Hashable | None
    published: date | None
    said: date | None


UNTOLD = ""
"""The speaker of every report where a set of reports comes without speakers: the words decide
alone."""


class Node(NamedTuple):
    """Reports with the same words of one speaker at one time: rows of the reports, in order."""

    text: str
    speaker: Hashable | None
    days: tuple[int, int] | None
    said: tuple[int, int] | None
    rows: list[int]


def gather(reports: list[Report], vectors: NDArray[np.float32], window_days: int) -> list[int]:
    """For each report the row of the first report of its statement.

    `vectors` [len(reports), width] are unit rows, NaN where there is none. Reports must be sorted
    by key: the result is then a function of the set. A report without words is alone.
    """
    nodes = _nodes(reports, window_days)
    profiles = profile([node.text for node in nodes], vectors[[node.rows[0] for node in nodes]])
    times = _Times.of(nodes)

    def odds(left: Ints, right: Ints) -> Floats:
        return _odds(nodes, profiles, times, left, right, window_days)

    left, right = candidates(profiles)
    keep = _worth(profiles, left, right)
    left, right = left[keep], right[keep]
    groups = group([node.speaker for node in nodes], left, right, odds(left, right), odds)
    found = [0] * len(reports)
    first: dict[int, int] = {}
    for node, number in zip(nodes, groups, strict=True):
        first[number] = min(first.get(number, node.rows[0]), node.rows[0])
    for node, number in zip(nodes, groups, strict=True):
        for row in node.rows:
            found[row] = first[number]
    return found


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


def _odds(
    nodes: list[Node],
    profiles: Profiles,
    times: _Times,
    left: Ints,
    right: Ints,
    window_days: int,
) -> Floats:
    features = pair_features(profiles, left, right)
    column = {name: features[:, at] for at, name in enumerate(FEATURES)}
    made = log_odds(features)
    verbatim = (column["ngrams_contained"] >= 0.8) & (column["evidence"] >= np.log1p(_STOCK_MASS))
    late = _gap(times.published, left, right) > window_days
    made -= np.where(late & ~verbatim, _LATE, 0.0)
    one = np.array([nodes[at].speaker is None for at in left.tolist()], dtype=bool)
    two = np.array([nodes[at].speaker is None for at in right.tolist()], dtype=bool)
    refused = (one | two) & ~verbatim
    refused |= _gap(times.said, left, right) > _SAID_APART
    refused |= np.array(
        [
            nodes[a].speaker is not None
            and nodes[b].speaker is not None
            and nodes[a].speaker != nodes[b].speaker
            for a, b in zip(left.tolist(), right.tolist(), strict=True)
        ],
        dtype=bool,
    )
    return np.where(refused, -STRONGEST, np.clip(made, -STRONGEST, STRONGEST))


def _nodes(reports: list[Report], window_days: int) -> list[Node]:
    alike: dict[tuple[Hashable, ...], list[int]] = {}
    for row, report in enumerate(reports):
        spoken = tuple(words(report.text))
        # Without words, or without a speaker, equality of wording proves nothing by itself.
        alone = (report.key,) if not spoken else ()
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

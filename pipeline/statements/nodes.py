"""Reports with equal words of one speaker at one time: the nodes that are grouped into statements."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.features import Floats, Ints
from pipeline.statements.wording import mass, words

SAID_APART = 2
"""Days by which two reports may differ on when it was said: time zones and 'on Tuesday' make one of it."""

STOCK_MASS = 2.25
"""Verbatim words lighter than this, printed outside of the window, are a phrase said again ('over and over again')."""

PROOF_MASS = 3.0
"""The same words of at least this weight, printed at the same time, are proof even where nobody knows who said them."""


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


class Times(NamedTuple):
    """Ranges of days by node; NaN where unknown."""

    published: Floats
    said: Floats

    @classmethod
    def of(cls, nodes: list[Node]) -> Times:
        unknown = (float("nan"), float("nan"))
        shape = (len(nodes), 2)
        return cls(
            np.array([node.days or unknown for node in nodes], dtype=np.float64).reshape(shape),
            np.array([node.said or unknown for node in nodes], dtype=np.float64).reshape(shape),
        )


def gap_days(ranges: Floats, left: Ints, right: Ints) -> Floats:
    """Days between two ranges, 0 where they touch or one is unknown."""
    a, b = ranges[left], ranges[right]
    apart = np.maximum(a[:, 0] - b[:, 1], b[:, 0] - a[:, 1])
    return np.nan_to_num(np.maximum(apart, 0.0))


def flags(told: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(told, dtype=bool)


def make_nodes(reports: list[Report], window_days: int) -> list[Node]:
    alike: dict[tuple[Hashable, ...], list[int]] = {}
    for row, report in enumerate(reports):
        spoken = words(report.text)
        # Without words, or with few and without a speaker, equal wordings prove nothing.
        unproved = report.speaker is None and mass(spoken) < PROOF_MASS
        alone = (report.key,) if not spoken or unproved else ()
        alike.setdefault((report.speaker, spoken, *alone), []).append(row)
    nodes = [
        node_of(reports, rows)
        for alikes in alike.values()
        for rows in _occasions(reports, alikes, window_days)
    ]
    return sorted(nodes, key=lambda node: node.rows[0])


def node_of(reports: list[Report], rows: list[int]) -> Node:
    """The node of reports with equal words."""
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
    light = mass(words(reports[rows[0]].text)) < STOCK_MASS

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
        return abs((two.said - one.said).days) > SAID_APART
    if not light or one.published is None or two.published is None:
        return False
    return abs((two.published - one.published).days) > window_days

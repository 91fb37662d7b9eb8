"""Reports with equal words of one speaker at one time: the nodes that are grouped into statements."""

from __future__ import annotations

import re
from array import array
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.likeness import Floats, Ints, Spoken
from onrecord.pipeline.statements.comparing.wording import mass, words

SAID_APART = 2
"""Days by which two reports may differ on when it was said: time zones and 'on Tuesday' make one of it."""

ANEW = 180
"""Days after which words that are printed again were said again, where the text tells no day."""

STOCK_MASS = 2.25
"""Verbatim words lighter than this, printed outside of the window, are a phrase said again ('over and over again')."""

PHRASE, _FRAGMENT_MASS = 3, 1.0
"""Fewer words ('unacceptable'), or lighter ones ('not at all'), are a fragment: anybody may say them anywhere."""

_AT_ONCE = 50_000
"""Wordings weighed at once: the places of their words weigh some MB."""

PROOF_MASS = 3.0
"""The same words of at least this weight, printed at the same time, are proof even where nobody knows who said them."""


_MARKED = re.compile(r'["“«„]([^"“”«»„]+)["”»“]')

CURRENCY = re.compile(r"[$€£¥₹]")
CLOSING = " \t\n\"'”’»)]"
"""What may stand after the mark of a question."""

_MARKED_MASS = 1.5
"""Lighter words in marks within a report are a term or a scare quote."""


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

NOBODY, ANYBODY = -1, 0
"""The numbers of the speaker whom nobody knows and of UNTOLD; known speakers have higher ones."""


class Reports(NamedTuple):
    """Reports by column, for there may be a million. Speakers and articles are numbers, days are ordinals or NaN.

    `articles` is -1 for a report without one or in a headline: that may say again what the article quotes; `homes` are
    the articles of headlines too. `spoken`
    are the words of each, and after them those in marks within some: what an indirect report has in marks is
    verbatim, though the words around it are the reporter's. `marked` is the row of the latter, -1 where there is none.
    """

    texts: list[str]
    speakers: Ints
    published: Floats
    said: Floats
    articles: Ints
    homes: Ints
    marked: Ints
    spoken: Spoken

    @classmethod
    def of(cls, reports: Iterable[Report]) -> Reports:
        """The columns of reports."""
        speakers: dict[Hashable, int] = {None: NOBODY, UNTOLD: ANYBODY}
        articles: dict[str | None, int] = {None: -1}
        texts: list[str] = []
        rows = array("d")
        for report in reports:
            texts.append(report.text)
            home = articles.setdefault(report.article, len(articles) - 1)
            rows.extend(
                (
                    speakers.setdefault(report.speaker, len(speakers) - 1),
                    _ordinal(report.published),
                    _ordinal(report.said),
                    -1 if report.headline else home,
                    home,
                )
            )
        columns = np.array(rows).reshape(-1, 5)
        known = (columns[:, 0] > ANYBODY).tolist()
        marks = {
            at: told for at, text in enumerate(texts) if known[at] and (told := _in_marks(text))
        }
        marked = np.full(len(texts), -1, dtype=np.int64)
        marked[list(marks)] = np.arange(len(texts), len(texts) + len(marks))
        return cls(
            texts,
            columns[:, 0].astype(np.int64),
            columns[:, 1].copy(),
            columns[:, 2].copy(),
            columns[:, 3].astype(np.int64),
            columns[:, 4].astype(np.int64),
            marked,
            Spoken.of(chain(texts, marks.values())),
        )

    def where(self, kept: NDArray[np.bool_]) -> Reports:
        """The reports that are kept."""
        rows = np.flatnonzero(kept)
        wordings, marked = self.wordings(rows)
        return Reports(
            [self.texts[row] for row in rows.tolist()],
            self.speakers[rows],
            self.published[rows],
            self.said[rows],
            self.articles[rows],
            self.homes[rows],
            marked,
            self.spoken.take(wordings),
        )

    def wordings(self, rows: Ints) -> tuple[Ints, Ints]:
        """Rows of `spoken` for some reports, then for their words in marks; and for each the place of the latter or
        -1."""
        marks = self.marked[rows]
        has = marks >= 0
        marked = np.full(len(rows), -1, dtype=np.int64)
        marked[has] = np.arange(len(rows), len(rows) + has.sum())
        return np.concatenate([rows, marks[has]]), marked

    def told(self) -> Floats:
        """The day each report is told of: the one it was said on, else the one it was printed on."""
        return np.where(np.isnan(self.said), self.published, self.said)


def _in_marks(text: str) -> str:
    told = " ".join(_MARKED.findall(text))
    return told if told and mass(words(told)) >= _MARKED_MASS else ""


def _ordinal(day: date | None) -> float:
    return np.nan if day is None else day.toordinal()


class Nodes(NamedTuple):
    """Reports with the same words of one speaker at one time, by column.

    `first` is each node's first report, `speakers` its speaker, `published` and `said` [nodes, 2] the range of its
    days (NaN where unknown), `fragment` whether it is one, of the article `homes`; `told` are (node, article) of all
    articles that carry one, sorted. `same` numbers the wording, `of` [reports] is the node of each report.
    """

    first: Ints
    speakers: Ints
    published: Floats
    said: Floats
    fragment: NDArray[np.bool_]
    homes: Ints
    told: Ints
    same: Ints
    of: Ints

    @classmethod
    def each(cls, reports: Reports) -> Nodes:
        """A node for each report by itself."""
        every = np.arange(len(reports.texts))
        told = np.column_stack([every, reports.articles])
        return cls(
            every,
            reports.speakers,
            np.column_stack([reports.published] * 2),
            np.column_stack([reports.said] * 2),
            fragments(reports.spoken, every),
            reports.homes,
            told[told[:, 1] >= 0],
            every,
            every,
        )

    def take(self, rows: Ints) -> Nodes:
        """Some of the nodes."""
        at, places = self._told_by(rows)
        return Nodes(
            self.first[rows],
            self.speakers[rows],
            self.published[rows],
            self.said[rows],
            self.fragment[rows],
            self.homes[rows],
            np.column_stack([at, self.told[places, 1]]),
            self.same[rows],
            self.of,
        )

    def days(self) -> Floats:
        """The range of the days each is told of: when it was said, else when it was printed."""
        return np.where(np.isnan(self.said), self.published, self.said)

    def share_an_article(self, left: Ints, right: Ints) -> NDArray[np.bool_]:
        """For each pair whether one article carries both."""
        width = int(self.told[:, 1].max(initial=0)) + 1
        pair, places = self._told_by(left)
        asked = right[pair] * width + self.told[places, 1]
        made = np.zeros(len(left), dtype=bool)
        made[pair[np.isin(asked, self.told[:, 0] * width + self.told[:, 1])]] = True
        return made

    def _told_by(self, nodes: Ints) -> tuple[Ints, Ints]:
        """The places in `told` of each of `nodes`, and which of them it is."""
        start, end = np.searchsorted(self.told[:, 0], (nodes, nodes + 1))
        counts = end - start
        before = np.cumsum(counts) - counts
        places = np.arange(counts.sum()) + np.repeat(start - before, counts)
        return np.repeat(np.arange(len(nodes)), counts), places


def fragments(spoken: Spoken, rows: Ints) -> NDArray[np.bool_]:
    """Which of some rows are fragments."""
    made: NDArray[np.bool_] = spoken.lengths[rows] < PHRASE
    for at in range(0, len(rows), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        made[part] |= spoken.take(rows[part]).totals() < _FRAGMENT_MASS
    return made


def gap_days(ranges: Floats, left: Ints, right: Ints) -> Floats:
    """Days between two ranges, 0 where they touch or one is unknown."""
    a, b = ranges[left], ranges[right]
    apart = np.maximum(a[:, 0] - b[:, 1], b[:, 0] - a[:, 1])
    return np.nan_to_num(np.maximum(apart, 0.0))


def make_nodes(reports: Reports, window_days: int) -> Nodes:
    """The nodes of reports, in the order of their first reports."""
    size = len(reports.texts)
    same = same_words(reports)
    # Without words, or with few and without a speaker, equal wordings prove nothing.
    alone = reports.spoken.lengths[:size] == 0
    for row in np.flatnonzero(reports.speakers == NOBODY).tolist():
        alone[row] = reports.spoken.mass(row) < PROOF_MASS
    # Of some reports taken out of many, a speaker's number may be higher than there are reports.
    width = int(reports.speakers.max(initial=ANYBODY)) + 2
    keys = np.where(alone, -1 - np.arange(size), same * width + reports.speakers + 1)
    fragment = fragments(reports.spoken, np.arange(size))
    days = reports.told()
    of = np.arange(size)
    for rows in _alike(keys):
        for occasion in _occasions(reports, days, rows, window_days):
            if fragment[occasion[0]]:
                for part in _by_home(reports, occasion):
                    of[part] = part[0]
            else:
                of[occasion] = occasion[0]
    first, of = np.unique(of, return_inverse=True)
    told = np.unique(np.column_stack([of, reports.articles]), axis=0)
    return Nodes(
        first,
        reports.speakers[first],
        _ranges(reports.published, of, len(first)),
        _ranges(reports.said, of, len(first)),
        fragment[first],
        reports.homes[first],
        told[told[:, 1] >= 0],
        same[first],
        of,
    )


def same_words(reports: Reports) -> Ints:
    """A number for each report: those of the same words have the same, where both ask or neither does, and the signs of
    currencies are the same."""
    numbers: dict[bytes, int] = {}
    rows = map(reports.spoken.row, range(len(reports.texts)))
    told = (
        blake2b(row.tobytes() + _signs(text), digest_size=16).digest()
        for text, row in zip(reports.texts, rows, strict=True)
    )
    return np.fromiter((numbers.setdefault(one, len(numbers)) for one in told), dtype=np.int64)


def _signs(text: str) -> bytes:
    """What words do not tell: currencies and the mark of a question at the end."""
    asked = "?" * text.rstrip(CLOSING).endswith("?")
    return ("".join(CURRENCY.findall(text)) + asked).encode()


def _alike(keys: Ints) -> Iterator[list[int]]:
    """The rows of each key that several have, in order."""
    order = np.argsort(keys, kind="stable")
    starts = np.flatnonzero(np.diff(keys[order], prepend=keys.min(initial=0) - 1))
    for start, end in zip(starts, np.append(starts, len(keys))[1:], strict=True):
        if end - start > 1:
            yield order[start:end].tolist()


def _ranges(days: Floats, of: Ints, size: int) -> Floats:
    """The least and the greatest of the days of each node [size, 2]."""
    made = np.full((size, 2), np.nan)
    np.fmin.at(made[:, 0], of, days)
    np.fmax.at(made[:, 1], of, days)
    return made


def _by_home(reports: Reports, rows: list[int]) -> Iterator[list[int]]:
    """The rows of each article; without one, each by itself."""
    homes: dict[int, list[int]] = {}
    for row, home in zip(rows, reports.homes[rows].tolist(), strict=True):
        homes.setdefault(home if home >= 0 else -1 - row, []).append(row)
    yield from homes.values()


def _occasions(
    reports: Reports, told: Floats, rows: list[int], window_days: int
) -> list[list[int]]:
    """Equal wordings split by time: where they were said on other days, or a light phrase was
    printed much later."""
    light = reports.spoken.mass(rows[0]) < STOCK_MASS
    days = dict(zip(rows, told[rows].tolist(), strict=True))
    dated = sorted(
        (row for row in rows if days[row] == days[row]), key=lambda row: (days[row], row)
    )
    undated = [row for row in rows if days[row] != days[row]]
    longest = window_days if light else ANEW
    made: list[list[int]] = []
    for row in dated:
        before = made[-1][-1] if made else row
        said = abs(reports.said[row] - reports.said[before])
        most = longest if np.isnan(said) else SAID_APART
        if made and days[row] - days[before] <= most:
            made[-1].append(row)
        else:
            made.append([row])
    if not made:
        return [undated]
    made[0].extend(undated)
    return sorted(sorted(occasion) for occasion in made)

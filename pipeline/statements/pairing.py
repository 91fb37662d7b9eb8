"""Reports on record that may be one statement with some that are asked for, by the traces that they have left.

They are those that `comparing.candidates` proposes among all reports, less those that could not be one whatever their
words: nothing of a report is read that can be ruled out by what it has left behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.machine.postings import Keys
from onrecord.pipeline.neighbours import keys_of
from onrecord.pipeline.statements.comparing.candidates import COMMON, RUNS
from onrecord.pipeline.statements.comparing.judging import HELD
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken, are_there
from onrecord.pipeline.statements.comparing.nodes import PROOF_MASS
from onrecord.pipeline.statements.near import Near
from onrecord.pipeline.statements.traces import COUNTED, Left, Traces, left_by
from onrecord.pipeline.statements.traces import left as keys

_BOUND = 1e-3
"""Masses in single precision are as they were by this much."""


class Asked(NamedTuple):
    """Reports for which others are sought: what they leave behind, and their words."""

    left: Left
    spoken: Spoken
    wording: NDArray[np.int64]

    @classmethod
    def of(cls, reports: pl.DataFrame) -> Asked:
        """Of rows with TOLD."""
        spoken = Spoken.of(reports["content"])
        return cls(left_by(reports, spoken), spoken, keys_of(reports["utterance_id"]))


class _Proposed(NamedTuple):
    """Pairs of a row that is asked for and a row of traces, with what the latter left behind."""

    one: Ints
    rows: Ints
    left: Left

    def where(self, kept: NDArray[np.bool_]) -> _Proposed:
        return self.take(np.flatnonzero(kept))

    def take(self, rows: Ints) -> _Proposed:
        return _Proposed(self.one[rows], self.rows[rows], self.left.take(rows))


def pairs(asked: Asked, traces: Traces, near: Near | None, inside: Keys) -> tuple[Ints, Left]:
    """Pairs of a row that is asked for and a report that is not `inside` (by the first half of its identity)."""
    made = [
        _usable(asked, proposed, inside)
        for proposed in (
            *_sharing_runs(asked, traces),
            *_holding(asked, traces),
            *_near(asked, traces, near),
        )
    ]
    one = np.concatenate([each.one for each in made])
    left = Left._make(
        np.concatenate(parts) for parts in zip(*(each.left for each in made), strict=True)
    )
    _, first = np.unique(np.stack([one.astype(np.uint64), left.high]), axis=1, return_index=True)
    return one[first], left.take(first)


def _usable(asked: Asked, proposed: _Proposed, inside: Keys) -> _Proposed:
    """Pairs that are not of two speakers, nor with one of nobody known that cannot be the same words."""
    one, two = asked.left.speaker[proposed.one], proposed.left.speaker
    unknown = (one == keys.NOBODY) | (two == keys.NOBODY)
    proposed = proposed.where(((one == two) | unknown) & ~np.isin(proposed.left.high, inside))
    one, two = asked.left.speaker[proposed.one], proposed.left.speaker
    unknown = np.flatnonzero((one == keys.NOBODY) | (two == keys.NOBODY))
    part = proposed.take(unknown)
    least = np.minimum(asked.left.mass[part.one], part.left.mass).astype(np.float64)
    shared = keys.most_shared(asked.left, asked.spoken, part.one, part.left.sketch)
    kept = np.ones(len(proposed.one), dtype=bool)
    kept[unknown] = (shared >= HELD * least - _BOUND) & (least >= PROOF_MASS - _BOUND)
    return proposed.where(kept)


def _sharing_runs(asked: Asked, traces: Traces) -> Iterator[_Proposed]:
    """Pairs with a common run of words that is rare."""
    for n in RUNS:
        runs, of = asked.spoken.runs(n)
        found = _found(traces, keys.run_keys(runs, n), COUNTED)
        common = np.bincount(found.at, minlength=len(found.keys)) > COMMON
        yield _joined(found.where(~common[found.at]), keys.run_keys(runs, n), of.astype(np.int64))


def common(traces: Traces, runs: Keys, n: int) -> NDArray[np.bool_]:
    """Which of some distinct runs of `n` words propose no pair, since too many reports have them."""
    sought = keys.run_keys(runs, n)
    order = np.argsort(sought)
    found = traces.find(sought[order], COUNTED)
    made = np.zeros(len(runs), dtype=bool)
    made[order] = np.bincount(found.at, minlength=len(runs)) > COMMON
    return made


def outgrown(fresh: Asked, traces: Traces) -> Left:
    """Reports that had a rare run of words in common, before `fresh` ones made it a common one: of one speaker, or of
    anybody where it is not known who said one of them."""
    made = [Left.empty(0)]
    for n in RUNS:
        found = _found(traces, keys.run_keys(fresh.spoken.runs(n)[0], n), COUNTED)
        before = ~np.isin(found.left.high, fresh.left.high)
        size = len(found.keys)
        had = np.bincount(found.at[before], minlength=size)
        grown = (np.bincount(found.at, minlength=size) > COMMON) & (had <= COMMON)
        found = found.where(before & grown[found.at])
        own = np.stack([found.at.astype(np.uint64), found.left.speaker], axis=1)
        _, which, times = np.unique(own, axis=0, return_inverse=True, return_counts=True)
        anybody = np.bincount(found.at[found.left.speaker == keys.NOBODY], minlength=size) > 0
        made.append(found.where((times[which.ravel()] > 1) | anybody[found.at]).left)
    return Left._make(np.concatenate(parts) for parts in zip(*made, strict=True))


def _holding(asked: Asked, traces: Traces) -> Iterator[_Proposed]:
    """Pairs of a single word and the first wordings of its speaker that hold it, of which one is asked for."""
    told = np.flatnonzero(asked.left.speaker[asked.spoken.of_row()] != keys.NOBODY)
    of = asked.spoken.of_row()[told].astype(np.int64)
    words = asked.spoken.hashed[asked.spoken.flat[told]]
    speaker = asked.left.speaker[of]
    alone = asked.spoken.lengths[of] == 1
    # A word that is asked for alone, and any that somebody has said alone.
    single = _found(traces, keys.alone_keys(speaker, words))
    sought = np.isin(keys.alone_keys(speaker, words), single.keys[np.unique(single.at)])
    holding = _found(traces, keys.word_keys(speaker, words)[sought | alone])
    order = np.lexsort((holding.left.high, holding.at))
    starts = np.searchsorted(holding.at[order], np.arange(len(holding.keys)))
    first = np.zeros(len(order), dtype=bool)
    first[order] = np.arange(len(order)) - starts[holding.at[order]] < COMMON
    holding = holding.where(first)
    yield _joined(holding, keys.word_keys(speaker, words)[alone], of[alone])
    # Those that hold a single word are paired with it only where they are among the first that do.
    held = holding.keys[holding.at]
    width = np.stack([held, holding.left.high], axis=1)
    own = np.stack([keys.word_keys(speaker, words), asked.left.high[of]], axis=1)
    among = _rows_in(own, width)
    yield _joined(single, keys.alone_keys(speaker, words)[among], of[among])


def _near(asked: Asked, traces: Traces, near: Near | None) -> Iterator[_Proposed]:
    """Pairs of a report and those whose vectors are alike to its own."""
    if near is None:
        return
    wordings, of = np.unique(asked.wording, return_inverse=True)
    vectors = near.taken(wordings)
    there = np.flatnonzero(are_there(vectors))
    if not len(there):
        return
    rows, keys_near = near.alike(vectors[there])
    sought = keys.wording_keys(keys_near.astype(np.uint64))
    # One row for each wording that is asked for and each report of one that is alike, then one for each report.
    joined = _joined(_found(traces, sought), sought, there[rows])
    by = np.argsort(of, kind="stable")
    counts = np.bincount(of, minlength=len(wordings))
    begins = np.cumsum(counts) - counts
    times = counts[joined.one]
    place = np.repeat(np.arange(len(joined.one)), times)
    within = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times)
    made = joined.take(place)
    yield made._replace(one=by[begins[joined.one[place]] + within])


class _Traced(NamedTuple):
    """Rows of traces that some keys lead to, each report once: `at` tells the key."""

    keys: Keys
    at: Ints
    rows: Ints
    left: Left

    def where(self, kept: NDArray[np.bool_]) -> _Traced:
        rows = np.flatnonzero(kept)
        return self._replace(at=self.at[rows], rows=self.rows[rows], left=self.left.take(rows))


def _found(traces: Traces, sought: Keys, most: int | None = None) -> _Traced:
    distinct = np.unique(sought)
    at, rows = traces.find(distinct, most)
    left = traces.left(rows)
    # What has left traces twice, since its speaker was corrected, counts as it did last.
    order = np.lexsort((rows, left.high, at))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = (at[order][1:] != at[order][:-1]) | (left.high[order][1:] != left.high[order][:-1])
    kept = order[last]
    return _Traced(distinct, at[kept], rows[kept], left.take(kept))


def _joined(found: _Traced, sought: Keys, of: Ints) -> _Proposed:
    """A pair for each row that is sought by a key and each report found by it."""
    counts = np.bincount(found.at, minlength=len(found.keys))
    starts = np.cumsum(counts) - counts
    at = np.searchsorted(found.keys, sought)
    times = counts[at] if len(found.keys) else np.zeros(0, np.int64)
    place = np.arange(times.sum()) + np.repeat(
        (starts[at] if len(found.keys) else times) - (np.cumsum(times) - times), times
    )
    # What was found is in the order of its keys.
    return _Proposed(np.repeat(of, times), found.rows[place], found.left.take(place))


def _rows_in(rows: NDArray[np.uint64], held: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which rows of two numbers are among others."""
    both = np.concatenate([held, rows])
    _, numbers = np.unique(both, axis=0, return_inverse=True)
    made: NDArray[np.bool_] = np.isin(numbers.ravel()[len(held) :], numbers.ravel()[: len(held)])
    return made

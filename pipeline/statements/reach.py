"""Which reports a run's new ones can touch: all others keep their statement without being looked at, or even read.

Statements are decided within connected components of pairs with positive odds. Starting from the new reports, the
known ones that they pair with are taken in, with all that belongs to the same statement, then those that these pair
with, until nothing is added: what is then decided anew is decided as if everything were. Who may pair with whom is
told by the traces that reports have left; only those are asked for that may.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.machine.postings import Keys
from onrecord.pipeline.neighbours import keys_of
from onrecord.pipeline.statements.comparing.judging import judge
from onrecord.pipeline.statements.comparing.likeness import Spoken, VectorRows
from onrecord.pipeline.statements.comparing.nodes import Nodes
from onrecord.pipeline.statements.near import Near
from onrecord.pipeline.statements.pairing import Asked, outgrown, pairs
from onrecord.pipeline.statements.record import OnRecord, reports_of
from onrecord.pipeline.statements.traces import Traces, left_by
from onrecord.pipeline.statements.traces.left import same_keys


class Reached(NamedTuple):
    """Reports (rows with TOLD and what their articles tell), sorted by quotation; and which quotations the statements
    of these had (quotation_id, statement_id)."""

    told: pl.DataFrame
    members: pl.DataFrame


def reach(
    fresh: pl.Series, record: OnRecord, traces: Traces, near: Near | None, window_days: int
) -> Reached:
    """The reports that have to be looked at, given the quotations that are `fresh`.

    `near` has the vectors of wordings, those of the run among them; None where there are none.
    """
    inside = _Inside(record, traces)
    asked = inside.take(fresh)
    new = asked.filter(pl.col("quotation_id").is_in(fresh.implode()))
    if new.height:
        # Words that were rare may have joined what is not joined by them any more.
        grown = outgrown(Asked.of(new), traces).quotations().unique()
        asked = pl.concat([asked, inside.take(record.together(grown))])
    while asked.height:
        found = _touched(asked, inside, record, traces, near, window_days)
        asked = inside.take(found)
    return Reached(record.told(inside.reports.sort("quotation_id")), inside.members)


class _Inside:
    """What is looked at."""

    def __init__(self, record: OnRecord, traces: Traces) -> None:
        self._record, self._traces = record, traces
        self.reports = record.reports(pl.Series([], dtype=pl.String))
        self.members = record.members(pl.Series([], dtype=pl.String))
        self.high: Keys = np.empty(0, dtype=np.uint64)

    def take(self, quotations: pl.Series) -> pl.DataFrame:
        """Take in some reports, and all that have to be looked at with them; those that were not there before."""
        before = self.reports.height
        taken = self._read(quotations)
        while taken.height:
            mates = self._mates(taken["quotation_id"])
            taken = self._read(pl.concat([mates, self._alike(taken)]).unique())
        return self.reports[before:]

    def _read(self, quotations: pl.Series) -> pl.DataFrame:
        new = quotations.filter(~quotations.is_in(self.reports["quotation_id"].implode()))
        taken = self._record.reports(new)
        self.reports = pl.concat([self.reports, taken])
        self.high = np.union1d(self.high, _high(taken["quotation_id"]))
        return taken

    def _mates(self, quotations: pl.Series) -> pl.Series:
        """The quotations of the statements that some are in, and of those that repeat these or are repeated."""
        held = self._record.members(quotations)
        known = self.members["statement_id"].unique()
        own = held["statement_id"].unique()
        own = own.filter(~own.is_in(known.implode()))
        again = self._record.repeats(own)
        every = pl.concat([own, again["statement_id"], again["repeats_id"]]).unique()
        members = self._record.members_of(every.filter(~every.is_in(known.implode())))
        self.members = pl.concat([self.members, members])
        return members["quotation_id"]

    def _alike(self, taken: pl.DataFrame) -> pl.Series:
        """The quotations of the same words and speaker as some reports."""
        same = np.unique(left_by(taken, Spoken.of(taken["content"])).same)
        rows = self._traces.find(np.unique(same_keys(same))).rows
        left = self._traces.left(np.unique(rows))
        return left.take(np.flatnonzero(~np.isin(left.high, self.high))).quotations()


def _touched(
    asked: pl.DataFrame,
    inside: _Inside,
    record: OnRecord,
    traces: Traces,
    near: Near | None,
    window_days: int,
) -> pl.Series:
    """The quotations beyond those inside that are one statement with some that are asked for, or that say one again."""
    here = Asked.of(asked)
    one, two = pairs(here, traces, near, inside.high)
    others = record.reports(two.quotations().unique())
    both = pl.concat([asked, others]).sort("quotation_id")
    place = _places(both["quotation_id"], pl.concat([asked["quotation_id"], two.quotations()]))
    left, right = place[one], place[asked.height :]
    there = right >= 0
    left, right = left[there], right[there]
    touching = _touching(record.told(both), near, window_days, left, right)
    return both["quotation_id"].gather(np.unique(right[touching]))


def _touching(
    told: pl.DataFrame,
    near: Near | None,
    window_days: int,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Whether each pair of reports is one statement as far as the two tell, or one said again."""
    reports = reports_of(told)
    low, high = np.minimum(left, right), np.maximum(left, right)
    judged = judge(reports, Nodes.each(reports), vectors_for(told, near), low, high, window_days)
    made: NDArray[np.bool_] = (judged.odds > 0) | judged.again
    return made


def vectors_for(reports: pl.DataFrame, near: Near | None) -> VectorRows:
    """The vector of each report, NaN where there is none."""
    if near is None:
        return np.full((reports.height, 1), np.nan, dtype=np.float16)
    return near.read(keys_of(reports["utterance_id"]))


def _places(held: pl.Series, wanted: pl.Series) -> NDArray[np.int64]:
    """The place of each that is wanted among those that are held; -1 where it is not."""
    told = held.to_frame("one").with_row_index("place")
    found = wanted.to_frame("one").join(told, on="one", how="left", maintain_order="left")
    return found["place"].cast(pl.Int64).fill_null(-1).to_numpy()


def _high(quotations: pl.Series) -> Keys:
    made: Keys = quotations.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    return made

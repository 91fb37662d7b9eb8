"""Statements of a run: what it brings joined to what is on record, of which only that is read that it can touch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core.asking import Known
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.neighbours import Kept
from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken
from onrecord.pipeline.statements.linked import NO_LINKS, Links
from onrecord.pipeline.statements.near import Near
from onrecord.pipeline.statements.pairing import common
from onrecord.pipeline.statements.reach import Reached, reach, vectors_for
from onrecord.pipeline.statements.record import TOLD, WAS_SAID, OnRecord, reports_of
from onrecord.pipeline.statements.tables import Made, described_anew
from onrecord.pipeline.statements.traces import LEFT_OF, Traces, add, carried, rebuild
from onrecord.pipeline.statements.traces.kept import AT_ONCE
from onrecord.pipeline.statements.traces.left import wording_keys

_MOST = 0.5
"""Where more than this share is new, everything is looked at."""


class Brought(NamedTuple):
    """What a run brings: `reports` (rows with TOLD, sorted by quotation) and ARTICLES; `fresh` are the quotations that
    are to be looked at, some on record among them; `gone` those on record that are no reports any more."""

    reports: pl.DataFrame
    articles: pl.DataFrame
    fresh: pl.Series
    gone: pl.Series = pl.Series([], dtype=pl.String)


def make_statements(
    brought: Brought,
    known: Known,
    kept: Segments,
    lists: Kept | None,
    window_days: int,
    links: Links = NO_LINKS,
    *,
    whole: bool = False,
) -> tuple[Made, Callable[[Ints], pl.DataFrame]]:
    """Statements that are new or changed by what is `brought`; and what tells (key, statement_id) of wordings by their
    keys, in whichever statements they are then. With `whole` everything is looked at.

    `kept` are the traces of what is on record, to which those of this run are added; they are made anew where they are
    not whole. `lists` have the vectors of all wordings.
    """
    near = Near(lists) if lists is not None else None
    record = OnRecord(known.ask, brought.reports, brought.articles, brought.gone)
    # What the run gives up leaves its statement, and those that stay in it are looked at.
    left = record.members(brought.gone)
    stay = record.members_of(left["statement_id"].unique())
    fresh = pl.concat([brought.fresh, stay["quotation_id"]]).unique()
    fresh = fresh.filter(~fresh.is_in(brought.gone.implode()))
    traces = _traces(brought, known, kept)
    if whole or fresh.len() > _MOST * len(traces):
        reached, too_many = _whole(brought, known, record), None
    else:
        reached = reach(fresh, record, traces, near, window_days)
        too_many = partial(common, traces)
    members = pl.concat([reached.members, stay]).unique("quotation_id", maintain_order=True)
    reached = reached._replace(members=members)
    vectors = vectors_for(reached.told, near)
    made = described_anew(
        record, reached, reports_of(reached.told), vectors, window_days, fresh, links, too_many
    )

    def said(keys: Ints) -> pl.DataFrame:
        return _said(keys, traces, record, made.members)

    return made, said


def _said(keys: Ints, traces: Traces, record: OnRecord, now: pl.DataFrame) -> pl.DataFrame:
    """(key, statement_id) of some wordings; `now` are STATEMENT_MEMBERS that are new or changed."""
    distinct = np.unique(keys[keys >= 0])
    sought = wording_keys(distinct.astype(np.uint64))
    order = np.argsort(sought)
    at, rows = traces.find(sought[order])
    told = pl.DataFrame(
        [pl.Series("key", distinct[order][at]), traces.left(rows).quotations()]
    ).unique()
    columns = ["quotation_id", "statement_id"]
    before = record.members(told["quotation_id"].unique())
    members = pl.concat([before, now.select(columns)]).unique("quotation_id", keep="last")
    return told.join(members, on="quotation_id").select("key", "statement_id").unique()


def _traces(brought: Brought, known: Known, kept: Segments) -> Traces:
    """The traces of all reports, those of the run among them."""

    def own() -> tuple[pl.DataFrame, Spoken]:
        reports = brought.reports.select(LEFT_OF)
        return reports, Spoken.of(reports["content"])

    if carried(kept) is not None:
        return add(kept, [own()])
    besides = pl.concat([brought.reports["quotation_id"], brought.gone])
    scanned = (
        known.scan("quotations")
        .select(*LEFT_OF)
        .filter(WAS_SAID, ~pl.col("quotation_id").is_in(besides.implode()))
    )

    def every() -> Iterator[tuple[pl.DataFrame, Spoken]]:
        for piece in scanned.collect().iter_slices(AT_ONCE):
            yield piece, Spoken.of(piece["content"])
        yield own()

    return rebuild(kept, every())


def _whole(brought: Brought, known: Known, record: OnRecord) -> Reached:
    """All there is."""
    besides = pl.concat([brought.reports["quotation_id"], brought.gone])
    on_record = (
        known.scan("quotations")
        .select(TOLD)
        .filter(WAS_SAID, ~pl.col("quotation_id").is_in(besides.implode()))
        .collect()
    )
    reports = pl.concat([on_record, brought.reports.select(TOLD)]).sort("quotation_id")
    members = known.scan("statement_members").select("quotation_id", "statement_id").collect()
    return Reached(record.told(reports), members)

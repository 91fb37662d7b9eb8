"""Statements as rows: the quotations of a run gathered with those known, described and given
identities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core import contracts
from onrecord.pipeline.statements.comparing.candidates import Common
from onrecord.pipeline.statements.comparing.likeness import VectorRows
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.statements.describing import age, describe, representative
from onrecord.pipeline.statements.grouping import components
from onrecord.pipeline.statements.identities import carry, founded, split_off
from onrecord.pipeline.statements.linked import NO_LINKS, Links, linked
from onrecord.pipeline.statements.reach import Reached
from onrecord.pipeline.statements.record import DENIED, OnRecord
from onrecord.pipeline.statements.reports import Gathered, Reports, gather
from onrecord.pipeline.statements.translated import kept


class Made(NamedTuple):
    """STATEMENTS and STATEMENT_MEMBERS that are new or changed, and all VARIANT_CHANGES of those
    members; `repeats` are STATEMENT_REPEATS of all that was looked at, in place of those of the statements
    `regrouped`; `retired` is (statement_id, into): identities given up, and those that were split off; into nothing
    where nobody says it any more.

    `unheld` are links of one statement that two speakers forbid.
    """

    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame
    repeats: pl.DataFrame
    regrouped: pl.DataFrame
    retired: pl.DataFrame
    unheld: list[tuple[str, str]]


def described_anew(
    record: OnRecord,
    reached: Reached,
    reports: Reports,
    vectors: VectorRows,
    window_days: int,
    fresh: pl.Series,
    links: Links = NO_LINKS,
    common: Common | None = None,
) -> Made:
    """Statements of the reports that were `reached`; `reports` and `vectors` are theirs, by row.

    `fresh` are the identities of this run's quotations: statements without a fresh member and without a change of
    members are not given again. A member that is no report any more has left its statement; `links` hold whatever
    words tell. `common` tells which runs of words are too many reports' on record.
    """
    told, members = reached
    gathered = _apart(
        gather(reports, vectors, window_days, common), told.select(DENIED).to_series().to_numpy()
    )
    del reports
    if told["language"].drop_nulls().n_unique() > 1:
        known = kept(record.translations(members["statement_id"].unique()))
        links = links._replace(same=[*links.same, *known])
    gathered, unheld = linked(gathered, told, links)
    told = _in_groups(told, gathered.first)
    founders = told["founder"].rle().struct.unnest().rename({"value": "founder"})
    sizes = founders["len"].to_numpy()
    ends = [0, *np.cumsum(sizes).tolist()]
    quoted = told["quotation_id"].to_list()
    groups = [quoted[start:end] for start, end in pairwise(ends)]
    here = pl.col("quotation_id").is_in(told["quotation_id"].implode())
    before = dict(members.filter(here).select("quotation_id", "statement_id").iter_rows())
    elsewhere = _Elsewhere(record, told["quotation_id"])
    elsewhere.ask([founded(group[0]) for group in groups if before.keys().isdisjoint(group)])
    identities, moved = carry(groups, before, elsewhere)
    changed = _changed(groups, identities, before, set(fresh))
    of = np.repeat(np.arange(len(sizes)), sizes)
    named = pl.Series("statement_id", identities, dtype=pl.String).gather(of)
    told = told.with_columns(named)
    described = describe(told.filter(changed[of]))
    left = members.filter(~here)
    unsaid = set(left["statement_id"]) - set(before.values())
    given_up = [*moved, *unsaid.difference(identities)]
    gone = record.statements(pl.Series(given_up, dtype=pl.String)).with_columns(
        pl.lit(0).alias("outlets"), pl.lit(0).alias("quotations")
    )
    went: dict[str, str | None] = {
        **dict.fromkeys(sorted(unsaid)),
        **moved,
        **split_off(groups, identities, before),
    }
    again = np.searchsorted(founders["founder"], gathered.again)
    return Made(
        pl.concat([described.statements, contracts.STATEMENTS.conform(gone)]).sort("statement_id"),
        described.members.sort("quotation_id"),
        described.changes.sort("quotation_id", "position"),
        _repeats(again, told, ends, identities).sort("statement_id"),
        pl.DataFrame({"statement_id": sorted(set(before.values()))}, {"statement_id": pl.String()}),
        pl.DataFrame(
            {"statement_id": list(went), "into": list(went.values())},
            schema={"statement_id": pl.String(), "into": pl.String()},
        ),
        unheld,
    )


class _Elsewhere:
    """The identities in use by statements that are not looked at: those asked for, when they are asked for."""

    def __init__(self, record: OnRecord, looked_at: pl.Series) -> None:
        self._record, self._looked_at = record, looked_at.implode()
        self._told: dict[str, bool] = {}

    def ask(self, identities: Collection[str]) -> None:
        """Ask for many at once that will be asked for."""
        held = self._record.members_of(pl.Series(identities, dtype=pl.String))
        besides = held.filter(~pl.col("quotation_id").is_in(self._looked_at))
        used = set(besides["statement_id"])
        self._told |= {identity: identity in used for identity in identities}

    def __contains__(self, identity: object) -> bool:
        if identity not in self._told:
            self.ask([str(identity)])
        return self._told[str(identity)]


def _apart(gathered: Gathered, denied: NDArray[np.bool_]) -> Gathered:
    """Statements without what denies them: words of nobody known, said somewhere else, may have joined a denial."""
    if not denied.any():
        return gathered
    mixed = np.zeros(len(denied), dtype=bool)
    odd = denied != denied[gathered.first]
    mixed[gathered.first[odd]] = True
    first = gathered.first.copy()
    for founder in np.unique(gathered.first[odd]).tolist():
        rows = np.flatnonzero(odd & (gathered.first == founder))
        first[rows] = rows[0]
    return Gathered(first, gathered.again[~mixed[gathered.again].any(axis=1)])


def _in_groups(told: pl.DataFrame, first: NDArray[np.int64]) -> pl.DataFrame:
    """The reports of each statement together, the earliest first; `first` is the row of each one's `founder`.

    Who founds a statement does not hang on the order of hashes. Of a day and a time on it, the day counts as earlier.
    """
    day = pl.col("said_on").cast(pl.Datetime("us"))
    return told.with_columns(pl.Series("founder", first)).sort(
        "founder",
        pl.coalesce(day, "published_at"),
        pl.col("said_on").is_null(),
        "quotation_id",
        nulls_last=True,
    )


def _changed(
    groups: list[list[str]], identities: list[str], before: Mapping[str, str], new: set[str]
) -> NDArray[np.bool_]:
    """Which groups have a member that is new, has come from another statement, or has gone to one."""
    had = Counter(before.values())
    kept = (
        new.isdisjoint(group)
        and len(group) == had[identity]
        and all(before.get(one) == identity for one in group)
        for group, identity in zip(groups, identities, strict=True)
    )
    return ~np.fromiter(kept, dtype=bool)


def _repeats(
    again: NDArray[np.int64], told: pl.DataFrame, ends: list[int], identities: list[str]
) -> pl.DataFrame:
    """STATEMENT_REPEATS: what is said again, each time with the first time that it was said."""
    from rapidfuzz.distance import Indel

    made: list[dict[str, object]] = []
    for part in components(len(identities), again.tolist()):
        quoted = {at: told[ends[at] : ends[at + 1]].rows(named=True) for at in part}
        first, *later = sorted(part, key=lambda at: age(quoted[at][0]))
        shown = {at: words(str(representative(quoted[at])["content"])) for at in part}
        made.extend(
            {
                "statement_id": identities[one],
                "repeats_id": identities[first],
                "similarity": Indel.normalized_similarity(shown[first], shown[one]),
            }
            for one in later
        )
    return pl.DataFrame(made, schema=contracts.STATEMENT_REPEATS.schema)

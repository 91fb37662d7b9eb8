"""Statements as rows: the quotations of a run gathered with those known, described and given
identities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.copies.versions import originals
from onrecord.pipeline.core import contracts, values
from onrecord.pipeline.core.days import PUBLISHED_ON
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.statements.comparing.likeness import Spoken, Vectors
from onrecord.pipeline.statements.comparing.wording import words
from onrecord.pipeline.statements.describing import age, describe, representative
from onrecord.pipeline.statements.grouping import components
from onrecord.pipeline.statements.identities import carry, split_off
from onrecord.pipeline.statements.linked import NO_LINKS, Links, linked
from onrecord.pipeline.statements.reach import reach
from onrecord.pipeline.statements.reports import Gathered, Report, Reports, gather

TOLD = (
    "quotation_id",
    "article_id",
    "content",
    "type",
    "in_headline",
    "said_on",
    "speaker_id",
    "stance",
)
"""What of a quotation a statement hangs on."""

WAS_SAID = pl.col("stance").is_null() | pl.col("stance").is_in(values.SAID)
"""What is somebody's statement; what was not said, or was put to somebody, is nobody's."""
_DENIED = pl.col("stance").eq_missing("denied")


class Before(NamedTuple):
    """STATEMENTS, STATEMENT_MEMBERS and STATEMENT_REPEATS of the runs before."""

    statements: pl.DataFrame = contracts.STATEMENTS.empty()
    members: pl.DataFrame = contracts.STATEMENT_MEMBERS.empty()
    repeats: pl.DataFrame = contracts.STATEMENT_REPEATS.empty()


class Made(NamedTuple):
    """STATEMENTS and STATEMENT_MEMBERS that are new or changed, and all VARIANT_CHANGES of those
    members; `repeats` are STATEMENT_REPEATS, whole; `retired` is (statement_id, into): identities
    given up, and those that were split off; into nothing where nobody says it any more.

    `spoken` are the words of all quotations, by row; `unheld` are links of one statement that two speakers forbid.
    """

    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame
    repeats: pl.DataFrame
    retired: pl.DataFrame
    spoken: Spoken
    unheld: list[tuple[str, str]]


def make_statements(
    quotations: pl.DataFrame,
    articles: pl.DataFrame,
    vectors: Vectors,
    known: Before,
    settings: ClusterSettings,
    fresh: pl.Series,
    links: Links = NO_LINKS,
) -> Made:
    """Statements of `quotations` (all that are known and new, sorted by quotation_id, `vectors` by
    row).

    `fresh` are the identities of this run's quotations: they and the known ones that they can touch
    are looked at. Statements without a fresh member and without a change of members are not given
    again. A member that is not among the quotations any more has left its statement; `links` hold whatever words tell.
    """
    left = known.members.join(quotations.select("quotation_id"), on="quotation_id", how="anti")
    if left.height:
        mates_left = known.members.join(left, on="statement_id", how="semi")["quotation_id"]
        fresh = pl.concat(
            [fresh, mates_left.filter(~mates_left.is_in(left["quotation_id"].implode()))]
        )
    told = quotations.select(TOLD).join(
        articles.select(
            "article_id", "outlet", "url", "published_at", PUBLISHED_ON.alias("published")
        ).join(originals(articles), on="article_id"),
        on="article_id",
        how="left",
        maintain_order="left",
    )
    reports = Reports.of(
        Report(*row) for row in told.with_columns(_SPEAKER).select(_REPORT).iter_rows()
    )
    spoken = reports.spoken
    mates = _mates(told["quotation_id"], known)
    news = told["quotation_id"].is_in(fresh.implode()).to_numpy() | (mates < 0)
    inside = reach(reports, vectors, settings.window_days, news, mates)
    if not inside.all():
        told, reports, vectors = told.filter(inside), reports.where(inside), vectors[inside]
    gathered = _apart(
        gather(reports, vectors, settings.window_days), told.select(_DENIED).to_series().to_numpy()
    )
    gathered, unheld = linked(gathered, told, links)
    del reports
    told = _in_groups(told, gathered.first)
    founders = told["founder"].rle().struct.unnest().rename({"value": "founder"})
    sizes = founders["len"].to_numpy()
    ends = [0, *np.cumsum(sizes).tolist()]
    quoted = told["quotation_id"].to_list()
    groups = [quoted[start:end] for start, end in pairwise(ends)]
    touched = pl.col("quotation_id").is_in(told["quotation_id"].implode())
    before = dict(known.members.filter(touched).select("quotation_id", "statement_id").iter_rows())
    identities, moved = carry(
        groups, before, frozenset(known.members.filter(~touched)["statement_id"])
    )
    changed = _changed(groups, identities, before, set(fresh))
    of = np.repeat(np.arange(len(sizes)), sizes)
    named = pl.Series("statement_id", identities, dtype=pl.String).gather(of)
    described = describe(told.with_columns(named).filter(changed[of]))
    unsaid = set(left["statement_id"]) - set(
        known.members.join(left, on="quotation_id", how="anti")["statement_id"]
    )
    given_up = [*moved, *unsaid.difference(identities)]
    gone = known.statements.filter(pl.col("statement_id").is_in(given_up)).with_columns(
        pl.lit(0).alias("outlets"), pl.lit(0).alias("quotations")
    )
    untouched = known.repeats.select(list(contracts.STATEMENT_REPEATS.columns)).filter(
        ~pl.col("statement_id").is_in(list(set(before.values())))
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
        pl.concat([untouched, _repeats(again, told, ends, identities)]).sort("statement_id"),
        pl.DataFrame(
            {"statement_id": list(went), "into": list(went.values())},
            schema={"statement_id": pl.String(), "into": pl.String()},
        ),
        spoken,
        unheld,
    )


_REPORT = (
    "quotation_id",
    "content",
    "speaker",
    "published",
    "said_on",
    "article_id",
    "in_headline",
)
"""The fields of a Report, in their order."""

_SPEAKER = (
    pl.when(_DENIED)
    .then(pl.lit("denied ") + pl.coalesce("speaker_id", "quotation_id"))
    .otherwise("speaker_id")
    .alias("speaker")
)
"""Who a report is told to be of: somebody who denies is another one than who says it."""


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


def _mates(quotations: pl.Series, known: Before) -> NDArray[np.int64]:
    """A number for the statement of each known quotation, one for all that repeat each other; -1 for none."""
    first = known.repeats.select("statement_id", "repeats_id")
    belongs = known.members.join(first, on="statement_id", how="left").select(
        "quotation_id", pl.coalesce("repeats_id", "statement_id").alias("mates")
    )
    told = quotations.to_frame("quotation_id").join(
        belongs, on="quotation_id", how="left", maintain_order="left"
    )
    return told["mates"].rank("dense").cast(pl.Int64).fill_null(0).to_numpy() - 1


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

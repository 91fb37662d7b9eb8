"""Statements as rows: the quotations of a run gathered with those known, described and given
identities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import compress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipeline import contracts
from pipeline.settings import ClusterSettings
from pipeline.statements.grouping import components
from pipeline.statements.identities import carry
from pipeline.statements.reach import reach
from pipeline.statements.reports import Report, gather
from pipeline.statements.variants import changes, difference
from pipeline.statements.wording import mass, words
from pipeline.versions import originals

_FULL = 0.6
"""A wording of less than this share of the fullest one's weight does not represent the
statement."""

_TYPES = {"direct": 0, "mixed": 1, "indirect": 2}


class Before(NamedTuple):
    """STATEMENTS, STATEMENT_MEMBERS and STATEMENT_REPEATS of the runs before."""

    statements: pl.DataFrame = contracts.STATEMENTS.empty()
    members: pl.DataFrame = contracts.STATEMENT_MEMBERS.empty()
    repeats: pl.DataFrame = contracts.STATEMENT_REPEATS.empty()


class Made(NamedTuple):
    """STATEMENTS and STATEMENT_MEMBERS that are new or changed, and all VARIANT_CHANGES of those
    members; `repeats` are STATEMENT_REPEATS, whole; `retired` is (statement_id, into)."""

    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame
    repeats: pl.DataFrame
    retired: pl.DataFrame


def make_statements(
    quotations: pl.DataFrame,
    articles: pl.DataFrame,
    vectors: NDArray[np.float32],
    known: Before,
    settings: ClusterSettings,
    fresh: pl.Series,
) -> Made:
    """Statements of `quotations` (all that are known and new, sorted by quotation_id, `vectors` by
    row).

    `fresh` are the identities of this run's quotations: they and the known ones that they can touch
    are looked at. Statements without a fresh member and without a change of members are not given
    again.
    """
    told = quotations.join(
        articles.select("article_id", "outlet", "url", "source", "published_at").join(
            originals(articles), on="article_id"
        ),
        on="article_id",
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("published_at").dt.date().alias("published"))
    reports = [Report(*row) for row in told.select(_REPORT).iter_rows()]
    mates = _mates(told["quotation_id"], known)
    news = told["quotation_id"].is_in(fresh.implode()).to_numpy() | (mates < 0)
    inside = reach(reports, vectors, settings.window_days, news, mates)
    rows = told.filter(pl.Series(inside)).rows(named=True)
    reports = list(compress(reports, inside.tolist()))
    looked_at = vectors if inside.all() else vectors[inside]
    first, again = gather(reports, looked_at, settings.window_days)
    groups: dict[int, list[int]] = {}
    for at, founder in enumerate(first):
        groups.setdefault(founder, []).append(at)
    # The founder is the earliest report, so that an identity does not hang on the order of hashes.
    ordered = [sorted(members, key=lambda at: _age(rows[at])) for members in groups.values()]
    touched = pl.col("quotation_id").is_in([row["quotation_id"] for row in rows])
    before = dict(known.members.filter(touched).select("quotation_id", "statement_id").iter_rows())
    identities, moved = carry(
        [[rows[at]["quotation_id"] for at in members] for members in ordered],
        before,
        frozenset(known.members.filter(~touched)["statement_id"]),
    )
    new = set(fresh)
    had = Counter(before.values())
    statements: list[dict[str, object]] = []
    joined: list[dict[str, object]] = []
    altered: list[dict[str, object]] = []
    for members, identity in zip(ordered, identities, strict=True):
        quoted = [rows[at] for at in members]
        kept = sum(before.get(row["quotation_id"]) == identity for row in quoted)
        # Not so where a member is new, has come from another statement, or has gone to one.
        unchanged = kept == len(quoted) == had[identity]
        if not unchanged or any(row["quotation_id"] in new for row in quoted):
            representative = _representative(quoted)
            statements.append(_statement(identity, quoted, representative))
            told_so = [_member(identity, row, representative) for row in quoted]
            joined.extend(told_so)
            for member, row in zip(told_so, quoted, strict=True):
                if member["difference"] != "same":
                    altered.extend(_changes(identity, row, representative))
    gone = known.statements.filter(pl.col("statement_id").is_in(list(moved))).with_columns(
        pl.lit(0).alias("outlets"), pl.lit(0).alias("quotations")
    )
    return Made(
        pl.concat(
            [
                pl.DataFrame(statements, schema=contracts.STATEMENTS.schema),
                contracts.STATEMENTS.conform(gone),
            ]
        ).sort("statement_id"),
        pl.DataFrame(joined, schema=contracts.STATEMENT_MEMBERS.schema).sort("quotation_id"),
        pl.DataFrame(altered, schema=contracts.VARIANT_CHANGES.schema).sort(
            "quotation_id", "position"
        ),
        pl.concat(
            [
                known.repeats.select(list(contracts.STATEMENT_REPEATS.columns)).filter(
                    ~pl.col("statement_id").is_in(list(had))
                ),
                _repeats(list(groups), ordered, identities, rows, again),
            ]
        ).sort("statement_id"),
        pl.DataFrame(
            {"statement_id": list(moved), "into": list(moved.values())},
            schema={"statement_id": pl.String(), "into": pl.String()},
        ),
    )


_REPORT = (
    "quotation_id",
    "content",
    "speaker_id",
    "published",
    "said_on",
    "article_id",
    "in_headline",
)
"""The fields of a Report, in their order."""


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


def _repeats(
    founders: list[int],
    groups: list[list[int]],
    identities: list[str],
    rows: list[dict[str, Any]],
    again: list[tuple[int, int]],
) -> pl.DataFrame:
    """STATEMENT_REPEATS: what is said again, each time with the first time that it was said."""
    from rapidfuzz.distance import Indel

    number = {founder: at for at, founder in enumerate(founders)}
    made: list[dict[str, object]] = []
    pairs = [(number[one], number[two]) for one, two in again]
    for part in components(len(groups), pairs):
        first, *later = sorted(part, key=lambda at: _age(rows[groups[at][0]]))
        shown = [
            words(str(_representative([rows[at] for at in groups[one]])["content"]))
            for one in (first, *later)
        ]
        made.extend(
            {
                "statement_id": identities[one],
                "repeats_id": identities[first],
                "similarity": Indel.normalized_similarity(shown[0], told),
            }
            for one, told in zip(later, shown[1:], strict=True)
        )
    return pl.DataFrame(made, schema=contracts.STATEMENT_REPEATS.schema)


def _age(row: dict[str, object]) -> tuple[str, str]:
    return (str(row["said_on"] or row["published_at"] or "9999"), str(row["quotation_id"]))


def _outlet(row: dict[str, object]) -> str:
    """Who carries the report: the outlet, else the address's host, else the article, which is one
    unknown outlet."""
    host = urlsplit(str(row["url"] or "")).hostname
    return str(row["outlet"] or (host or "").removeprefix("www.") or row["article_id"])


def _representative(quoted: list[dict[str, object]]) -> dict[str, object]:
    """The report shown: the fullest wording that most outlets carry, verbatim before indirect, body
    before headline."""
    weights = [mass(words(str(row["content"]))) for row in quoted]
    least = _FULL * max(weights)
    carriers: dict[str, set[str]] = {}
    for row in quoted:
        carriers.setdefault(_wording(row), set()).add(_outlet(row))

    def rank(at: int) -> tuple[int, bool, int, float, tuple[str, str]]:
        row = quoted[at]
        return (
            _TYPES.get(str(row["type"]), 3),
            bool(row["in_headline"]),
            -len(carriers[_wording(row)]),
            -weights[at],
            _age(row),
        )

    full = [at for at in range(len(quoted)) if weights[at] >= least]
    return quoted[min(full, key=rank)]


def _wording(row: dict[str, object]) -> str:
    return " ".join(words(str(row["content"])))


def _statement(
    identity: str, quoted: list[dict[str, object]], representative: dict[str, object]
) -> dict[str, object]:
    speakers = sorted({str(row["speaker_id"]) for row in quoted if row["speaker_id"]})
    return {
        "statement_id": identity,
        "speaker_id": speakers[0] if speakers else None,
        "text": representative["content"],
        "outlets": len({_outlet(row) for row in quoted}),
        "quotations": _times(quoted),
        "first_said": min((day for row in quoted if (day := _first_said(row))), default=None),
    }


def _times(quoted: list[dict[str, object]]) -> int:
    """How often a statement is reported: the first report of a copy, or of another version, is the original's first."""
    told: Counter[object] = Counter()
    times: set[tuple[object, int]] = set()
    for row in quoted:
        told[row["article_id"]] += 1
        times.add((row["original"], told[row["article_id"]]))
    return len(times)


def _first_said(row: dict[str, object]) -> datetime | None:
    said, published = row["said_on"], row["published_at"]
    if said is not None:
        return datetime.fromisoformat(str(said))
    return published if isinstance(published, datetime) else None


def _member(
    identity: str, row: dict[str, object], representative: dict[str, object]
) -> dict[str, object]:
    from rapidfuzz.distance import Indel

    shown, told = str(representative["content"]), str(row["content"])
    return {
        "statement_id": identity,
        "quotation_id": row["quotation_id"],
        "similarity": Indel.normalized_similarity(words(shown), words(told)),
        "difference": difference(shown, told),
    }


def _changes(
    identity: str, row: dict[str, object], representative: dict[str, object]
) -> Iterator[dict[str, object]]:
    found = changes(str(representative["content"]), str(row["content"]))
    for position, change in enumerate(found):
        yield {
            "statement_id": identity,
            "quotation_id": row["quotation_id"],
            "position": position,
            **change._asdict(),
        }

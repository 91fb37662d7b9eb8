"""A statement described from its reports: the wording shown, who carries it, and how each report differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.address import host
from onrecord.pipeline.statements.comparing.wording import mass, words
from onrecord.pipeline.statements.variants import changes, difference

_FULL = 0.6
"""A wording of less than this share of the fullest one's weight does not represent the
statement."""

_TYPES = {"direct": 0, "mixed": 1, "indirect": 2}

_SEVERAL = 2

_AT_ONCE = 10_000
"""Reports described at once."""


class Described(NamedTuple):
    """STATEMENTS, their STATEMENT_MEMBERS and the VARIANT_CHANGES of those."""

    statements: pl.DataFrame
    members: pl.DataFrame
    changes: pl.DataFrame


def describe(told: pl.DataFrame) -> Described:
    """The statements of reports, those of one `statement_id` together and the earliest first.

    A report is what a statement hangs on of its quotation, with outlet, url, published_at and original of its
    article.
    """
    ends = told["statement_id"].rle().struct.field("len").cum_sum().to_numpy()
    cuts = [0, *ends[np.flatnonzero(np.diff(ends // _AT_ONCE))].tolist(), told.height]
    made = [_described(told[start:end]) for start, end in pairwise(cuts)]
    return Described(*(pl.concat(frames) for frames in zip(*made, strict=True)))


def _described(told: pl.DataFrame) -> Described:
    statements: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    altered: list[dict[str, object]] = []
    for identity, rows in groupby(told.rows(named=True), key=lambda row: str(row["statement_id"])):
        quoted = list(rows)
        shown = representative(quoted)
        statements.append(_statement(identity, quoted, shown))
        for row in quoted:
            member = _member(identity, row, shown)
            members.append(member)
            if member["difference"] not in ("same", "translated"):
                altered.extend(_changes(identity, row, shown))
    return Described(
        pl.DataFrame(statements, schema=contracts.STATEMENTS.schema),
        pl.DataFrame(members, schema=contracts.STATEMENT_MEMBERS.schema),
        pl.DataFrame(altered, schema=contracts.VARIANT_CHANGES.schema),
    )


def age(row: dict[str, Any]) -> tuple[str, str]:
    """When a report was made, to be compared; what has no date is the latest."""
    return (str(row["said_on"] or row["published_at"] or "9999"), str(row["quotation_id"]))


def _outlet(row: dict[str, Any]) -> str:
    """Who carries the report: the outlet, else the address's host, else the article, which is one
    unknown outlet."""
    return str(row["outlet"] or host(row["url"]) or row["article_id"])


def representative(quoted: list[dict[str, Any]]) -> dict[str, Any]:
    """The report shown: of the language that it was first told in the fullest wording that most outlets carry,
    verbatim before indirect, body before headline."""
    quoted = _in_first_language(quoted)
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
            age(row),
        )

    full = [at for at in range(len(quoted)) if weights[at] >= least]
    return quoted[min(full, key=rank)]


def _in_first_language(quoted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reports in the language of the first one that tells its own."""
    told = [row for row in quoted if row.get("language")]
    if len({row["language"] for row in told}) < _SEVERAL:
        return quoted
    first = min(told, key=age)["language"]
    return [row for row in told if row["language"] == first]


def _wording(row: dict[str, Any]) -> str:
    return " ".join(words(str(row["content"])))


def _statement(
    identity: str, quoted: list[dict[str, Any]], shown: dict[str, Any]
) -> dict[str, object]:
    speakers = sorted({str(row["speaker_id"]) for row in quoted if row["speaker_id"]})
    return {
        "statement_id": identity,
        "speaker_id": speakers[0] if speakers else None,
        "text": shown["content"],
        "outlets": len({_outlet(row) for row in quoted}),
        "quotations": _times(quoted),
        "first_said": min((day for row in quoted if (day := _first_said(row))), default=None),
        "stance": shown.get("stance"),
    }


def _times(quoted: list[dict[str, Any]]) -> int:
    """How often a statement is reported: the first report of a copy, or of another version, is the original's first."""
    told: Counter[object] = Counter()
    times: set[tuple[object, int]] = set()
    for row in quoted:
        told[row["article_id"]] += 1
        times.add((row["original"], told[row["article_id"]]))
    return len(times)


def _first_said(row: dict[str, Any]) -> datetime | None:
    said, published = row["said_on"], row["published_at"]
    if said is not None:
        return datetime.fromisoformat(str(said))
    return published if isinstance(published, datetime) else None


def _member(identity: str, row: dict[str, Any], shown: dict[str, Any]) -> dict[str, object]:
    from rapidfuzz.distance import Indel

    one, other = str(shown["content"]), str(row["content"])
    return {
        "statement_id": identity,
        "quotation_id": row["quotation_id"],
        "similarity": Indel.normalized_similarity(words(one), words(other)),
        "difference": "translated" if _is_translated(row, shown) else difference(one, other),
    }


def _is_translated(row: dict[str, Any], shown: dict[str, Any]) -> bool:
    """Whether a report is in another language than the wording shown, and in other words."""
    one, other = row.get("language"), shown.get("language")
    apart = one is not None and other is not None and one != other
    return apart and _wording(row) != _wording(shown)


def _changes(
    identity: str, row: dict[str, Any], shown: dict[str, Any]
) -> Iterator[dict[str, object]]:
    found = changes(str(shown["content"]), str(row["content"]))
    for position, change in enumerate(found):
        yield {
            "statement_id": identity,
            "quotation_id": row["quotation_id"],
            "position": position,
            **change._asdict(),
        }

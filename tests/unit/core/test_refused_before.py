"""What counts as refused before: the same place, reason and bytes."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from onrecord.pipeline.core.contracts import REJECTS
from onrecord.pipeline.core.rejects import PASSING, RefusedBefore, marked

ROW: dict[str, Any] = {
    "run_id": "20260301T060000-aaaa",
    "stage": "ingest",
    "source": "a.docx",
    "place": "",
    "reason": "unknown_format",
    "detail": "No reader",
    "payload": b"PK",
    "cut": False,
}


def rejects(*rows: dict[str, Any]) -> pl.DataFrame:
    return REJECTS.conform(pl.DataFrame(rows, schema=REJECTS.schema))


def test_the_same_is_known_whatever_the_run() -> None:
    before = RefusedBefore(marked(rejects(ROW)))
    again = rejects({**ROW, "run_id": "20260302T060000-bbbb", "detail": "put otherwise"})
    new, known = before.apart(again)
    assert (new.height, known) == (0, 1)
    assert new.schema == again.schema


@pytest.mark.parametrize(
    "other",
    [
        {"payload": b"PJ"},
        {"payload": None},
        {"cut": True},
        {"reason": "binary"},
        {"place": "line 2"},
        {"source": "b.docx"},
        {"stage": "clean"},
    ],
)
def test_anything_else_is_new(other: dict[str, Any]) -> None:
    new, known = RefusedBefore(marked(rejects(ROW))).apart(rejects({**ROW, **other}))
    assert (new.height, known) == (1, 0)


def test_what_has_nothing_to_keep_is_known_by_place_and_reason() -> None:
    row = {**ROW, "reason": "missing_path", "payload": None, "cut": None}
    assert RefusedBefore(marked(rejects(row))).apart(rejects(row))[1] == 1


@pytest.mark.parametrize("reason", PASSING)
def test_a_server_out_of_reach_is_news_each_time(reason: str) -> None:
    row = {**ROW, "reason": reason, "payload": None, "cut": None}
    assert RefusedBefore(marked(rejects(row))).apart(rejects(row))[1] == 0


def test_without_a_past_all_is_new() -> None:
    new, known = RefusedBefore().apart(rejects(ROW, {**ROW, "place": "line 2"}))
    assert (new.height, known) == (2, 0)

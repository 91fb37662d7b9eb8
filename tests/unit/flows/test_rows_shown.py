"""Rows as a table: laid out a piece at a time, as if it were one."""

from __future__ import annotations

import os
import sys
from io import StringIO

import polars as pl
import pytest

from onrecord.flows.showing import summary
from onrecord.flows.showing.unread import Unread


def shown(frame: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told = StringIO()
    monkeypatch.setattr(sys, "stdout", told)
    summary.print_rows(frame, "table")
    monkeypatch.undo()
    return told.getvalue().splitlines()


def test_pieces_look_as_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame(
        {"n": range(7), "said": ["[b]we[/b] will", "", "we", "漢字", "a\x1b[2J", "we", "no"]}
    )
    whole = shown(frame, monkeypatch)
    assert whole[0].split() == ["n", "said"]
    assert len(whole) == 8
    assert whole[1].split() == ["0", "[b]we[/b]", "will"]
    monkeypatch.setattr(summary, "ROWS_AT_ONCE", 2)
    assert [line.rstrip() for line in shown(frame, monkeypatch)] == [
        line.rstrip() for line in whole
    ]
    assert shown(frame.clear(), monkeypatch)[0].split() == ["n", "said"]


def test_a_long_table_ends_with_whoever_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = summary.printable

    def counted(text: str) -> str:
        made.append(1)
        return real(text)

    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(summary, "printable", counted)
        monkeypatch.setattr(sys, "stdout", Unread(pipe))
        summary.print_rows(pl.DataFrame({"n": range(1_000_000)}), "table")
    assert len(made) < 20_000

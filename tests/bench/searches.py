"""What a search costs, and how much of what a look at every vector finds: `python -m tests.bench --search RECORD`.

A question is four words out of a statement on record, in any order: few of them lie near to any cell, so that they are
harder than what people ask. The record is read, and left as it is.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.bench import report

QUESTIONS = 100
FIRST = 10
"""Answers that are held against those of a look at every vector."""


def search(record: Path) -> str:
    """A table of what searches of each kind cost, and how much they find."""
    import onrecord
    from onrecord.warehouse import kept_lists

    opened = onrecord.open(record)
    asked, outlets = _asked(opened), _outlets(opened)
    held = opened.sql("SELECT count(*) AS n FROM quotations").item()
    began = time.perf_counter()
    opened.search(asked[0], outlet=outlets[0])
    first = time.perf_counter() - began
    rows = []
    for by in ("both", "meaning", "words"):
        for name, of in (("", [None]), (", of an outlet", outlets)):
            took = _timed(opened, asked, by, of)
            found = _found(opened, asked, by, of) if by == "meaning" else []
            rows.append([f"{by}{name}", *took, found])
    probes, kept_lists.PROBES = kept_lists.PROBES, 1 << 30
    try:
        for row, of in zip(rows[2:4], ([None], outlets), strict=True):
            exact = _found(opened, asked, "meaning", of)
            row[-1] = f"{100 * _share(row[-1], exact):.1f}%"
    finally:
        kept_lists.PROBES = probes
    for row in rows:
        row[-1] = row[-1] or ""
    header = ["search", "median ms", "p95 ms", "CPU ms", f"of the exact first {FIRST}"]
    told = f"{held:,} quotations, {len(asked)} questions; the first search of a process took {first:.1f} s."
    return f"{told}\n\n{report.table(header, rows)}"


def _asked(opened: Any) -> list[str]:
    texts = opened.sql(
        "SELECT text FROM statements WHERE len(string_split(text, ' ')) > 5 ORDER BY hash(statement_id) LIMIT ?",
        [QUESTIONS],
    )["text"]
    chance = random.Random(5)
    return [" ".join(chance.sample(text.split(), 4)) for text in texts]


def _outlets(opened: Any) -> list[str]:
    return opened.sql(
        "SELECT outlet FROM articles WHERE outlet IS NOT NULL GROUP BY outlet ORDER BY count(*) DESC, outlet LIMIT 20"
    )["outlet"].to_list()


def _each(
    asked: Sequence[str], of: Sequence[str | None], do: Callable[[str, str | None], None]
) -> None:
    for number, words in enumerate(asked):
        do(words, of[number % len(of)])


def _timed(
    opened: Any, asked: Sequence[str], by: str, of: Sequence[str | None]
) -> tuple[float, ...]:
    """Milliseconds: the median, the 95th of a hundred, and the median of the processor's."""
    walls: list[float] = []
    spent: list[float] = []

    def one(words: str, outlet: str | None) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        opened.search(words, by=by, outlet=outlet)
        walls.append((time.perf_counter() - wall) * 1000)
        spent.append((time.process_time() - cpu) * 1000)

    _each(asked, of, one)
    walls.sort()
    spent.sort()
    return walls[len(walls) // 2], walls[len(walls) * 95 // 100], spent[len(spent) // 2]


def _found(opened: Any, asked: Sequence[str], by: str, of: Sequence[str | None]) -> list[list[str]]:
    found: list[list[str]] = []

    def one(words: str, outlet: str | None) -> None:
        told = opened.search(words, by=by, outlet=outlet, limit=FIRST)
        found.append(told["quotation_id"].to_list())

    _each(asked, of, one)
    return found


def _share(found: Sequence[Sequence[str]], exact: Sequence[Sequence[str]]) -> float:
    there = sum(len(set(one) & set(other)) for one, other in zip(found, exact, strict=True))
    return there / max(sum(map(len, exact)), 1)

"""Measure 9: fifty incremental runs in one process: memory, disk and processes stay bounded."""

from __future__ import annotations

import functools
import gc
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from onrecord.warehouse import ledger
from onrecord.warehouse.publishing import publish
from tests.reliability import corpus
from tests.reliability.commands import WELL, started
from tests.reliability.score import Case, Failure

MEGABYTES_A_RUN = 1.0
THREADS_A_RUN = 0.1
"""A pool takes another thread the first time that so much waits at once, on a busy machine after many runs."""
WARM = 10
"""Runs before the slope is taken: models are loaded, pools and caches fill."""
KEPT = 3
Row = dict[str, Any]


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """One process with `count` runs, each with one article more; then a case for each promise."""
    place = folder / "steady"
    corpus.write(place / "news", [seed % 1000 * 5], "first")
    told = place / "steady.json"
    process = started(place, functools.partial(repeat, seed, count, told))
    yield Case("the process ends well", functools.partial(_ended, process))
    for check in (_memory, _disk, _processes, _published):
        yield Case(
            f"{check.__name__.strip('_')}, {count} runs",
            functools.partial(_checked, check, place, told, count),
        )


def repeat(seed: int, times: int, told: Path) -> None:
    """Run the command so many times, one more article each, and note what it costs (in its process).

    The command itself then finds nothing new.
    """
    from onrecord.flows.commands.cli import main

    scratch = told.with_name("tmp")
    scratch.mkdir()
    tempfile.tempdir = str(scratch)
    rows: list[Row] = []
    for number in range(times):
        # Four of five numbers quote somebody: an article of each.
        corpus.write(told.with_name("news"), [(seed % 1000 + number) * 5 + number % 4], "first")
        try:
            main()
        except SystemExit as ended:
            code = ended.code
        else:
            code = 0
        rows.append({"code": code, **_cost(told.with_name("record"), scratch)})
        told.write_text(json.dumps(rows), encoding="utf-8")


def _cost(home: Path, scratch: Path) -> Row:
    # A command freezes what is left when it ends, since its process does: here it does not.
    gc.unfreeze()
    gc.collect()
    process = psutil.Process()
    kept = [path.stat().st_size for path in publish.kept(home).values()]
    return {
        "megabytes": process.memory_info().rss / 2**20,
        "threads": process.num_threads(),
        "children": len(process.children(recursive=True)),
        "generations": len(kept),
        "generation_bytes": sum(kept),
        "other": sorted(
            str(path.relative_to(home))
            for folder in ("work", "generations")
            for path in (home / folder).iterdir()
            if path not in publish.kept(home).values()
        ),
        "scratch": sum(1 for _ in scratch.iterdir()),
    }


def _ended(process: Any) -> None:
    process.ended(seconds=7200, expected=WELL)


def _checked(check: Any, place: Path, told: Path, count: int) -> None:
    rows = json.loads(told.read_text(encoding="utf-8"))
    if len(rows) != count:
        raise Failure(f"{len(rows)} runs of {count}")
    check(rows, place)


def slope(values: list[float]) -> float:
    """By how much a value grows from one run to the next (least squares)."""
    return float(np.polyfit(np.arange(len(values)), values, 1)[0])


def _memory(rows: list[Row], place: Path) -> None:
    warm = [row["megabytes"] for row in rows[min(WARM, len(rows) // 2) :]]
    if (grown := slope(warm)) >= MEGABYTES_A_RUN:
        raise Failure(f"{grown:.2f} MB a run: {[round(value) for value in warm]}")


def _disk(rows: list[Row], place: Path) -> None:
    for number, row in enumerate(rows):
        if row["generations"] > KEPT or row["other"] or row["scratch"] > rows[0]["scratch"]:
            raise Failure(f"run {number}: {row}")


def _processes(rows: list[Row], place: Path) -> None:
    busy = [row["children"] for row in rows]
    threads = [row["threads"] for row in rows]
    if any(busy):
        raise Failure(f"child processes after each run: {busy}")
    if slope(threads[min(WARM, len(rows) // 2) :]) >= THREADS_A_RUN:
        raise Failure(f"threads after each run: {threads}")


def _published(rows: list[Row], place: Path) -> None:
    codes = [row["code"] for row in rows]
    generation = publish.generation(place / "record")
    if set(codes) - set(WELL) or generation != len(rows):
        raise Failure(f"exit codes {codes}, generation {generation}")
    if {entry.status for entry in ledger.entries(place / "record")} - {"published", "unchanged"}:
        raise Failure("a run did not end as published")

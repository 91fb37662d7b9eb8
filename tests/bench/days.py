"""What a day costs upon a record that grows: new articles through the real command, upon records of several sizes.

What stands before is made from the articles' truth (see `made`), once, and kept in the work folder as `upon-SIZE`. The
day is measured on a copy of it, after a small one by which this version finds what it keeps between runs.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.warehouse.asking.query import query
from tests.bench import made, report
from tests.bench.measure import MEGABYTE, PHASES, Cost, Measured

if TYPE_CHECKING:
    from tests.bench.__main__ import Bench

SMALL = 4
READING = ("ingest", "gate ingest", "clean", "gate clean", "embed", "gate embed")
"""Parts that look at the day's own articles."""


def upon(bench: Bench, sizes: Sequence[int], count: int) -> str:
    """A day of `count` articles upon a record of each size, part by part; how its cost grows with the size."""
    told, worked = [], {}
    for size in sizes:
        record = _before(bench, size)
        held = _bytes(record)
        day = bench.run(record, _news(bench, size + SMALL, count))
        worked[size] = day.whole.cpu
        told.append(_day(record, size, count, held, day))
        print(told[-1], flush=True)
    if len(worked) > 1:
        grown = report.growth(worked)
        told.append(f"Growth exponent of the processor seconds in what stands before: {grown:.2f}.")
    return "\n\n".join(told)


def _before(bench: Bench, size: int) -> Path:
    """A record of so many articles, to be written to."""
    kept = bench.work / f"upon-{size}"
    if not (kept / "onrecord.duckdb").exists():
        made.make(kept, size, seed=bench.seed)
    record = bench.record("day")
    shutil.copytree(kept, record)
    bench.run(record, _news(bench, size, SMALL))
    return record


def _news(bench: Bench, first: int, count: int) -> Path:
    return bench.articles("news-of-the-day", count, first)


def _day(record: Path, size: int, count: int, held: float, day: Measured) -> str:
    told = query(record, "SELECT count(*) AS n FROM quotations")["n"][0]
    parts = [[name, *_cost(day.phases.get(name, Cost()))] for name in PHASES]
    reading = [day.phases[name] for name in READING if name in day.phases]
    own = Cost(*(sum(getattr(cost, name) for cost in reading) for name in ("wall", "cpu")))
    own.peak = max(cost.peak for cost in reading)
    own.written = sum(cost.written for cost in reading)
    rows = [*parts, ["the day's own reading", *_cost(own)], ["**whole**", *_cost(day.whole)]]
    row = held / max(size, 1) * count
    return (
        f"A day of {count:,} articles upon {size:,} ({told:,} quotations with it)\n\n"
        + report.table(["part", "seconds", "CPU s", "peak MB", "MB written"], rows)
        + f"\n\nWritten: {day.whole.written / row:.1f} times what so many articles weigh on record"
        f" ({row:,.0f} of {held:,.0f} MB)."
    )


def _cost(cost: Cost) -> tuple[float, ...]:
    return (cost.wall, cost.cpu, cost.peak, cost.written)


def _bytes(record: Path) -> float:
    """What a record weighs, in MB: what is published, and what it stands on."""
    files = [record / "onrecord.duckdb", *(record / "segments").glob("*")]
    return sum(file.stat().st_size for file in files) / MEGABYTE

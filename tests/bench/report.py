"""Measurements as Markdown tables, each between its own marks in docs/performance.md."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

PAGE = Path("docs/performance.md")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers stand to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def put(name: str, told: str, page: Path = PAGE) -> None:
    """Replace what stands between the marks of that name. Raises ValueError where the page has none."""
    text = page.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- bench: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"{page} has no place for {name}")
    page.write_text(
        marks.sub(lambda found: f"{found[1]}{told}\n{found[2]}", text), encoding="utf-8"
    )


def growth(seconds: Mapping[int, float]) -> float:
    """The exponent b of seconds = a * articles ** b that fits best on logarithmic scales."""
    x = [math.log(size) for size in seconds]
    y = [math.log(spent) for spent in seconds.values()]
    middle = sum(x) / len(x)
    return sum((a - middle) * b for a, b in zip(x, y, strict=True)) / sum(
        (a - middle) ** 2 for a in x
    )


def percent(share: float) -> str:
    """A share as people read it."""
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)

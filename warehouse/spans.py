"""Spans of time: in which unit they are told, and where each begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

Unit = Literal["day", "week", "month", "year"]
UNITS: tuple[Unit, ...] = get_args(Unit)
SPANS: dict[Unit, int] = {"day": 62, "week": 430, "month": 3_700}
"""Days up to which a picture tells single days, weeks, months; beyond that years."""
MOST = 400
"""Bars of a picture: of a record that spans more, what is empty is left out after all."""

Told = TypeVar("Told")


def unit_of(first: date | None, last: date | None) -> Unit:
    """The unit of time that a span of days is told in."""
    days = (last - first).days if first and last else 0
    return next((unit for unit, most in SPANS.items() if days <= most), "year")


def begins(days: NDArray[Any], unit: Unit) -> NDArray[Any]:
    """The day, week, month or year that each day is of, by its first day: days from 1970 on."""
    if unit == "day":
        return days
    if unit == "week":
        # From Monday on; the first day of 1970 was a Thursday.
        return ((days + 3) // 7 * 7 - 3).astype(days.dtype)
    of = days.astype("datetime64[D]").astype(
        "datetime64[M]" if unit == "month" else "datetime64[Y]"
    )
    return of.astype("datetime64[D]").astype(np.int64).astype(days.dtype)


def following(since: date, unit: Unit) -> date:
    """Where the next one begins."""
    days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit]
    told = since + timedelta(days=days)
    if unit in ("month", "year"):
        told = told.replace(day=1, month=1 if unit == "year" else told.month)
    return told


def without_gaps(
    rows: Iterable[Told], unit: Unit, since: Callable[[Told], date], empty: Callable[[date], Told]
) -> tuple[Told, ...]:
    """Rows by time with those between them of which there is nothing: an axis that leaves them out lies."""
    told: list[Told] = []
    known = list(rows)
    for row in known:
        while told and (next_one := following(since(told[-1]), unit)) < since(row):
            told.append(empty(next_one))
            if len(told) > MOST:
                return tuple(known)
        told.append(row)
    return tuple(told)

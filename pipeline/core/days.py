"""Days: that of a publication by its own clock, and those that sources name.

`crawl/{date}/*.jsonl` is another folder every day:

{date}             the day as 2026-01-31
{date:%Y/%m/%d}    in a form of its own, as strftime has it
{date-1}           the day before; {date-7:%Y%m%d} a week before, in that form
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl

PUBLISHED_ON = (
    (pl.col("published_at") + pl.duration(minutes=pl.col("published_offset").fill_null(0)))
    .dt.date()
    .alias("published_on")
)
"""Of ARTICLES, the day of publication by the publisher's clock; by UTC where that is not known."""

_DAY = re.compile(r"\{date(?:-(?P<back>\d{1,4}))?(?::(?P<form>[^{}]+))?\}")


def is_dated(sources: Sequence[str]) -> bool:
    """Whether any of the sources names a day."""
    return any(_DAY.search(source) for source in sources)


def of_day(sources: Sequence[str], day: date) -> list[str]:
    """The sources as they are called on a day; braces that name no day stay as they are."""

    def told(match: re.Match[str]) -> str:
        back = timedelta(days=int(match["back"] or 0))
        return (day - back).strftime(match["form"] or "%Y-%m-%d")

    return [_DAY.sub(told, source) for source in sources]


def between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def day_of(moment: datetime, timezone: str) -> date:
    """The day that it is in a zone at a moment (which carries a zone itself)."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def on_own_clock(at: datetime, offset: int | None) -> datetime:
    """A moment of UTC as the clock that is `offset` minutes ahead tells it; as it is where that is not known."""
    if offset is None:
        return at
    return at.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=offset)))

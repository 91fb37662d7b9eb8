"""Sources that name a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from onrecord.pipeline.core.days import between, day_of, is_dated, of_day


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("crawl/{date}/*.jsonl", "crawl/2026-03-01/*.jsonl"),
        ("crawl/{date:%Y/%m/%d}", "crawl/2026/03/01"),
        ("wire-{date-1:%Y%m%d}.csv", "wire-20260228.csv"),
        ("{date-60}/{date}", "2025-12-31/2026-03-01"),
    ],
)
def test_a_day_is_told(source: str, told: str) -> None:
    """As written, in a form of its own, and so many days back, over months and years."""
    assert is_dated([source])
    assert of_day([source], date(2026, 3, 1)) == [told]


@pytest.mark.parametrize(
    "source", ["news", "news/{a,b}", "{day}", "{date+1}", "{date", "{date.year}"]
)
def test_what_names_no_day_stays(source: str) -> None:
    """Other braces are part of a path, and nothing in a path is evaluated."""
    assert not is_dated([source])
    assert of_day([source], date(2026, 3, 1)) == [source]


def test_days_between() -> None:
    """Both ends are in; the end before the beginning is no day at all."""
    told = list(between(date(2024, 2, 28), date(2024, 3, 1)))
    assert told == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert list(between(date(2024, 3, 1), date(2024, 2, 28))) == []


def test_the_day_is_that_of_the_zone() -> None:
    """Midnight in Auckland comes half a day early."""
    moment = datetime(2026, 1, 31, 20, tzinfo=UTC)
    assert day_of(moment, "UTC") == date(2026, 1, 31)
    assert day_of(moment, "Pacific/Auckland") == date(2026, 2, 1)

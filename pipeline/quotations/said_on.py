"""Dates: the day on which something was said, read from the words around it and the article's own date."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS: Final = {
    name: number
    for number, name in enumerate(
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    )
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY: Final = "|".join(_DAYS)
_FULL: Final = re.compile(
    rf"\b(?:(?P<month>{_MONTH})\.? (?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year>(?:19"
    rf"|20)\d\d))?"
    rf"|(?P<day2>[0-3]?\d)(?:st|nd|rd"
    rf"|th)?(?: of)? (?P<month2>{_MONTH})\b\.?(?:,? (?P<year2>(?:19|20)\d\d))?"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))",
    re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(
    rf"\b(?P<which>last |next |this |the following |every "
    rf"|each )?(?P<name>{_DAY})(?P<plural>s)?\b(?! Night Live| Times| Post)",
    re.IGNORECASE,
)
_NEAR: Final = re.compile(
    r"\b(?P<word>today|tonight|yesterday|this (?:morning|afternoon|evening)|earlier in the day)\b",
    re.IGNORECASE,
)
_FUTURE: Final = re.compile(
    r"\b(?:until|till|by|before|after|since|from|starting|next|scheduled for|planned for|due)\s*$",
    re.I,
)


def said_on(words: str, published: date | None) -> date | None:
    """The day named in ``words`` (the reporting sentence without the quoted words), or None.

    A date with its year stands by itself; without one it is the last such day on or before ``published``. A weekday is
    the last one on or before ``published`` ("last Friday" on a Friday is a week ago). None where the words name no day,
    name two, or would need a date that is not known.
    """
    found = _dated(words, published) | _weekdays(words, published) | _relative(words, published)
    return found.pop() if len(found) == 1 else None


def _dated(words: str, published: date | None) -> set[date]:
    days = set()
    for match in _FULL.finditer(words):
        if _FUTURE.search(words[max(0, match.start() - 20) : match.start()]):
            continue
        day = _day(match, published)
        if day is not None:
            days.add(day)
    return days


def _day(match: re.Match[str], published: date | None) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = _MONTHS[(match["month"] or match["month2"]).lower()]
        number = int(match["day"] or match["day2"])
        year = match["year"] or match["year2"]
        if year:
            return date(int(year), month, number)
        if published is None:
            return None
        day = date(published.year, month, number)
        return day if day <= published else date(published.year - 1, month, number)
    except ValueError:
        return None


def _weekdays(words: str, published: date | None) -> set[date]:
    days: set[date] = set()
    if published is None:
        return days
    for match in _WEEKDAY.finditer(words):
        which = (match["which"] or "").strip().lower()
        if match["plural"] or which in {"next", "every", "each", "the following"}:
            continue
        before = words[max(0, match.start() - 20) : match.start()]
        if _FUTURE.search(before) or _FULL.match(words[match.end() :].lstrip(", ")):
            continue
        back = (published.weekday() - _DAYS[match["name"].lower()]) % 7
        if which == "last" and back == 0:
            back = 7
        days.add(published - timedelta(days=back))
    return days


def _relative(words: str, published: date | None) -> set[date]:
    if published is None:
        return set()
    return {
        published - timedelta(days=1 if match["word"].lower() == "yesterday" else 0)
        for match in _NEAR.finditer(words)
    }

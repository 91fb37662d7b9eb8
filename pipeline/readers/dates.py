"""Dates as sources write them, to UTC without a zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_EARLIEST, _LATEST = datetime(1600, 1, 1), datetime(2200, 1, 1)
# 03/04/2024 is read in two ways, so it is not read at all.
_FORMATS = (
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y%m%d%H%M%S",
    "%B %d, %Y",
    "%b %d, %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d.%m.%Y",
    "%a %b %d %H:%M:%S %Y",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
)
_DIGITS = re.compile(r"-?\d{9,13}(?:\.\d+)?")
_DOTTED_MONTH = re.compile(r"\b([A-Z][a-z]{2,3})\.")
_ZONE_NAME = re.compile(r"(?<!\s)\s*+\b(?:UTC|GMT)\b\s*+$")


def parse_date(value: object) -> datetime | None:
    """`value` (text, seconds or milliseconds since 1970, date) as UTC without a zone; None where it is not certain."""
    moment = _moment(value)
    if moment is None:
        return None
    try:
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None
    return moment if _EARLIEST <= moment <= _LATEST else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(float(value))
    if isinstance(value, str) and len(value) <= 80:
        return _read(value.strip())
    return None


def _epoch(seconds: float) -> datetime | None:
    # Nine digits and more are seconds since 1970; a bare year is none.
    if not 1e8 <= abs(seconds) < 1e14:
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _read(text: str) -> datetime | None:
    if not text:
        return None
    if _DIGITS.fullmatch(text) and len(text) != 14:
        return _epoch(float(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        pass
    plain = _DOTTED_MONTH.sub(r"\1", _ZONE_NAME.sub("", text))
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    return None

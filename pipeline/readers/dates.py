"""Dates as sources write them, to UTC without a zone and the offset of the clock that told them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# No clock on earth is further from UTC.
_FURTHEST: Final = timedelta(hours=14)
_EARLIEST, _LATEST = datetime(1600, 1, 1), datetime(2200, 1, 1)
_DAYS: Final = (
    "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y %B %d", "%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d",
    "%d.%m.%Y", "%d-%b-%Y",
)  # fmt: skip
_TIMES: Final = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %I:%M%p",
    " %I %p",
    " %I%p",
)
_OTHERS: Final = ("%Y%m%d%H%M%S", "%b %d %H:%M:%S %Y")
_DIGITS = re.compile(r"-?\d{9,19}(?:\.\d{1,9})?")
_DOTTED_MONTH = re.compile(r"\b([A-Z][a-z]{2,3})\.")
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b", re.I)
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?", re.I
)
_MERIDIEM = re.compile(r"\b([ap])\.?m\b\.?", re.I)
_BETWEEN = re.compile(r",|\s-\s|\||\s(?:at|of)\s|(?<=\d)T(?=\d)", re.I)
_SPACE = re.compile(r"\s+")
# What clocks tell that were never set.
_BEGINNING = re.compile(r"1970-01-01T?\s?(?:00:00(?::00(?:\.0+)?)?)?(?:Z|\+00:?00)?$")
_SLASHED = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)")
_ZONE = re.compile(r"(?<=[\d\sm.(])([A-Z]{1,5})\)?$")
# "GMT+0200 (Central European Summer Time)", "UTC-5"; Etc/GMT-5 means the reverse.
_AHEAD = re.compile(
    r"\s?(?<![/A-Za-z])(?:GMT|UTC)\s?([+-])(\d{1,2})(?::?(\d{2}))?(?:\s?\([^()]{1,60}\))?$"
)
_UTC_BESIDE = re.compile(r"\[(?:UTC|GMT|Z)\]$")
# As Java and people write the name of a place: […+10:00[Australia/Sydney]], 07:00 Australia/Sydney.
_PLACE = re.compile(
    r"\s?[\[(]?\b([A-Z][A-Za-z]{2,20}(?:/[A-Z][A-Za-z_-]{1,30}){1,2}|Etc/UTC)[\])]?$"
)
# Minutes that clocks of a name are before UTC; of names that several countries use, the one whose papers write it.
_ZONES: Final[Mapping[str, int]] = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120,
    "EET": 120, "SAST": 120, "CAT": 120, "WAT": 60, "EEST": 180, "MSK": 180, "EAT": 180, "TRT": 180, "PKT": 300,
    "IST": 330, "NPT": 345, "ICT": 420, "WIB": 420, "HKT": 480, "SGT": 480, "PHT": 480, "AWST": 480, "JST": 540,
    "KST": 540, "ACST": 570, "AEST": 600, "ACDT": 630, "AEDT": 660, "NZST": 720, "NZDT": 780, "NST": -210,
    "NDT": -150, "AST": -240, "ADT": -180, "BRT": -180, "ART": -180, "EST": -300, "EDT": -240, "CST": -360,
    "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
# Names that mean winter's clock or summer's, by the day.
_PLACES: Final[Mapping[str, str]] = {
    "AET": "Australia/Sydney", "ET": "America/New_York",
    "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
}  # fmt: skip


class Moment(NamedTuple):
    """A time in UTC without a zone; by how many minutes the clock that told it is ahead, where it says so."""

    at: datetime | None = None
    offset: int | None = None

    def told_with(self, other: Moment) -> Moment:
        """The same; by the other's clock where that tells the same time, and this one tells none but UTC."""
        return other if self.at == other.at and not self.offset and other.offset else self


def parse_date(value: object) -> datetime | None:
    """`value` (text, seconds or milliseconds since 1970, date) as UTC without a zone; None where it is not certain."""
    return read_moment(value).at


def read_moment(value: object, day_first: bool | None = None) -> Moment:
    """The same with the clock that told it. Software writes UTC for any place, so an offset of 0 says little.

    `day_first` tells how 5/6/2024 is meant, where that is known (see `order_of`).
    """
    moment = _moment(value, day_first)
    if moment is None:
        return Moment()
    offset = None
    try:
        if (ahead := moment.utcoffset()) is not None:
            if abs(ahead) > _FURTHEST:
                return Moment()
            moment, offset = moment.replace(tzinfo=None) - ahead, round(ahead.total_seconds() / 60)
    except OverflowError:
        return Moment()
    return Moment(moment, offset) if _EARLIEST <= moment <= _LATEST else Moment()


def order_of(values: Iterable[object]) -> bool | None:
    """Whether the dates of a column have the day first; None where none of them tells, or they disagree."""
    told = set()
    for value in values:
        found = _SLASHED.search(value) if isinstance(value, str) and len(value) <= 80 else None
        one, two = (int(found[1]), int(found[3])) if found else (0, 0)
        if (one > 12) != (two > 12) and max(one, two) <= 31:
            told.add(one > 12)
    return told.pop() if len(told) == 1 else None


def _moment(value: object, day_first: bool | None = None) -> datetime | None:
    if isinstance(value, Mapping):
        # As databases of documents export them: {"$date": …}, {"$date": {"$numberLong": "…"}}.
        inner = next((value[name] for name in ("$date", "$numberLong") if name in value), None)
        if inner is None and isinstance(value.get("timezone"), str):
            # As PHP does: {"date": "2024-05-03 07:00:00.000000", "timezone": "Australia/Sydney"}.
            inner = f"{value.get('date')} {value['timezone']}"
        return _moment(inner)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int) and 19_000_101 <= value <= 21_991_231:
        return _read(str(value), None)
    if isinstance(value, int | float):
        return _epoch(value)
    if isinstance(value, str) and len(value) <= 80:
        return _read(value.strip(), day_first)
    return None


def _epoch(seconds: int | float) -> datetime | None:
    # Nine digits and more are seconds since 1970; a bare year is none.
    size = abs(seconds)
    if not 1e8 <= size < 1e19:
        return None
    unit = next(unit for unit in (1, 1e3, 1e6, 1e9) if size / unit < 1e11)
    try:
        return datetime.fromtimestamp(seconds / unit, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _read(text: str, day_first: bool | None) -> datetime | None:
    if not text or (text.startswith("1970") and _BEGINNING.match(text)):
        return None
    if text[4:5] == "-":
        # As nearly all are written.
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    if _DIGITS.fullmatch(text) and len(text) != 14:
        return _epoch(float(text))
    named: tzinfo | None = None
    text = _UTC_BESIDE.sub("", text)
    if ahead := _AHEAD.search(text):
        minutes = int(ahead[2]) * 60 + int(ahead[3] or 0)
        if minutes > 14 * 60:
            return None
        named = timezone(timedelta(minutes=minutes if ahead[1] == "+" else -minutes))
        text = text[: ahead.start()]
    elif ("/" in text or "UTC" in text) and (place := _PLACE.search(text)):
        named = _place(place[1])
        if named is None:
            return None
        text = text[: place.start()]
    zone = _ZONE.search(text) if named is None else None
    if zone is not None and zone[1].upper() not in ("AM", "PM") and not zone[1].isdigit():
        named = _zone(zone[1])
        if named is None:
            # An hour on a clock that nobody here knows is no moment.
            return None
        text = text[: zone.start()].rstrip(" (")
    moment = _without_name(text, day_first)
    if moment is not None and named is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=named)
    return moment


def _place(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zone(name: str) -> tzinfo | None:
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    return timezone(timedelta(minutes=_ZONES[name])) if name in _ZONES else None


def _without_name(text: str, day_first: bool | None) -> datetime | None:
    """A moment as told without the name of a zone; with an offset where it tells one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        pass
    ordered = _slashed(_ORDINAL.sub(r"\1", _DOTTED_MONTH.sub(r"\1", text)), day_first)
    if ordered is None:
        return None
    plain = _MERIDIEM.sub(r"\1m", _WEEKDAY.sub(" ", ordered)).replace("Sept ", "Sep ")
    plain = _SPACE.sub(" ", _BETWEEN.sub(" ", plain)).strip()
    if ordered != text:
        try:
            return datetime.fromisoformat(plain)
        except ValueError:
            pass
    for form in (*_OTHERS, *(day + time for day in _DAYS for time in _TIMES)):
        try:
            return datetime.strptime(plain, form)
        except ValueError:
            continue
    return None


def _slashed(text: str, day_first: bool | None) -> str | None:
    """31/12/2024 and 12/31/2024 as 2024-12-31. 03/04/2024, read in two ways, as its column has it, else None."""
    found = _SLASHED.search(text)
    if found is None:
        return text
    one, two = int(found[1]), int(found[3])
    if one == two or (one > 12) != (two > 12):
        day, month = (one, two) if one > 12 else (two, one)
    elif day_first is not None:
        day, month = (one, two) if day_first else (two, one)
    else:
        return None
    return f"{text[: found.start()]}{found[4]}-{month:02}-{day:02}{text[found.end() :]}"

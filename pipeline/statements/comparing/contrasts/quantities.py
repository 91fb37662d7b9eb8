# ruff: noqa: SIM905 (a list of strings would be five times as long to read)
"""Numbers with their units, as they are said: 'two and a half million', 'a decade', '15%', '12km'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.statements.comparing.wording import NUMBERS

_SCALES: Final = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6,
    "m": 1e6, "mn": 1e6, "mln": 1e6, "billion": 1e9, "billions": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12,
    "trillions": 1e12, "tn": 1e12, "dozen": 12.0, "dozens": 12.0, "scores": 20.0,
}  # fmt: skip
_PLURAL: Final = frozenset("hundreds thousands millions billions trillions dozens scores".split())
"""Scales that count by themselves."""
_FRACTIONS: Final = {
    "half": 50.0, "halves": 50.0, "third": 100 / 3, "thirds": 100 / 3, "quarter": 25.0, "quarters": 25.0,
    "fifth": 20.0, "fifths": 20.0, "tenth": 10.0, "tenths": 10.0,
}  # fmt: skip
"""In percent."""
_ORDINALS: Final = {
    word: float(at)
    for at, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
        " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_TIMES: Final = {"once": 1.0, "twice": 2.0, "thrice": 3.0, "single": 1.0}

_UNITS: Final = {
    "percent": ("share", 1.0, "percent"),
    "points": ("points", 1.0, "points"),
    "times": ("times", 1.0, "times"),
    "dollar": ("dollar", 1.0, "dollar dollars usd buck bucks $"),
    "euro": ("euro", 1.0, "euro euros eur €"),
    "pound": ("pound", 1.0, "pound pounds lb lbs gbp sterling £"),
    "cent": ("cent", 1.0, "cent cents"), "penny": ("penny", 1.0, "penny pence pennies"),
    "crown": ("crown", 1.0, "crown crowns krona kronor krone kroner"),
    "franc": ("franc", 1.0, "franc francs chf"), "yen": ("yen", 1.0, "yen ¥"), "yuan": ("yuan", 1.0, "yuan renminbi"),
    "rouble": ("rouble", 1.0, "rouble roubles ruble rubles"), "rupee": ("rupee", 1.0, "rupee rupees ₹"),
    "peso": ("peso", 1.0, "peso pesos"), "shekel": ("shekel", 1.0, "shekel shekels"),
    "mark": ("mark", 1.0, "mark marks"), "lira": ("lira", 1.0, "lira liras"), "real": ("real", 1.0, "reais"),
    "guinea": ("guinea", 1.0, "guinea guineas"), "shilling": ("shilling", 1.0, "shilling shillings"),
    "dinar": ("dinar", 1.0, "dinar dinars"), "rial": ("rial", 1.0, "rial rials riyal riyals"),
    "baht": ("baht", 1.0, "baht"), "fathom": ("length", 1.8288, "fathom fathoms"),
    "furlong": ("length", 201.17, "furlong furlongs"), "league": ("length", 4828.0, "leagues"),
    "m": ("length", 1.0, "metre metres meter meters"),
    "km": ("length", 1e3, "km kms kilometre kilometres kilometer kilometers"),
    "cm": ("length", 0.01, "cm centimetre centimetres centimeter centimeters"),
    "mm": ("length", 0.001, "mm millimetre millimetres millimeter millimeters"),
    "mile": ("length", 1609.3, "mile miles"), "yard": ("length", 0.9144, "yard yards"),
    "foot": ("length", 0.3048, "foot feet ft"), "inch": ("length", 0.0254, "inch inches"),
    "hectare": ("area", 1.0, "hectare hectares ha"), "acre": ("area", 0.4047, "acre acres"),
    "kg": ("mass", 1.0, "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes"),
    "gram": ("mass", 0.001, "gram grams gramme grammes g"),
    "tonne": ("mass", 1000.0, "tonne tonnes t ton tons"), "ounce": ("mass", 0.02835, "ounce ounces oz"),
    "litre": ("volume", 1.0, "litre litres liter liters"), "gallon": ("volume", 3.785, "gallon gallons"),
    "barrel": ("barrel", 1.0, "barrel barrels"), "pint": ("volume", 0.568, "pint pints"),
    "celsius": ("celsius", 1.0, "celsius centigrade"), "fahrenheit": ("fahrenheit", 1.0, "fahrenheit"),
    "watt": ("power", 1.0, "watt watts"), "kilowatt": ("power", 1e3, "kilowatt kilowatts kw"),
    "megawatt": ("power", 1e6, "megawatt megawatts mw"), "gigawatt": ("power", 1e9, "gigawatt gigawatts gw"),
    "second": ("time", 1.0, "seconds"), "minute": ("time", 60.0, "minute minutes min mins"),
    "hour": ("time", 3600.0, "hour hours hrs"), "day": ("time", 86400.0, "day days"),
    "week": ("time", 604800.0, "week weeks"), "fortnight": ("time", 1209600.0, "fortnight fortnights"),
    "month": ("month", 1.0, "month months"), "year": ("month", 12.0, "year years"),
    "decade": ("month", 120.0, "decade decades"), "century": ("month", 1200.0, "century centuries"),
    "knot": ("knot", 1.0, "knots"), "mph": ("mph", 1.0, "mph"), "kmh": ("kmh", 1.0, "kph kmh"),
}  # fmt: skip
_UNIT: Final = {
    word: (dimension, factor, name)
    for name, (dimension, factor, words) in _UNITS.items()
    for word in words.split()
}
_POWERS: Final = {"square": ("area", 2, 1e-4), "cubic": ("volume", 3, 1e3)}
"""What a length squared or cubed measures, and a square or cubic metre in hectares or litres."""
SIGNS: Final = frozenset("$€£¥₹")

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_FIGURE = re.compile(r"\d+(?:\.\d+)*")
_NEARLY = 0.03
"""Values of several units that differ by so little are one, converted and rounded."""


class Quantity(NamedTuple):
    """A number and what it counts: `dimension` is '' where no unit is told, 'year' and 'rank' for those."""

    value: float
    dimension: str = ""
    factor: float = 1.0
    unit: str = ""

    @property
    def key(self) -> str:
        """Equal quantities have the same."""
        return f"#{self.value * self.factor:.6g} {self.dimension}"


def quantity(words: Sequence[str], at: int) -> tuple[Quantity, int] | None:
    """The quantity that starts at a word, and where it ends; None where none does."""
    if at >= len(words):
        return None
    start = at
    sign = words[at] if words[at] in SIGNS else None
    minus = at + 1 < len(words) and words[at] == "minus" and _figure(words[at + 1]) is not None
    at += bool(sign) + minus
    told = _number(words, at)
    if told is None:
        return None
    value, at, dimension, whole = told
    value = -value if minus else value
    if sign is not None:
        return Quantity(value, *_UNIT[sign]), at
    if dimension:
        return Quantity(value, dimension), at
    after = words[at] if at < len(words) else ""
    if after in ("degree", "degrees"):
        at += 1
        after = words[at] if at < len(words) else ""
    if after in _POWERS and at + 1 < len(words):
        dimension, power, factor = _POWERS[after]
        length, metres, unit = _UNIT.get(words[at + 1], ("", 1.0, ""))
        if length == "length":
            return Quantity(value, dimension, metres**power * factor, f"{after} {unit}"), at + 2
    if after in _UNIT and (whole or after not in ("mark", "marks", "min", "foot")):
        # "half a year" is half of one; "half" alone is a share.
        return Quantity(value, *_UNIT[after]), at + 1
    figure = words[start]
    if at == start + 1 and _YEAR.fullmatch(figure):
        return Quantity(value, "year"), at
    return Quantity(value), at


def _number(words: Sequence[str], at: int) -> tuple[float, int, str, bool] | None:
    """The number at a word: its value, where it ends, its dimension where the number tells it, and whether it is told
    in full (and not by 'a')."""
    if at >= len(words):
        return None
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else ""
    if word in _ORDINALS and not (word == "second" and after == "to"):
        if word in _FRACTIONS and at and words[at - 1] in ("a", "one"):
            return _FRACTIONS[word], at + 1, "share", True
        return _ORDINALS[word], at + 1, "rank", True
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
        return float(word[:-2]), at + 1, "rank", True
    if word in _TIMES and word not in ("single",):
        return _TIMES[word], at + 1, "times", True
    if word in ("half", "quarter") and not (at and _figure(words[at - 1]) is not None):
        if after in ("a", "an") and at + 2 < len(words):
            if words[at + 2] in _SCALES:
                return _FRACTIONS[word] / 100 * _SCALES[words[at + 2]], at + 3, "", True
            if words[at + 2] in _UNIT:
                dimension, factor, _ = _UNIT[words[at + 2]]
                return _FRACTIONS[word] / 100 * factor, at + 3, dimension, True
        return _FRACTIONS[word], at + 1, "share", True
    if word in _PLURAL:
        return _SCALES[word], at + 1, "many", True
    value = _figure(word)
    article = value is None and word in ("a", "an", "one") and (after in _SCALES or after in _UNIT)
    if article:
        value = 1.0
    if value is None or (article and after in ("mark", "m", "b", "k", "t", "g")):
        return None
    if after in _FRACTIONS and after not in ("half", "quarter", "third", "fifth") and value < 20:
        return value * _FRACTIONS[after], at + 2, "share", True
    at += 1
    total, part = 0.0, value
    while at < len(words):
        word = words[at]
        if word in _SCALES and word not in _PLURAL:
            part *= _SCALES[word]
            if _SCALES[word] > 100:
                total, part = total + part, 0.0
            at += 1
        elif word == "and" and words[at + 1 : at + 3] == ["a", "half"]:
            part, at = part + 0.5, at + 3
        elif (
            word == "and"
            and at + 1 < len(words)
            and total + part >= 100
            and (small := _figure(words[at + 1]))
            and small < 100
        ):
            part, at = part + small, at + 2
        elif total and (small := _figure(word)) is not None and small < 1000:
            part, at = part + small, at + 1
        else:
            break
    return total + part, at, "", not article


def _figure(word: str) -> float | None:
    if word in NUMBERS:
        return float(NUMBERS[word])
    if not _FIGURE.fullmatch(word):
        return None
    parts = word.split(".")
    return float(".".join(parts[:2])) if len(parts) < 3 else float("".join(parts))


def agree(one: Quantity, two: Quantity) -> bool:
    """Whether two quantities may be the same: equal as far as both tell, converted, or the one rounded."""
    if one.dimension and two.dimension and one.dimension != two.dimension:
        return False
    a, b = one.value, two.value
    if one.dimension and two.dimension:
        a, b = a * one.factor, b * two.factor
        if one.unit != two.unit and abs(a - b) <= _NEARLY * max(abs(a), abs(b)):
            return True
    if a == b:
        return True
    return one.dimension == two.dimension != "year" and (_rounded(a, b) or _rounded(b, a))


def _rounded(full: float, short: float) -> bool:
    """Whether a number of few digits is another one of four or more, rounded."""
    digits, told = (f"{value:.12g}".replace(".", "").strip("0") for value in (full, short))
    if len(digits) < 4 or not 2 <= len(told) < len(digits):
        return False
    return float(f"{full:.{len(told)}g}") == short

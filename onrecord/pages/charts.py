"""Pictures as SVG, drawn here and styled by the style sheet, so that they are dark where the page is.

Each is markup that is built as XML, with a title; the page gives the same numbers as a table beneath.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

from markupsafe import Markup

from onrecord.warehouse.spans import Unit, following

WIDTH, LEFT, RIGHT, TOP, FOOT = 760.0, 44.0, 8.0, 12.0, 24.0
_DIGIT, _GAP = 8.0, 6.0


class Bar(NamedTuple):
    """One bar: what it is of, how much, and where a click on it leads."""

    label: str
    value: float
    link: str | None = None


def bars(
    title: str, shown: Sequence[Bar], *, height: float = 200.0, width: float = WIDTH
) -> Markup:
    """Upright bars side by side, such as quotations a day."""
    picture = canvas(title, height, width)
    if any(bar.link for bar in shown):
        # An image may hold no links.
        picture.set("role", "group")
    most = max((bar.value for bar in shown), default=0) or 1
    floor, high = height - FOOT, height - FOOT - TOP
    left = max(LEFT, _DIGIT * len(f"{most:,.0f}") + 2 * _GAP)
    for value in sorted({0, _round(most / 2), most}):
        y = floor - high * value / most
        put(picture, "line", x1=left, x2=width - RIGHT, y1=y, y2=y, class_="rule")
        text(picture, left - _GAP, y + 4, f"{value:,.0f}", "end")
    step = (width - left - RIGHT) / max(len(shown), 1)
    wide = min(step * 0.8, 48.0)
    every = max(1, math.ceil(len(shown) * 90 / width))
    for place, bar in enumerate(shown):
        x, tall = left + step * (place + 0.5), high * bar.value / most
        told = plain(f"{bar.label}: {bar.value:,.0f}")
        home = put(picture, "a", href=bar.link, aria_label=told) if bar.link else picture
        drawn = put(
            home, "rect", x=x - wide / 2, y=floor - tall, width=wide, height=tall, class_="bar"
        )
        ElementTree.SubElement(drawn, "title").text = told
        if place % every == 0:
            text(picture, x, height - 6, bar.label, "middle")
    return written(picture)


def labelled(since: date, unit: str) -> str:
    """A day, week, month or year as the label of a bar."""
    if unit == "year":
        return f"{since.year}"
    if unit == "month":
        return f"{since:%b} {since.year}"
    return f"{since.day} {since:%b}"


def until(since: date, unit: Unit) -> date:
    """The last day of the day, week, month or year that begins with `since`."""
    return following(since, unit) - timedelta(days=1)


def canvas(title: str, height: float, width: float = WIDTH) -> ElementTree.Element:
    """An empty picture that scales with the page."""
    picture = ElementTree.Element(
        "svg", {"viewBox": f"0 0 {width:g} {height:g}", "role": "img", "class": "chart"}
    )
    picture.set("aria-label", plain(title))
    ElementTree.SubElement(picture, "title").text = plain(title)
    return picture


def put(parent: ElementTree.Element, tag: str, **values: object) -> ElementTree.Element:
    """An element in the picture; `class_` is its class."""
    told = {
        name.rstrip("_").replace("_", "-"): f"{value:.1f}"
        if isinstance(value, float)
        else str(value)
        for name, value in values.items()
        if value is not None
    }
    return ElementTree.SubElement(parent, tag, told)


def text(
    parent: ElementTree.Element, x: float, y: float, words: str, anchor: str = "start"
) -> ElementTree.Element:
    """Words in the picture."""
    made = put(parent, "text", x=x, y=y, text_anchor=anchor)
    made.text = plain(words)
    return made


def written(picture: ElementTree.Element) -> Markup:
    """The picture as markup."""
    return Markup(ElementTree.tostring(picture, encoding="unicode"))  # noqa: S704


def plain(words: str) -> str:
    """Words without what XML cannot hold."""
    return "".join(sign for sign in words if sign >= " " and not 0xD800 <= ord(sign) < 0xE000)


def _round(value: float) -> float:
    return float(math.floor(value)) if value >= 1 else value

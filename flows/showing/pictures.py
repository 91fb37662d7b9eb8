"""Pictures of the record as SVG: quotations by time and speaker, and the landscape of themes.

They are drawn by hand: two pictures of rectangles, circles and words take milliseconds so, where a plotting library
takes a second to import on every run. The XML is made by the standard library, which escapes every name.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import date, timedelta
from itertools import takewhile
from xml.etree import ElementTree

import polars as pl

from onrecord.flows.watching.escaping import plain
from onrecord.pages.charts import labelled
from onrecord.pages.placing import placed

WIDTH = 760
# Okabe and Ito's palette, which people with any colour vision tell apart; grey is everybody else.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
OTHERS = "#b8b8b8"
INK, LINE = "#222", "#ddd"
HIGH, FIGURE = 380, 14
TOP, FOOT, LEFT, RIGHT, BARS = 76, 28, 40, 16, 170
_DAYS = {"day": 1, "week": 7}
_PLACES: dict[str, Callable[[date], int]] = {
    "day": date.toordinal,
    "week": lambda day: day.toordinal() // 7,
    "month": lambda day: day.year * 12 + day.month - 1,
    "year": lambda day: day.year,
}
"""Where a day stands in the row of its periods."""
LETTER = 6.8
"""How wide a letter is, about."""


def data_uri(svg: str) -> str:
    """The picture as an address that holds it whole."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def periods(said: pl.DataFrame) -> str:
    """Quotations over time and by speaker as stacked bars.

    `said` has unit ("day", "week", "month" or "year"), begins, speaker (NULL: everybody else) and quotations.
    """
    unit: str = said["unit"][0]
    begun: list[date] = said["begins"].sort().to_list()
    place = _PLACES[unit]
    last = place(begun[-1])
    speakers = said["speaker"].drop_nulls().unique(maintain_order=True).to_list()
    colours: dict[str | None, str] = {**dict(zip(speakers, COLOURS, strict=False)), None: OTHERS}
    # A single one would be a bar as wide as the picture.
    shown = max(last - place(begun[0]) + 1, 7)
    step = (WIDTH - LEFT - RIGHT) / shown
    highest = int(said.group_by("begins").agg(pl.col("quotations").sum())["quotations"].max() or 1)
    picture = _picture(TOP + BARS + FOOT, f"Quotations a {unit}, by speaker")
    _legend(picture, colours)
    for value in sorted({0, highest // 2, highest}):
        height = TOP + BARS - BARS * value / highest
        _line(picture, LEFT, height, WIDTH - RIGHT, height)
        _text(picture, LEFT - 6, height + 4, f"{value:,}", anchor="end")
    every = math.ceil(shown / 8)
    for begins in dict.fromkeys(begun):
        foot, before = float(TOP + BARS), last - place(begins)
        left = LEFT + step * (shown - 1 - before)
        rows = said.filter(pl.col("begins") == begins).select("speaker", "quotations").rows()
        for speaker, quotations in rows:
            height = BARS * quotations / highest
            foot -= height
            bar = _put(
                picture,
                "rect",
                x=left + step * 0.1,
                y=foot,
                width=step * 0.8,
                height=height,
                fill=colours[speaker],
            )
            told = f"{plain(speaker or 'others')}, {labelled(begins, unit)}: {quotations}"
            ElementTree.SubElement(bar, "title").text = told
    for before in range(0, shown, every):
        told = labelled(_before(begun[-1], before, unit), unit)
        _text(picture, LEFT + step * (shown - before - 0.5), TOP + BARS + 18, told, "middle")
    return _written(picture)


def _before(last: date, periods: int, unit: str) -> date:
    """The day on which the period so many before the one that begins on `last` begins."""
    if unit in _DAYS:
        return last - timedelta(days=periods * _DAYS[unit])
    months = _PLACES["month"](last) - periods * (12 if unit == "year" else 1)
    return date(months // 12, months % 12 + 1, 1)


def landscape(themes: pl.DataFrame) -> str:
    """Themes as circles, like ones near each other; `themes` has label, size, embedding, the largest first."""
    height = HIGH
    places, radii = placed(
        themes["embedding"].to_list(), themes["size"].to_list(), WIDTH, TOP, height
    )
    picture = _picture(height, "Themes: size is statements, nearness is likeness")
    below: list[str] = []
    for place, (label, size) in enumerate(themes.select("label", "size").rows()):
        (x, y), radius = places[place], radii[place]
        colour = COLOURS[place % len(COLOURS)]
        circle = _put(picture, "circle", cx=x, cy=y, r=radius, fill=colour, fill_opacity=0.25)
        ElementTree.SubElement(circle, "title").text = f"{plain(label)}: {size:,} statements"
        whole = [plain(word) for word in label.split(", ")]
        room = max(1, int(radius / 14))
        # The first tells most: where it has no room, the others alone would mislead.
        words = list(takewhile(lambda word: len(word) * LETTER < 1.9 * radius, whole))[:room]  # noqa: B023
        if not words:
            # What does not fit stands below, beside the number that stands here.
            words = [f"{place + 1}"]
            below.append(f"{place + 1}  {', '.join(whole)}: {size:,}")
        elif radius >= 2 * FIGURE:
            words.append(f"{size:,}")
        for line, word in enumerate(words):
            _text(picture, x, y + 4 + 14 * (line - (len(words) - 1) / 2), word, "middle")
    _listed(picture, below, height)
    return _written(picture)


def _listed(picture: ElementTree.Element, lines: list[str], top: float) -> None:
    """Lines below a picture, which is made as much higher."""
    for at, line in enumerate(lines):
        _text(picture, LEFT - 24, top + 18 * (at + 1), line[: int((WIDTH - LEFT) / LETTER)])
    if lines:
        high = top + 18 * len(lines) + 12
        picture.set("height", str(high))
        picture.set("viewBox", f"0 0 {WIDTH} {high}")
        picture[0].set("height", str(high))


def _legend(picture: ElementTree.Element, colours: dict[str | None, str]) -> None:
    x, y = float(LEFT), 38
    for speaker, colour in colours.items():
        name = plain(speaker or "others", 24)
        wide = 28 + LETTER * len(name)
        if x + wide > WIDTH:
            x, y = float(LEFT), y + 16
        _put(picture, "rect", x=x, y=y, width=10, height=10, fill=colour)
        _text(picture, x + 14, y + 9, name)
        x += wide


def _picture(height: float, title: str) -> ElementTree.Element:
    picture = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": str(WIDTH),
            "height": str(height),
            "font-family": "system-ui, sans-serif",
            "font-size": "12",
        },
    )
    _put(picture, "rect", width=WIDTH, height=height, rx=6, fill="#fff")
    _text(picture, LEFT - 24, 24, title).set("font-size", "14")
    return picture


def _put(picture: ElementTree.Element, tag: str, **values: object) -> ElementTree.Element:
    told = {
        name.replace("_", "-"): f"{value:.2f}" if isinstance(value, float) else str(value)
        for name, value in values.items()
    }
    return ElementTree.SubElement(picture, tag, told)


def _line(picture: ElementTree.Element, x1: float, y1: float, x2: float, y2: float) -> None:
    _put(picture, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=LINE)


def _text(
    picture: ElementTree.Element, x: float, y: float, words: str, anchor: str = "start"
) -> ElementTree.Element:
    text = _put(picture, "text", x=x, y=y, fill=INK, text_anchor=anchor)
    text.text = words
    return text


def _written(picture: ElementTree.Element) -> str:
    return ElementTree.tostring(picture, encoding="unicode")

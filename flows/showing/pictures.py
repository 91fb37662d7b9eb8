"""Pictures of the record as SVG: quotations by day and speaker, and the landscape of themes.

They are drawn by hand: two pictures of rectangles, circles and words take milliseconds so, where a plotting library
takes a second to import on every run. The XML is made by the standard library, which escapes every name.
"""

from __future__ import annotations

import base64
import math
from datetime import date, timedelta
from xml.etree import ElementTree

import numpy as np
import polars as pl

from onrecord.flows.watching.escaping import plain

WIDTH = 760
# Okabe and Ito's palette, which people with any colour vision tell apart; grey is everybody else.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
OTHERS = "#b8b8b8"
INK, LINE = "#222", "#ddd"
TOP, FOOT, LEFT, RIGHT, BARS = 76, 28, 40, 16, 170
ROUNDS = 200


def data_uri(svg: str) -> str:
    """The picture as an address that holds it whole."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def days(said: pl.DataFrame) -> str:
    """Quotations by day and speaker as stacked bars; `said` has day, speaker (NULL: everybody else), quotations."""
    days_said: list[date] = said["day"].sort().to_list()
    first, last = days_said[0], days_said[-1]
    speakers = said["speaker"].drop_nulls().unique(maintain_order=True).to_list()
    colours: dict[str | None, str] = {**dict(zip(speakers, COLOURS, strict=False)), None: OTHERS}
    # A single day would be one bar as wide as the picture.
    shown = max((last - first).days + 1, 7)
    first = last - timedelta(days=shown - 1)
    step = (WIDTH - LEFT - RIGHT) / shown
    highest = int(said.group_by("day").agg(pl.col("quotations").sum())["quotations"].max() or 1)
    picture = _picture(TOP + BARS + FOOT, "Quotations a day, by speaker")
    _legend(picture, colours)
    for value in sorted({0, highest // 2, highest}):
        height = TOP + BARS - BARS * value / highest
        _line(picture, LEFT, height, WIDTH - RIGHT, height)
        _text(picture, LEFT - 6, height + 4, f"{value:,}", anchor="end")
    for day in dict.fromkeys(days_said):
        foot = float(TOP + BARS)
        rows = said.filter(pl.col("day") == day).select("speaker", "quotations").rows()
        for speaker, quotations in rows:
            height = BARS * quotations / highest
            foot -= height
            bar = _put(
                picture,
                "rect",
                x=LEFT + step * (day - first).days + step * 0.1,
                y=foot,
                width=step * 0.8,
                height=height,
                fill=colours[speaker],
            )
            told = f"{plain(speaker or 'others')}, {day:%-d %b}: {quotations}"
            ElementTree.SubElement(bar, "title").text = told
    every = math.ceil(shown / 8)
    for place in range(shown - 1, -1, -every):
        day = first + timedelta(days=place)
        _text(picture, LEFT + step * (place + 0.5), TOP + BARS + 18, f"{day:%-d %b}", "middle")
    return _written(picture)


def landscape(themes: pl.DataFrame) -> str:
    """Themes as circles, like ones near each other; `themes` has label, size, embedding, the largest first."""
    height = 380
    sizes = themes["size"].to_numpy().astype(float)
    # All circles together cover a third of the picture.
    radii = np.sqrt(sizes * WIDTH * (height - TOP) / 3 / math.pi / sizes.sum())
    radii = np.clip(radii, 12, 90)
    places = _apart(_projected(themes["embedding"].to_list(), height), radii, height)
    picture = _picture(height, "Themes: size is statements, nearness is likeness")
    for place, (label, size) in enumerate(themes.select("label", "size").rows()):
        (x, y), radius = places[place], radii[place]
        colour = COLOURS[place % len(COLOURS)]
        circle = _put(picture, "circle", cx=x, cy=y, r=radius, fill=colour, fill_opacity=0.25)
        ElementTree.SubElement(circle, "title").text = f"{plain(label)}: {size:,} statements"
        words = [plain(word) for word in label.split(", ")][: max(1, int(radius / 14))]
        for line, word in enumerate([*words, f"{size:,}"]):
            down = y + 4 + 14 * (line - len(words) / 2)
            _text(picture, x, down, word[: max(4, int(radius / 3))], "middle")
    return _written(picture)


def _projected(vectors: list[list[float]], height: float) -> np.ndarray:
    """Where each vector lies in the picture: its first two principal components, stretched to the edges."""
    spread = np.asarray(vectors, dtype=float)
    spread = spread - spread.mean(axis=0)
    left, weights, _ = np.linalg.svd(spread, full_matrices=False)
    flat = np.zeros((len(vectors), 2))
    flat[:, : min(2, left.shape[1])] = (left * weights)[:, :2]
    # The sign of a component is arbitrary: the largest theme lies to the left and above.
    flat *= np.where(flat[0] > 0, -1.0, 1.0)
    reach = np.abs(flat).max(axis=0)
    flat /= np.where(reach > 1e-9, reach, 1.0)
    middle = np.array([WIDTH / 2, (TOP + height) / 2])
    return middle + flat * (np.array([WIDTH / 2, (height - TOP) / 2]) * 0.8)


def _apart(places: np.ndarray, radii: np.ndarray, height: float) -> np.ndarray:
    """The places, moved so that the circles overlap as little as may be and stay inside the picture."""
    # Two at one place could not be told apart.
    places = places + np.arange(len(places))[:, None] * (0.01, 0)
    low = np.column_stack([radii + 4, radii + TOP - 20])
    high = np.column_stack([WIDTH - radii - 4, height - radii - 4])
    reach = radii[:, None] + radii[None, :] + 3
    np.fill_diagonal(reach, 0)
    for _ in range(ROUNDS):
        between = places[:, None, :] - places[None, :, :]
        distance = np.linalg.norm(between, axis=2)
        overlap = np.clip(reach - distance, 0, None)
        push = between / np.maximum(distance, 1e-3)[:, :, None] * overlap[:, :, None]
        places = np.clip(places + push.sum(axis=1) * 0.3, low, high)
    return places


def _legend(picture: ElementTree.Element, colours: dict[str | None, str]) -> None:
    x, y = float(LEFT), 38
    for speaker, colour in colours.items():
        name = plain(speaker or "others", 24)
        wide = 28 + 6.8 * len(name)
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

"""Three pictures as SVG: who carried a statement when and from whom, the map of themes, what was said over time.

Colours are the style sheet's, by class, so that they are right in light and in dark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from math import sqrt
from xml.etree import ElementTree

from markupsafe import Markup

from onrecord.pages import charts
from onrecord.pages.placing import placed
from onrecord.warehouse.looking.listed import Day
from onrecord.warehouse.looking.statement import Carrier
from onrecord.warehouse.looking.theme import Placed
from onrecord.warehouse.spans import Unit, following, unit_of

WIDTH = 760.0
BARS = 150.0
LETTER = 6.8
"""How wide a letter is, about."""
LABELS, ROW, TOP = 190, 26, 34
MOST_ROWS = 40
_HOUR = 3600.0
_TICKS = (
    (0.0, "first"),
    (_HOUR, "1 h"),
    (6 * _HOUR, "6 h"),
    (24 * _HOUR, "1 day"),
    (72 * _HOUR, "3 days"),
    (168 * _HOUR, "1 week"),
    (720 * _HOUR, "1 month"),
    (8766 * _HOUR, "1 year"),
)


def name(carrier: Carrier) -> str:
    """The outlet; one that nobody knows has a row of its own."""
    return carrier.outlet or "outlet unknown"


def carried(carriers: Sequence[Carrier]) -> Markup | None:
    """Who carried a statement when, a row an outlet; lines lead from what was copied, dashed from the same words.

    None where fewer than two articles tell their time.
    """
    dated = [one for one in carriers if one.published_at is not None]
    rows = list(dict.fromkeys(name(one) for one in dated))[:MOST_ROWS]
    if len(dated) < 2:
        return None
    picture = charts.canvas("Who carried it when, and from whom", TOP + ROW * len(rows) + 16, WIDTH)
    first = min(_moment(one) for one in dated)
    longest = max((_moment(one) - first).total_seconds() for one in dated)
    places: dict[str, tuple[float, float]] = {}
    for seconds, words in _ticks(longest):
        x = _across(seconds, longest)
        charts.put(picture, "line", class_="rule", x1=x, y1=TOP - 8, x2=x, y2=TOP + ROW * len(rows))
        charts.text(picture, x, TOP - 14, words, "middle")
    for place, row in enumerate(rows):
        charts.text(picture, LABELS - 12, TOP + ROW * (place + 0.5) + 4, _short(row, 26), "end")
    for one in dated:
        if name(one) in rows:
            y = TOP + ROW * (rows.index(name(one)) + 0.5)
            places[one.article_id] = (
                _across((_moment(one) - first).total_seconds(), longest),
                y,
            )
    for one in dated:
        for source, how in ((one.copy_of, "copied"), (one.same_words_as, "same-words")):
            if source in places and one.article_id in places and source is not None:
                _arc(picture, places[source], places[one.article_id], how)
    for one in dated:
        if one.article_id in places:
            x, y = places[one.article_id]
            kind = "dot copy" if one.copy_of else "dot first" if one.place == 1 else "dot"
            if not _exact(one):
                charts.put(picture, "line", class_="day", x1=x - 14, y1=y, x2=x + 14, y2=y)
            dot = charts.put(picture, "circle", class_=kind, cx=x, cy=y, r=6)
            ElementTree.SubElement(dot, "title").text = charts.plain(
                f"{name(one)}, {_told(one.published_at)}"
            )
    return charts.written(picture)


def _exact(carrier: Carrier) -> bool:
    """Whether more than the day is told."""
    moment = carrier.published_at
    return moment is not None and (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def _moment(carrier: Carrier) -> datetime:
    """When it was published; the middle of the day where that alone is told."""
    moment = carrier.published_at or datetime.min
    return moment if _exact(carrier) else moment + timedelta(hours=12)


def _told(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}".removesuffix(" 00:00") if moment else "no time told"


def _ticks(longest: float) -> list[tuple[float, str]]:
    """Moments to mark, none so near to the one before that their words would touch."""
    marked: list[tuple[float, str]] = []
    for seconds, words in _TICKS:
        if seconds <= longest:
            if marked and _across(seconds, longest) - _across(marked[-1][0], longest) < 48:
                continue
            marked.append((seconds, words))
    return marked


def _across(seconds: float, longest: float) -> float:
    """The first hours count most: the root of the time."""
    return LABELS + (WIDTH - LABELS - 24) * (sqrt(max(seconds, 0.0) / longest) if longest else 0.0)


def _arc(
    picture: ElementTree.Element, start: tuple[float, float], end: tuple[float, float], how: str
) -> None:
    (x1, y1), (x2, y2) = start, end
    bend = x1 + (x2 - x1) * 0.5
    way = f"M{x1:.1f},{y1:.1f} C{bend:.1f},{y1:.1f} {bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    charts.put(picture, "path", class_=how, d=way)


def themes(places: Sequence[Placed], home: str) -> Markup | None:
    """The themes as circles that lead to their pages under `home`: size is statements, nearness likeness."""
    if not places:
        return None
    height = 400
    where, radii = placed(
        [one.embedding for one in places], [one.size for one in places], WIDTH, 24, height
    )
    # It holds links, which an image may not.
    picture = charts.canvas("Themes: size is statements, nearness is likeness", height, WIDTH)
    picture.set("role", "group")
    for number, one in enumerate(places):
        (x, y), radius = where[number], float(radii[number])
        anchor = ElementTree.SubElement(picture, "a", {"href": home + one.theme_id})
        circle = charts.put(
            anchor, "circle", class_=f"theme c{number % 6}", cx=float(x), cy=float(y), r=radius
        )
        ElementTree.SubElement(circle, "title").text = charts.plain(
            f"{one.label}: {one.size:,} statements"
        )
        # The first tells most: where it has no room, the others alone would mislead.
        fit = takewhile(lambda word: len(word) * LETTER < 1.9 * radius, one.label.split(", "))  # noqa: B023
        lines = list(fit)[: max(1, int(radius / 14) - 1)]
        for line, word in enumerate([*lines, f"{one.size:,}"]):
            down = float(y) + 4 + 14 * (line - len(lines) / 2)
            charts.text(anchor, float(x), down, word, "middle")
    return charts.written(picture)


def timeline(days: Sequence[Day], title: str) -> Markup | None:
    """Quotations by day, week, month or year, as the span of days asks; the six names that say most apart."""
    if not days:
        return None
    unit = unit_of(min(one.day for one in days), max(one.day for one in days))
    counts: Counter[tuple[date, str | None]] = Counter()
    totals: Counter[str] = Counter()
    for one in days:
        counts[_begin(one.day, unit), one.name] += one.quotations
        if one.name is not None:
            totals[one.name] += one.quotations
    names = [name for name, _ in totals.most_common(6)]
    since = _steps(min(one[0] for one in counts), max(one[0] for one in counts), unit)
    rest = {
        start: sum(n for (at, name), n in counts.items() if at == start and name not in names)
        for start in since
    }
    legend = [*((name, f"c{place}") for place, name in enumerate(names)), ("others", "rest")]
    lines = _legend(legend)
    top = 16 + 18 * (max(line for line, _, _, _ in lines) + 1)
    picture = charts.canvas(title, top + BARS + 24, WIDTH)
    for line, x, name, kind in lines:
        charts.put(picture, "rect", x=x, y=4 + 18 * line, width=10, height=10, class_=kind)
        charts.text(picture, x + 14, 13 + 18 * line, name)
    highest = max(sum(counts[start, name] for name in names) + rest[start] for start in since)
    for value in sorted({0, highest // 2, highest}):
        y = top + BARS - BARS * value / highest
        charts.put(picture, "line", x1=44.0, y1=y, x2=WIDTH - 8.0, y2=y, class_="rule")
        charts.text(picture, 38, y + 4, f"{value:,}", "end")
    step = (WIDTH - 72) / max(len(since), 7)
    every = -(-len(since) // 8)
    for place, start in enumerate(since):
        foot = float(top + BARS)
        x = 44 + step * place
        for name, kind in legend:
            count = rest[start] if kind == "rest" else counts[start, name]
            if count:
                tall = BARS * count / highest
                foot -= tall
                bar = charts.put(
                    picture,
                    "rect",
                    x=x + step * 0.1,
                    y=foot,
                    width=step * 0.8,
                    height=tall,
                    class_=kind,
                )
                told = f"{name}, {charts.labelled(start, unit)}: {count:,}"
                ElementTree.SubElement(bar, "title").text = charts.plain(told)
        if place % every == 0:
            charts.text(
                picture, x + step / 2, top + BARS + 18, charts.labelled(start, unit), "middle"
            )
    return charts.written(picture)


def _begin(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return (
        day.replace(day=1, month=1)
        if unit == "year"
        else day.replace(day=1)
        if unit == "month"
        else day
    )


def _steps(first: date, last: date, unit: Unit) -> list[date]:
    """Every day, week, month or year from the first to the last: where nothing was said there is a gap."""
    found = [first]
    while found[-1] < last and len(found) < 1_000:
        found.append(following(found[-1], unit))
    return found


def _legend(names: Sequence[tuple[str, str]]) -> list[tuple[int, float, str, str]]:
    """Each name with its line, its place in it and its colour."""
    laid, line, x = [], 0, 44.0
    for name, kind in names:
        short = _short(name, 34)
        wide = 28 + LETTER * len(short)
        if x + wide > WIDTH and x > 44:
            line, x = line + 1, 44.0
        laid.append((line, x, short, kind))
        x += wide
    return laid


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"

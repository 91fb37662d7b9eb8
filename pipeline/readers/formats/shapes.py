"""Shapes: where in a JSON document the articles lie, and rows that are columns or objects in a tool's own way."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.columns import guess_columns, guess_fields, value_of

# Where an export wraps its list of articles in an object.
_WRAPPERS = (
    "articles", "items", "data", "results", "docs", "documents", "records", "hits", "posts", "objects", "value",
    "entries", "stories", "news", "@graph",
)  # fmt: skip
_FEED = "https://jsonfeed.org/version/"


def unwrapped(value: object, settings: IngestSettings) -> object:
    """The list of articles in an object that is none itself, or in an object of that object; else what was given."""
    if not isinstance(value, dict) or has_text(plain(value), guess_fields(value, settings)):
        return value
    if (rows := _framed(value, settings)) is not None:
        return rows
    if (posts := _ghost(value)) is not None:
        return posts
    for outer in (value, *(inner for inner in value.values() if isinstance(inner, dict))):
        for name in _WRAPPERS:
            if isinstance(outer.get(name), list):
                return _of_feed(value, outer[name])
    return value


def has_text(value: Mapping[str, object], columns: Mapping[str, str]) -> bool:
    """Whether a row's own field holds what could be a text."""
    kinds = (str, bytes, list)
    return any(isinstance(value_of(value, columns, ours), kinds) for ours in ("text", "html"))


def plain(row: dict[str, object]) -> dict[str, object]:
    """A row of WordPress ({"title": {"rendered": …}}, a date by its own clock and one in UTC) as others have it."""
    for value in row.values():
        if type(value) is dict and "rendered" in value:
            break
    else:
        return row
    made = {
        name: value["rendered"] if isinstance(value, dict) and "rendered" in value else value
        for name, value in row.items()
    }
    own, utc = made.get("date"), made.pop("date_gmt", None)
    if isinstance(own, str) and isinstance(utc, str):
        with suppress(ValueError):
            here, there = datetime.fromisoformat(own), datetime.fromisoformat(utc)
            ahead = round((here - there).total_seconds() / 60)
            if abs(ahead) <= 14 * 60:
                sign = "-" if ahead < 0 else "+"
                made["date"] = f"{here.isoformat()}{sign}{abs(ahead) // 60:02}:{abs(ahead) % 60:02}"
    return made


def _framed(value: dict[str, object], settings: IngestSettings) -> list[object] | None:
    """A data frame's rows, whichever way round it was written; None where it is none."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        names = [str(name) for name in columns]
        return [
            dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in data
        ]
    inner = list(value.values())
    if not inner or not all(isinstance(one, dict) for one in inner):
        return None
    known = guess_columns(value, settings)
    text = value.get(known.get("text") or known.get("html") or "")
    flat = isinstance(text, dict) and not any(isinstance(v, dict | list) for v in text.values())
    if isinstance(text, dict) and flat and len(value) > 1:
        frame = {name: one for name, one in value.items() if isinstance(one, dict)}
        return [{name: column.get(key) for name, column in frame.items()} for key in text]
    rows = [one for one in inner if isinstance(one, dict)]
    if not all(map(str.isdigit, value)):
        return None
    return list(rows) if all(has_text(row, guess_fields(row, settings)) for row in rows) else None


def _ghost(value: dict[str, object]) -> list[object] | None:
    """The posts of a Ghost export."""
    inner = value.get("db")
    first = inner[0] if isinstance(inner, list) and inner else None
    data = first.get("data") if isinstance(first, dict) else None
    posts = data.get("posts") if isinstance(data, dict) else None
    return posts if isinstance(posts, list) else None


def _of_feed(document: dict[str, object], items: list[object]) -> list[object]:
    """The items of a JSON Feed, of the outlet that the feed is called after."""
    name = document.get("title")
    if not str(document.get("version")).startswith(_FEED) or not isinstance(name, str):
        return items
    return [{**item, "outlet": name} if isinstance(item, dict) else item for item in items]

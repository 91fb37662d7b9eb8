"""XML that is no feed: an article as trafilatura, the Text Encoding Initiative and agencies write it, or rows.

<doc title="Ferry to run at night" sitename="The Harbour Gazette" date="2024-05-02" url="https://…"><main><p>…</p></main></doc>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.columns import guess_columns
from onrecord.pipeline.readers.fields import record_of
from onrecord.pipeline.readers.items import Record, Refusal

MEDIA_TYPE = "application/xml"
_SPACE = re.compile(r"\s+")
_TEXT = frozenset({"p", "head", "ab", "item", "quote", "hl2", "lb", "row", "title", "block"})
_SITE = re.compile(r"(.{1,200}?) \([\w.-]{3,200}\)")


def articles(root: Any, settings: IngestSettings) -> Iterator[Record | Refusal] | None:
    """The articles of a document whose root says that it holds some; None where it does not."""
    name = _name(root)
    kind = _KINDS.get(name)
    found: list[tuple[str | None, dict[str, Any]]]
    if kind is not None:
        found = [(None, kind(root))]
    elif name in ("corpus", "docs", "teiCorpus"):
        inner = [one for one in root if _name(one) in _KINDS]
        if not inner:
            return None
        found = [(f"item {n}", _KINDS[_name(one)](one)) for n, one in enumerate(inner, 1)]
    elif name in ("items", "articles", "rows", "records", "data") and all(map(_is_row, root)):
        found = [(f"item {n}", _row(one)) for n, one in enumerate(_elements(root), 1)]
    else:
        return None
    if not found:
        return None
    return (_record(row, place, settings) for place, row in found)


def _record(row: dict[str, Any], place: str | None, settings: IngestSettings) -> Record | Refusal:
    columns = guess_columns(row, settings)
    item = record_of(row, columns, place or "", MEDIA_TYPE, settings.max_article_chars)
    if place is not None:
        return item
    if isinstance(item, Refusal):
        return item._replace(place=None)
    item.place = None
    return item


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def _elements(root: Any) -> list[Any]:
    return [one for one in root if isinstance(one.tag, str)]


def _is_row(element: Any) -> bool:
    return not isinstance(element.tag, str) or any(not len(field) for field in element)


def _row(element: Any) -> dict[str, Any]:
    """A row's fields; one that repeats is a list, one that holds values holds a list."""
    row: dict[str, Any] = {}
    for field in _elements(element):
        values = [_line(one) for one in _elements(field)]
        value: Any = values or "".join(field.itertext()).strip()
        name = _name(field)
        if name in row:
            before = row[name] if isinstance(row[name], list) else [row[name]]
            value = [*before, value]
        row[name] = value
    return row


def _doc(root: Any) -> dict[str, Any]:
    """trafilatura's own."""
    main = next((one for one in root if _name(one) == "main"), root)
    return {**dict(root.attrib), "text": _text(main)}


def _tei(root: Any) -> dict[str, Any]:
    source = next(root.iter("{*}biblFull"), None)
    header = next(root.iter("{*}teiHeader"), root) if source is None else source
    publisher = _line(next(header.iter("{*}publisher"), None))
    site = _SITE.fullmatch(publisher or "")
    pointed = next((str(one.get("target")) for one in header.iter("{*}ptr") if one.get("target")), None)  # fmt: skip
    body = next(root.iter("{*}body"), None)
    parts = [] if body is None else [d for d in body if d.get("type") != "comments"]
    date = next(iter(header.iter("{*}date")), None)
    return {
        "title": _line(next(header.iter("{*}title"), None)),
        "author": [_line(one) for one in header.iter("{*}author")],
        "outlet": site[1] if site else publisher,
        "url": pointed,
        "date": None if date is None else date.get("when") or _line(date),
        "text": "\n\n".join(filter(None, map(_text, parts))),
    }


def _nitf(root: Any) -> dict[str, Any]:
    """What news agencies send: NITF."""
    first = {n: next(root.iter(f"{{*}}{n}"), None) for n in ("hl1", "byline", "body.content")}
    head = next(root.iter("{*}pubdata"), None)
    issued = next(root.iter("{*}date.issue"), None)
    content = first["body.content"]
    return {
        "title": _line(first["hl1"]),
        "author": re.sub(r"^by\s+", "", _line(first["byline"]) or "", flags=re.I),
        "outlet": None if head is None else head.get("name"),
        "url": None if head is None else head.get("ex-ref"),
        "date": (None if issued is None else issued.get("norm"))
        or (None if head is None else head.get("date.publication")),
        "text": "" if content is None else _text(content),
    }


_KINDS = {"doc": _doc, "TEI": _tei, "nitf": _nitf}


def _text(element: Any) -> str:
    """The paragraphs of an element: its innermost blocks, and the words between them."""
    parts = [""]

    def walk(one: Any, depth: int) -> None:
        block = _name(one) in _TEXT
        if block:
            parts.append("")
        parts[-1] += one.text or ""
        for child in one:
            if isinstance(child.tag, str) and depth < 200:
                walk(child, depth + 1)
            parts[-1] += child.tail or ""
        if block:
            parts.append("")

    walk(element, 0)
    return "\n\n".join(line for part in parts if (line := _SPACE.sub(" ", part).strip()))


def _line(element: Any) -> str | None:
    return None if element is None else _SPACE.sub(" ", "".join(element.itertext())).strip() or None

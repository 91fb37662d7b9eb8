"""Blocks of plain records, texts or HTML: reading and marking for people who want just that, JSON lines in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from onrecord.pipeline.blocks import mark
from onrecord.pipeline.blocks.page_layout import Layout
from onrecord.pipeline.readers.html.page_workers import Pages

_RECORDS = 64


def mark_records(records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """{"id", "text", "blocks"} for each {"id", "text"} or {"id", "html"}, in order and streamed.

    A record that cannot be marked has no blocks and an "error"; the next goes on.
    """
    waiting: list[tuple[dict[str, Any], Layout | None, str | None]] = []
    with Pages() as pages:
        for record, page in pages.extract_all(records, _page_of):
            if page is None:
                waiting.append((_flat(record), None, _title(record)))
            elif page.refused:
                waiting.append(({"id": record.get("id"), "error": page.refused}, None, None))
            else:
                told = {"id": record.get("id"), "text": page.text}
                waiting.append((told, page.layout, page.title))
            if len(waiting) >= _RECORDS:
                yield from _marked(waiting)
                waiting = []
    yield from _marked(waiting)


def _page_of(record: Mapping[str, Any]) -> tuple[str, str | None] | None:
    if not isinstance(record, Mapping):
        return None
    html, url = record.get("html"), record.get("url")
    if not isinstance(html, str) or isinstance(record.get("text"), str):
        return None
    return html, url if isinstance(url, str) else None


def _flat(record: object) -> dict[str, Any]:
    if not isinstance(record, Mapping):
        return {"id": None, "error": "not_object"}
    if not isinstance(record.get("text"), str):
        return {"id": record.get("id"), "error": "no_text"}
    return {"id": record.get("id"), "text": record["text"]}


def _title(record: object) -> str | None:
    title = record.get("title") if isinstance(record, Mapping) else None
    return title if isinstance(title, str) else None


def _marked(
    waiting: Sequence[tuple[dict[str, Any], Layout | None, str | None]],
) -> Iterator[dict[str, Any]]:
    found = mark(
        [told.get("text", "") for told, _, _ in waiting],
        [layout for _, layout, _ in waiting],
        [title for _, _, title in waiting],
    )
    for (told, _, _), blocks in zip(waiting, found, strict=True):
        out = {"id": told["id"], "text": told.get("text", "")}
        out["blocks"] = [block._asdict() for block in blocks]
        yield out | {"error": told["error"]} if "error" in told else out

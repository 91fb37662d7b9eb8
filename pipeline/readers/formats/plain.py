"""Plain text and Markdown: one file, one article, with an optional header between '---' lines.

---
outlet: The Harbour Gazette
title: Ferry to run at night
url: https://harbour.example/ferry
published_at: 2024-05-02T08:00:00Z
---
The text begins here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import decode, is_binary
from onrecord.pipeline.readers.fields import guess_columns, record_of
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_HEADER = re.compile(r"---[ \t]*\n(?P<yaml>.{0,8000}?)\n---[ \t]*(?:\n+|$)", re.S)
_FIELDS = {"outlet", "title", "url", "author", "published_at", "updated_at", "language"}


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record, its text verbatim after the header; refuses what is no text."""
    # No encoding needs more than four bytes a character.
    most = settings.max_article_chars * 4 + 4
    data = file.read(most + 1)
    if not data.strip():
        yield refuse("empty")
    elif is_binary(data):
        yield refuse("binary")
    elif len(data) > most:
        yield refuse("too_long", None, f"More than {most:,} bytes")
    else:
        yield _record(data, source, settings)


def _record(data: bytes, source: str, settings: IngestSettings) -> Record | Refusal:
    decoded = decode(data)
    if decoded is None:
        return refuse("wrong_encoding")
    markdown = source.lower().endswith((".md", ".markdown"))
    header, start = _header(decoded.text)
    text = decoded.text[start:]
    if len(text) > settings.max_article_chars:
        return refuse("too_long", None, f"{len(text):,} characters")
    if not text.strip():
        return refuse("empty", None, "A header and no text" if start else None)
    record = Record(text=text)
    if header:
        told = record_of(
            {**header, "text": "-"}, guess_columns([*header, "text"], settings), "", "", 1
        )
        record = told if isinstance(told, Record) else record
    record.text, record.place, record.columns = text, None, None
    record.repairs = decoded.repairs
    record.media_type = "text/markdown" if markdown else "text/plain"
    return record


def _header(text: str) -> tuple[dict[str, Any], int]:
    """The fields of the header and where the text starts; ({}, 0) where there is no header of ours."""
    import yaml

    match = _HEADER.match(text)
    if not match:
        return {}, 0
    try:
        told = yaml.safe_load(match["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, 0
    # A text may begin with a rule: only a header that names one of our fields is one.
    if not isinstance(told, dict) or not _FIELDS & set(map(str, told)):
        return {}, 0
    return {key: told[key] for key in told if isinstance(key, str) and key in _FIELDS}, match.end()

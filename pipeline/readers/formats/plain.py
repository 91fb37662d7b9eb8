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
from onrecord.pipeline.readers.columns import guess_columns
from onrecord.pipeline.readers.decode import Decoded, text_of
from onrecord.pipeline.readers.fields import record_of
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_HEADER = re.compile(
    r"(?P<mark>---|\+\+\+)[ \t]*\n(?P<fields>.{0,8000}?)\n(?P=mark)[ \t]*(?:\n+|$)", re.S
)
_NOT_TOLD = ("text", "html", "id")


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record, its text verbatim after the header; refuses what is no text."""
    # No encoding needs more than four bytes a character.
    most = settings.max_article_chars * 4 + 4
    decoded = text_of(file.read(most + 1), most)
    yield decoded if isinstance(decoded, Refusal) else _record(decoded, source, settings)


def _record(decoded: Decoded, source: str, settings: IngestSettings) -> Record | Refusal:
    repairs: tuple[str, ...] = ()
    markdown = source.lower().endswith((".md", ".markdown"))
    header, start = _header(decoded.text, settings)
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
        if isinstance(told, Record):
            record, repairs = told, told.repairs
    record.text, record.place, record.columns = text, None, None
    record.repairs = decoded.repairs + repairs
    record.media_type = "text/markdown" if markdown else "text/plain"
    return record


def _header(text: str, settings: IngestSettings) -> tuple[dict[str, Any], int]:
    """The fields of the header and where the text starts; ({}, 0) where there is no header that tells of it."""
    match = _HEADER.match(text)
    if not match:
        return {}, 0
    told = _fields(match["fields"], match["mark"])
    # A text may begin with a rule: only a header that names one of our fields is one.
    named = {key: value for key, value in told.items() if isinstance(key, str)}
    known = guess_columns(named, settings)
    fields = {
        ours: named[theirs]
        for ours, theirs in known.items()
        if ours not in _NOT_TOLD and theirs in named
    }
    return fields, match.end() if fields else 0


def _fields(header: str, mark: str) -> dict[object, Any]:
    """A header's fields, of YAML or TOML; none where it is neither."""
    import tomllib

    import yaml

    try:
        told: object = yaml.safe_load(header) if mark == "---" else tomllib.loads(header)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return dict(told) if isinstance(told, dict) else {}

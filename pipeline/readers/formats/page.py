"""HTML pages: one file, one article. The text is taken out later, by whoever runs the workers (see workers.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import decode, is_binary
from onrecord.pipeline.readers.items import Record, Refusal, refuse

MEDIA_TYPE = "text/html"
# Markup outweighs text; real news pages reach some 3 MB.
_BYTES_A_CHAR = 8
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:-]{2,40})", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w:-]{2,40})", re.I)


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One record whose `html` is the page as decoded; refuses what is no text."""
    yield read_page(file, settings)


def read_page(
    file: BinaryIO, settings: IngestSettings, declared: str | None = None
) -> Record | Refusal:
    """A file's page as a record; `declared` is the charset of the HTTP header, where there was one."""
    most = settings.max_article_chars * _BYTES_A_CHAR
    data = file.read(most + 1)
    if not data.strip():
        return refuse("empty")
    if is_binary(data):
        return refuse("binary")
    if len(data) > most:
        return refuse("too_long", None, f"More than {most:,} bytes")
    return page_record(data, declared)


def page_record(data: bytes, declared: str | None = None) -> Record | Refusal:
    """A page's bytes as a record; `declared` is the charset of the HTTP header, where there was one."""
    decoded = decode(data, declared or declared_charset(data))
    if decoded is None:
        return refuse("wrong_encoding")
    return Record(html=decoded.text, media_type=MEDIA_TYPE, repairs=decoded.repairs)


def declared_charset(data: bytes) -> str | None:
    """The charset that the page names in its head."""
    head = data[:4096]
    match = _XML_CHARSET.search(head) or _CHARSET.search(head)
    return match[1].decode("ascii") if match else None


def charset_of(kind: str) -> str | None:
    """The charset that a Content-Type header names."""
    _, found, value = kind.lower().partition("charset=")
    return value.split(";")[0].strip(" \"'") if found else None

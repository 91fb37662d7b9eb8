"""Readers: one file a format, one line in READERS. A reader is a function; see docs/sources.md.

Other packages add readers of their own for other suffixes: `added.py`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import BinaryIO

from onrecord.pipeline.core.rejects import MOST_BYTES
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import added
from onrecord.pipeline.readers.formats import (
    archive,
    documents,
    feed,
    json_records,
    mail,
    page,
    parquet,
    plain,
    subtitles,
    table,
    tar,
    warc,
)
from onrecord.pipeline.readers.items import REASONS, Reader, Record, Refusal, refuse
from onrecord.pipeline.readers.net import BombError, failed, is_fault
from onrecord.pipeline.readers.sources import Found
from onrecord.pipeline.readers.web import urls

__all__ = [
    "READERS",
    "REASONS",
    "Reader",
    "Record",
    "Refusal",
    "read",
    "read_found",
    "refuse",
    "refused_unread",
]

READERS: Mapping[str, Reader] = {
    ".txt": plain.read,
    ".text": plain.read,
    ".md": plain.read,
    ".markdown": plain.read,
    ".html": page.read,
    ".htm": page.read,
    ".xhtml": page.read,
    ".jsonl": json_records.read_lines,
    ".ndjson": json_records.read_lines,
    ".jl": json_records.read_lines,
    ".json": json_records.read_document,
    ".csv": table.read,
    ".tsv": table.read,
    ".tab": table.read,
    ".parquet": parquet.read,
    ".pq": parquet.read,
    ".rss": feed.read,
    ".atom": feed.read,
    ".rdf": feed.read,
    ".xml": feed.read,
    ".eml": mail.read,
    ".mht": mail.read,
    ".mhtml": mail.read,
    ".mbox": mail.read_box,
    ".srt": subtitles.read,
    ".vtt": subtitles.read,
    ".docx": documents.read_docx,
    ".pdf": documents.read_pdf,
    ".urls": urls.read,
    ".warc": warc.read,
    ".zip": archive.read_zip,
    ".tar": tar.read,
    ".tgz": tar.read,
    ".tbz2": tar.read,
    ".txz": tar.read,
    ".gz": archive.read_packed,
    ".bz2": archive.read_packed,
    ".xz": archive.read_packed,
    ".zst": archive.read_packed,
}
_MAGIC: Mapping[bytes, Reader] = {
    b"PAR1": parquet.read,
    b"PK\x03\x04": archive.read_zip,
    b"\x1f\x8b": archive.read_packed,
    b"BZh": archive.read_packed,
    b"\xfd7zXZ\x00": archive.read_packed,
    b"\x28\xb5\x2f\xfd": archive.read_packed,
    b"WARC/": warc.read,
    b"%PDF-": documents.read_pdf,
    b"WEBVTT": subtitles.read,
}
_HEAD = 4096
# What is packed says so in its first bytes, whatever it is called: a server may pack what it sends as .json.
_PACKED = re.compile(rb"\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|\x5d\x2a\x4d\x18")
_PACKS = frozenset(
    {
        ".gz",
        ".tgz",
        ".bz2",
        ".tbz2",
        ".xz",
        ".txz",
        ".zst",
        ".tar",
        ".zip",
        ".warc",
        ".parquet",
        ".pq",
    }
)


def reader_of(name: str, head: bytes) -> Reader | None:
    """The reader for a source: by its suffix, else by its first bytes; None where there is none."""
    suffix = PurePosixPath(name.lower()).suffix
    if suffix and suffix not in READERS and not suffix[1:].isdigit():
        return added.reader(suffix)
    packed = _PACKED.match(head) and suffix not in _PACKS
    reader = archive.read_packed if packed else READERS.get(suffix) or _sniff(head)
    return urls.read if reader is plain.read and urls.is_list(head) else reader


def _sniff(head: bytes) -> Reader:
    """The reader for a source without a suffix, such as a crawler's file."""
    for magic, reader in _MAGIC.items():
        if head.startswith(magic):
            return reader
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1000].lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return page.read
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<doc ", b"<tei", b"<nitf")):
        return feed.read
    if start.startswith(b"{"):
        return json_records.read_lines
    if start.startswith(b"["):
        return json_records.read_document
    return plain.read


def read(file: BinaryIO, name: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Every record and refusal of one opened source; what the source does wrong comes out as a refusal."""
    head, rest = b"", file
    try:
        head, rest = _peek(file)
        reader = reader_of(name, head[:_HEAD])
        if reader is None:
            suffix = PurePosixPath(name).suffix[:20]
            broken = added.fault(suffix)
            found = f"Suffix {suffix}" + (f", whose reader is left out: {broken}" if broken else "")
            yield refuse("unknown_format", None, found).keeping(head, cut=rest is not file)
            return
        for item in urls.completed(reader(rest, name, settings), settings):
            if isinstance(item, Refusal) and item.place is None:
                item = item.keeping(head, cut=rest is not file)
            yield item
    except BombError:
        raise
    except EOFError as error:
        yield refuse("truncated", None, str(error)[:120] or None)
    except OSError as error:
        # What a decompressor finds wrong has no number of the system's.
        reason = "damaged" if error.errno is None else "unreadable"
        yield refuse(reason, None, error.strerror or str(error)[:120])
    except BaseException as error:
        if not is_fault(error):
            raise
        yield failed(error).keeping(head, cut=rest is not file)


def read_found(found: Found, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Every record and refusal of a source, wherever it lies."""
    try:
        if found.url is not None:
            yield from urls.read_address(found.url, settings)
            return
        if refusal := refused_unread(found, settings):
            yield refusal
            return
        with found.open() as file:
            yield from read(file, found.file_name, settings)
    except OSError as error:
        yield refuse("unreadable", None, error.strerror or type(error).__name__)
    except BaseException as error:
        if not is_fault(error):
            raise
        yield failed(error)


def refused_unread(found: Found, settings: IngestSettings) -> Refusal | None:
    """Why a source is not even opened, if it is not. Raises OSError."""
    if found.refusal is not None:
        return found.refusal
    if found.size > settings.max_source_bytes:
        return refuse("too_long", None, f"{found.size:,} bytes")
    return None if found.size else refuse("empty", None, "Zero bytes")


def _peek(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The beginning of a file and the file from its beginning: itself, where one can go back in it."""
    if file.seekable():
        head = file.read(MOST_BYTES + 1)
        file.seek(0)
        return head, file
    buffered = io.BufferedReader(file, _HEAD)  # type: ignore[type-var]
    return buffered.peek(_HEAD)[:_HEAD], buffered

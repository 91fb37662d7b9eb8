"""WARC: the pages of a crawl, one a response record; Common Crawl's news files are of this kind (as .warc.gz).

Records that are no responses (requests, metadata, the file's own description) hold no article and are passed over.
FastWARC parts the records; behind one that lies about its length it finds the next.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.fields import web_address
from onrecord.pipeline.readers.formats.codings import unpacked
from onrecord.pipeline.readers.formats.page import charset_of, page_record
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_LONGEST_LINE, _MOST_HEADERS = 16_384, 200
_LONGEST_HEADER = 1 << 20
_BYTES_A_CHAR = 8
_CHUNK = 1 << 16


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each response, in flat memory."""
    from fastwarc.warc import ArchiveIterator

    most = settings.max_article_chars * _BYTES_A_CHAR
    stream = _Forward(file)
    number, something = 0, False
    records = ArchiveIterator(
        stream,
        parse_http=False,
        quirks_mode=True,
        stream_detect=False,
        max_header_len=_LONGEST_HEADER,
    )
    try:
        for record in records:
            number += 1
            for item in _items(record, f"record {number}", most):
                something = True
                yield item
            stream.check()
    except OSError as error:
        stream.check()
        yield refuse("damaged", f"record {number + 1}", str(error)[:120])
        return
    stream.check()
    if not number and stream.head:
        damaged = refuse("damaged", "record 1", "A record does not begin with WARC/")
        yield damaged.keeping(stream.head, cut=True)
    elif not something:
        yield refuse("nothing_to_read", None, "No response records")


def _items(record: Any, place: str, most: int) -> Iterator[Record | Refusal]:
    """What a record of any kind gives: an article, what is wrong with it, or nothing."""
    headers = {name.lower(): value for name, value in record.headers.to_tuples()}
    length = _length(headers.get("content-length", ""))
    if length is None:
        told = _record_of(headers, b"")
        yield refuse("damaged", place, "A record without its length").keeping(told, cut=True)
        return
    wanted = headers.get("warc-type", "").lower() == "response"
    body = bytes(record.reader.read(min(length, most + 1))) if wanted else b""
    if len(body) + record.consume() < length:
        yield refuse("truncated", place).keeping(_record_of(headers, body), cut=True)
    elif wanted:
        item = _response(body, headers, place, most)
        yield _keeping(item, headers, body) if isinstance(item, Refusal) else item


def _keeping(refusal: Refusal, headers: Mapping[str, str], body: bytes) -> Refusal:
    """The refusal with its record; of what is no page, of which crawls are full, with the server's headers alone."""
    if refusal.reason == "no_page":
        return refusal.keeping(_record_of(headers, body.partition(b"\r\n\r\n")[0]), cut=True)
    cut = len(body) < (_length(headers.get("content-length", "")) or 0)
    return refusal.keeping(_record_of(headers, body), cut=cut)


def _record_of(headers: Mapping[str, str], body: bytes) -> bytes:
    """A record as it stands in a file."""
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body + b"\r\n\r\n"


def _response(body: bytes, headers: Mapping[str, str], place: str, most: int) -> Record | Refusal:
    if len(body) > most:
        return refuse("too_long", place, f"More than {most:,} bytes")
    stream = io.BytesIO(body)
    status = stream.readline(_LONGEST_LINE).split()
    answer = _headers(stream)
    kind = answer.get("content-type", "text/html")
    if len(status) < 2 or status[1] != b"200" or "html" not in kind.lower():
        shown = status[1].decode("latin-1")[:3] if len(status) > 1 else "none"
        return refuse("no_page", place, f"Status {shown}, type {kind[:60]}")
    packing = answer.get("transfer-encoding", ""), answer.get("content-encoding", "")
    data = unpacked(stream.read(), *packing, most)
    if isinstance(data, str):
        return refuse(data, place)
    if not data.strip():
        return refuse("empty", place)
    record = page_record(data, charset_of(kind))
    if isinstance(record, Refusal):
        return record._replace(place=place)
    record.place = place
    record.found_at = web_address(headers.get("warc-target-uri", "").strip("<>"))
    return record


def _headers(file: BinaryIO) -> dict[str, str]:
    """The headers of a server's answer."""
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = file.readline(_LONGEST_LINE)
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _length(told: str) -> int | None:
    """The length that a record tells; None where it tells none that a file could have."""
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else None


class _Forward:
    """A stream as FastWARC takes it: read onwards only. What the source raises is kept for `check`."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._error: Exception | None = None
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none after an error."""
        if self._error is not None:
            return b""
        try:
            part = self._file.read(size if size >= 0 else _CHUNK)
        except Exception as error:
            self._error = error
            return b""
        self.head = self.head or part
        self._at += len(part)
        return part

    def tell(self) -> int:
        """How far it was read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Only to where it stands. Raises OSError."""
        if offset != (self._at if whence == io.SEEK_SET else 0):
            raise OSError("read onwards only")
        return self._at

    def close(self) -> None:
        """Nothing: whoever opened the source closes it."""

    def check(self) -> None:
        """Raises what the source raised."""
        if self._error is not None:
            raise self._error

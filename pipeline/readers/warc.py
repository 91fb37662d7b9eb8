"""WARC: the pages of a crawl, one a response record; Common Crawl's news files are of this kind (as .warc.gz).

Records that are no responses (requests, metadata, the file's own description) hold no article and are passed over.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.readers.fields import web_address
from pipeline.readers.page import charset_of, page_record
from pipeline.readers.record import Record, Refusal, refuse
from pipeline.settings import IngestSettings

_LONGEST_LINE, _MOST_HEADERS = 16_384, 200
_BYTES_A_CHAR = 8
_CHUNK = 1 << 20


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each response, in flat memory."""
    most = settings.max_article_chars * _BYTES_A_CHAR
    number, something = 0, False
    while (line := file.readline(_LONGEST_LINE)) != b"":
        if not line.strip():
            continue
        number += 1
        place = f"record {number}"
        if not line.startswith(b"WARC/"):
            yield refuse("damaged", place, "A record does not begin with WARC/").keeping(
                line, cut=True
            )
            return
        headers = _headers(file)
        length = _length(headers)
        if length < 0:
            told = _record_of(headers, b"")
            yield refuse("damaged", place, "A record without its length").keeping(told, cut=True)
            return
        wanted = headers.get("warc-type") == "response"
        body = file.read(min(length, most + 1)) if wanted else b""
        if _skip(file, length - len(body)):
            yield refuse("truncated", place).keeping(_record_of(headers, body), cut=True)
            return
        if wanted:
            something = True
            item = _response(body, headers, place, most)
            yield _keeping(item, headers, body) if isinstance(item, Refusal) else item
    if not something:
        yield refuse("nothing_to_read", None, "No response records")


def _keeping(refusal: Refusal, headers: dict[str, str], body: bytes) -> Refusal:
    """The refusal with its record; of what is no page, of which crawls are full, with the server's headers alone."""
    if refusal.reason == "no_page":
        return refusal.keeping(_record_of(headers, body.partition(b"\r\n\r\n")[0]), cut=True)
    return refusal.keeping(_record_of(headers, body), cut=len(body) < _length(headers))


def _record_of(headers: dict[str, str], body: bytes) -> bytes:
    """A record as it stands in a file."""
    lines = ["WARC/1.0", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body + b"\r\n\r\n"


def _response(body: bytes, headers: dict[str, str], place: str, most: int) -> Record | Refusal:
    if len(body) > most:
        return refuse("too_long", place, f"More than {most:,} bytes")
    stream = io.BytesIO(body)
    status = stream.readline(_LONGEST_LINE).split()
    answer = _headers(stream)
    kind = answer.get("content-type", "text/html")
    if len(status) < 2 or status[1] != b"200" or "html" not in kind.lower():
        shown = status[1].decode("latin-1")[:3] if len(status) > 1 else "none"
        return refuse("no_page", place, f"Status {shown}, type {kind[:60]}")
    data = _content(stream.read(), answer, most)
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


def _content(data: bytes, answer: dict[str, str], most: int) -> bytes | str:
    """The body as the page was sent, or a reason; unpacked to at most `most` bytes."""
    if answer.get("transfer-encoding", "").lower() == "chunked":
        data = _unchunked(data)
    packing = answer.get("content-encoding", "identity").lower().strip()
    # Crawlers often unpack the body and leave the header.
    if packing in ("gzip", "x-gzip") and data.startswith(b"\x1f\x8b"):
        return _inflate(data, 31, most)
    if packing == "deflate" and data[:1] == b"\x78":
        return _inflate(data, 15, most)
    if packing == "br" and b"<" not in data[:512]:
        return "no_page"
    return data


def _inflate(data: bytes, window: int, most: int) -> bytes | str:
    unpacker = zlib.decompressobj(window)
    try:
        out = unpacker.decompress(data, most + 1)
    except zlib.error:
        return "damaged"
    if len(out) > most:
        return "bomb"
    return out if unpacker.eof else "truncated"


def _unchunked(data: bytes) -> bytes:
    """A chunked body joined; where its lengths are not right, the body as it is."""
    parts: list[bytes] = []
    at = 0
    while (end := data.find(b"\r\n", at, at + 64)) >= 0:
        try:
            size = int(data[at:end].split(b";")[0], 16)
        except ValueError:
            return data
        if size == 0:
            return b"".join(parts)
        parts.append(data[end + 2 : end + 2 + size])
        at = end + 4 + size
    return b"".join(parts) or data


def _headers(file: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = file.readline(_LONGEST_LINE)
        if not line.strip():
            break
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return headers


def _length(headers: dict[str, str]) -> int:
    """The length that a record tells; -1 where it tells none."""
    told = headers.get("content-length", "")
    return int(told) if told.isdigit() else -1


def _skip(file: BinaryIO, size: int) -> bool:
    """Reads over `size` bytes; True where the file ends before."""
    while size > 0:
        part = file.read(min(size, _CHUNK))
        if not part:
            return True
        size -= len(part)
    return False

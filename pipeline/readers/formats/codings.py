"""A body as a server sent it, unpacked: chunks joined, gzip, deflate, Brotli and Zstandard undone, within a limit.

Crawlers often unpack a body and leave its headers, and some servers pack twice: what its first bytes deny is not done.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
# As deep as archives may be within archives.
_DEEPEST = 3
_MOST_CODINGS = 8
_CHUNK_LINE = 4_096


def unpacked(data: bytes, transfer: str, content: str, most: int) -> bytes | str:
    """The body under its Transfer-Encoding and Content-Encoding, of at most `most` bytes; else a code of REASONS."""
    named = [name.strip() for name in f"{content},{transfer}".lower().split(",")][-_MOST_CODINGS:]
    for name in reversed(named):
        if name == "chunked":
            data = _joined(data)
            continue
        found = _undone(data, name, most)
        if isinstance(found, str):
            return found
        data = found
    for _ in range(_DEEPEST):
        if not data.startswith(_GZIP):
            return data
        found = _inflated(data, most, 31)
        if isinstance(found, str):
            return found
        data = found
    return "nested_too_deep" if data.startswith(_GZIP) else data


def _undone(data: bytes, name: str, most: int) -> bytes | str:
    if name in ("gzip", "x-gzip", "deflate") and data.startswith(_GZIP):
        return _inflated(data, most, 31)
    if name == "deflate" and not _is_open(data):
        # What is called deflate is meant to have a header of zlib's, and often has none.
        found = _inflated(data, most, 15)
        return _inflated(data, most, -15) if found == "damaged" else found
    if name == "zstd" and data.startswith(_ZSTD):
        return _read(data, most, _zstd)
    if name == "br" and not _is_open(data):
        return _read(data, most, _brotli)
    return data


def _is_open(data: bytes) -> bool:
    """Whether a body is a page as it stands, whatever its headers say."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<")


def _inflated(data: bytes, most: int, window: int) -> bytes | str:
    unpacker = zlib.decompressobj(window)
    try:
        out = unpacker.decompress(data, most + 1)
    except zlib.error:
        return "damaged"
    if len(out) > most:
        return "bomb"
    return out if unpacker.eof else "truncated"


def _read(data: bytes, most: int, reader: Callable[[io.BytesIO], Any]) -> bytes | str:
    import zstandard

    try:
        with reader(io.BytesIO(data)) as stream:
            out = bytes(stream.read(most + 1))
    except (OSError, ValueError, zstandard.ZstdError):
        return "damaged"
    return "bomb" if len(out) > most else out


def _zstd(stream: io.BytesIO) -> Any:
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        stream, read_across_frames=True
    )


def _brotli(stream: io.BytesIO) -> Any:
    from fastwarc.stream_io import BrotliReader

    return BrotliReader(stream)


def _joined(data: bytes) -> bytes:
    """A chunked body joined; where its lengths are not right, the body as it is."""
    parts = list(_chunks(data))
    return data if None in parts else b"".join(part for part in parts if part)


def _chunks(data: bytes) -> Iterator[bytes | None]:
    """The chunks up to the last or the end; None where one has no length."""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at, at + _CHUNK_LINE)
        told = data[at:end].partition(b";")[0].strip() if end >= 0 else b""
        # int() takes signs, blanks, underscores and other scripts' digits.
        if not told or told.strip(b"0123456789abcdefABCDEF") or len(told) > 16:
            yield None
            return
        size = int(told, 16)
        if not size:
            return
        yield data[end + 1 : end + 1 + size]
        at = end + 1 + size
        at += 2 if data.startswith(b"\r\n", at) else int(data.startswith(b"\n", at))

"""Crawls: whatever a record says of its length and its packing, it stops neither the next record nor the run."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
import zstandard
from fastwarc.stream_io import BrotliWriter

from onrecord.pipeline.readers import Record, Refusal
from onrecord.pipeline.readers.formats.codings import unpacked
from tests.support.reading import PAGE, found, reasons

BODY = PAGE.encode()
MOST = 1 << 20


def record(
    body: bytes = BODY, *headers: str, length: str | None = None, kind: str = "response"
) -> bytes:
    lines = ("HTTP/1.1 200 OK", "Content-Type: text/html", *headers)
    http = "\r\n".join([*lines, "", ""]).encode() + body
    told = str(len(http)) if length is None else length
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Length: {told}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def deflated(data: bytes, window: int = -15) -> bytes:
    packer = zlib.compressobj(wbits=window)
    return packer.compress(data) + packer.flush()


def brotli(data: bytes) -> bytes:
    out = io.BytesIO()
    with BrotliWriter(out) as writer:
        writer.write(data)
    return out.getvalue()


def chunked(*sizes: str) -> bytes:
    return b"".join(f"{size}\r\n".encode() + BODY + b"\r\n" for size in sizes)


@pytest.mark.parametrize("length", ["²", "9" * 5_000, "-6", "1e3", "0x10", "", "٣"])
def test_a_length_that_is_none_refuses_its_record_alone(length: str) -> None:
    items = found(record() + record(length=length) + record(), "a.warc")
    assert reasons(items) == ["", "damaged", ""]


def test_a_length_beyond_the_file_ends_it() -> None:
    items = found(record() + record(length="9" * 12) + record(), "a.warc")
    assert reasons(items) == ["", "truncated"]
    beside = record() + record(length="9" * 12, kind="request")
    assert reasons(found(beside, "a.warc")) == ["", "truncated"]


def test_rubbish_before_a_record_is_passed_over() -> None:
    assert reasons(found(b"rubbish\r\n" * 3 + record(), "a.warc")) == [""]
    assert reasons(found(b"rubbish", "a.warc")) == ["damaged"]


PACKED = {
    "gzip": (gzip.compress(BODY), "Content-Encoding: gzip"),
    "gzip for the way": (gzip.compress(BODY), "Transfer-Encoding: gzip"),
    "gzip, untold": (gzip.compress(BODY), "Server: a"),
    "gzip, twice": (gzip.compress(gzip.compress(BODY)), "Content-Encoding: gzip"),
    "gzip, twice told": (gzip.compress(gzip.compress(BODY)), "Content-Encoding: gzip, gzip"),
    "zlib": (deflated(BODY, 15), "Content-Encoding: deflate"),
    "deflate": (deflated(BODY), "Content-Encoding: deflate"),
    "Brotli": (brotli(BODY), "Content-Encoding: br"),
    "Zstandard": (zstandard.compress(BODY), "Content-Encoding: zstd"),
    "chunks": (chunked(f"{len(BODY):x}", "0"), "Transfer-Encoding: chunked"),
    "chunks with a remark": (chunked(f"{len(BODY):X};a=b", "0"), "Transfer-Encoding: chunked"),
    "unpacked already": (BODY, "Content-Encoding: gzip"),
    "unpacked already, of Brotli": (BODY, "Content-Encoding: br"),
    "joined already": (BODY, "Transfer-Encoding: chunked"),
}


@pytest.mark.parametrize("packed", PACKED)
def test_a_page_is_read_however_it_was_packed(packed: str) -> None:
    body, header = PACKED[packed]
    (item,) = found(record(body, header), "a.warc")
    assert isinstance(item, Record), item
    assert item.html == PAGE


def test_a_packed_crawl_of_packed_records() -> None:
    members = gzip.compress(record()) + gzip.compress(record(length="²")) + gzip.compress(record())
    assert reasons(found(members, "a.warc.gz")) == ["", "damaged", ""]
    assert reasons(found(gzip.compress(members), "a.warc.gz.gz")) == ["", "damaged", ""]
    assert reasons(found(zstandard.compress(record()) * 2, "a.warc.zst")) == ["", ""]


@pytest.mark.parametrize("size", ["-6", "+5", "f" * 16, "f" * 5_000, "1_0", "²", ""])
def test_a_chunk_of_no_size_ends(size: str) -> None:
    items = found(record(chunked(size), "Transfer-Encoding: chunked"), "a.warc")
    assert len(items) == 1


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_unpacks_without_end_is_refused(coding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": deflated, "br": brotli, "zstd": zstandard.compress}
    assert unpacked(pack[coding](b"\x00" * (8 * MOST)), "", coding, MOST) == "bomb"
    assert unpacked(b"\xff\xfenothing of the kind", "", coding, MOST) in (
        "damaged",
        b"\xff\xfenothing of the kind",
    )


def test_what_is_packed_too_deep_is_refused() -> None:
    body = BODY
    for _ in range(12):
        body = gzip.compress(body)
    (item,) = found(record(body, "Content-Encoding: gzip"), "a.warc")
    assert isinstance(item, Refusal) and item.reason == "nested_too_deep"

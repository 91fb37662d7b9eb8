"""Archives: what is packed is read as if it lay open, and what unpacks without end is refused."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile

import zstandard

from onrecord.pipeline.readers import Record
from tests.support.reading import PAGE, SETTINGS, TEXT, found, line, one, reasons


def warc(
    body: bytes, headers: str = "Content-Type: text/html; charset=utf-8", status: int = 200
) -> bytes:
    http = f"HTTP/1.1 {status} OK\r\n{headers}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour.example/f\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_warc() -> None:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
    packed = warc(gzip.compress(PAGE.encode()), "Content-Type: text/html\r\nContent-Encoding: gzip")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode())
    data = (
        info
        + warc(PAGE.encode())
        + warc(b"gone", status=404)
        + packed
        + warc(chunked, "Content-Type: text/html\r\nTransfer-Encoding: chunked")
    )
    items = found(data, "a.warc")
    assert reasons(items) == ["", "no_page", "", ""]
    assert {item.html for item in items if isinstance(item, Record)} == {PAGE}
    assert isinstance(items[0], Record) and items[0].found_at == "https://harbour.example/f"
    assert reasons(found(data[:-40], "a.warc"))[-1] == "truncated"
    members = gzip.compress(info) + gzip.compress(warc(PAGE.encode()))
    assert reasons(found(members, "a.warc.gz")) == [""]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def test_zip() -> None:
    data = zipped(news__a_dot_txt=TEXT.encode(), b_dot_jsonl=line(text=TEXT), c_dot_exe=b"MZ")
    items = found(data, "a.zip")
    assert reasons(items) == ["", "", "unknown_format"]
    assert [item.place for item in items] == ["news/a.txt", "b.jsonl: line 1", "c.exe"]
    assert reasons(found(zipped(), "a.zip")) == ["nothing_to_read"]
    assert reasons(found(data[:50], "a.zip")) == ["damaged"]
    climbing = io.BytesIO()
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../../out.txt", TEXT)
        archive.writestr("in.txt", TEXT)
    assert reasons(found(climbing.getvalue(), "a.zip")) == ["path_climbs", ""]


def test_tar_gzip_and_zstandard() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("a.txt", "/etc/b.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(TEXT.encode())
            archive.addfile(info, io.BytesIO(TEXT.encode()))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    expected = ["", "path_climbs", "link_outside"]
    assert reasons(found(out.getvalue(), "a.tar")) == expected
    assert reasons(found(gzip.compress(out.getvalue()), "a.tar.gz")) == expected
    assert one(gzip.compress(TEXT.encode()), "a.txt.gz").text == TEXT
    assert one(zstandard.compress(TEXT.encode()), "a.txt.zst").text == TEXT
    assert (
        reasons(found(gzip.compress(line(text=TEXT) * 50)[:-20], "a.jsonl.gz"))[-1] == "truncated"
    )
    assert reasons(found(b"\x1f\x8bnonsense", "a.txt.gz")) == ["damaged"]


def zstd_frame(data: bytes, checksum: bool = True) -> tuple[bytes, bytes]:
    """A frame whose first block ends where a line does: that block, and the rest."""
    packer = zstandard.ZstdCompressor(write_checksum=checksum).compressobj()
    first = packer.compress(data) + packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return first, packer.compress(data) + packer.flush()


def test_a_zstd_stream_that_is_cut_where_a_line_ends_is_no_whole_one() -> None:
    first, rest = zstd_frame(line(text=TEXT))
    assert reasons(found(first + rest, "a.jsonl.zst"))[:1] == [""]
    for cut in (first, first + rest[:-1], first + rest[:-4], first + rest + first):
        assert reasons(found(cut, "a.jsonl.zst"))[-1] == "truncated"
    assert (
        reasons(found(zstd_frame(line(text=TEXT), checksum=False)[0], "a.jsonl.zst"))[-1]
        == "truncated"
    )
    skipped = struct.pack("<II", 0x184D2A50, 4) + b"else"
    frames = first + rest + skipped + first + rest
    assert "truncated" not in reasons(found(frames, "a.jsonl.zst"))
    assert reasons(found(first + rest + b"garbage", "a.jsonl.zst"))[-1] == "damaged"


def test_bombs_and_nesting() -> None:
    lines = (line(text=TEXT) + b" " * 1_000_000 + b"\n") * 80
    assert reasons(found(gzip.compress(lines), "a.jsonl.gz"))[-1] == "bomb"
    assert reasons(found(zipped(a_dot_jsonl=lines), "a.zip"))[-1] == "bomb"
    deep = TEXT.encode()
    for _ in range(6):
        deep = gzip.compress(deep)
    assert reasons(found(deep, "a.txt" + ".gz" * 6)) == ["nested_too_deep"]
    few = SETTINGS.model_copy(update={"max_members": 1})
    many = zipped(a_dot_txt=b"One word.", b_dot_txt=b"Two words.")
    assert reasons(found(many, "a.zip", few)) == ["", "too_many_members"]


def test_members_that_share_one_body_are_a_bomb() -> None:
    whole = zipped(a_dot_txt=b"word " * 2_000_000)
    head, rest = whole[: whole.index(b"PK\x01\x02")], whole[whole.index(b"PK\x01\x02") :]
    entry, count = rest[: rest.index(b"PK\x05\x06")], 200
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, len(head), 0
    )
    loose = SETTINGS.model_copy(update={"max_ratio": 2_000, "max_article_chars": 20_000_000})
    items = found(head + entry * count + end, "a.zip", loose)
    assert len(items) == count
    assert reasons(items).count("bomb") > 150

"""Archives that lie about a size, or end nowhere: bounded work, a reason, and the rest of the archive read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import time
import zipfile

import pytest
import zstandard

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import Record, Refusal
from tests.support.reading import PAGE, TEXT, found, line, reasons

# As shipped: members may be larger than the lies below.
AS_SHIPPED = IngestSettings()
PACKERS = {
    ".tar": bytes,
    ".tar.gz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
    ".tar.zst": zstandard.compress,
}


def member(name: str, data: bytes, size: int | None = None, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = len(data) if size is None else size, kind
    return info.tobuf(tarfile.GNU_FORMAT) + data + b"\0" * (-len(data) % 512)


def tarred(*members: bytes) -> bytes:
    return b"".join(members) + b"\0" * 1024


def read(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """The texts that were read, and the reasons of what was not; within what any machine does in a moment."""
    began = time.process_time()
    items = found(data, name, AS_SHIPPED)
    assert time.process_time() - began < 20
    texts = [item.text for item in items if isinstance(item, Record)]
    return texts, [item.reason for item in items if isinstance(item, Refusal)]


@pytest.mark.parametrize("size", [10**12, 2**33 - 1, 2**62, 2**70, -(2**40), -1])
@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE, tarfile.XHDTYPE, b"L"])
def test_a_size_that_is_a_lie_costs_its_member_alone(size: int, suffix: str, kind: bytes) -> None:
    lie = member("lie.txt", b"What it is.", size, kind)
    data = tarred(member("a.txt", b"The first."), lie, member("z.txt", b"The last."))
    texts, refused = read(PACKERS[suffix](data), f"a{suffix}")
    assert texts == ["The first.", "The last."]
    assert refused and set(refused) <= {"too_long", "damaged", "truncated", "empty"}


def test_every_member_may_lie() -> None:
    lies = [member(f"{at}.txt", b"What it is.", 10**12) for at in range(2_000)]
    texts, refused = read(tarred(*lies, member("z.txt", b"The last.")), "a.tar")
    assert texts == ["The last."] and refused == ["too_long"] * 2_000


def test_a_tar_that_was_cut_off_is_read_as_far_as_it_goes() -> None:
    rows = b"".join(line(text=f"{TEXT} {at}") for at in range(200))
    data = tarred(member("a.txt", b"The first."), member("b.jsonl", rows))
    texts, refused = read(data[:8_000], "a.tar")
    assert len(texts) > 20 and texts[0] == "The first."
    assert refused == ["truncated"]


def test_a_broken_header_is_told_and_passed_over() -> None:
    broken = bytearray(member("b.txt", b"Broken."))
    broken[148:156] = b"9999999\0"
    data = tarred(member("a.txt", b"The first."), bytes(broken), member("z.txt", b"The last."))
    for suffix, pack in PACKERS.items():
        assert read(pack(data), f"a{suffix}") == (["The first.", "The last."], ["damaged"])


def test_a_header_of_digits_is_not_searched() -> None:
    digits = member("a", b"9" * 200_000, kind=tarfile.XHDTYPE)
    texts, refused = read(tarred(*[digits] * 20, member("z.txt", b"The last.")), "a.tar")
    assert texts == ["The last."] and "damaged" in refused


def test_a_zip_that_lies_about_a_size() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.txt", "b.txt", "c.txt"):
            archive.writestr(name, f"{TEXT} {name}")
    data = bytearray(out.getvalue())
    entry = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    for packed, size in ((2**32 - 2, 2**32 - 2), (20, 2**32 - 2), (2**32 - 2, 3), (0, 0)):
        data[entry + 20 : entry + 28] = struct.pack("<II", packed, size)
        texts, _ = read(bytes(data), "a.zip")
        assert {f"{TEXT} a.txt", f"{TEXT} c.txt"} <= set(texts)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_packed_files_of_every_kind(suffix: str) -> None:
    pack = PACKERS[f".tar{suffix}"]
    assert read(pack(line(text=TEXT)), f"a.jsonl{suffix}") == ([TEXT], [])
    # Several one behind the other, and under any name that says packed.
    assert read(pack(line(text=TEXT)) * 3, f"a.jsonl{suffix}") == ([TEXT] * 3, [])
    assert read(pack(line(text=TEXT)), "a.jsonl.gz") == ([TEXT], [])
    assert reasons(found(pack(PAGE.encode()), "a")) == [""]
    cut = pack(b"".join(line(text=f"{TEXT} {at}") for at in range(5_000)))
    assert read(cut[: len(cut) // 2], f"a.jsonl{suffix}")[1]
    assert set(read(cut[:40] + b"\xff" * 40 + cut[80:], f"a.jsonl{suffix}")[1]) & {
        "truncated",
        "damaged",
        "not_json",
        "wrong_encoding",
    }
    bomb = pack(b"x" * (96 << 20))
    assert read(bomb, f"a.jsonl{suffix}")[1] == ["bomb"]


def test_an_xz_that_asks_for_gigabytes_is_refused() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 3 << 29}]
    packer = lzma.LZMACompressor(filters=[{**filters[0], "dict_size": 1 << 16}])
    data = packer.compress(line(text=TEXT)) + packer.flush()
    # The byte that tells the window's size, and the header's checksum.
    header = bytearray(data[12:24])
    header[header.index(b"\x21\x01") + 2] = 39
    header[8:12] = struct.pack("<I", __import__("zlib").crc32(bytes(header[:8])))
    assert read(data[:12] + bytes(header) + data[24:], "a.jsonl.xz")[1] == ["damaged"]

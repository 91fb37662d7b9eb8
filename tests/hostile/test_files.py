"""Files made to harm: each is refused with its reason or read as harmless text, and nothing else happens."""

from __future__ import annotations

import gzip
import io
import json
import os
import stat
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import Record, read
from onrecord.pipeline.readers.html.extraction import extract
from onrecord.pipeline.stages.ingest import ingest, with_page
from tests.hostile.conftest import Canary

SAID = "“The bridge is open,” said Ida Holm, the mayor of the town."
TIGHT = IngestSettings(
    max_unpacked_bytes=100 << 20, max_ratio=100, max_members=50, max_article_chars=200_000
)


def outcome(folder: Path) -> tuple[list[str], list[str]]:
    """What reading a folder gives: texts, and reasons. It may write nothing, and take no more than seconds."""
    before, started = _tree(folder.parent), time.monotonic()
    batches = list(ingest([str(folder)], TIGHT, "run"))
    assert time.monotonic() - started < 30
    assert _tree(folder.parent) == before
    rows = sum(batch.rows_in for batch in batches)
    texts = [text for batch in batches for text in batch.articles["text"]]
    reasons = [reason for batch in batches for reason in batch.rejects["reason"]]
    assert rows == len(texts) + len(reasons) + sum(batch.duplicates for batch in batches)
    assert not any("SECRET" in text for text in texts)
    return texts, reasons


def read_here(name: str, data: bytes) -> tuple[list[str], list[str]]:
    """The same of one file in this process, where every connection is seen."""
    found = list(read(io.BytesIO(data), name, TIGHT))
    pages = [
        with_page(item, extract(item.html, item.url))
        if isinstance(item, Record) and item.html is not None
        else item
        for item in found
    ]
    texts = [item.text for item in pages if isinstance(item, Record)]
    return texts, [item.reason for item in pages if not isinstance(item, Record)]


def _tree(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


def _zip(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def _tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def _info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def _link_in_zip(target: str) -> bytes:
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _zip((info, target.encode()))


def _encrypted() -> bytes:
    data = bytearray(_zip(("a.txt", SAID.encode())))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = data.index(mark) + (6 if mark[2] == 3 else 8)
        data[at] |= 1
    return bytes(data)


def _nested(depth: int) -> bytes:
    data, name = SAID.encode(), "a.txt"
    for level in range(depth):
        data, name = _zip((name, data)), f"level{level}.zip"
    return data


BLANK = b"[" + b" " * (90 << 20)
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "gzip bomb": ("a.json.gz", lambda: gzip.compress(BLANK, 1), "bomb"),
    "zip bomb": ("a.zip", lambda: _zip(("a.json", BLANK)), "bomb"),
    "zstandard bomb": ("a.json.zst", lambda: zstandard.compress(BLANK), "bomb"),
    "many members": (
        "a.zip",
        lambda: _zip(*((f"{n}.txt", b"") for n in range(60))),
        "too_many_members",
    ),
    "archives in archives": ("a.zip", lambda: _nested(9), "nested_too_deep"),
    "zip: a path that climbs": ("a.zip", lambda: _zip(("../../out.txt", b"x")), "path_climbs"),
    "zip: an absolute path": ("a.zip", lambda: _zip(("/tmp/out.txt", b"x")), "path_climbs"),
    "zip: backslashes": ("a.zip", lambda: _zip(("..\\..\\out.txt", b"x")), "nothing_to_read"),
    "zip: a drive": ("a.zip", lambda: _zip(("C:/out.txt", b"x")), "path_climbs"),
    "zip: a link": ("a.zip", lambda: _link_in_zip("/etc/passwd"), "link_outside"),
    "zip: encrypted": ("a.zip", _encrypted, "archive_encrypted"),
    "zip: cut short": ("a.zip", lambda: _zip(("a.txt", SAID.encode()))[:-30], "damaged"),
    "tar: a path that climbs": ("a.tar", lambda: _tar((_info("../out.txt"), b"x")), "path_climbs"),
    "tar: a symbolic link": (
        "a.tar",
        lambda: _tar((_info("a.txt", tarfile.SYMTYPE, "/etc/passwd"), b"")),
        "link_outside",
    ),
    "tar: a hard link": (
        "a.tar",
        lambda: _tar((_info("a.txt", tarfile.LNKTYPE, "/etc/passwd"), b"")),
        "link_outside",
    ),
    "tar: a device": (
        "a.tar",
        lambda: _tar((_info("a.txt", tarfile.CHRTYPE), b"")),
        "link_outside",
    ),
    "gzip: cut short": ("a.txt.gz", lambda: gzip.compress(SAID.encode() * 99)[:-9], "truncated"),
    "JSON nested deep": ("a.json", lambda: b'{"text":' + b"[" * 200_000, "nested_too_deep"),
    "JSON lines nested deep": ("a.jsonl", lambda: b"[" * 200_000, "nested_too_deep"),
    "HTML nested deep": ("a.html", lambda: b"<div>" * 50_000 + SAID.encode(), "nested_too_deep"),
    "a number for a text": ("a.json", lambda: b'{"text": ' + b"9" * 4_000 + b"}", "wrong_type"),
    "a number without end": ("a.json", lambda: b'{"text": ' + b"9" * 50_000 + b"}", "not_json"),
    "a line without end": ("a.jsonl", lambda: b'{"text": "' + b"a" * (3 << 20), "too_long"),
    "an article without end": ("a.txt", lambda: b"word " * 100_000, "too_long"),
    "a Parquet of lies": ("a.parquet", lambda: b"PAR1" + b"\xff" * 500 + b"PAR1", "damaged"),
    "a binary named text": ("a.txt", lambda: bytes(range(256)) * 50, "binary"),
    "pickle": ("a.pkl", lambda: b"cos\nsystem\n(S'touch out'\ntR.", "unknown_format"),
    "a script": ("a.py", lambda: b"import os; os.system('touch out')", "unknown_format"),
    "entities that multiply": (
        "a.rss",
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
            b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss><channel><item>'
            b"<description>&b;&b;&b;</description></item></channel></rss>"
        ),
        "xml_entities",
    ),
    "an entity that reads a file": (
        "a.xml",
        lambda: (
            b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<rss><channel><item><description>&x;</description></item></channel></rss>"
        ),
        "xml_entities",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_its_reason(case: str, tmp_path: Path) -> None:
    name, made, reason = REFUSED[case]
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / name).write_bytes(made())
    texts, reasons = outcome(folder)
    assert (texts, set(reasons)) == ([], {reason}) or (reason in reasons and len(texts) <= 50)


def test_an_archive_beside_a_good_article_costs_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.zip").write_bytes(_zip(("../out.txt", b"x"), ("good.txt", SAID.encode())))
    assert outcome(folder) == ([SAID], ["path_climbs"])


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").symlink_to(secret)
    (folder / "dir").symlink_to(secret.parent)
    assert outcome(folder) == ([], ["link_outside", "link_outside"])


def test_a_link_to_itself_and_one_to_the_folder_end(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "round").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "a.txt").write_text(SAID, encoding="utf-8")
    texts, _ = outcome(folder)
    assert texts == [SAID]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    os.mkfifo(folder / "a.txt")
    assert outcome(folder) == ([], ["unknown_format"])


def test_a_name_that_commands_a_terminal_is_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a\x1b[2J\nb.txt").write_text(SAID, encoding="utf-8")
    assert outcome(folder)[0] == [SAID]


@pytest.mark.parametrize(
    "data",
    [
        b'<meta charset="utf-7"><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4- ' + SAID.encode(),
        b'<?xml version="1.0" encoding="utf-32"?><p>' + SAID.encode() + b"</p>",
        b'<meta charset="no-such-thing"><p>' + SAID.encode() + b"</p>",
        b"\xff\xfe" + SAID.encode(),
        SAID.encode() + b"\xff\xfe\x00\x00" * 3,
    ],
    ids=["utf-7", "utf-32", "unknown", "a wrong mark", "stray bytes"],
)
def test_a_charset_that_lies_makes_no_markup(data: bytes) -> None:
    texts, reasons = read_here("a.html", data)
    assert len(texts) + len(reasons) == 1
    assert not any("<script" in text or "\x00" in text for text in texts)


def test_surrogates_and_controls_in_json_stay_text(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    strange = {"text": SAID + " \ud800 \x1b]0;owned\x07 \u202e", "outlet": "\ud800\x00"}
    (folder / "a.jsonl").write_text(json.dumps(strange), encoding="utf-8")
    texts, reasons = outcome(folder)
    assert len(texts) + len(reasons) == 1


def test_a_page_makes_no_request(canary: Canary) -> None:
    at = canary.url
    page = (
        f'<!DOCTYPE html PUBLIC "x" "{at}/dtd"><html><head><base href="{at}/">'
        f'<link rel="stylesheet" href="{at}/style"><meta http-equiv="refresh" content="0;{at}/away">'
        f'<script src="{at}/script"></script></head><body><img src="{at}/image"><iframe src="{at}/frame">'
        f'</iframe><object data="{at}/object"></object><p>{SAID}</p></body></html>'
    )
    assert any(SAID in text for text in read_here("a.html", page.encode())[0])


@pytest.mark.parametrize(
    "inside",
    [
        '<?xml-stylesheet href="{at}/style"?>',
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{at}/include"/>',
        '<link href="{at}/item"/><enclosure url="{at}/sound"/>',
    ],
)
def test_a_feed_makes_no_request(inside: str, canary: Canary) -> None:
    feed = (
        f"<rss><channel><item>{inside.format(at=canary.url)}<title>Open</title>"
        f"<description>{SAID}</description></item></channel></rss>"
    )
    texts, reasons = read_here("a.rss", feed.encode())
    assert len(texts) + len(reasons) == 1


@pytest.mark.parametrize(
    "source",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "http://[::1]/",
        "s3://bucket/key",
        "ftp://host/x",
    ],
)
def test_an_address_as_a_source_reaches_nothing_unless_allowed(source: str) -> None:
    (batch,) = ingest([source], TIGHT, "run")
    texts = batch.articles["text"].to_list()
    assert not any("root:" in text for text in texts)
    assert batch.rejects.height == 1


def test_a_page_that_names_a_private_address_is_not_followed(
    tmp_path: Path, canary: Canary
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "list.urls").write_text(f"{canary.url}/page\nhttp://10.0.0.1/\n", encoding="utf-8")
    texts, reasons = outcome(folder)
    assert (texts, set(reasons)) == ([], {"fetch_off"})

"""Sources of every format, what may become of their bytes on the way, and what every reader must make of them."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from functools import cache

import polars as pl
import zstandard

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import READERS, REASONS, Record, Refusal, read
from tests.support.exported import SAMPLES

LIMITS = IngestSettings(max_article_chars=20_000, max_ratio=50, max_members=50)
TEXT = "“The ferry will run at night,” the mayor of Kessel said. Nobody else spoke. Où? Là-bas."
PAGE = f"<html><head><meta charset='utf-8'><title>T</title></head><body><p>{TEXT}</p></body></html>"
KEYS = sorted(READERS)


@cache
def good() -> dict[str, bytes]:
    """A well-formed source for each format."""
    lines = b"".join(
        json.dumps({"text": f"{TEXT} {at}", "id": at}).encode() + b"\n" for at in range(4)
    )
    table = "outlet,text\n" + "".join(f'Gazette,"{TEXT} {at}"\n' for at in range(4))
    parquet = io.BytesIO()
    pl.DataFrame({"text": [TEXT, "More of it."], "outlet": ["Gazette", None]}).write_parquet(
        parquet
    )
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.jsonl", lines)
        archive.writestr("b/c.txt", TEXT)
    item = f"<item><title>T</title><description>{TEXT}</description></item>"
    feed = f"<rss><channel><title>G</title>{item}</channel></rss>"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()
    warc = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (
        len(http),
        http,
    )
    return {
        ".txt": TEXT.encode(),
        ".md": b"---\noutlet: Gazette\n---\n" + TEXT.encode(),
        ".html": PAGE.encode(),
        ".jsonl": lines,
        ".json": b"[" + b",".join(lines.splitlines()) + b"]",
        ".csv": table.encode(),
        ".tsv": table.replace(",", "\t").encode(),
        ".parquet": parquet.getvalue(),
        ".rss": feed.encode(),
        ".urls": b"# today\nhttps://harbour.example/ferry\nhttps://north.example/feed.xml\n",
        ".warc": warc * 2,
        ".zip": zipped.getvalue(),
        ".eml": SAMPLES["e-mail"].data,
        ".mbox": SAMPLES["mailbox"].data * 2,
        ".mhtml": SAMPLES["page saved in one file (MHTML)"].data,
        ".srt": SAMPLES["SubRip"].data,
        ".vtt": SAMPLES["WebVTT"].data,
        ".xml": SAMPLES["TEI"].data,
        ".pdf": SAMPLES["PDF"].data,
        ".gz": gzip.compress(lines),
        ".zst": zstandard.compress(lines),
    }


def mutated(data: bytes, rng: random.Random) -> bytes:
    """`data` cut, flipped, doubled, or with something hostile inside."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0:
                del out[at:]
            case 1:
                out[at : at + rng.randint(1, 40)] = b""
            case 2:
                out[at:at] = rng.randbytes(rng.randint(1, 60))
            case 3:
                out[at:at] = rng.choice(HOSTILE)
            case 4:
                out[at:at] = out[: rng.randint(0, 200)]
            case _:
                if out:
                    out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


HOSTILE = (
    b"\x00" * 30,
    b"\xff\xfe\xed\xa0\x80",
    b"[" * 3_000,
    b"<b>" * 3_000,
    b'"' * 7,
    b"\r\r\n",
    b"\xe2\x80\xae\xe2\x80\x8b",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b"&quot;&#0;&#xD800;",
    b"9" * 5_000,
    b"\\ud800",
)


def check(data: bytes, suffix: str) -> None:
    """Hold what a reader makes of these bytes against what every reader promises."""
    for item in read(io.BytesIO(data), "a" + suffix, LIMITS):
        if isinstance(item, Refusal):
            assert item.reason in REASONS
            assert item.detail
        else:
            assert isinstance(item, Record)
            # What polars and every later stage hold must be encodable.
            item.text.encode()
            assert "\r" not in item.text and "\x00" not in item.text

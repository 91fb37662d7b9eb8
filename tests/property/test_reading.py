"""Whatever bytes come, every reader answers with records and refusals, and ingest's counts add up."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from functools import cache

import polars as pl
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.blocks import mark
from pipeline.readers import READERS, REASONS, Record, Refusal, read
from pipeline.readers.decode import decode, repair
from pipeline.settings import IngestSettings

LIMITS = IngestSettings(max_article_chars=20_000, max_ratio=50, max_members=50)
TEXT = "“The ferry will run at night,” the mayor of Kessel said. Nobody else spoke. Où? Là-bas."
PAGE = f"<html><head><meta charset='utf-8'><title>T</title></head><body><p>{TEXT}</p></body></html>"
CASES = 15
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
        ".warc": warc * 2,
        ".zip": zipped.getvalue(),
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
    for item in read(io.BytesIO(data), "a" + suffix, LIMITS):
        if isinstance(item, Refusal):
            assert item.reason in REASONS
            assert item.detail
        else:
            assert isinstance(item, Record)
            # What polars and every later stage hold must be encodable.
            item.text.encode()
            assert "\r" not in item.text and "\x00" not in item.text


@pytest.mark.parametrize("suffix", sorted(good()))
def test_every_reader_survives_mutations(suffix: str) -> None:
    for case in range(CASES):
        check(mutated(good()[suffix], random.Random(f"{suffix} {case}")), suffix)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=400), suffix=st.sampled_from(KEYS))
def test_any_bytes_under_any_name(data: bytes, suffix: str) -> None:
    check(data, suffix)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_utf8_text_without_damage_comes_back_as_it_was(text: str) -> None:
    plain = "".join(char for char in text if char == "\n" or char >= " ") + " end"
    decoded = decode(plain.encode())
    assert decoded is not None
    if not decoded.repairs:
        assert decoded.text == plain


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_repair_ends_and_gives_what_can_be_stored(text: str) -> None:
    mended = repair(text)
    mended.text.encode()
    assert repair(mended.text).text == repair(repair(mended.text).text).text
    assert (mended.text == text) == (mended.repairs == ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab .,\"“”'()1|•@Z\n\t\u2028é中", max_size=60), max_size=12))
def test_blocks_lie_in_order_inside_the_text_and_hold_every_word(parts: list[str]) -> None:
    text = "\n".join(parts)
    (blocks,) = mark([text])
    at = 0
    for block in blocks:
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        at = block.end
    assert not text[at:].strip()

"""JSON and JSON Lines: an object an article, their columns mapped to ours.

{"text": "The ferry will run at night, the mayor said.", "outlet": "The Harbour Gazette", "url": "https://…"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.columns import day_orders, guess_fields, guess_inside
from onrecord.pipeline.readers.decode import decode, encoding_of
from onrecord.pipeline.readers.fields import record_of
from onrecord.pipeline.readers.formats.heads import looked_at
from onrecord.pipeline.readers.formats.shapes import has_text, plain, unwrapped
from onrecord.pipeline.readers.items import Record, Refusal, refuse

LINES, WHOLE = "application/jsonl", "application/json"
_NO_ORDERS: Mapping[str, bool] = MappingProxyType({})
# Text, title and the rest of a line, each character at worst a six-byte escape.
_BYTES_A_CHAR = 6
_ALLOWANCE = 1 << 20
_MAX_DOCUMENT = 256 << 20
_CHUNK = 1 << 16
# Dates whose day and month could be either; what tells which is looked for in so much of a source.
_SLASHED = re.compile(rb"\"\s?\d{1,2}[/-]\d{1,2}[/-]\d{4}[\" ,T]")
_SAMPLE = 1 << 18
_BETWEEN = re.compile(r"[\s,\x1e]*")


def read_lines(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each line that is not blank, in flat memory."""
    limit = settings.max_article_chars * _BYTES_A_CHAR + _ALLOWANCE
    number, something = 0, False
    head, file = looked_at(file, _SAMPLE)
    if _is_printed(head):
        yield from read_document(file, source, settings)
        return
    orders = _orders(head, settings)
    while line := file.readline(limit + 1):
        number += 1
        place = f"line {number}"
        if len(line) > limit:
            _skip_line(file)
            something = True
            refusal = refuse("too_long", place, f"More than {limit:,} bytes in one line")
            yield refusal.keeping(line, cut=True)
            continue
        if number == 1 and _is_wide(line):
            yield from _wide_lines(line + file.read(_MAX_DOCUMENT), settings)
            return
        if line.strip():
            something = True
            yield parse_line(line, place, settings, orders)
    if not something:
        yield refuse("empty")


def parse_line(
    line: bytes | str,
    place: str,
    settings: IngestSettings,
    orders: Mapping[str, bool] = _NO_ORDERS,
) -> Record | Refusal:
    """One line as a record, or why it is none."""
    value, refusal = _load(line, place)
    found = refusal or _record(value, place, LINES, settings, orders)
    return found.keeping(line) if isinstance(found, Refusal) else found


def _is_printed(head: bytes) -> bool:
    """Whether what is called lines is one document over several: an array, or an object that begins on its own line."""
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    return first[0].startswith(b"[") or (first[0].strip() == b"{" and bool(first[2]))


def _orders(head: bytes, settings: IngestSettings) -> Mapping[str, bool]:
    """How the dates of the lines are meant, by those at the beginning of the source."""
    if _SLASHED.search(head) is None:
        return _NO_ORDERS
    values = (_load(line, None)[0] for line in head.split(b"\n")[:-1] or [head])
    return _orders_of((value for value in values if isinstance(value, dict)), settings)


def _orders_of(rows: Iterable[object], settings: IngestSettings) -> Mapping[str, bool]:
    return day_orders((row, guess_fields(row, settings)) for row in rows if isinstance(row, dict))


def read_document(
    file: BinaryIO, source: str, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    """A record for each object of an array (streamed), of a wrapped list, or for the one object there is."""
    head = file.read(_SAMPLE)
    if not head.strip():
        yield refuse("empty")
        return
    if encoding_of(head) == "utf-8" and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from _array(head, file, settings)
        return
    data = head + file.read(_MAX_DOCUMENT)
    if len(data) > _MAX_DOCUMENT:
        yield refuse("too_long", None, "A JSON document of more than 256 MB; use JSON Lines")
        return
    decoded = decode(data)
    if decoded is None:
        yield refuse("wrong_encoding")
        return
    value, refusal = _load(decoded.text, None)
    if refusal:
        yield from _as_lines(decoded.text, refusal, settings)
    else:
        yield from _document(value, settings)


def _document(value: object, settings: IngestSettings) -> Iterator[Record | Refusal]:
    value = unwrapped(value, settings)
    if not isinstance(value, list):
        yield _record(value, None, WHOLE, settings)
        return
    if not value:
        yield refuse("nothing_to_read")
    orders = _orders_of(value, settings)
    for number, item in enumerate(value, 1):
        yield _item(item, number, settings, orders)


def _as_lines(text: str, refusal: Refusal, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """JSON Lines under the name .json: common enough that a first line that parses settles it."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) < 2 or not isinstance(_load(lines[0][1], None)[0], dict):
        yield from _one_by_one(text, refusal, settings)
        return
    for number, line in lines:
        yield parse_line(line, f"line {number}", settings)


def _one_by_one(
    text: str, refusal: Refusal, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    """Objects that follow each other without a bracket around them, as filters print them."""
    scan = json.JSONDecoder()
    number, at = 0, 0
    while True:
        rest = _BETWEEN.match(text, at)
        at = rest.end() if rest else at
        if at >= len(text):
            return
        try:
            value, at = scan.raw_decode(text, at)
        except RecursionError:
            yield refuse("nested_too_deep", f"item {number + 1}")
            return
        except ValueError:
            broken = refusal if not number else refuse("not_json", f"item {number + 1}")
            yield broken.keeping(text[at:])
            return
        if not number and not isinstance(value, dict):
            yield refusal
            return
        number += 1
        yield _item(value, number, settings, _NO_ORDERS)


def _array_orders(buffer: str, settings: IngestSettings) -> Mapping[str, bool]:
    """How the dates of an array are meant, by its first objects."""
    scan, at = json.JSONDecoder(), 0
    rows: list[object] = []
    while True:
        rest = _BETWEEN.match(buffer, at)
        try:
            value, at = scan.raw_decode(buffer, rest.end() if rest else at)
        except (ValueError, RecursionError):
            return _orders_of(rows, settings)
        rows.append(value)


def _array(head: bytes, file: BinaryIO, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """The objects of an array one by one: the array may be larger than memory."""
    import codecs

    limit = settings.max_article_chars * _BYTES_A_CHAR + _ALLOWANCE
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    buffer = decoder.decode(head).lstrip("\ufeff \t\r\n")[1:]
    scan = json.JSONDecoder()
    number, size = 0, _CHUNK
    orders = _array_orders(buffer, settings) if _SLASHED.search(head) else _NO_ORDERS
    while True:
        buffer = buffer.lstrip(" \t\r\n,")
        if buffer.startswith("]"):
            break
        try:
            value, end = scan.raw_decode(buffer)
            # A number at the very end of the buffer may go on in the next chunk.
            if end == len(buffer) and not isinstance(value, dict | list):
                raise ValueError("may go on")
        except RecursionError:
            yield refuse("nested_too_deep", f"item {number + 1}").keeping(buffer, cut=True)
            return
        except ValueError as error:
            more = file.read(size)
            if not more:
                reason = "truncated" if number or not buffer else "not_json"
                yield refuse(reason, f"item {number + 1}", str(error)[:120]).keeping(buffer)
                return
            if len(buffer) > limit:
                refusal = refuse(
                    "too_long", f"item {number + 1}", f"More than {limit:,} characters"
                )
                yield refusal.keeping(buffer, cut=True)
                return
            buffer += decoder.decode(more)
            # Doubling keeps a long item from being scanned once a chunk: linear time.
            size = max(_CHUNK, len(buffer))
            continue
        number += 1
        buffer, size = buffer[end:], _CHUNK
        yield _item(value, number, settings, orders)
    if not number:
        yield refuse("nothing_to_read")


def _item(
    value: object, number: int, settings: IngestSettings, orders: Mapping[str, bool]
) -> Record | Refusal:
    found = _record(value, f"item {number}", WHOLE, settings, orders)
    return found.keeping(json.dumps(value)) if isinstance(found, Refusal) else found


def _load(line: bytes | str, place: str | None) -> tuple[object, Refusal | None]:
    try:
        return json.loads(line), None
    except RecursionError:
        return None, refuse("nested_too_deep", place)
    except UnicodeDecodeError:
        decoded = decode(line) if isinstance(line, bytes) else None
        if decoded is None:
            return None, refuse("wrong_encoding", place)
        return _load(decoded.text, place)
    except ValueError as error:
        return None, refuse("not_json", place, str(error)[:120])


def _record(
    value: object,
    place: str | None,
    media_type: str,
    settings: IngestSettings,
    orders: Mapping[str, bool] = _NO_ORDERS,
) -> Record | Refusal:
    if not isinstance(value, dict):
        return refuse("not_object", place, f"Found {type(value).__name__}")
    value = plain(value)
    columns = guess_fields(value, settings)
    if not has_text(value, columns):
        columns = guess_inside(value, settings)
    record = record_of(value, columns, place or "", media_type, settings.max_article_chars, orders)
    if place is None and not record.place:
        return _without_place(record)
    return record


def _without_place(record: Record | Refusal) -> Record | Refusal:
    if isinstance(record, Refusal):
        return record._replace(place=None)
    record.place = None
    return record


def _skip_line(file: BinaryIO) -> None:
    while part := file.readline(_CHUNK):
        if part.endswith(b"\n"):
            return


def _is_wide(line: bytes) -> bool:
    return (encoding_of(line) or "").startswith(("utf-16", "utf-32"))


def _wide_lines(data: bytes, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """UTF-16 and UTF-32 are decoded whole: their newlines are no single bytes."""
    if len(data) > _MAX_DOCUMENT:
        yield refuse("too_long", None, "More than 256 MB in a wide encoding; save it as UTF-8")
        return
    decoded = decode(data)
    if decoded is None:
        yield refuse("wrong_encoding")
        return
    for number, line in enumerate(decoded.text.split("\n"), 1):
        if line.strip():
            yield parse_line(line, f"line {number}", settings)

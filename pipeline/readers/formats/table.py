"""CSV and TSV: a row an article, under a header line.

outlet,url,headline,body
The Harbour Gazette,https://harbour.example/ferry,Ferry to run at night,"“It will run,” the mayor said."
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.pipeline.core.rejects import MOST_BYTES
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.decode import encoding_of, is_binary
from onrecord.pipeline.readers.fields import guess_columns, record_of
from onrecord.pipeline.readers.items import Record, Refusal, refuse

MEDIA_TYPE = "text/csv"
_SAMPLE = 1 << 18
_CHUNK = 1 << 16
_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 2_000
# The first line of a table that a spreadsheet wrote for itself.
_SEPARATOR = re.compile(r"sep=(.)", re.I)


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each row, in flat memory; the delimiter is the header's commonest."""
    sample = file.read(_SAMPLE)
    if not sample.strip():
        yield refuse("empty")
        return
    if is_binary(sample):
        yield refuse("binary")
        return
    # The sample may end inside a character.
    encoding = encoding_of(sample[: sample.rfind(b"\n") + 1] or sample)
    if encoding is None:
        yield refuse("wrong_encoding")
        return
    bytes_back = io.BufferedReader(_Rejoined(sample, file))  # type: ignore[type-var]
    text = codecs.getreader(encoding)(bytes_back, "replace")
    # The module's limit is one for the process: larger than any article, so that it never cuts one.
    csv.field_size_limit(settings.max_article_chars * 8 + 1)
    if b"\n" not in sample and b"\r" in sample:
        # As old spreadsheets end lines.
        text = codecs.getreader(encoding)(io.BufferedReader(_NewLines(bytes_back)), "replace")  # type: ignore[type-var]
    header = text.readline().lstrip("\ufeff")
    if told := _SEPARATOR.fullmatch(header.strip()):
        header = text.readline()
    delimiter = "\t" if source.lower().endswith((".tsv", ".tab")) else _delimiter(header)
    delimiter = told[1] if told else delimiter
    names = next(csv.reader([header], delimiter=delimiter), [])
    if not any(name.strip() for name in names) or len(names) > _MOST_COLUMNS:
        yield refuse("no_text", "line 1", "The header names no column")
        return
    yield from _rows(text, names, header, delimiter, settings)


def _rows(
    text: codecs.StreamReader,
    names: list[str],
    header: str,
    delimiter: str,
    settings: IngestSettings,
) -> Iterator[Record | Refusal]:
    columns = guess_columns(names, settings)
    if "text" not in columns and "html" not in columns:
        shown = ", ".join(name[:40] for name in names[:12])
        yield refuse("no_text", "line 1", f"Columns found: {shown}").keeping(json.dumps(names))
        return
    # Lines end at \n only: a text may hold other separators, such as U+2028.
    lines = _Remembered(_lines(text, csv.field_size_limit() + 1))
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    something = False
    while True:
        lines.forget()
        place = f"line {rows.line_num + 2}"
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            something = True
            broken = refuse(_reason(error), place, str(error)[:120])
            yield broken.keeping(f"{header.rstrip()}\n{lines.last}", cut=lines.cut)
            continue
        if not row:
            continue
        something = True
        if len(row) != len(names):
            found = f"{len(row)} fields, the header has {len(names)}"
            yield refuse("columns_differ", place, found).keeping(json.dumps(row))
            continue
        values: dict[str, object] = dict(zip(names, row, strict=True))
        yield record_of(values, columns, place, MEDIA_TYPE, settings.max_article_chars)
    if not something:
        yield refuse("nothing_to_read", None, "A header and no rows")


def _reason(error: csv.Error) -> str:
    return "too_long" if "field limit" in str(error) else "broken_quoting"


def _lines(text: codecs.StreamReader, most: int) -> Iterator[str]:
    """The lines of a table; of one longer than `most` its beginning, which no field can hold."""
    parts: list[str] = []
    size, skipping = 0, False
    while chunk := text.read(_CHUNK):
        first, *more = chunk.split("\n")
        if not skipping:
            parts.append(first)
            size += len(first)
        if size > most:
            yield "".join(parts)
            parts, size, skipping = [], 0, True
        if more:
            if not skipping:
                yield "".join(parts) + "\n"
            for line in more[:-1]:
                yield line + "\n"
            parts, size, skipping = [more[-1]], len(more[-1]), False
    if size:
        yield "".join(parts)


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


class _Remembered:
    """Lines, of which those since `forget` are remembered: a broken row may go over several."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.last, self.cut = "", False

    def __iter__(self) -> _Remembered:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if len(self.last) + len(line) <= MOST_BYTES:
            self.last += line
        else:
            self.last, self.cut = self.last or line[:MOST_BYTES], True
        return line

    def forget(self) -> None:
        """Begin with the next line."""
        self.last, self.cut = "", False


class _Rejoined(io.RawIOBase):
    """What was read for the sample, then the rest of the file."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._head:
            part, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        else:
            part = self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


class _NewLines(io.RawIOBase):
    """Bytes with \\n for \\r."""

    def __init__(self, rest: BinaryIO | io.BufferedReader[Any]) -> None:
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = self._rest.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(part)] = part
        return len(part)

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
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import Any, BinaryIO

from onrecord.pipeline.core.rejects import MOST_BYTES
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.columns import day_orders, guess_columns
from onrecord.pipeline.readers.decode import encoding_of, is_binary
from onrecord.pipeline.readers.fields import record_of
from onrecord.pipeline.readers.formats.heads import Rejoined
from onrecord.pipeline.readers.items import Record, Refusal, refuse

MEDIA_TYPE = "text/csv"
_SAMPLE = 1 << 18
_CHUNK = 1 << 16
_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 2_000
# The first line of a table that a spreadsheet wrote for itself.
# How databases escape a mark within a field, where others double it.
_ESCAPED, _DOUBLED = re.compile(r"[^\\]\\\""), re.compile(r"[^,;\t|\n\"]\"\"[^,;\t|\n\"]")
_SLASHED = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-]\d{4}\b")
# trafilatura's columns; it writes no header.
_TRAFILATURA = (
    "url", "id", "fingerprint", "hostname", "title", "image", "date", "text", "comments", "license", "pagetype",
)  # fmt: skip
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
    bytes_back = io.BufferedReader(Rejoined(sample, file))  # type: ignore[type-var]
    text = codecs.getreader(encoding)(bytes_back, "replace")
    # The module's limit is one for the process: larger than any article, so that it never cuts one.
    csv.field_size_limit(settings.max_article_chars * 8 + 1)
    if b"\n" not in sample and b"\r" in sample:
        # As old spreadsheets end lines.
        text = codecs.getreader(encoding)(io.BufferedReader(_NewLines(bytes_back)), "replace")  # type: ignore[type-var]
    begun = codecs.decode(sample, encoding, "replace").lstrip("\ufeff")
    header = text.readline().lstrip("\ufeff")
    if told := _SEPARATOR.fullmatch(header.strip()):
        header = text.readline()
    delimiter = "\t" if source.lower().endswith((".tsv", ".tab")) else _delimiter(header)
    delimiter = told[1] if told else delimiter
    if _is_headless(header):
        whole = chain([header], _lines(text, csv.field_size_limit() + 1))
        yield from _rows(whole, list(_TRAFILATURA), "", "\t", settings, begun)
        return
    names = next(csv.reader([header], delimiter=delimiter), [])
    if not any(name.strip() for name in names) or len(names) > _MOST_COLUMNS:
        yield refuse("no_text", "line 1", "The header names no column")
        return
    # Lines end at \n only: a text may hold other separators, such as U+2028.
    lines = _lines(text, csv.field_size_limit() + 1)
    yield from _rows(lines, names, header, delimiter, settings, begun.partition("\n")[2])


def _rows(
    given: Iterator[str],
    names: list[str],
    header: str,
    delimiter: str,
    settings: IngestSettings,
    sample: str,
) -> Iterator[Record | Refusal]:
    columns = guess_columns(names, settings)
    if "text" not in columns and "html" not in columns:
        shown = ", ".join(name[:40] for name in names[:12])
        yield refuse("no_text", "line 1", f"Columns found: {shown}").keeping(json.dumps(names))
        return
    escaped = _ESCAPED.search(sample) is not None and _DOUBLED.search(sample) is None
    lines = _Remembered((line.replace('\\"', '""') for line in given) if escaped else given)
    spaced = f"{delimiter} " in header
    rows = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=spaced)
    orders = _orders(sample, names, columns, delimiter) if _SLASHED.search(sample) else {}
    first = 2 if header else 1
    something = False
    while True:
        lines.forget()
        place = f"line {rows.line_num + first}"
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
        if len(row) > len(names) and not any(value.strip() for value in row[len(names) :]):
            row = row[: len(names)]
        if len(row) != len(names):
            found = f"{len(row)} fields, the header has {len(names)}"
            yield refuse("columns_differ", place, found).keeping(json.dumps(row))
            continue
        values: dict[str, object] = dict(zip(names, row, strict=True))
        yield record_of(values, columns, place, MEDIA_TYPE, settings.max_article_chars, orders)
    if not something:
        yield refuse("nothing_to_read", None, "A header and no rows")


def _is_headless(header: str) -> bool:
    """Whether a table begins with an article, as trafilatura writes it."""
    fields = header.split("\t")
    return len(fields) >= 8 and fields[0].lower().startswith(("http://", "https://"))


def _orders(
    sample: str, names: list[str], columns: Mapping[str, str], delimiter: str
) -> Mapping[str, bool]:
    """How the dates of the rows are meant, by those at the beginning of the table."""
    rows: list[dict[str, object]] = []
    # A row that is broken, or that the sample cuts, tells nothing; those before it do.
    with suppress(csv.Error):
        rows.extend(
            dict(zip(names, row, strict=False))
            for row in csv.reader(io.StringIO(sample, newline="\n"), delimiter=delimiter)
            if len(row) >= len(names)
        )
    return day_orders((row, columns) for row in rows)


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

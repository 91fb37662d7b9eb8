"""What a source holds, told from the beginnings of some of its files: nothing is stored, nothing large read whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import READERS, Record, Refusal, read, read_found, refused_unread
from onrecord.pipeline.readers.formats import parquet
from onrecord.pipeline.readers.html.page_workers import Pages
from onrecord.pipeline.readers.sources import Found, find
from onrecord.pipeline.stages.ingest import finished, page_of

FILES, RECORDS, COUNTED = 20, 100, 2_000
"""So many files of each format are looked into, so many records of each file, and so many more are counted."""

FIELDS = ("title", "outlet", "url", "author", "published_at", "updated_at", "language", "id")
_PACKED = (".gz", ".zst")


@dataclass
class Form:
    """The files of one format, and what was seen in those that were looked into.

    `columns` are their names for ours, `filled` in how many of `records` each of FIELDS is given.
    """

    files: int = 0
    size: int = 0
    looked_into: int = 0
    read_size: int = 0
    records: int = 0
    refused: int = 0
    most: int = 0
    expected: float = 0.0
    exact: bool = True
    columns: dict[str, str] = field(default_factory=dict)
    unused: dict[str, None] = field(default_factory=dict)
    filled: Counter[str] = field(default_factory=Counter)

    @property
    def articles(self) -> int:
        """How many articles there are, so far as can be told; `exact` says whether that is all there are."""
        left = self.files - self.looked_into
        if not left or not self.looked_into:
            return round(self.expected)
        # One article a file, or many in proportion to its size.
        share = left / self.looked_into
        if self.most > 1 and self.read_size:
            share = (self.size - self.read_size) / self.read_size
        return round(self.expected * (1 + share))


@dataclass
class Survey:
    """What a source holds: its formats, and how often each reason to refuse was met, with the first that it met."""

    forms: dict[str, Form] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, Refusal]] = field(default_factory=dict)

    @property
    def articles(self) -> int:
        """How many articles would be read, about."""
        return sum(form.articles for form in self.forms.values())

    @property
    def exact(self) -> bool:
        """Whether everything was looked at."""
        return all(form.exact and form.files == form.looked_into for form in self.forms.values())


def survey(source: str, settings: IngestSettings) -> Survey:
    """A look into a source: every file is counted, the first ones of each format are read from their beginning."""
    made = Survey()
    with Pages() as pages:
        for found in find([source]):
            if found.refusal is not None:
                _refused(made, found.name, found.refusal)
                continue
            form = made.forms.setdefault(_format(found), Form())
            form.files += 1
            size = _size(found)
            form.size += size
            if form.looked_into < FILES:
                form.looked_into += 1
                form.read_size += size
                _look_into(found, form, made, pages, settings)
    return made


def _look_into(
    found: Found, form: Form, made: Survey, pages: Pages, settings: IngestSettings
) -> None:
    seen = usable = good = 0
    sample = _Sample(found, settings)
    for item, page in pages.extract_all(sample.items(), page_of):
        seen, usable = seen + 1, usable + isinstance(item, Record)
        item = finished(item, page, settings)
        if isinstance(item, Refusal):
            form.refused += 1
            _refused(made, found.name, item)
        else:
            good += 1
            _described(form, item)
    form.records += good
    form.most = max(form.most, seen)
    for refusal in sample.refused:
        _refused(made, found.name, refusal)
    form.exact &= sample.whole
    share = good / usable if usable else 0.0
    form.expected += (good + share * sample.counted) * sample.times


class _Sample:
    """The first records of a file; after them, how many more were counted, and how many times as many there are."""

    def __init__(self, found: Found, settings: IngestSettings) -> None:
        self._found = found
        self._settings = settings
        self.whole, self.times = True, 1.0
        self.counted = 0
        self.refused: list[Refusal] = []

    def items(self) -> Iterator[Record | Refusal]:
        if self._found.url is not None:
            yield from self._first(read_found(self._found, self._settings))
            return
        try:
            refusal = refused_unread(self._found, self._settings)
            if refusal is not None:
                yield refusal
                return
            with self._found.open() as file:
                name = self._found.file_name
                yield from self._first(read(file, name, self._settings))
                if not self.whole:
                    self.times = self._found.size / max(1, file.tell())
                    if READERS.get(PurePosixPath(name.lower()).suffix) is parquet.read:
                        self.times = parquet.count(file) / (RECORDS + self.counted)
        except OSError:
            yield from read_found(self._found, self._settings)

    def _first(self, items: Iterator[Record | Refusal]) -> Iterator[Record | Refusal]:
        yield from islice(items, RECORDS)
        for item in islice(items, COUNTED):
            if isinstance(item, Refusal):
                self.refused.append(item)
            else:
                self.counted += 1
        self.whole = next(items, None) is None


def _described(form: Form, record: Record) -> None:
    columns = record.columns or {}
    form.columns.update(columns)
    form.unused.update(dict.fromkeys(getattr(columns, "unused", ())))
    for name in FIELDS:
        given = ", id " in f", {record.place}" if name == "id" else getattr(record, name)
        form.filled[name] += bool(given)


def _refused(made: Survey, name: str, refusal: Refusal) -> None:
    made.reasons[refusal.reason] += 1
    made.examples.setdefault(refusal.reason, (name, refusal))


def _size(found: Found) -> int:
    try:
        return found.size
    except OSError:
        return 0


def _format(found: Found) -> str:
    if found.url is not None:
        return "web"
    suffixes = PurePosixPath(found.file_name.lower()).suffixes
    taken = suffixes[-2:] if suffixes and suffixes[-1] in _PACKED else suffixes[-1:]
    return "".join(taken) or "no suffix"

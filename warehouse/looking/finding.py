"""Search: by words, meaning or both, with facets that hold together, sorted and in pages.

A hit is a statement, shown by the quotation of it that fits best. A facet counts the statements that there would be of
each of its values under all filters but its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.start import start
from onrecord.warehouse.mending.overlay import pending
from onrecord.warehouse.shelf.counting import starts
from onrecord.warehouse.shelf.matching import (
    FACETS,
    By,
    Encode,
    Facet,
    Matched,
    Question,
    labelled,
    match,
    placed,
)
from onrecord.warehouse.shelf.mended import shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.spans import Unit, without_gaps

PAGE = 20
MOST = 10_000
"""Hits that an export holds."""
ENTRIES = 100
"""Entries of a feed."""
_VALUES = 12
"""Values of a facet that are shown."""
_AROUND = 260
"""Characters on each side of the words."""


@dataclass(frozen=True)
class Value:
    """A value of a facet, and the statements that there are of it under all other filters."""

    value: str
    label: str
    statements: int
    chosen: bool


@dataclass(frozen=True)
class Days:
    """How many statements there are of the days from one on."""

    since: date
    statements: int


@dataclass(frozen=True)
class Piece:
    """Some of the words; marked where the query has them."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """A statement that was found, by the quotation of it that fits best, in its sentence."""

    quotation_id: str
    statement_id: str | None
    words: str
    before: str
    pieces: tuple[Piece, ...]
    after: str
    stance: str
    type: str
    confidence: float
    unsure: bool
    speaker: str | None
    speaker_id: str | None
    mention: str | None
    role: str | None
    cue: str | None
    day: date | None
    published_at: datetime | None
    outlet: str | None
    title: str | None
    author: str | None
    url: str | None
    link: str
    language: str | None
    article_id: str
    outlets: int
    quotations: int
    corrected: str | None = None
    """What people say of it that the record does not know before the next run."""


@dataclass(frozen=True)
class Found:
    """A page of what was found, how much there is, and the facets."""

    question: Question
    generation: int
    by: By
    statements: int
    quotations: int
    page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: dict[Facet, tuple[Value, ...]]
    unit: Unit
    days: tuple[Days, ...]


def warm(reader: Reader) -> None:
    """Make what a generation's searches stand on, before somebody waits for it."""
    find(reader, Question(by="words"))


def find(reader: Reader, question: Question, encode: Encode | None = None) -> Found:
    """A page of what fits. Raises QueryError, and what `encode` raises for words that no model reads."""
    found: Found = reader.remembered(
        ("found", question, pending(reader.folder)), lambda: _find(reader, question, encode)
    )
    return replace(found, hits=tuple(_corrected(reader, found.hits)))


def hits(reader: Reader, question: Question, encode: Encode | None = None) -> tuple[Hit, ...]:
    """All that fits, up to MOST, in the order that is asked for."""
    _, matched = match(reader, question, encode)
    return tuple(_corrected(reader, _page(reader, question, matched, 0, MOST)))


def _corrected(reader: Reader, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Hits as people corrected them, also since the generation was published."""
    overlay = pending(reader.folder)
    for hit in hits:
        of = overlay.of(hit.quotation_id)
        waiting = any(note.pending for note in of.notes)
        if waiting:
            hit = replace(
                hit,
                speaker=of.speaker if of.named else hit.speaker,
                speaker_id=None if of.named else hit.speaker_id,
                stance=of.stance or hit.stance,
                corrected="; ".join(note.says for note in of.notes if note.pending),
            )
        yield hit


def _find(reader: Reader, question: Question, encode: Encode | None) -> Found:
    by, matched = match(reader, question, encode)
    statements = len(starts(matched.said()))
    page, pages = paged(question.page, statements, PAGE)
    unit, days = matched.over_time()
    told = (Days(since, count) for since, count in days)
    return Found(
        question,
        reader.generation,
        by,
        statements,
        len(matched.fitting()),
        page,
        pages,
        _page(reader, question, matched, (page - 1) * PAGE, PAGE),
        _facets(reader, question, matched),
        unit,
        without_gaps(told, unit, lambda one: one.since, lambda since: Days(since, 0)),
    )


def _facets(reader: Reader, question: Question, matched: Matched) -> dict[Facet, tuple[Value, ...]]:
    """Each facet's values with the statements that there are of them under all other filters, those chosen first."""
    shown = {name: matched.foremost(name, _VALUES) for name in FACETS}
    labels = labelled(reader, shown)
    return {
        name: tuple(
            sorted(
                (
                    Value(*labels[name](code), statements, chosen)
                    for code, statements, chosen in shown[name]
                ),
                key=lambda one: (-one.statements, one.label, one.value),
            )
        )
        # What is chosen and on no record is shown too, since else nobody could lift it.
        + tuple(Value(one, one, 0, True) for one in matched.unknown.get(name, ()))
        for name in FACETS
    }


def _page(
    reader: Reader, question: Question, matched: Matched, offset: int, most: int
) -> tuple[Hit, ...]:
    found = matched.best(question.sort, offset, most)
    if not len(found):
        return ()
    held = shelf(reader)
    rows = reader.rows(
        "finding_shown",
        places=held.places(found),
        articles=held.places(held.rows["article"][found], "articles"),
        statements=placed(held, found),
        around=_AROUND,
    )
    marked = _terms(reader, question.q, rows)
    return tuple(
        made(
            Hit,
            row,
            before=_before(row["before"]),
            pieces=tuple(_pieces(row["text"], marked)),
            after=_after(row["after"]),
            corrected=None,
        )
        for row in rows
    )


_WORD = re.compile(r"[^\W_]+")
_ENDS = re.compile(r"[.!?…][\"”’»)\]]*\s+")


def _terms(reader: Reader, query: str, rows: Sequence[dict[str, Any]]) -> frozenset[str]:
    """The words of these texts that the query means, folded: plurals too."""
    if not query.strip() or not rows:
        return frozenset()
    texts = " ".join(row["text"][:2_000] for row in rows[:PAGE])
    told = reader.rows("finding_terms", query=query, text=texts)
    return frozenset(row["token"] for row in told)


def _pieces(text: str, marked: frozenset[str]) -> Iterable[Piece]:
    at = 0
    if marked:
        for word in _WORD.finditer(text):
            if _folded(word.group()) in marked:
                if word.start() > at:
                    yield Piece(text[at : word.start()], False)
                yield Piece(word.group(), True)
                at = word.end()
    if at < len(text):
        yield Piece(text[at:], False)


def _folded(word: str) -> str:
    """A word as the full-text index spells it."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).lower()


def _before(text: str) -> str:
    """What of the text before the words is of their sentence."""
    line = text.rpartition("\n")[2]
    ends = [end.end() for end in _ENDS.finditer(line)]
    if ends:
        return line[ends[-1] :]
    return line if len(line) < _AROUND else "… " + line[-_AROUND // 2 :].partition(" ")[2]


def _after(text: str) -> str:
    """What of the text after the words is of their sentence."""
    line = text.partition("\n")[0]
    if end := _ENDS.search(line):
        return line[: end.end()].rstrip()
    return line if len(line) < _AROUND else line[: _AROUND // 2].rpartition(" ")[0] + " …"


@dataclass(frozen=True)
class Arrival:
    """A statement that came on record, or another wording of one that was there (`variant`)."""

    quotation_id: str
    statement_id: str | None
    words: str
    stance: str
    statement: str | None
    variant: bool
    speaker: str | None
    mention: str | None
    outlet: str | None
    published_at: datetime | None
    arrived_at: datetime | None


@dataclass(frozen=True)
class Arrivals:
    """The latest of what fits, the last first, and when this generation was published."""

    published_at: datetime | None
    entries: tuple[Arrival, ...]


def arrived(reader: Reader, question: Question, encode: Encode | None = None) -> Arrivals:
    """What came on record last of what fits.

    A wording that several articles have comes once, with the first.
    """

    def make() -> Arrivals:
        _, matched = match(reader, question, encode)
        held = shelf(reader)
        rows, variants = matched.latest(ENTRIES)
        told = reader.rows(
            "finding_arrived",
            places=held.places(rows),
            statements=placed(held, rows),
            variants=variants,
        )
        now = start(reader).now
        return Arrivals(now.published_at if now else None, every(Arrival, told))

    return reader.remembered(("arrived", question, pending(reader.folder)), make)

"""Search: by words, meaning or both, with facets that hold together, sorted and in pages.

A hit is a statement, shown by the quotation of it that fits best. A facet counts the statements that there would be of
each of its values under all filters but its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.nearness import near
from onrecord.warehouse.looking.reader import Reader
from onrecord.warehouse.looking.shelf import shelved
from onrecord.warehouse.looking.start import Unit, unit_of
from onrecord.warehouse.mending.overlay import pending

PAGE = 20
MOST = 10_000
"""Hits that an export holds."""
ENTRIES = 100
"""Entries of a feed."""
_VALUES = 12
"""Values of a facet that are shown."""
_AROUND = 260
"""Characters on each side of the words."""

Encode = Callable[[str], Sequence[float]]
By = Literal["words", "meaning", "both"]
Sort = Literal["relevance", "newest", "oldest", "outlets"]
Facet = Literal["speaker", "outlet", "theme", "kind", "type", "stance", "confidence"]
FACETS: tuple[Facet, ...] = get_args(Facet)
SHOWN = ("sure", "likely")
"""The confidences that are searched where none is named: those that the view quotes shows."""


@dataclass(frozen=True)
class Question:
    """What is looked for. A speaker is an identity or a name, an outlet a name, a theme an identity."""

    q: str = ""
    by: By = "both"
    speaker: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    page: int = 1


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
    shelved(reader)
    find(reader, Question(by="words"))


def find(reader: Reader, question: Question, encode: Encode | None = None) -> Found:
    """A page of what fits. Raises QueryError, and what `encode` raises for words that no model reads."""
    found: Found = reader.remembered(("found", question), lambda: _find(reader, question, encode))
    return replace(found, hits=tuple(_corrected(reader, found.hits)))


def hits(reader: Reader, question: Question, encode: Encode | None = None) -> tuple[Hit, ...]:
    """All that fits, up to MOST, in the order that is asked for."""
    _gather(reader, question, encode)
    return tuple(_corrected(reader, _page(reader, question, 0, MOST)))


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
    by, filters = _gather(reader, question, encode)
    # The confidences that are searched unless one is named were chosen by nobody.
    chosen = {name: filters[name] for name in FACETS} | {"confidence": list(question.confidence)}
    total = reader.rows("finding_total")[0]
    page, pages = paged(question.page, total["statements"], PAGE)
    span = reader.rows("finding_span")[0]
    unit = unit_of(span["first"], span["last"])
    return Found(
        question,
        reader.generation,
        by,
        total["statements"],
        total["quotations"],
        page,
        pages,
        _page(reader, question, (page - 1) * PAGE, PAGE),
        _facets(reader.rows("finding_facets", most=_VALUES, **chosen)),
        unit,
        every(Days, reader.rows("finding_days", unit=unit)),
    )


def _gather(reader: Reader, question: Question, encode: Encode | None) -> tuple[By, dict[str, Any]]:
    """Make the temporary table `matched` of what fits; how it was searched, and the filters."""
    shelved(reader)
    words = question.q.strip()
    by: By = question.by if encode is not None and words else "words"
    if not words:
        reader.rows("finding_all")
    elif by == "words":
        reader.rows("finding_words", query=words)
        reader.rows("finding_scored")
    else:
        places, scores = near(reader, encode(words) if encode else ())
        told = {"places": places, "scores": scores}
        reader.rows(f"finding_{by}", **told, **({"query": words} if by == "both" else {}))
        reader.rows("finding_scored")
    filters: dict[str, Any] = {name: list(getattr(question, name)) for name in FACETS}
    filters["speaker"] = [one for name in question.speaker for one in _called(reader, name)]
    filters["confidence"] = filters["confidence"] or list(SHOWN)
    reader.rows("finding_matched", **filters, since=question.since, until=question.until)
    return by, filters


def _called(reader: Reader, name: str) -> list[str]:
    """The speakers whom a name means; of a name that nobody has, itself, so that nothing is found."""
    if name == "-" or _IDENTITY.fullmatch(name):
        return [name]

    def make() -> list[str]:
        return [row["speaker_id"] for row in reader.rows("finding_called", speaker=name)]

    return reader.remembered(("called", name), make) or [name]


def _facets(rows: Iterable[dict[str, Any]]) -> dict[Facet, tuple[Value, ...]]:
    values: dict[Facet, list[Value]] = {name: [] for name in FACETS}
    for row in rows:
        values[row["facet"]].append(made(Value, row))
    return {name: tuple(held) for name, held in values.items()}


def _page(reader: Reader, question: Question, offset: int, most: int) -> tuple[Hit, ...]:
    found = reader.rows("finding_page", sort=question.sort, most=most, offset=offset)
    if not found:
        return ()
    rows = reader.rows(
        "finding_shown",
        places=[row["place"] for row in found],
        articles=[row["article"] for row in found],
        statements=[row["statement"] for row in found],
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


_IDENTITY = re.compile(r"[0-9a-f]{32}")
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
    """What came on record last of what fits."""

    def make() -> Arrivals:
        _gather(reader, question, encode)
        now = reader.row("start_now") or {}
        rows = reader.rows("finding_arrived", most=ENTRIES)
        return Arrivals(now.get("published_at"), every(Arrival, rows))

    return reader.remembered(("arrived", question), make)

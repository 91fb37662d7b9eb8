"""A statement: every wording side by side, who was first, who copied whom, repeats, and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np

from onrecord.pipeline.statements.comparing.contrasts.contrast import contrast
from onrecord.warehouse.looking.compared import Piece, words_compared
from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.quotation import Nested, nested
from onrecord.warehouse.mending.overlay import Corrected, pending
from onrecord.warehouse.shelf.mended import row_of, shelf
from onrecord.warehouse.shelf.nearness import near_among, vectors
from onrecord.warehouse.shelf.reader import Reader

PAGE = 50
"""Wordings of a page."""
LIKE = 0.45
"""Cosine from which two statements of one speaker are shown as on one subject."""
MOST_BEFORE = 12
MOST_NEAR = 100
"""Wordings of the same speaker that are looked at."""

OPPOSITE = {
    "negated": "one is negated",
    "opposite": "a word and its opposite",
    "quantified": "other numbers",
    "timed": "another time",
    "bounded": "other bounds",
    "certain": "another certainty",
    "swapped": "who did it to whom",
    "done": "done and not done",
    "denied": "one is a denial",
}
"""What two statements say against each other, in words; other contrasts are only a difference of subject."""


@dataclass(frozen=True)
class Carrier:
    """An article that carries the statement: its place in the order of publication, and what it copies."""

    place: int | None
    outlet: str | None
    title: str | None
    published_at: datetime | None
    seconds_after: float | None
    days_after: int | None
    difference: str | None
    copy_of: str | None
    copied_from: str | None
    share: float | None
    via: str | None
    link: str
    address: str | None
    in_headline: bool
    article_id: str
    quotation_id: str
    same_words_as: str | None
    """The earliest article that printed the same words, where there is one and it is no copy of it."""


@dataclass(frozen=True)
class Wording:
    """One wording: who prints it so, and piece by piece what it cut and added against the one it is held against."""

    words: str
    difference: str | None
    pieces: tuple[Piece, ...]
    cut: int
    added: int
    outlets: tuple[str, ...]
    first_published: datetime | None
    quotation_id: str
    carriers: tuple[Carrier, ...]


@dataclass(frozen=True)
class Time:
    """One time that the speaker said a phrase."""

    statement_id: str
    words: str
    day: date | None
    outlets: int
    time: int
    times: int
    first: bool


@dataclass(frozen=True)
class Before:
    """What the same speaker said on this at another time; `against` tells what speaks against it."""

    statement_id: str
    words: str
    stance: str
    day: date | None
    outlets: int
    likeness: float
    later: bool
    against: str | None


@dataclass(frozen=True)
class Theme:
    """A theme that it belongs to."""

    theme_id: str
    label: str


@dataclass(frozen=True)
class Statement:
    """One act of speech and every report of it."""

    statement_id: str
    words: str
    stance: str
    speaker: str | None
    speaker_id: str | None
    descriptor: str | None
    outlets: int
    quotations: int
    first_said: datetime | None
    themes: tuple[Theme, ...]
    against: str
    """The quotation whose wording the others are held against; empty where it is the representative one."""
    against_words: str
    wordings: tuple[Wording, ...]
    wordings_count: int
    page: int
    pages: int
    carriers: tuple[Carrier, ...]
    repeats: tuple[Time, ...]
    nested: tuple[Nested, ...]
    before: tuple[Before, ...]
    corrected: Corrected
    """What people said of what reports it."""


def statement(
    reader: Reader, statement_id: str, against: str = "", page: int = 1
) -> Statement | None:
    """The statement that an identity is today, a page of its wordings held against one of them; None for none.

    `against` is a quotation, "first" for the one published first, or empty for the representative wording.
    """
    told = _today(reader, statement_id)
    if told is None:
        return None
    identity, held = told["statement_id"], shelf(reader)
    own = held.statement_rows(told["row"])
    rows = reader.rows(
        "statement_carried",
        statement=identity,
        members=held.rows["member"][own].tolist(),
        places=held.places(own),
        articles=held.places(held.family(held.rows["article"][own]), "articles"),
        place=held.places(told["row"], "statements"),
    )
    carriers = tuple(_carriers(rows))
    if against == "first":
        against = rows[0]["quotation_id"] if rows else ""
    base = next((row["words"] for row in rows if row["quotation_id"] == against), None)
    if base is None:
        against, base = "", told["words"]
    kinds = _kinds(rows, carriers, base)
    page, pages = paged(page, len(kinds), PAGE)
    return made(
        Statement,
        told,
        themes=every(Theme, _themes(reader, told["row"])),
        against=against,
        against_words=base,
        wordings=tuple(_wording(kind, base) for kind in kinds[(page - 1) * PAGE : page * PAGE]),
        wordings_count=len(kinds),
        page=page,
        pages=pages,
        carriers=carriers,
        repeats=every(Time, reader.rows("statement_repeats", statement=identity)),
        nested=every(Nested, nested(reader, own)),
        before=said_before(reader, told),
        corrected=pending(reader.folder).of_any(row["quotation_id"] for row in rows),
    )


def _today(reader: Reader, statement_id: str) -> dict[str, Any] | None:
    """The statement that an identity is today: merges are followed, and a loop in a damaged file ends."""
    met: set[str] = set()
    identity: str | None = statement_id
    held = shelf(reader)
    while identity is not None and identity not in met:
        met.add(identity)
        row = row_of(reader, "statement", identity)
        into = held.one_statement.get(row, row)
        if into >= 0 and len(held.statement_rows(into)):
            place = held.places(into, "statements")
            asked = identity if into == row else None
            told = reader.row("statement", place=place, statement=asked)
            return told and {**told, "row": into}
        identity = (reader.row("statement_moved", statement=identity) or {}).get("into_id")
    return None


def _themes(reader: Reader, statement: int) -> list[dict[str, Any]]:
    held = shelf(reader)
    within = held.by["of_statement"].equal(statement)
    themes, scores = held.in_themes["theme"][within], held.in_themes["similarity"][within]
    return reader.rows(
        "statement_themes", places=held.places(themes, "themes"), scores=scores.tolist()
    )


def _carriers(rows: Sequence[Mapping[str, Any]]) -> Iterable[Carrier]:
    first: dict[str, str] = {}
    for row in rows:
        earliest = first.setdefault(row["utterance_id"], row["article_id"])
        own = row["copy_of"] is not None or earliest == row["article_id"]
        yield made(Carrier, row, same_words_as=None if own else earliest)


def _kinds(
    rows: Sequence[Mapping[str, Any]], carriers: Sequence[Carrier], base: str
) -> list[list[tuple[Mapping[str, Any], Carrier]]]:
    """The reports by wording: the one that all are held against first, then the earliest."""
    pairs = list(zip(rows, carriers, strict=True))
    order: dict[str, int] = {}
    for row, _ in pairs:
        order.setdefault(row["utterance_id"], len(order))
    pairs.sort(key=lambda pair: order[pair[0]["utterance_id"]])
    kinds = [list(same) for _, same in groupby(pairs, key=lambda pair: pair[0]["utterance_id"])]
    return sorted(kinds, key=lambda kind: kind[0][0]["words"] != base)


def _wording(kind: Sequence[tuple[Mapping[str, Any], Carrier]], base: str) -> Wording:
    row = kind[0][0]
    pieces = words_compared(base, row["words"])
    return Wording(
        row["words"],
        row["difference"],
        pieces,
        sum(len(piece.text.split()) for piece in pieces if piece.kind == "cut"),
        sum(len(piece.text.split()) for piece in pieces if piece.kind == "added"),
        tuple(sorted({carrier.outlet for _, carrier in kind if carrier.outlet})),
        min((c.published_at for _, c in kind if c.published_at), default=None),
        row["quotation_id"],
        tuple(carrier for _, carrier in kind),
    )


def said_before(reader: Reader, told: Mapping[str, Any]) -> tuple[Before, ...]:
    """The same speaker on this at other times, the likest first, and what speaks against this statement."""
    if told["speaker_id"] is None:
        return ()
    held = shelf(reader)
    theirs = held.by["speaker"].equal(row_of(reader, "named", told["speaker_id"]))
    kept = held.rows["shown"][theirs] & (held.rows["statement"][theirs] != told["row"])
    theirs = theirs[kept & (held.rows["statement"][theirs] >= 0)]
    if not len(theirs):
        return ()
    own = held.rows["wording"][held.fullest(told["row"])]
    vector = next(iter(vectors(reader, np.array([own])).values()), ())
    wordings, scores = near_among(reader, vector, held.rows["wording"][theirs], LIKE, MOST_NEAR)
    likeness: dict[int, float] = {}
    for wording, score in zip(wordings, scores.tolist(), strict=True):
        for row in theirs[held.rows["wording"][theirs] == wording]:
            likeness.setdefault(int(held.rows["statement"][row]), score)
    rows = reader.rows(
        "statement_before",
        places=held.places(list(likeness), "statements"),
        scores=list(likeness.values()),
    )
    here = told["first_said"] and told["first_said"].date()
    other_days = [row for row in rows if row["day"] is None or row["day"] != here]
    return tuple(
        made(
            Before,
            row,
            later=bool(here and row["day"] and row["day"] > here),
            against=_against(told, row),
        )
        for row in other_days[:MOST_BEFORE]
    )


def _against(one: Mapping[str, Any], two: Mapping[str, Any]) -> str | None:
    rule = contrast(one["words"], two["words"])
    if one["stance"] != two["stance"] and rule is None:
        return OPPOSITE["denied"]
    return OPPOSITE.get(rule or "")

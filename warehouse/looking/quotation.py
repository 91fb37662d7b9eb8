"""A quotation in its place: the article around it, whose it is and how that was found, versions and copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from onrecord.pipeline.text.layout import Layout
from onrecord.warehouse.looking.compared import Altered, texts_compared
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.reading import Marked, Part, Span, Text, passages
from onrecord.warehouse.mending.overlay import Corrected, pending
from onrecord.warehouse.shelf.mended import row_of, shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import Column

MOST_ALTERED = 100
"""Paragraphs told of those in which two versions differ."""


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the words may be of, with a probability."""

    name: str
    share: float


@dataclass(frozen=True)
class Found:
    """How the speaker was found: the mention as printed, the fullest name, and where that name stands.

    `sentences` is how many sentences lie between name and mention, 0 for the same one; NULL where the name is the
    mention itself, or stands nowhere else. `reason` tells why nobody is named.
    """

    mention: str | None
    name: str | None
    name_text: str | None
    descriptor: str | None
    sentences: int | None
    before: bool
    reason: str | None


@dataclass(frozen=True)
class Sure:
    """How sure each part is: words and speaker together, this speaker among the candidates, that it stands in the
    article proper, that it reports its statement."""

    whole: float
    shown: bool
    speaker: float | None
    block: float | None
    statement: float | None


@dataclass(frozen=True)
class Article:
    """The article in which a quotation stands."""

    article_id: str
    title: str | None
    outlet: str | None
    author: str | None
    url: str | None
    source: str
    place: str | None
    published_at: datetime | None
    updated_at: datetime | None
    language: str | None


@dataclass(frozen=True)
class Kin:
    """Another version of the article, what it copies, or a copy of it."""

    kin: str
    article_id: str
    outlet: str | None
    title: str | None
    url: str | None
    published_at: datetime | None
    updated_at: datetime | None
    share: float | None
    quotation_id: str | None
    here: bool


@dataclass(frozen=True)
class Other:
    """A quotation of the article."""

    quotation_id: str
    speaker: str | None
    mention: str | None
    type: str
    stance: str
    sure: bool


@dataclass(frozen=True)
class Nested:
    """A quotation within this one, or the one that it stands in."""

    quotation_id: str
    words: str
    speaker: str | None
    speaker_id: str | None
    statement_id: str | None
    inner: bool


@dataclass(frozen=True)
class Change:
    """What another version of the article says otherwise: a paragraph each."""

    before: str
    after: str
    paragraphs: tuple[Altered, ...]
    count: int


@dataclass(frozen=True)
class Quotation:
    """A quotation in its place."""

    quotation_id: str
    words: str
    text: str
    type: str
    stance: str
    stance_words: str | None
    cue: str | None
    cue_class: str
    speaker: str | None
    speaker_id: str | None
    speaker_kind: str | None
    descriptor: str | None
    told: str | None
    via: str | None
    said_on: date | None
    in_headline: bool
    translated: bool
    written: bool
    statement_id: str | None
    statement: str | None
    difference: str | None
    statement_outlets: int | None
    statement_quotations: int | None
    link: str | None
    found: Found
    sure: Sure
    candidates: tuple[Candidate, ...]
    article: Article
    text_page: Text
    others: tuple[Other, ...]
    nested: tuple[Nested, ...]
    family: tuple[Kin, ...]
    changes: tuple[Change, ...]
    newer_id: str | None
    """A quotation of the newest version, where this one is of an earlier."""
    corrected: Corrected
    """What people said of it; what the record does not know yet is told all the same."""


def quotation(reader: Reader, quotation_id: str, page: int | None = None) -> Quotation | None:
    """The quotation in its place, with a page of the article's text; None for one that is not on record."""
    own = row_of(reader, "key", quotation_id)
    if own < 0:
        return None
    held = shelf(reader)
    within, statement = int(held.rows["article"][own]), int(held.rows["statement"][own])
    told = reader.row(
        "quotation",
        quotation=quotation_id,
        place=held.places(own),
        article=held.places(within, "articles"),
        member=int(held.rows["member"][own]) if statement >= 0 else None,
        statement=held.places(statement, "statements") if statement >= 0 else None,
    )
    if told is None:
        return None
    article = _article(reader, told["article_id"])
    if article is None:
        return None
    text: str = article["text"]
    marks = reader.rows("article_marks", places=held.places(held.by["article"].equal(within)))
    blocks = reader.rows("article_blocks", article=told["article_id"])
    naming = _naming(reader, told)
    family = _family(reader, article, within)
    corrected = pending(reader.folder).of(quotation_id)
    if corrected.named:
        told = {**told, "speaker": corrected.speaker, "speaker_id": None, "descriptor": None}
    return made(
        Quotation,
        told,
        stance=corrected.stance or told["stance"],
        corrected=corrected,
        words=told["content"],
        stance_words=_span(text, told["stance_start"], told["stance_end"]),
        found=_found(text, told, naming),
        sure=Sure(
            told["confidence"],
            told["sure"],
            _share(told),
            next(
                (
                    block["confidence"]
                    for block in blocks
                    if block["start"] < told["end"] and block["end"] > told["start"]
                ),
                None,
            ),
            told["similarity"],
        ),
        candidates=every(Candidate, told["candidates"] or ()),
        article=made(Article, article),
        text_page=passages(
            text,
            blocks,
            Marked(
                [(mark["quotation_id"], _spans(mark)) for mark in marks],
                quotation_id,
                _parts(told, naming),
            ),
            page,
        ),
        others=every(Other, marks),
        nested=every(Nested, nested(reader, np.array([own]))),
        family=family,
        changes=tuple(_changes(reader, article, family)),
        newer_id=_newer(article, family),
    )


def nested(reader: Reader, rows: Column) -> list[dict[str, Any]]:
    """What quotations of the shelf quote in turn, and what they stand in: what is their own statement is left out."""
    held = shelf(reader)
    inner, outer = held.by["outer"].every(rows)[0], held.rows["outer"][rows]
    found = np.unique(np.concatenate((inner, -1 - outer[outer >= 0])))
    places = np.where(found < 0, -1 - found, found)
    other = ~np.isin(held.rows["said"][places], held.rows["said"][rows])
    found, places = found[other], places[other]
    if not len(found):
        return []
    return reader.rows("nested", places=held.places(places), inner=(found >= 0).tolist())


def _article(reader: Reader, article_id: str) -> dict[str, Any] | None:
    held = shelf(reader)
    row = row_of(reader, "text", article_id)
    return (
        reader.row("article", place=held.places(row, "articles"), article=article_id)
        if row >= 0
        else None
    )


def _spans(mark: Mapping[str, Any]) -> list[Span]:
    return [(span["start"], span["end"]) for span in mark["spans"]]


def _span(text: str, start: int | None, end: int | None) -> str | None:
    return None if start is None or end is None else text[start:end]


def _parts(told: Mapping[str, Any], naming: Mapping[str, Any] | None) -> dict[Part, Span]:
    parts: dict[Part, Span] = {}
    for part in ("stance", "cue", "mention"):
        if told[f"{part}_start"] is not None:
            parts[part] = (told[f"{part}_start"], told[f"{part}_end"])
    if naming is not None:
        parts["name"] = (naming["start"], naming["end"])
    return parts


def _naming(reader: Reader, told: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the article names whoever is meant by a mention that is no name itself."""
    if told["name"] is None or told["mention_start"] is None or told["mention"] == told["name"]:
        return None
    return reader.row(
        "naming",
        article=told["article_id"],
        fullest=told["name"],
        mention_start=told["mention_start"],
        mention_end=told["mention_end"],
    )


def _found(text: str, told: Mapping[str, Any], naming: Mapping[str, Any] | None) -> Found:
    sentences, before = None, True
    if naming is not None:
        before = naming["start"] < told["mention_start"]
        low, high = sorted((naming["start"], told["mention_start"]))
        sentences = Layout(text[low : high + 1]).sentence_breaks(0, high - low)
    return Found(
        told["mention"],
        told["name"],
        naming and naming["text"],
        naming and naming["descriptor"],
        sentences,
        before,
        told["unresolved"],
    )


def _share(told: Mapping[str, Any]) -> float | None:
    shares = [one["share"] for one in told["candidates"] or () if one["name"] == told["name"]]
    return max(shares, default=None)


def _family(reader: Reader, article: Mapping[str, Any], own: int) -> tuple[Kin, ...]:
    held = shelf(reader)
    family = held.family(np.array([own]))
    if len(family) == 1:
        return ()
    rows = reader.rows(
        "article_family",
        article=article["article_id"],
        original=article["duplicate_of"],
        articles=held.places(family, "articles"),
        places=held.places(held.by["article"].every(family)[0]),
    )
    return tuple(
        made(
            Kin,
            row,
            share=row["duplicate_share"],
            quotation_id=row["first_quotation"],
            here=row["article_id"] == article["article_id"],
        )
        for row in rows
        if len(rows) > 1
    )


def _changes(
    reader: Reader, article: Mapping[str, Any], family: tuple[Kin, ...]
) -> Iterator[Change]:
    """What the version before says otherwise, and the version after."""
    identity = article["article_id"]
    later = [kin.article_id for kin in family if kin.kin == "version" and not kin.here]
    for other in later:
        told = _article(reader, other)
        if told is None:
            continue
        if other == article["supersedes"]:
            yield _change(told, article)
        elif told["supersedes"] == identity:
            yield _change(article, told)


def _change(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    paragraphs, count = texts_compared(before["text"], after["text"], MOST_ALTERED)
    return Change(before["article_id"], after["article_id"], paragraphs, count)


def _newer(article: Mapping[str, Any], family: tuple[Kin, ...]) -> str | None:
    """A quotation of the newest version, where this article is an earlier one."""
    versions = [kin for kin in family if kin.kin == "version"]
    if not versions or versions[-1].here:
        return None
    return versions[-1].quotation_id

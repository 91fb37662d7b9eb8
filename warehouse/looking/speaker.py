"""A speaker: names, roles, what they said on what and when, who quotes them, and what they would not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from onrecord.warehouse.looking.listed import Day, Said, newest_first, page_of
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.mending.overlay import Corrected, pending
from onrecord.warehouse.shelf.mended import picked, row_of, shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import CODES, Column

MOST_WORDS = 1_000
"""Quotations, the newest, by which a speaker's words are weighed."""
MOST_SILENCES = 60


@dataclass(frozen=True)
class Spelling:
    """How articles name the speaker beside the words."""

    mention: str
    times: int
    outlets: int


@dataclass(frozen=True)
class Role:
    """A role or title, and when it was met first and last."""

    role: str
    since: date | None
    until: date | None
    articles: int
    outlets: int


@dataclass(frozen=True)
class Quoting:
    """An outlet and how often it quotes the speaker: not at all, where `quotations` is 0."""

    outlet: str
    articles: int
    quotations: int
    statements: int
    altered: int
    last_day: date | None


@dataclass(frozen=True)
class Word:
    """A word typical of the speaker, and how many times the usual share of quotations has it."""

    word: str
    times: int
    ratio: float


@dataclass(frozen=True)
class Silence:
    """What somebody did not say, would not answer, or denied, and the words that tell so."""

    words: str
    told_by: str | None
    day: date | None
    outlet: str | None
    title: str | None
    quotation_id: str
    stance: str


@dataclass(frozen=True)
class OnTheme:
    """A broad theme, and how many of the statements are in it."""

    theme_id: str
    label: str
    statements: int


@dataclass(frozen=True)
class Speaker:
    """One person or body across articles."""

    speaker_id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    descriptors: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    first_day: date | None
    last_day: date | None
    statements: int
    quotations: int
    outlets: int
    spellings: tuple[Spelling, ...]
    roles: tuple[Role, ...]
    days: tuple[Day, ...]
    themes: tuple[OnTheme, ...]
    said: tuple[Said, ...]
    newest: bool
    page: int
    pages: int
    quoting: tuple[Quoting, ...]
    words: tuple[Word, ...]
    silences: tuple[Silence, ...]
    same_as: str | None
    """The speaker who is the same person, as somebody says."""
    corrected: Corrected


def speaker(reader: Reader, speaker_id: str, page: int = 1, newest: bool = False) -> Speaker | None:
    """A speaker with a page of what they said; None for one that is not on record."""
    own = row_of(reader, "named", speaker_id)
    if own < 0:
        return None
    held = shelf(reader)
    rows = held.by["speaker"].equal(own)
    shown = rows[held.rows["shown"][rows]]
    place = int(held.speakers["place"][own])
    told = picked(reader, shown).row("speaker", place=place, speaker=speaker_id)
    if told is None:
        return None
    statements = np.unique(held.rows["statement"][shown])
    said, page, pages = page_of(reader, statements[statements >= 0], page, newest)
    all_places = held.places(rows)
    once = shown[~held.rows["copied"][shown]]
    if own in held.one_person:
        first = int(held.speakers["place"][held.one_person[own]])
        told = {**told, **(reader.row("speaker_same", place=first) or {})}
    corrected = pending(reader.folder).of(speaker_id)
    return made(
        Speaker,
        told,
        name=corrected.name or told["name"],
        corrected=corrected,
        spellings=every(Spelling, reader.rows("speaker_spellings", places=all_places)),
        roles=every(Role, reader.rows("speaker_roles", places=all_places)),
        days=every(Day, reader.rows("speaker_days")),
        themes=every(OnTheme, reader.rows("picked_themes")),
        said=said,
        newest=newest,
        page=page,
        pages=pages,
        quoting=every(Quoting, reader.rows("speaker_outlets")),
        words=every(
            Word,
            reader.rows("speaker_words", places=held.places(newest_first(held, once, MOST_WORDS))),
        ),
        silences=every(Silence, silences_of(reader, rows)),
    )


def silences_of(reader: Reader, rows: Column) -> list[dict[str, Any]]:
    """What of these was not said, not answered or denied, the newest first."""
    held = shelf(reader)
    stances = [CODES["stance"].index(one) + 1 for one in ("unsaid", "denied")]
    told = np.isin(held.rows["stance"][rows], stances) & held.rows["newest"][rows]
    return unsaid(
        reader, newest_first(held, rows[told & ~held.rows["copied"][rows]], MOST_SILENCES)
    )


def unsaid(reader: Reader, rows: Column) -> list[dict[str, Any]]:
    """What these rows say that was not said, or denied."""
    held = shelf(reader)
    articles = held.places(held.rows["article"][rows], "articles")
    return reader.rows("silences", places=held.places(rows), articles=articles)

"""A speaker: names, roles, what they said on what and when, who quotes them, and what they would not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from onrecord.warehouse.looking.listed import Day, Said, page_of, paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.reader import Reader
from onrecord.warehouse.looking.shelf import shelved
from onrecord.warehouse.mending.overlay import Corrected, pending


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
    told = shelved(reader).row("speaker", speaker=speaker_id)
    if told is None:
        return None
    page, pages = paged(page, told["statements"])
    corrected = pending(reader.folder).of(speaker_id)
    return made(
        Speaker,
        told,
        name=corrected.name or told["name"],
        corrected=corrected,
        spellings=every(Spelling, reader.rows("speaker_spellings", speaker=speaker_id)),
        roles=every(Role, reader.rows("speaker_roles", speaker=speaker_id)),
        days=every(Day, reader.rows("speaker_days", speaker=speaker_id)),
        themes=every(OnTheme, reader.rows("speaker_themes", speaker=speaker_id)),
        said=page_of(reader, "speaker_statements", page, newest, speaker=speaker_id),
        newest=newest,
        page=page,
        pages=pages,
        quoting=every(Quoting, reader.rows("speaker_outlets", speaker=speaker_id)),
        words=every(Word, reader.rows("speaker_words", speaker=speaker_id)),
        silences=every(Silence, reader.rows("speaker_silences", speaker=speaker_id)),
    )

"""The record at a glance: what is new, when things were said, by whom, on what, where, and what was refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from onrecord.warehouse.looking.listed import Said
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.mending.overlay import pending
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.spans import Unit, unit_of, without_gaps


@dataclass(frozen=True)
class Since:
    """How many quotations there are of the day, week, month or year that begins then."""

    since: date
    quotations: int


@dataclass(frozen=True)
class Quoted:
    """A speaker and how much is on record of them."""

    speaker_id: str
    name: str
    kind: str
    role: str | None
    statements: int
    outlets: int


@dataclass(frozen=True)
class Theme:
    """A broad theme and how many statements it holds."""

    theme_id: str
    label: str
    size: int


@dataclass(frozen=True)
class Outlet:
    """An outlet and how much it quotes."""

    outlet: str
    articles: int
    quotations: int
    speakers: int


@dataclass(frozen=True)
class Refused:
    """What the last run refused for one reason; `open` of them nobody has settled."""

    stage: str
    reason: str
    rejects: int
    open: int
    detail: str | None


@dataclass(frozen=True)
class Now:
    """The generation that stands, the run that made it, and what the record holds."""

    generation: int
    run_id: str
    started_at: datetime | None
    published_at: datetime | None
    version: str
    new_articles: int
    changed_articles: int
    copies: int
    known_articles: int
    new_quotations: int
    rejected: int
    gates_failed: int
    articles: int
    quotations: int
    speakers: int
    statements: int


@dataclass(frozen=True)
class Start:
    """All of it."""

    now: Now | None
    news: tuple[Said, ...]
    unit: Unit
    undated: int
    days: tuple[Since, ...]
    speakers: tuple[Quoted, ...]
    themes: tuple[Theme, ...]
    outlets: tuple[Outlet, ...]
    refused: tuple[Refused, ...]


def start(reader: Reader) -> Start:
    """The record at a glance; one generation's is made once."""
    told = reader.kept("start", _start)
    names = pending(reader.folder).names
    if not names:
        return told
    return replace(
        told,
        news=tuple(
            replace(one, speaker=names.get(one.speaker_id or "", one.speaker)) for one in told.news
        ),
        speakers=tuple(
            replace(one, name=names.get(one.speaker_id, one.name)) for one in told.speakers
        ),
    )


def _start(reader: Reader) -> Start:
    now, span = reader.row("start_now"), reader.row("start_span") or {}
    unit = unit_of(span.get("first"), span.get("last"))
    return Start(
        made(Now, now) if now else None,
        every(Said, reader.rows("start_news")),
        unit,
        span.get("undated") or 0,
        without_gaps(
            every(Since, reader.rows("start_days", unit=unit)),
            unit,
            lambda one: one.since,
            lambda since: Since(since, 0),
        ),
        every(Quoted, reader.rows("start_speakers")),
        every(Theme, reader.rows("start_themes")),
        every(Outlet, reader.rows("start_outlets")),
        every(Refused, reader.rows("start_refused")),
    )

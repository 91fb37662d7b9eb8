"""A theme: what was said on it over time, who speaks in it, who is only spoken of, and the map of all themes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.warehouse.looking.listed import Day, Outlet, Said, page_of, paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.reader import Reader
from onrecord.warehouse.looking.shelf import shelved


@dataclass(frozen=True)
class Speaking:
    """Somebody who speaks in the theme."""

    speaker_id: str
    name: str
    kind: str
    descriptor: str | None
    statements: int
    outlets: int
    last_day: date | None


@dataclass(frozen=True)
class SpokenOf:
    """Somebody who is named in the theme's quotations and says nothing in it."""

    name: str
    quotations: int


@dataclass(frozen=True)
class Narrower:
    """A narrower theme."""

    theme_id: str
    label: str
    size: int


@dataclass(frozen=True)
class Theme:
    """Statements on one subject."""

    theme_id: str
    label: str
    keywords: tuple[str, ...]
    size: int
    parent_id: str | None
    parent: str | None
    typical: str | None
    typical_id: str | None
    narrower: tuple[Narrower, ...]
    days: tuple[Day, ...]
    speakers: tuple[Speaking, ...]
    spoken_of: tuple[SpokenOf, ...]
    outlets: tuple[Outlet, ...]
    said: tuple[Said, ...]
    newest: bool
    page: int
    pages: int


@dataclass(frozen=True)
class Broad:
    """A broad theme with its narrower ones."""

    theme_id: str
    label: str
    size: int
    narrower: tuple[Narrower, ...]


@dataclass(frozen=True)
class Placed:
    """A theme on the map: like ones have like vectors."""

    theme_id: str
    label: str
    size: int
    embedding: tuple[float, ...]


@dataclass(frozen=True)
class Themes:
    """The broad themes, and the map of the largest."""

    broad: tuple[Broad, ...]
    placed: tuple[Placed, ...]


def theme(reader: Reader, theme_id: str, page: int = 1, newest: bool = False) -> Theme | None:
    """A theme with a page of what is said in it; None for one that is not on record."""
    told = shelved(reader).row("theme", theme=theme_id)
    if told is None:
        return None
    page, pages = paged(page, told["size"])
    return made(
        Theme,
        told,
        narrower=every(Narrower, reader.rows("theme_narrower", theme=theme_id)),
        days=every(Day, reader.rows("theme_days", theme=theme_id)),
        speakers=every(Speaking, reader.rows("theme_speakers", theme=theme_id)),
        spoken_of=reader.remembered(
            ("spoken of", theme_id),
            lambda: every(SpokenOf, reader.rows("theme_spoken_of", theme=theme_id)),
        ),
        outlets=every(Outlet, reader.rows("theme_outlets", theme=theme_id)),
        said=page_of(reader, "theme_statements", page, newest, theme=theme_id),
        newest=newest,
        page=page,
        pages=pages,
    )


def themes(reader: Reader) -> Themes:
    """The broad themes, the largest first, and where the largest lie; one generation's are made once."""
    return reader.kept("themes", _themes)


def _themes(reader: Reader) -> Themes:
    return Themes(
        tuple(
            made(Broad, row, narrower=every(Narrower, row["narrower"]))
            for row in reader.rows("themes")
        ),
        every(Placed, reader.rows("landscape")),
    )

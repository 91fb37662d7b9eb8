"""Outlets: who quotes whom, shares by kind of speaker, and how often and how an outlet alters words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from onrecord.warehouse.looking.compared import Piece, words_compared
from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.looking.speaker import OnTheme
from onrecord.warehouse.shelf.mended import picked, shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import CODES

PAGE = 100
"""Outlets of a page, and speakers of one's."""


@dataclass(frozen=True)
class Outlet:
    """An outlet in figures. `shared` counts its quotations in marks of what others carry too; of those, `cut` and
    `altered` are worded otherwise than the statement. `first` counts statements that it published before all others."""

    outlet: str
    articles: int
    copies: int
    since: date | None
    until: date | None
    quotations: int | None
    statements: int | None
    speakers: int | None
    persons: int | None
    organisations: int | None
    groups: int | None
    nobody: int | None
    direct: int | None
    shared: int | None
    cut: int | None
    altered: int | None
    shared_statements: int | None
    first: int | None


@dataclass(frozen=True)
class Quoted:
    """Whom an outlet quotes."""

    speaker_id: str
    name: str
    kind: str
    descriptor: str | None
    quotations: int
    statements: int
    last_day: date | None


@dataclass(frozen=True)
class Altering:
    """What it words otherwise than the fullest report of it does, piece by piece."""

    statement_id: str
    quotation_id: str
    speaker: str | None
    in_headline: bool
    day: date | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Copying:
    """An outlet whose articles it copies (`taken`), or that copies its own."""

    outlet: str | None
    articles: int
    taken: bool
    share: float | None


@dataclass(frozen=True)
class Whole:
    """One outlet: whom it quotes, what about, what it alters, from whom it copies."""

    outlet: Outlet
    quoted: tuple[Quoted, ...]
    themes: tuple[OnTheme, ...]
    alters: tuple[Altering, ...]
    copying: tuple[Copying, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Outlets:
    """A page of the outlets, who quotes most first."""

    outlets: tuple[Outlet, ...]
    count: int
    page: int
    pages: int


def outlets(reader: Reader, page: int = 1) -> Outlets:
    """A page of the outlets."""
    told = _all(reader)
    page, pages = paged(page, len(told), PAGE)
    return Outlets(told[(page - 1) * PAGE : page * PAGE], len(told), page, pages)


def outlet(reader: Reader, name: str, page: int = 1) -> Whole | None:
    """One outlet with a page of whom it quotes; None for one that is not on record."""
    found = next((one for one in _all(reader) if one.outlet == name), None)
    if found is None:
        return None
    page, pages = paged(page, found.speakers or 0, PAGE)
    held = shelf(reader)
    rows = held.by["outlet"].equal(held.outlets.index(name) if name in held.outlets else 0)
    rows = rows[held.rows["shown"][rows]]
    picked(reader, rows)
    quoted = reader.rows("outlet_speakers", most=PAGE, offset=(page - 1) * PAGE)
    told = {name: held.rows[name][rows] for name in ("type", "outlets", "difference")}
    other = (told["outlets"] > 1) & (told["type"] == CODES["type"].index("direct") + 1)
    other &= told["difference"] > CODES["difference"].index("same") + 1
    return Whole(
        found,
        every(Quoted, quoted),
        every(OnTheme, reader.rows("picked_themes")),
        tuple(
            made(Altering, row, pieces=words_compared(row["statement"], row["words"]))
            for row in reader.rows("outlet_alters", places=held.places(rows[other]))
        ),
        every(Copying, reader.rows("outlet_copies", outlet=name)),
        page,
        pages,
    )


def _all(reader: Reader) -> tuple[Outlet, ...]:
    """Every outlet: one generation's are counted once."""

    def make(reader: Reader) -> tuple[Outlet, ...]:
        rows = np.flatnonzero(shelf(reader).rows["shown"])
        return every(Outlet, picked(reader, rows).rows("outlets"))

    return reader.kept("outlets", make)

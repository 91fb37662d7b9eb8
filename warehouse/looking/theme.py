"""A theme: what was said on it over time, who speaks in it, who is only spoken of, and the map of all themes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from onrecord.warehouse.looking.listed import Day, Outlet, Said, newest_first, page_of
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.shelf.mended import picked, row_of, shelf
from onrecord.warehouse.shelf.nearness import vectors
from onrecord.warehouse.shelf.reader import Reader

MOST_PLACED = 24
"""Themes, the largest, that are on the map."""
MOST_READ = 1_000
"""Quotations, the newest, by which those are told who are only spoken of."""


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
    own = row_of(reader, "theme", theme_id)
    if own < 0:
        return None
    held = shelf(reader)
    told = reader.row("theme", place=int(held.themes["place"][own]), theme=theme_id)
    if told is None:
        return None
    statements = held.in_themes["statement"][held.by["in_theme"].equal(own)]
    statements = np.unique(statements[statements >= 0])
    said, page, pages = page_of(reader, statements, page, newest)
    within = np.zeros(len(held.statements["key"]) + 1, dtype=bool)
    within[statements] = True
    # The last stands for quotations that are in no statement.
    rows = np.flatnonzero(within[held.rows["statement"]] & held.rows["shown"])
    once = rows[~held.rows["copied"][rows]]
    picked(reader, rows)
    return made(
        Theme,
        told,
        narrower=every(Narrower, reader.rows("theme_narrower", theme=theme_id)),
        days=every(Day, reader.rows("theme_days")),
        speakers=every(Speaking, reader.rows("theme_speakers")),
        spoken_of=reader.remembered(
            ("spoken of", theme_id),
            lambda: every(
                SpokenOf,
                reader.rows(
                    "theme_spoken_of", places=held.places(newest_first(held, once, MOST_READ))
                ),
            ),
        ),
        outlets=every(Outlet, reader.rows("theme_outlets")),
        said=said,
        newest=newest,
        page=page,
        pages=pages,
    )


def themes(reader: Reader) -> Themes:
    """The broad themes, the largest first, and where the largest lie; one generation's are made once."""
    return reader.kept("themes", _themes)


def _themes(reader: Reader) -> Themes:
    rows = reader.rows("themes")
    return Themes(
        tuple(made(Broad, row, narrower=every(Narrower, row["narrower"])) for row in rows),
        tuple(_placed(reader, rows[:MOST_PLACED])),
    )


def _placed(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> Iterator[Placed]:
    """Where themes lie: each by the fullest wording of the statement that it grew from."""
    held = shelf(reader)
    wordings = {}
    for row in rows:
        own = np.searchsorted(held.themes["place"], row["place"])
        statement = int(held.themes["statement"][own])
        if statement >= 0 and len(held.statement_rows(statement)):
            wordings[row["theme_id"]] = held.rows["wording"][held.fullest(statement)]
    found = vectors(reader, np.array(list(wordings.values()), dtype=np.int64))
    for row in rows:
        vector = found.get(int(wordings.get(row["theme_id"], 0)))
        if vector is not None:
            yield made(Placed, row, embedding=tuple(vector.tolist()))

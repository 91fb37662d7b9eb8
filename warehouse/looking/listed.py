"""What several views list: statements in pages, counts by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.warehouse.looking.making import every
from onrecord.warehouse.shelf.counting import foremost
from onrecord.warehouse.shelf.mended import shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import Column, Shelf

PAGE = 20
"""Rows of a page of a list."""


@dataclass(frozen=True)
class Said:
    """A statement in a list."""

    statement_id: str
    words: str
    stance: str
    day: date | None
    outlets: int
    quotations: int
    speaker: str | None
    speaker_id: str | None


@dataclass(frozen=True)
class Day:
    """Quotations of a day, by what a picture tells apart; NULL is everything else."""

    day: date
    name: str | None
    quotations: int


@dataclass(frozen=True)
class Outlet:
    """How much of something an outlet carries."""

    outlet: str
    quotations: int
    statements: int
    share: float


def paged(page: int, count: int, size: int = PAGE) -> tuple[int, int]:
    """The page that there is nearest to `page`, and how many there are of `count` rows, `size` a page; one at least."""
    pages = max(1, -(-count // size))
    return min(max(page, 1), pages), pages


def page_of(
    reader: Reader, statements: Column, page: int, newest: bool
) -> tuple[tuple[Said, ...], int, int]:
    """A page of statements (from 1), the most carried first or the newest first; which it is, and of how many."""
    held = shelf(reader)
    statements = statements[held.statements["quotations"][statements] > 0]
    page, pages = paged(page, len(statements))
    told = {name: held.statements[name][statements] for name in _ORDER}
    order = ("first_said",) if newest else _ORDER
    keys = [told[name] for name in order] + [~held.statements["key"][statements]]
    shown = foremost(keys, page * PAGE)[(page - 1) * PAGE :]
    places = held.places(statements[shown], "statements")
    return every(Said, reader.rows("statements_listed", places=places)), page, pages


_ORDER = ("outlets", "quotations", "first_said")


def newest_first(held: Shelf, rows: Column, most: int, offset: int = 0) -> Column:
    """Some of these rows of the shelf, by day; those without a day come last."""
    order = foremost((held.rows["day"][rows], ~held.rows["key"][rows]), offset + most)
    return rows[order[offset:]]

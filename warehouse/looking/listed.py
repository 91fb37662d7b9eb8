"""What several views list: statements in pages, counts by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.warehouse.looking.making import every
from onrecord.warehouse.looking.reader import Reader

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
    reader: Reader, name: str, page: int, newest: bool, **values: object
) -> tuple[Said, ...]:
    """A page of statements (from 1), the most carried first or the newest first."""
    offset = (max(page, 1) - 1) * PAGE
    return every(Said, reader.rows(name, most=PAGE, offset=offset, newest=newest, **values))

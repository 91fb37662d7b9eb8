"""Who refused to answer, and what."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every
from onrecord.warehouse.looking.reader import Reader
from onrecord.warehouse.looking.shelf import shelved
from onrecord.warehouse.looking.speaker import Silence

PAGE = 50
"""Rows of a page."""


@dataclass(frozen=True)
class Unanswered(Silence):
    """The same with who it was."""

    speaker: str | None
    speaker_id: str | None


@dataclass(frozen=True)
class Silences:
    """A page of what was not said or answered."""

    rows: tuple[Unanswered, ...]
    count: int
    page: int
    pages: int


def silences(reader: Reader, page: int = 1) -> Silences:
    """A page of it, the newest first."""
    told = shelved(reader).row("silences_count") or {"count": 0}
    page, pages = paged(page, told["count"], PAGE)
    rows = reader.rows("silences", most=PAGE, offset=(page - 1) * PAGE)
    return Silences(every(Unanswered, rows), told["count"], page, pages)

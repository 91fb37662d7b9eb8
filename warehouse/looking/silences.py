"""Who refused to answer, and what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.warehouse.looking.making import every
from onrecord.warehouse.looking.reader import Reader
from onrecord.warehouse.looking.shelf import shelved

PAGE = 50
"""Rows of a page."""


@dataclass(frozen=True)
class Unanswered:
    """What somebody did not say or would not answer, and the words of the article that tell so."""

    words: str
    told_by: str | None
    day: date | None
    outlet: str | None
    title: str | None
    quotation_id: str
    stance: str
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
    pages = max(1, -(-told["count"] // PAGE))
    page = min(max(page, 1), pages)
    rows = reader.rows("silences", most=PAGE, offset=(page - 1) * PAGE)
    return Silences(every(Unanswered, rows), told["count"], page, pages)

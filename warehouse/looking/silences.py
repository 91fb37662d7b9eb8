"""Who refused to answer, and what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onrecord.warehouse.looking.listed import newest_first, paged
from onrecord.warehouse.looking.making import every
from onrecord.warehouse.looking.speaker import Silence, unsaid
from onrecord.warehouse.shelf.mended import shelf
from onrecord.warehouse.shelf.reader import Reader
from onrecord.warehouse.shelf.rows import CODES

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
    held = shelf(reader)
    unanswered = held.rows["stance"] == CODES["stance"].index("unsaid") + 1
    rows = np.flatnonzero(unanswered & held.rows["newest"] & ~held.rows["copied"])
    page, pages = paged(page, len(rows), PAGE)
    shown = newest_first(held, rows, PAGE, (page - 1) * PAGE)
    return Silences(every(Unanswered, unsaid(reader, shown)), len(rows), page, pages)

"""What people corrected, the newest first, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every
from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.listing import listed
from onrecord.warehouse.shelf.reader import Reader

PAGE = 50
STATES = ("pending", "applied", "does_not_fit", "overruled", "undone")


@dataclass(frozen=True)
class One:
    """A correction: who, when, why and what, what it is about, and how it stands."""

    correction_id: str
    kind: str
    state: str
    detail: str | None
    says: str
    made_at: datetime
    made_by: str
    because: str
    value: str | None
    words: str
    url: str | None
    outlet: str | None
    quotation_id: str | None
    other_quotation_id: str | None
    speaker_id: str | None
    other_speaker_id: str | None
    undone: bool
    """Whether somebody has taken it back, in the record or since."""


@dataclass(frozen=True)
class Count:
    """How many stand so, or are by somebody, or of a kind."""

    name: str
    count: int


@dataclass(frozen=True)
class Unusable:
    """A line of the file that is no correction, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Corrections:
    """A page of the corrections that fit, and how many there are in all."""

    entries: tuple[One, ...]
    count: int
    page: int
    pages: int
    state: str
    kind: str
    by: str
    states: tuple[Count, ...]
    kinds: tuple[Count, ...]
    people: tuple[Count, ...]
    unusable: tuple[Unusable, ...]


def corrections(
    reader: Reader, state: str = "", kind: str = "", by: str = "", page: int = 1
) -> Corrections:
    """A page of the corrections, of one state, kind and person where these are told."""
    held = store.read(reader.folder)
    found = listed(reader.folder)
    undone = pl.col("correction_id").is_in(sorted(held.told.undone)) | (pl.col("state") == "undone")
    asked = {"state": state, "kind": kind, "made_by": by}
    narrowed = [pl.col(name) == value for name, value in asked.items() if value]
    fits = found.filter(*narrowed) if narrowed else found
    page, pages = paged(page, fits.height, PAGE)
    rows = fits.slice((page - 1) * PAGE, PAGE).with_columns(undone=undone)
    return Corrections(
        every(One, rows.iter_rows(named=True)),
        fits.height,
        page,
        pages,
        state,
        kind,
        by,
        _counts(found, "state"),
        _counts(found, "kind"),
        _counts(found, "made_by"),
        tuple(Unusable(number, why) for number, why in held.unusable[:20]),
    )


def _counts(found: pl.DataFrame, column: str) -> tuple[Count, ...]:
    counted = found.group_by(column).len().sort(["len", column], descending=[True, False]).head(50)
    return tuple(Count(str(name), count) for name, count in counted.iter_rows())

"""Quotation: what is read of an article, from which rows of the record are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Quotation:
    """A span that reports someone's words; fields are named and meant as in contracts.QUOTATIONS.

    ``spans`` and ``insertions`` hold pairs of offsets; ``nested_in`` is the index, in the same list, of the quotation
    whose words contain this one. ``language`` is the code of the one that it was read in, None for English.
    """

    start: int
    end: int
    text: str
    spans: tuple[tuple[int, int], ...]
    content: str
    insertions: tuple[tuple[int, int], ...]
    type: str
    cue: str | None
    cue_start: int | None
    cue_end: int | None
    cue_class: str
    mention: str | None
    mention_start: int | None
    mention_end: int | None
    name: str | None
    speaker_kind: str | None
    unresolved: str | None
    confidence: float
    in_headline: bool
    translated: bool
    written: bool
    nested_in: int | None
    told: str | None
    said_on: date | None
    stance: str
    stance_start: int | None
    stance_end: int | None
    via: str | None
    candidates: tuple[tuple[str, float], ...]
    language: str | None = None


class NamedMention(NamedTuple):
    """How an article names somebody; fields are named and meant as in contracts.MENTIONS."""

    start: int
    end: int
    text: str
    name: str
    kind: str
    descriptor: str | None


class Reading(NamedTuple):
    """What one article yields."""

    quotations: list[Quotation]
    mentions: list[NamedMention]


def nest(quotations: list[Quotation]) -> list[Quotation]:
    """Quotations in order of their start; those within another's words are told in which."""
    ordered = sorted(quotations, key=lambda q: (q.start, -q.end))
    hosts = sorted((a, -b, i) for i, q in enumerate(ordered) for a, b in q.spans)
    made: list[Quotation] = []
    open_: list[tuple[int, int]] = []
    at = 0
    for index, quotation in enumerate(ordered):
        while at < len(hosts) and hosts[at][0] <= quotation.start:
            start, back, host = hosts[at]
            while open_ and open_[-1][0] <= start:
                open_.pop()
            open_.append((-back, host))
            at += 1
        within = next(
            (h for end, h in reversed(open_[-_DEPTH:]) if h < index and end >= quotation.end), None
        )
        made.append(replace(quotation, nested_in=within))
    return made

"""Which corrections hold: not those that were undone, fit nowhere, or are contradicted by a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.corrections.entries import KINDS, Correction, Told
from onrecord.pipeline.corrections.places import NO_ARTICLE

APPLIED, DOES_NOT_FIT, UNDONE, OVERRULED = "applied", "does_not_fit", "undone", "overruled"

_EDITED = "holds for the version of before; of the newest one: {}"
_LATER = "correction {} says otherwise, and is later"


class State(NamedTuple):
    """What became of a correction, and why."""

    state: str
    detail: str | None = None


class Fix(NamedTuple):
    """What holds of one quotation: `says` are the corrections in force by their kind."""

    quotation_id: str
    says: Mapping[str, Correction]

    @property
    def ids(self) -> list[str]:
        """The corrections, in the order of their time."""
        return [one.id for one in sorted(self.says.values(), key=lambda one: one.when)]


class Standing(NamedTuple):
    """What holds of quotations: fixes, pairs of one statement and of two, each with its correction; `states` is what
    became of each correction so far: those about speakers are told in `people`."""

    states: dict[str, State]
    fixes: Mapping[str, Fix]
    same: Sequence[tuple[str, str, str]]
    apart: Sequence[tuple[str, str, str]]
    quotations: Mapping[str, tuple[str | None, str | None]]
    """The quotation of each side, by correction: that of the newest version."""
    people: Sequence[Correction]


def standing(told: Told, found: pl.DataFrame, superseded: Collection[str]) -> Standing:
    """What holds of `told`, given where its words were found (places.FOUND).

    `superseded` are articles of which there is a later version.
    """
    states: dict[str, State] = {}
    by_side = _by_side(found, superseded)
    placed: dict[str, tuple[list[str], ...]] = {}
    newest: dict[str, tuple[str | None, str | None]] = {}
    people: list[Correction] = []
    for one in told.corrections:
        if taken := told.undone.get(one.id):
            because = f": {taken.because}" if taken.because else ""
            states[one.id] = State(UNDONE, f"by {taken.by}{because}")
        elif KINDS[one.kind].about == "speaker":
            people.append(one)
        else:
            sides = [by_side.get((one.id, side), []) for side in range(len(one.places))]
            states[one.id] = _fits(sides)
            placed[one.id] = tuple(
                [row.quotation for row in rows if row.quotation] for rows in sides
            )
        sides = [by_side.get((one.id, side), []) for side in (0, 1)]
        newest[one.id] = tuple(
            next((row.quotation for row in rows if row.quotation), None) for rows in sides
        )  # type: ignore[assignment]
    holding = [
        one for one in told.corrections if all(placed.get(one.id, ())) and placed.get(one.id)
    ]
    fixes = _fixes([one for one in holding if not KINDS[one.kind].two], placed, states)
    same, apart = _links([one for one in holding if KINDS[one.kind].two], placed, states)
    return Standing(states, fixes, same, apart, newest, people)


class _Row(NamedTuple):
    """Where a side of a correction was looked for; the newest versions come first."""

    superseded: bool
    article: str
    quotation: str | None
    why: str | None


def _by_side(found: pl.DataFrame, superseded: Collection[str]) -> dict[tuple[str, int], list[_Row]]:
    rows: dict[tuple[str, int], list[_Row]] = {}
    unique = found.unique(["correction_id", "side", "article_id"], keep="last", maintain_order=True)
    for correction, side, article, quotation, why in unique.iter_rows():
        rows.setdefault((correction, side), []).append(
            _Row(article in superseded, article, quotation, why)
        )
    return {key: sorted(of, key=lambda row: row[:2]) for key, of in rows.items()}


def _fits(sides: Sequence[Sequence[_Row]]) -> State:
    for rows in sides:
        if not rows:
            return State(DOES_NOT_FIT, NO_ARTICLE)
        if not any(row.quotation for row in rows):
            return State(DOES_NOT_FIT, rows[0].why)
    for rows in sides:
        standing_now = [row for row in rows if not row.superseded]
        if standing_now and not any(row.quotation for row in standing_now):
            return State(DOES_NOT_FIT, _EDITED.format(standing_now[0].why))
    return State(APPLIED)


def _fixes(
    holding: Sequence[Correction],
    placed: Mapping[str, tuple[list[str], ...]],
    states: dict[str, State],
) -> dict[str, Fix]:
    """Of several that say the same of one quotation the latest holds."""
    says: dict[str, dict[str, Correction]] = {}
    for one in sorted(holding, key=lambda each: each.when):
        for quotation in placed[one.id][0]:
            before = says.setdefault(quotation, {}).get(one.kind)
            if before is not None:
                states[before.id] = State(OVERRULED, _LATER.format(one.id))
            says[quotation][one.kind] = one
    return {quotation: Fix(quotation, of) for quotation, of in says.items()}


class Sets:
    """What belongs together (disjoint sets); the first of two that are joined stands for both."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def top(self, one: str) -> str:
        """Whoever stands for one."""
        while one in self._above:
            one = self._above[one]
        return one

    def join(self, one: str, two: str) -> None:
        """Put two together."""
        first, second = self.top(one), self.top(two)
        if first != second:
            self._above[second] = first

    def tops(self) -> dict[str, str]:
        """Whoever stands for each that does not stand for itself."""
        return {one: self.top(one) for one in self._above}


def reconciled(
    links: Iterable[tuple[Correction, str, str, bool]], states: dict[str, State]
) -> list[tuple[Correction, str, str, bool]]:
    """Of links (correction, one, two, whether they belong together) those that no later one contradicts, oldest first.

    What follows from several counts as said: where a is b and b is c, a is not other than c.
    """
    sets, kept = Sets(), []
    apart: list[tuple[str, str, str]] = []
    for link in sorted(links, key=lambda each: each[0].when, reverse=True):
        correction, one, two, together = link
        against = _contradicted(sets, apart, one, two, together)
        if against is not None:
            states[correction.id] = State(OVERRULED, _LATER.format(against))
            continue
        if together:
            sets.join(one, two)
        else:
            apart.append((one, two, correction.id))
        kept.append(link)
    return kept[::-1]


def _contradicted(
    sets: Sets, apart: Sequence[tuple[str, str, str]], one: str, two: str, together: bool
) -> str | None:
    first, second = sets.top(one), sets.top(two)
    if not together:
        return None if first != second else "that puts both together"
    for a, b, correction in apart:
        if {sets.top(a), sets.top(b)} == {first, second}:
            return correction
    return None


def _links(
    holding: Sequence[Correction],
    placed: Mapping[str, tuple[list[str], ...]],
    states: dict[str, State],
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    links = []
    for one in holding:
        left, right = placed[one.id]
        if set(left) & set(right):
            states[one.id] = State(DOES_NOT_FIT, "both are one quotation now")
            continue
        links += [(one, a, b, one.kind == "same_statement") for a in left for b in right]
    kept = reconciled(links, states)
    return (
        [(a, b, one.id) for one, a, b, together in kept if together],
        [(a, b, one.id) for one, a, b, together in kept if not together],
    )

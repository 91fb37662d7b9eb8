"""Who belongs to a theme: those near its centre, and those a little further that say its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.likeness import Floats, Ints
from onrecord.pipeline.themes.graph import Wordings
from onrecord.pipeline.themes.labels import ranked, telling
from onrecord.pipeline.themes.terms import Terms

_NEAR = 0.48
"""Cosine to a theme's centre from which a statement is of its subject, whatever the words."""

_SAYING = 0.36
"""The same for a statement that says one of the words that set the theme apart."""

_JOINING = 0.06
"""How much nearer one has to be that was linked to no theme, or to another."""

_STAYING = 0.12
"""How much further off one may be that was of the theme before, and how much less of it may say its words."""

_SPOKEN_OF = 0.4
"""A community is a theme where this share of it says one of the words that set it apart: else it has no subject."""

_DIGITS = 2
_JOINED_AT_ONCE = 512


def fitting(
    parts: Sequence[Sequence[int]],
    before: Ints,
    wordings: Wordings,
    terms: Terms,
    least: int,
    loose: NDArray[np.bool_] | None = None,
) -> list[list[int]]:
    """The communities with those members alone that fit, and with those that fit and were in none (or fit not there).

    `before` is the number of the theme that each statement was in, -1 for none: who was in it stays a little longer.
    One of which fewer than `least` are left is empty. `loose` are those that may join, where not all may that are left.
    """
    words = [telling(told, terms) for told in ranked(parts, terms)]
    centres = [wordings.take(list(part)).centre() for part in parts]
    olds = [_old(before[list(part)]) for part in parts]
    kept: list[list[int]] = []
    free = np.ones(len(wordings.rows), dtype=bool)
    for part, centre, told, old in zip(parts, centres, words, olds, strict=True):
        members = np.array(part, dtype=np.int64)
        at_home = before[members] == old
        like = wordings.take(members).likeness(centre) + _STAYING * at_home
        says = _says(members, told, wordings)
        fit = members[_fit(like, says)].tolist()
        # A theme that is most of the record has nothing to be set apart from.
        spoken_of = says.mean() >= _SPOKEN_OF - _STAYING * (2 * at_home.mean() > 1)
        spoken_of |= 2 * len(part) >= terms.total
        kept.append(fit if spoken_of and len(fit) >= least else [])
        free[kept[-1]] = False
    if loose is not None:
        free &= loose
    standing = [at for at, fit in enumerate(kept) if fit]
    if standing:
        homes = {olds[at]: number for number, at in enumerate(standing)}
        home = np.array([homes.get(old, -1) for old in before.tolist()], dtype=np.int64)
        _join(np.flatnonzero(free), home, standing, centres, words, wordings, kept)
    return [sorted(fit) for fit in kept]


def _old(before: Ints) -> int:
    """The theme that most of a community were in; -2 where they were in none."""
    numbers, counts = np.unique(before[before >= 0], return_counts=True)
    return int(numbers[counts.argmax()]) if len(numbers) else -2


def _join(
    free: Ints,
    home: Ints,
    standing: list[int],
    centres: list[Floats],
    words: list[Ints],
    wordings: Wordings,
    kept: list[list[int]],
) -> None:
    """Add each free statement to the nearest theme, where it fits: rather to the one that it was in (`home`)."""
    held = np.array([centres[at] for at in standing]).T.astype(np.float32)
    for start in range(0, len(free), _JOINED_AT_ONCE):
        here = free[start : start + _JOINED_AT_ONCE]
        products = wordings.vectors[wordings.rows[here]].astype(np.float32) @ held
        like = np.round(products.astype(np.float64), _DIGITS) - _JOINING
        known = np.flatnonzero(home[here] >= 0)
        like[known, home[here[known]]] += _JOINING + _STAYING
        best = like.argmax(axis=1)
        nearest = like[np.arange(len(here)), best]
        for number in np.unique(best):
            at = standing[number]
            mine = best == number
            fit = _fit(nearest[mine], _says(here[mine], words[at], wordings))
            kept[at].extend(here[mine][fit].tolist())


class Subjects(NamedTuple):
    """Themes that stand: `numbers`, unit rows of their centres, and a row (sparse) of the words that tell of each."""

    numbers: Ints
    centres: Floats
    words: Any

    @classmethod
    def of(cls, themes: pl.DataFrame, terms: Terms) -> Subjects:
        """Those of some themes (number, centre, words), by the numbers that words have here."""
        from scipy.sparse import csr_array

        hashed = terms.spoken.hashed
        order = np.argsort(hashed, kind="stable")
        told = themes.select("words").with_row_index("row").explode("words").drop_nulls()
        words = told["words"].to_numpy()
        at = order[np.minimum(np.searchsorted(hashed, words, sorter=order), len(order) - 1)]
        here = hashed[at] == words
        rows = told["row"].to_numpy()[here]
        ones = np.ones(len(rows), dtype=np.float32)
        return cls(
            themes["number"].to_numpy(),
            np.array(themes["centre"].to_list(), dtype=np.float64),
            csr_array((ones, (rows, at[here])), shape=(themes.height, len(hashed))),
        )

    def fit(self, statements: Ints, rows: Ints, wordings: Wordings, nearer: float) -> Fits:
        """Which statements fit to the themes in some rows, and how near they are; `nearer` is asked of all."""
        like = wordings.like(statements, self.centres, rows)
        says = wordings.terms[statements].multiply(self.words[rows]).sum(axis=1) > 0
        return _fit(like - nearer, says)


Fits = NDArray[np.bool_]


def belonging(homes: Ints, subjects: Subjects, wordings: Wordings) -> Fits:
    """Which statements fit to the theme (by number, -1 for none) that they are linked to."""
    made = np.zeros(len(homes), dtype=bool)
    placed = np.flatnonzero(homes >= 0)
    rows = np.searchsorted(subjects.numbers, homes[placed])
    made[placed] = subjects.fit(placed, rows, wordings, 0.0)
    return made


def joining(free: Ints, subjects: Subjects, wordings: Wordings) -> Ints:
    """The number of the nearest theme of each statement of `free`, where it fits to it; -1 where it does not."""
    made = np.full(len(free), -1)
    for start in range(0, len(free) if len(subjects.numbers) else 0, _JOINED_AT_ONCE):
        part = slice(start, start + _JOINED_AT_ONCE)
        vectors = wordings.vectors[wordings.rows[free[part]]].astype(np.float64)
        nearest = np.round(vectors @ subjects.centres.T, _DIGITS).argmax(axis=1)
        fits = subjects.fit(free[part], nearest, wordings, _JOINING)
        made[part][fits] = subjects.numbers[nearest[fits]]
    return made


def _fit(like: Floats, says: NDArray[np.bool_]) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = (like >= _NEAR - 1e-6) | (says & (like >= _SAYING - 1e-6))
    return made


def _says(statements: Ints, words: Ints, wordings: Wordings) -> NDArray[np.bool_]:
    """Which statements say one of some words."""
    made: NDArray[np.bool_] = wordings.terms[statements][:, words].sum(axis=1) > 0
    return made

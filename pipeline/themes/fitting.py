"""Who belongs to a theme: those near its centre, and those a little further that say its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.likeness import Floats, Ints
from onrecord.pipeline.themes.graph import Wordings
from onrecord.pipeline.themes.labels import ranked
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
_WORDS = 10
_JOINED_AT_ONCE = 512


def fitting(
    parts: Sequence[Sequence[int]], before: Ints, wordings: Wordings, terms: Terms, least: int
) -> list[list[int]]:
    """The communities with those members alone that fit, and with those that fit and were in none (or fit not there).

    `before` is the number of the theme that each statement was in, -1 for none: who was in it stays a little longer.
    One of which fewer than `least` are left is empty.
    """
    words = [
        np.fromiter(
            islice((one for one in told if one < len(terms.spoken.words)), _WORDS), np.int64
        )
        for told in ranked(parts, terms)
    ]
    centres = [wordings.take(list(part)).centre() for part in parts]
    olds = [_old(before[list(part)]) for part in parts]
    kept: list[list[int]] = []
    free = np.ones(len(wordings.rows), dtype=bool)
    for part, centre, telling, old in zip(parts, centres, words, olds, strict=True):
        members = np.array(part, dtype=np.int64)
        at_home = before[members] == old
        like = wordings.take(members).likeness(centre) + _STAYING * at_home
        says = _says(members, telling, wordings)
        fit = members[_fit(like, says)].tolist()
        # A theme that is most of the record has nothing to be set apart from.
        spoken_of = says.mean() >= _SPOKEN_OF - _STAYING * (2 * at_home.mean() > 1)
        spoken_of |= 2 * len(part) >= len(free)
        kept.append(fit if spoken_of and len(fit) >= least else [])
        free[kept[-1]] = False
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


def _fit(like: Floats, says: NDArray[np.bool_]) -> NDArray[np.bool_]:
    made: NDArray[np.bool_] = (like >= _NEAR - 1e-6) | (says & (like >= _SAYING - 1e-6))
    return made


def _says(statements: Ints, words: Ints, wordings: Wordings) -> NDArray[np.bool_]:
    """Which statements say one of some words."""
    made: NDArray[np.bool_] = wordings.terms[statements][:, words].sum(axis=1) > 0
    return made

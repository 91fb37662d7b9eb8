"""What a theme is called: the words that set it apart from all that is said.

A term counts by its log odds in the theme against elsewhere, over their deviation, with what is said everywhere as the
prior (Monroe, Colaresi and Quinn 2008): neither a word that all use nor one that somebody used once comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.likeness import Floats, Ints
from onrecord.pipeline.themes.terms import Terms

_PRIOR = 200
"""Statements that what is said everywhere counts for; a quarter of all where there are few."""

_APART = 1.2
"""Log odds over their deviation, times the weight of the word, from which a term sets a theme apart; less where few
statements bear it out."""

_FEW = 4
"""In a theme of fewer statements a term that stands in one of them is a keyword too."""

_OFTEN = 0.03
"""In any other it is one where it stands in this share of the statements, and in two."""

_SUBJECT = 0.4
"""A speaker's name tells where at least this share of a theme's statements say it: they speak of it."""

_SET_PHRASE = 0.5
"""Two words are one term where they stand together in this share of the statements that say the rarer one."""

_KEYWORDS, _LABEL = 8, 3
_WORDS = 10


def keywords(members: Sequence[int], told: Iterable[int], terms: Terms) -> list[str]:
    """The most telling words and pairs of words of a theme, given the statements in it and what `ranked` tells of it.

    Where no word is said twice, those said once count; where none but names are said, the names.
    """
    return _distinct(terms.spelled(term) for term in told) or _distinct(_any(members, terms))


def called(keywords: Sequence[str]) -> str:
    """The label of a theme that these words set apart."""
    return ", ".join(keywords[:_LABEL]) or "(no words)"


def telling(told: Iterable[int], terms: Terms) -> Ints:
    """The single words among the terms that `ranked` tells of a theme, by which it is known that one speaks of it."""
    single = (one for one in told if one < len(terms.spoken.words))
    return np.fromiter(islice(single, _WORDS), np.int64)


def ranked(themes: Sequence[Sequence[int]], terms: Terms) -> Iterator[Iterator[int]]:
    """The telling terms of each theme, the most telling first; equal ones by their letters."""
    total = terms.total
    for members in themes:
        told, here = np.unique(
            np.concatenate([terms.row(at) for at in members]), return_counts=True
        )
        usual = _usual(terms, told, here, len(members))
        told, here = told[usual], here[usual]
        everywhere = terms.said[np.searchsorted(terms.every, told)]
        first, second = terms.parts(told)
        weights = (terms.spoken.weights[first] + terms.spoken.weights[second]) / 2
        scores = np.round(_log_odds(here, everywhere, len(members), total) * weights, 6)
        apart = scores >= max(_APART * _usually(total) / _PRIOR, 1e-6)
        told, scores = told[apart], scores[apart]
        yield _in_order(told, scores, terms)


def _in_order(told: Ints, scores: Floats, terms: Terms) -> Iterator[int]:
    order = np.argsort(-scores, kind="stable")
    best = zip(scores[order].tolist(), told[order].tolist(), strict=True)
    for _, alike in groupby(best, key=lambda one: one[0]):
        yield from sorted((term for _, term in alike), key=terms.spelled)


def _usual(terms: Terms, told: Ints, here: Ints, size: int) -> NDArray[np.bool_]:
    """Which terms a theme of `size` statements may be called by, said in so many of them each."""
    first, second = terms.parts(told)
    single = told < len(terms.spoken.words)
    said = np.zeros(len(terms.spoken.words), dtype=np.int64)
    said[told[single]] = here[single]
    often = here >= (max(2.0, _OFTEN * size) if size >= _FEW else 1)
    rarer = np.minimum(said[first], said[second])
    phrase = (here > 1) & (here >= _SET_PHRASE * rarer)
    named = terms.names[first] | terms.names[second]
    made: NDArray[np.bool_] = (
        often & (single | phrase) & (~named | (here >= max(2.0, _SUBJECT * size)))
    )
    return made


def _usually(total: int) -> float:
    return min(_PRIOR, total / 4)


def _log_odds(here: Ints, everywhere: Ints, size: int, total: int) -> Floats:
    usual = _usually(total)
    prior = usual * everywhere / total
    inside, elsewhere = here + prior, everywhere - here + prior
    odds = np.log(inside / np.maximum(size + usual - inside, 0.5))
    odds -= np.log(elsewhere / np.maximum(total - size + usual - elsewhere, 0.5))
    made: Floats = odds / np.sqrt(1 / inside + 1 / elsewhere)
    return made


def _any(members: Sequence[int], terms: Terms) -> Iterator[str]:
    """Whatever words are said, the most said and the rarest in the language first."""
    spoken = terms.spoken
    said = np.concatenate([np.unique(spoken.row(at)) for at in members])
    numbers, counts = np.unique(said, return_counts=True)
    order = sorted(
        zip(-counts * np.round(spoken.weights[numbers], 6), numbers, strict=True),
        key=lambda one: (one[0], spoken.words[one[1]]),
    )
    return (spoken.words[number] for _, number in order)


_ENDING = re.compile(r"(?<=...)(?:ings?|[eo]rs?|ed|ions?|es|[es])$")


def _stem(word: str) -> str:
    """A word without its ending, and without the letter doubled before it: 'winning' as 'win'."""
    stem = _ENDING.sub("", word)
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _akin(one: str, two: str) -> bool:
    """Whether two words are forms of one: 'russia' and 'russian', 'voter' and 'voting', 'nominee' and 'nomination'."""
    short, long = sorted((one, two), key=len)
    same = next((at for at, letter in enumerate(short) if letter != long[at]), len(short))
    if same >= max(3, len(short) - 1) and len(long) - len(short) <= 3:
        return True
    if _stem(one) == _stem(two):
        return True
    return same >= 5 and same >= 0.7 * len(short)


def _distinct(terms: Iterable[str]) -> list[str]:
    """The first terms that do not repeat a word of one before."""
    kept: list[str] = []
    for term in terms:
        if not any(
            _akin(one, two) for other in kept for one in other.split() for two in term.split()
        ):
            kept.append(term)
        if len(kept) == _KEYWORDS:
            break
    return kept

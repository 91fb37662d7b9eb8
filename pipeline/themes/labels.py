"""What a theme is called: the words that set it apart from the others (c-TF-IDF, Grootendorst 2022)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, groupby

import numpy as np

from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken

_TELLING = 0.42
"""Words lighter than this (the 70 most used of English) tell of no subject."""

_EMPTY_WORDS = frozenset(
    """
    about above across after again against almost along also although always among another any around because been
    before behind being below between both but can could despite does down during each even ever every few first
    from had has have here hers him his how however into its itself last less like made many may more most much must
    myself near next nor not now off once one only onto our ours ourselves out over own per rather same second she
    should since some such than that the their theirs them themselves then there therefore these they this those
    three through thus too two under unless until upon was were what whatever when where whether which while who
    whoever whom whose why will with within without you your yours yourself
    able actually added added ago allow already always anybody anyone anything away bad based become believe better
    big bring called came cannot care certain certainly clear clearly come comes coming complete completely course
    deal decision decided different difficult doing done does did either else entire especially every everybody
    everyone everything exactly expect fact far feel felt find forward full fully gets getting give given gives giving
    glad goes going gone good got great happen happened happening happens hard having hear heard help hope idea
    important impossible instead issue issues just keep kind knew know knows large later least left let level likely
    little live look looking looks lot lots main make makes making matter maybe mean means might moment need needed
    needs never nobody nothing obviously often ones others ought particular past people perhaps person place point
    possible probably problem problems put question quite ready real really reason reasons right said saying says
    see seem seems seen sense serious several shall show simply single situation small somebody someone something
    soon sort start started still stop sure take taken takes taking talk talking tell terms thank thanks thing things
    think thinking thought time times today together told tomorrow took toward towards tried trouble true truly try
    trying turn understand use used using various very wanted wants want way ways went whole willing won work working
    works would wrong yes yesterday yet
    """.split()  # noqa: SIM905
)
"""Words that people use whatever they speak of."""

_FEW = 4
"""In a theme of fewer statements a term that stands in one of them is a keyword too."""

_KEYWORDS = 8


def keywords(themes: Sequence[Sequence[int]], spoken: Spoken, names: set[str]) -> list[list[str]]:
    """The most telling words and pairs of words of each theme, given as the rows of `spoken` that are in it.

    A word of `names` tells nothing.
    """
    terms, ends = _terms(spoken, names)
    starts = np.append(0, ends)
    every, counts = np.unique(terms, return_counts=True)
    average = max(1.0, len(terms) / max(1, len(themes)))
    width = len(spoken.words)

    def spelled(term: int) -> str:
        one, two = divmod(term, width)
        return " ".join(spoken.words[number] for number in ([one - 1] if one else []) + [two])

    made = []
    for members in themes:
        held = [terms[starts[at] : ends[at]] for at in members]
        told, count = np.unique(np.concatenate(held), return_counts=True)
        usual = (count > 1) | (len(members) < _FEW)
        told, count = told[usual], count[usual]
        everywhere = counts[np.searchsorted(every, told)]
        scores = np.round(count / len(members) * np.log1p(average / everywhere), 9)
        order = np.argsort(-scores, kind="stable")
        best = zip(scores[order].tolist(), told[order].tolist(), strict=True)
        alike = groupby(best, key=lambda one: one[0])
        made.append(
            _distinct(
                chain.from_iterable(
                    sorted(spelled(term) for _, term in of_one) for _, of_one in alike
                )
            )
        )
    return made


def _terms(spoken: Spoken, names: set[str]) -> tuple[Ints, Ints]:
    """The distinct telling words and pairs of such words of each row, all on end, and where each row's end.

    A term is the number of its word, or more by (1 + the first word's number) * the number of words.
    """
    tells = np.array([_tells(word, names) for word in spoken.words], dtype=bool)
    tells &= spoken.weights > _TELLING
    width, flat, rows = len(spoken.words), spoken.flat.astype(np.int64), spoken.of_row()
    single = tells[flat]
    double = single[:-1] & single[1:] & (rows[:-1] == rows[1:])
    terms = np.concatenate([flat[single], ((flat[:-1] + 1) * width + flat[1:])[double]])
    of = np.concatenate([rows[single], rows[:-1][double]])
    order = np.lexsort((terms, of))
    terms, of = terms[order], of[order]
    first = np.ones(len(terms), dtype=bool)
    first[1:] = (terms[1:] != terms[:-1]) | (of[1:] != of[:-1])
    terms, of = terms[first], of[first]
    return terms, np.searchsorted(of, np.arange(len(spoken.ends)), side="right")


def _tells(word: str, names: set[str]) -> bool:
    return len(word) > 2 and not word.isdigit() and word not in _EMPTY_WORDS and word not in names


def _akin(one: str, two: str) -> bool:
    """Whether two words are forms of one: 'russia' and 'russian', 'tax' and 'taxes'."""
    short, long = sorted((one, two), key=len)
    return long.startswith(short[: max(3, len(short) - 1)]) and len(long) - len(short) <= 3


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

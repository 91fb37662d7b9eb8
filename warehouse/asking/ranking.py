"""Quotations ranked by words, by meaning, by what was said in other languages, and by several of these ranks together.

As the macros ranked_by_words, ranked_by_meaning and ranked_by_both do it for a shell; here a search looks up what these
look through whole tables for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.asking.places import Places
from onrecord.warehouse.asking.standing import Column

RANKED = 100
"""Quotations of each ranking that are fused."""
_FUSING = 60
_K1, _B = 1.2, 0.75
_DIGITS = 9
"""Of a score: a sum of floats depends on its order, and equal words score alike."""


class Ranked(NamedTuple):
    """Quotations by their places, and how well each fits."""

    places: Column
    scores: Column


def by_words(places: Places, words: str, among: NDArray[np.bool_], count: int) -> Ranked:
    """The places of those `among` quotations that hold a telling word, and how well their words fit (BM25).

    Of those that hold a phrase of function words the best `count` are enough.
    """
    asked = places.asks.columns("asked", query=words)
    if not len(asked["termid"]):
        return _NOTHING
    told = places.asks.columns("postings", terms=asked["termid"].tolist())
    documents = places.documents()
    # Which of the words asked for each posting is of.
    order = np.argsort(asked["termid"])
    once, word = np.unique(asked["word_id"][order], return_inverse=True)
    which = word[np.searchsorted(asked["termid"][order], told["term"])]
    pair, times = np.unique(told["document"] * len(once) + which, return_counts=True)
    document, which = np.divmod(pair, len(once))
    held = np.bincount(which, minlength=len(once))
    weight = np.log(1 + (asked["num_docs"][0] - held + 0.5) / (held + 0.5))
    length = documents.words[document] / asked["avgdl"][0]
    parts = weight[which] * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))
    found = np.flatnonzero(np.diff(document, prepend=-1))
    scores = np.round(np.add.reduceat(parts, found), _DIGITS)
    rows = documents.places[document[found]]
    good = (rows >= 0) & among[rows]
    if not (phrase := asked["phrase"][0]):
        return Ranked(rows[good], scores[good])
    good &= np.diff(found, append=len(document)) == asked["asked"][0]
    return _holding(places, phrase, rows[good], scores[good], count)


def _holding(places: Places, phrase: str, rows: Column, scores: Column, count: int) -> Ranked:
    """Of quotations that hold the words of a phrase those that hold it: the best `count`, and some more."""
    order = np.argsort(-scores, kind="stable")
    rows, scores = rows[order], scores[order]
    held = np.zeros(len(rows), dtype=np.bool_)
    start, more = 0, _AT_ONCE
    while start < len(rows) and np.count_nonzero(held) < count:
        # All that score alike are looked at together.
        last = min(start + more, len(rows)) - 1
        end = int(np.searchsorted(-scores, -scores[last], side="right"))
        told = places.asks.columns("holding", places=rows[start:end].tolist(), phrase=phrase)
        held[start:end] = np.isin(rows[start:end], told["place"])
        start, more = end, 4 * more
    return Ranked(rows[held], scores[held])


_AT_ONCE = 8_192
_NOTHING = Ranked(np.zeros(0, dtype=np.int32), np.zeros(0))


def across(
    places: Places, question: Sequence[float], model: str, among: NDArray[np.bool_]
) -> Ranked:
    """The same of what was said in other languages and is about the same."""
    told = places.asks.columns("across", question=list(question), model=model)
    rows, which = places.wordings().every(told["key"])
    good = among[rows]
    return Ranked(rows[good], told["score"][which[good]])


def ranked(places: Places, rows: Column, scores: Column, count: int) -> Ranked:
    """The best of some quotations; of equal ones that whose identity is the lower."""
    if len(rows) > count:
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        rows, scores = rows[scores >= least], scores[scores >= least]
    best = np.lexsort((places.quotations().columns["rank"][rows], -scores))[:count]
    return Ranked(rows[best], scores[best])


def fused(rankings: Sequence[Ranked], places: Places, count: int) -> Ranked:
    """The best by several ranks (reciprocal rank fusion, Cormack, Clarke and Buettcher 2009)."""
    if len(rankings) == 1:
        return ranked(places, *rankings[0], count)
    heads = [ranked(places, rows, scores, RANKED).places for rows, scores in rankings]
    once, which = np.unique(np.concatenate(heads), return_inverse=True)
    shares = np.concatenate([1 / (_FUSING + 1 + np.arange(len(head))) for head in heads])
    return ranked(places, once, np.bincount(which, shares, len(once)), count)

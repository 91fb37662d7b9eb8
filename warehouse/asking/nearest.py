"""The wordings nearest to a vector, by the lists that runs keep: of a large record a part of all vectors is looked at.

The lists hold vectors in half precision, whose cosines are right to some ten thousandths. Where they are missing,
damaged or of another model, and in a small record, whoever asks looks at every vector.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.neighbours import Damaged, Kept
from onrecord.warehouse.asking.places import Places
from onrecord.warehouse.asking.ranking import Ranked
from onrecord.warehouse.asking.standing import Column
from onrecord.warehouse.kept_lists import lists_of, probes

LARGE = 50_000
"""Wordings from which on the lists are asked."""
SPARE = 2
"""How many times as many wordings are asked for as ought to be enough."""
MOST = 4_000
"""Wordings asked for at most. Where that may not do, only those that may be found are looked at, in all cells."""


def nearest(
    places: Places, vector: Sequence[float], model: str, among: NDArray[np.bool_], count: int
) -> Ranked:
    """`count` quotations of those `among` whose wordings are the nearest, or more, up to all of them."""
    kept = places.asks.of.kept(f"lists {model}", lambda: _kept(places, model))
    if kept is not None and kept.width == len(vector):
        try:
            return _listed(places, kept, vector, among, count)
        except Damaged:
            pass
    told = places.asks.columns("near", vector=list(vector), model=model)
    return _quoted(places, told["key"], told["score"], among)


def _listed(
    places: Places, kept: Kept, vector: Sequence[float], among: NDArray[np.bool_], count: int
) -> Ranked:
    asked = np.asarray([vector], np.float32)
    may = int(np.count_nonzero(among))
    enough = SPARE * count * len(among) // max(may, 1)
    if enough <= MOST:
        near = kept.search(asked, enough, probes(kept))
        found = _quoted(places, near.keys[0], near.likeness[0], among)
        if len(found.places) >= min(count, may):
            return found
    held = places.wordings()
    keys = np.unique(held.keys[among[held.places]])
    if not len(keys):
        return Ranked(held.places[:0], np.zeros(0, np.float32))
    near = kept.search(asked, count, kept.cells, among=keys)
    return _quoted(places, near.keys[0], near.likeness[0], among)


def _quoted(places: Places, keys: Column, scores: Column, among: NDArray[np.bool_]) -> Ranked:
    """The quotations among some that have these wordings."""
    there = keys >= 0
    rows, which = places.wordings().every(keys[there])
    good = among[rows]
    return Ranked(rows[good], np.maximum(scores[there][which[good]], 0.0))


def _kept(places: Places, model: str) -> Kept | None:
    asks = places.asks
    kept = lists_of(asks.connection, asks.of.path, model, stay=True)
    return kept if kept is not None and sum(kept.rows) >= LARGE else None

"""Counting statements by what they have, and the foremost of many: on rows in which a statement's stand together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


def starts(said: Column) -> NDArray[np.int64]:
    """Where each statement begins, its rows standing together."""
    if not len(said):
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.concatenate(([True], said[1:] != said[:-1])))


def firsts(said: Column, value: Column) -> NDArray[np.int64]:
    """The first row of each value within each statement."""
    if not len(said):
        return np.zeros(0, dtype=np.int64)
    # Mostly alike ones stand together; what comes again after another is looked for among the few that have several.
    changes = np.flatnonzero(
        np.concatenate(([True], (said[1:] != said[:-1]) | (value[1:] != value[:-1])))
    )
    of = said[changes]
    again = np.concatenate(([False], of[1:] == of[:-1]))
    several = again | np.concatenate((again[1:], [False]))
    mixed = changes[several]
    if not len(mixed):
        return changes
    order = np.lexsort((mixed, value[mixed], said[mixed]))
    mixed = mixed[order]
    new = (said[mixed][1:] != said[mixed][:-1]) | (value[mixed][1:] != value[mixed][:-1])
    kept = np.concatenate((changes[~several], mixed[np.concatenate(([True], new))]))
    return np.sort(kept)


def by_value(said: Column, value: Column) -> tuple[Column, NDArray[np.int64]]:
    """The values there are and how many statements have each."""
    if not len(said):
        return value[:0], np.zeros(0, dtype=np.int64)
    if value.dtype == np.uint8 and int(value.max()) < 8:
        # Of few values, which a statement has is told by the bits of one number.
        has = np.bitwise_or.reduceat(np.left_shift(np.uint8(1), value), starts(said))
        counts = np.array([np.count_nonzero(has & (1 << one)) for one in range(8)])
        there = np.flatnonzero(counts)
        return there.astype(np.uint8), counts[there]
    least = int(value.min())
    counts = np.bincount(value[firsts(said, value)].astype(np.int64) - least)
    there = np.flatnonzero(counts)
    return (there + least).astype(value.dtype), counts[there]


def foremost(keys: Sequence[Column], most: int) -> NDArray[np.int64]:
    """The places of the `most` greatest, by the first key, then the next; in order.

    Not all are sorted: by each key only those that are level at the edge are looked at further.
    """
    left = np.arange(len(keys[0]))
    sure: list[NDArray[np.int64]] = []
    wanted = min(most, len(left))
    for key in keys:
        if len(left) <= wanted or not wanted:
            break
        told = key[left]
        edge = np.partition(told, len(told) - wanted)[len(told) - wanted]
        above = left[told > edge]
        sure.append(above)
        wanted -= len(above)
        left = left[told == edge]
    chosen = np.concatenate([*sure, left]) if sure else left
    order = np.lexsort([downwards(key[chosen]) for key in reversed(keys)])
    return chosen[order][:most]


def downwards(key: Column) -> Column:
    """What sorts the other way round: of whole numbers the complement, since the least has no negative."""
    return -key if key.dtype.kind == "f" else ~key

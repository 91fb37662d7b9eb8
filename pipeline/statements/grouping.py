"""From the odds of pairs to groups: average linkage over log odds.

Two groups join while the mean of the log odds over all their pairs is positive, the likeliest
first. That is what the sum of independent evidence asks for: an excerpt joins the quotation that
holds it, two excerpts of one quotation join through it, and a phrase common to two speeches does
not make one of them, because the speeches' own pair speaks against it. The result is a function of
the set, whatever the order of its items.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
Odds = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]

UNSEEN = -2.0
"""Log odds of a pair that no candidate search proposed, where a component is too large to ask for
all pairs."""

_PAIR, _WHOLE = 2, 120


def components(size: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected components of `size` nodes that hold an edge, each sorted, in order of their
    first node."""
    parent = list(range(size))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    touched: set[int] = set()
    for a, b in edges:
        touched.update((a, b))
        x, y = root(a), root(b)
        parent[max(x, y)] = min(x, y)
    found: dict[int, list[int]] = {}
    for node in sorted(touched):
        found.setdefault(root(node), []).append(node)
    return list(found.values())


def group(
    labels: Sequence[Hashable],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
    odds: Odds,
) -> list[int]:
    """For each node the number of its group: that of the group's first node.

    `labels` are the nodes' speakers (None where unknown): two that differ never meet in one group.
    `left`, `right` and `weights` are the candidate pairs and their log odds; `odds` tells those of
    any other pair. Nodes must be in an order of their own (by identity), for it breaks ties.
    """
    joined = list(range(len(labels)))
    likely = weights > 0
    parts = components(len(labels), zip(left[likely].tolist(), right[likely].tolist(), strict=True))
    told = _told(len(labels), parts, (left, right), weights, odds)
    for part, pairs in zip(parts, told, strict=True):
        for members in _average_link(part, labels, pairs):
            for node in members:
                joined[node] = members[0]
    return joined


_Told = list[tuple[int, int, float]]
"""Pairs of nodes with their log odds."""


def _told(
    size: int,
    parts: Sequence[Sequence[int]],
    pairs: Pairs,
    weights: NDArray[np.float64],
    odds: Odds,
) -> Iterator[_Told]:
    """For each component the pairs within it, with the log odds of those that nobody proposed where it is small.

    All are arrays until a component's turn comes: as Python's objects they weigh ten times as much.
    """
    component = np.full(size, -1, dtype=np.int64)
    for number, part in enumerate(parts):
        component[part] = number
    within = (component[pairs[0]] >= 0) & (component[pairs[0]] == component[pairs[1]])
    left, right = (side[within] for side in pairs)
    keys, weights = np.minimum(left, right) * size + np.maximum(left, right), weights[within]
    missing = np.setdiff1d(_every_pair(parts, size), keys)
    if len(missing):
        keys = np.concatenate([keys, missing])
        weights = np.concatenate([weights, odds(missing // size, missing % size)])
    low, high = keys // size, keys % size
    order = np.argsort(component[low], kind="stable")
    low, high, weights = low[order], high[order], weights[order]
    ends = np.searchsorted(component[low], np.arange(len(parts) + 1))
    for start, end in pairwise(ends.tolist()):
        here = slice(start, end)
        yield list(
            zip(low[here].tolist(), high[here].tolist(), weights[here].tolist(), strict=True)
        )


def _every_pair(parts: Sequence[Sequence[int]], size: int) -> NDArray[np.int64]:
    """All pairs within the components that are small, as low * size + high; the one of two nodes was proposed."""
    made = [np.empty(0, dtype=np.int64)]
    for part in parts:
        if _PAIR < len(part) <= _WHOLE:
            nodes = np.array(part, dtype=np.int64)
            one, two = np.triu_indices(len(nodes), 1)
            made.append(nodes[one] * size + nodes[two])
    return np.concatenate(made)


def _average_link(part: list[int], labels: Sequence[Hashable], told: _Told) -> list[list[int]]:
    members = {node: [node] for node in part}
    label = {node: labels[node] for node in part}
    sums: dict[int, dict[int, tuple[float, int]]] = {node: {} for node in part}
    for a, b, weight in told:
        sums[a][b] = sums[b][a] = (weight, 1)

    def mean(a: int, b: int) -> float:
        total, seen = sums[a][b]
        pairs = len(members[a]) * len(members[b])
        # Rounded, so that ties are ties in whatever order the odds were added up.
        return round((total + UNSEEN * (pairs - seen)) / pairs, 9)

    heap = [(-mean(a, b), a, b) for a in part for b in sums[a] if a < b and mean(a, b) > 0]
    heapq.heapify(heap)
    while heap:
        cost, a, b = heapq.heappop(heap)
        if a not in members or b not in members or b not in sums[a] or -cost != mean(a, b):
            continue
        if label[a] is not None and label[b] is not None and label[a] != label[b]:
            continue
        for other, (total, seen) in sums.pop(b).items():
            del sums[other][b]
            if other != a:
                before, counted = sums[a].get(other, (0.0, 0))
                sums[a][other] = sums[other][a] = (before + total, counted + seen)
        members[a] = sorted(members[a] + members.pop(b))
        label[a] = label[a] if label[a] is not None else label[b]
        for other in sums[a]:
            low, high = min(a, other), max(a, other)
            if mean(low, high) > 0:
                heapq.heappush(heap, (-mean(low, high), low, high))
    return sorted(members.values())

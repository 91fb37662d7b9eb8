"""From the odds of pairs to groups: average linkage over log odds.

Two groups join while the mean of the log odds over all their pairs is positive, the likeliest
first. That is what the sum of independent evidence asks for: an excerpt joins the quotation that
holds it, two excerpts of one quotation join through it, and a phrase common to two speeches does
not make one of them, because the speeches' own pair speaks against it. The result is a function of
the set, whatever the order of its items.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
Odds = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]

UNSEEN = -2.0
"""Log odds of a pair that no candidate search proposed, where a component is too large to ask for
all pairs."""

_WHOLE = 120


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
    where = {node: number for number, part in enumerate(parts) for node in part}
    small = [part for part in parts if len(part) <= _WHOLE]
    told: dict[int, dict[tuple[int, int], float]] = {number: {} for number in range(len(parts))}
    for a, b, weight in zip(left.tolist(), right.tolist(), weights.tolist(), strict=True):
        number = where.get(a)
        if number is not None and where.get(b) == number:
            told[number][min(a, b), max(a, b)] = weight
    missing = [
        (a, b)
        for part in small
        for at, a in enumerate(part)
        for b in part[at + 1 :]
        if (a, b) not in told[where[a]]
    ]
    if missing:
        asked = np.array(missing, dtype=np.int64)
        for (a, b), weight in zip(missing, odds(asked[:, 0], asked[:, 1]).tolist(), strict=True):
            told[where[a]][a, b] = weight
    for number, part in enumerate(parts):
        for members in _average_link(part, labels, told[number]):
            for node in members:
                joined[node] = members[0]
    return joined


def _average_link(
    part: list[int], labels: Sequence[Hashable], told: dict[tuple[int, int], float]
) -> list[list[int]]:
    members = {node: [node] for node in part}
    label = {node: labels[node] for node in part}
    sums: dict[int, dict[int, tuple[float, int]]] = {node: {} for node in part}
    for (a, b), weight in told.items():
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

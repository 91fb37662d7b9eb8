"""Which pairs are worth a look: those that share a rare run of words, those whose vectors are alike, and a single word
with what holds it.

Both searches grow nearly linearly. A run of words that very many reports share is a phrase of the language or of a
campaign, and is left to the vectors. How alike two vectors have to be hangs on nothing but the two: which are the
nearest would change with every report that comes, and what was one statement yesterday would be two today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.likeness import Ints, Spoken, VectorRows, are_there

RUNS = (2, 3, 5)
"""Lengths of the runs of words that propose a pair."""

ALIKE = 0.6
"""Cosine of two vectors from which they propose a pair."""

NEIGHBOURS = 48
"""So many of these are looked at, the nearest, upon a record and where there are too many vectors to look at each."""

COMMON = 24
"""A run of words that more reports share proposes no pair."""

_SHARES = np.uint64(8)
_EXACT_UP_TO = 12_000
_PROBES = 6
_BY_QUESTION = 3
"""How faiss shares out a search whose cells are known: without being told it uses one core."""

_SLACK, _DIGITS = 8, 5
"""How many more neighbours are asked for than are wanted, and the digits of a cosine that tell which is nearer."""

_AT_ONCE = 16_384
"""Vectors handed to faiss at once: 25 MB at a width of 384, and whole blocks of its 4,096."""
_PAIRS = 1 << 20
"""Pairs put in order at once: a few tens of MB."""
_INDEXED = 8 * _AT_ONCE
"""Vectors that the index holds at once: 100 MB in half precision."""


Common = Callable[[NDArray[np.uint64], int], NDArray[np.bool_]]
"""Which of some distinct runs of words, by their hashes and their length, are too many reports' on record."""


class Searched(NamedTuple):
    """Wordings among which pairs are looked for: `rows` of `spoken`, said by `speakers` (-1 where nobody knows), each
    as often as `reports` tells: not at all where it is a part of another row.

    `vectors` are those of the first rows of `spoken`, NaN where there is none; the other rows have none. Without
    `common` these are all the reports there are.
    """

    spoken: Spoken
    rows: Ints
    speakers: Ints
    reports: Ints
    vectors: VectorRows
    common: Common | None = None

    def pairable(self, left: Ints, right: Ints) -> NDArray[np.bool_]:
        """Which pairs are not of two speakers."""
        one, two = self.speakers[left], self.speakers[right]
        made: NDArray[np.bool_] = (one == two) | (one < 0) | (two < 0)
        return made


def candidates(searched: Searched) -> tuple[Ints, Ints]:
    """Distinct pairs (left < right) of rows to be compared, sorted. Two known speakers are no pair."""
    size = len(searched.speakers)
    keys = [_shared_runs(searched, n) for n in RUNS]
    keys.append(_holding(searched))
    keys.append(_near(searched))
    pairs = np.concatenate(keys)
    del keys
    # Of a first run there are millions: they are sorted where they stand.
    pairs.sort()
    pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])[: len(pairs)]]
    return pairs // max(size, 1), pairs % max(size, 1)


def _shared_runs(searched: Searched, n: int) -> Ints:
    """Pairs, as left * size + right, of wordings with a common run of `n` words."""
    # A share of all runs at a time: a million wordings have twenty million.
    shares: list[list[tuple[NDArray[np.uint64], NDArray[np.int32]]]] = [
        [] for _ in range(int(_SHARES))
    ]
    for runs, of in _runs(searched, n):
        number = runs % _SHARES
        for share, held in enumerate(shares):
            here = number == share
            held.append((runs[here], of[here]))
    made = [np.empty(0, dtype=np.int64)]
    while shares:
        parts = shares.pop()
        runs, of = (np.concatenate(part) for part in zip(*parts, strict=True))
        made.extend(_sharing(runs, of, n, searched))
    return np.unique(np.concatenate(made))


def _runs(searched: Searched, n: int) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int32]]]:
    """Hashes of the runs of `n` words, and the wording of each; some thousand wordings at a time."""
    for at in range(0, max(len(searched.rows), 1), _AT_ONCE):
        runs, of = searched.spoken.take(searched.rows[at : at + _AT_ONCE]).runs(n)
        yield runs, (of + at).astype(np.int32)


def _sharing(
    runs: NDArray[np.uint64], of: NDArray[np.int32], n: int, searched: Searched
) -> Iterator[Ints]:
    order = np.argsort(runs, kind="stable")
    runs, of = runs[order], of[order]
    # Rows are in order within a run: one that has it twice follows itself.
    again = (runs[1:] == runs[:-1]) & (of[1:] == of[:-1])
    kept = np.concatenate([[True], ~again])[: len(runs)]
    runs, of = runs[kept], of[kept]
    starts = np.flatnonzero(np.concatenate([[True], runs[1:] != runs[:-1]])[: len(runs)])
    counts = np.diff(starts, append=len(runs))
    starts, counts = starts[counts > 1], counts[counts > 1]
    if searched.common is not None:
        rare = ~searched.common(runs[starts], n)
    else:
        before = np.concatenate([[0], np.cumsum(searched.reports[of])])
        rare = before[starts + counts] - before[starts] <= COMMON
    starts, counts = starts[rare], counts[rare]
    for count in np.unique(counts).tolist():
        at = starts[counts == count]
        a, b = np.triu_indices(count, 1)
        rows = of[at[:, None] + np.arange(count)].astype(np.int64)
        one, two = rows[:, a].ravel(), rows[:, b].ravel()
        wanted = searched.pairable(one, two)
        yield np.unique(one[wanted] * len(searched.speakers) + two[wanted])


def nearest(
    vectors: VectorRows, held: Ints, asked: Ints, count: int
) -> tuple[NDArray[np.float32], Ints]:
    """Cosines and places in `held` [len(asked), count] of the nearest to each that is asked; -1 where there is none.

    `held` and `asked` are rows of `vectors`. Exact where that is no more work than 12,000 vectors among themselves,
    else an inverted file whose cells are learned from a sample (faiss, seeded). The index holds a share of `held` at a
    time, which finds the same and takes memory that does not grow.
    """
    count = min(count, len(held))
    blocks = [slice(at, at + _AT_ONCE) for at in range(0, len(asked), _AT_ONCE)]
    # Of equally near ones the first counts, whichever faiss met first: it is asked for some more.
    wanted, count = count, min(count + _SLACK, len(held))
    near = np.full((len(asked), count), -np.inf, dtype=np.float32)
    found = np.full((len(asked), count), -1, dtype=np.int64)
    shares = _whole if len(asked) * len(held) <= _EXACT_UP_TO**2 else _in_cells
    for first, search in shares(vectors, held, [asked[block] for block in blocks], count):
        for number, block in enumerate(blocks):
            products, places = search(number)
            places[places >= 0] += first
            products = np.concatenate([near[block], _rounded(products)], axis=1)
            places = np.concatenate([found[block], places], axis=1)
            best = np.lexsort((places, -products), axis=1)[:, :count]
            near[block] = np.take_along_axis(products, best, axis=1)
            found[block] = np.take_along_axis(places, best, axis=1)
    return near[:, :wanted], found[:, :wanted]


_Search = Callable[[int], tuple[NDArray[np.float32], Ints]]
"""The nearest, in one share of what is held, to the block of what is asked that has this number."""


def _whole(
    vectors: VectorRows, held: Ints, asked: Sequence[Ints], count: int
) -> Iterator[tuple[int, _Search]]:
    """Shares of `held`, each with its first place, and searched whole."""
    import faiss

    for first in range(0, len(held), _AT_ONCE):
        share = _single(vectors, held[first : first + _AT_ONCE])

        def search(number: int, share: NDArray[np.float32] = share) -> Any:
            of = _single(vectors, asked[number])
            return faiss.knn(of, share, count, metric=faiss.METRIC_INNER_PRODUCT)

        yield first, search


def _in_cells(
    vectors: VectorRows, held: Ints, asked: Sequence[Ints], count: int
) -> Iterator[tuple[int, _Search]]:
    """Shares of `held`, each with its first place; what is asked is told to its cells once for all shares."""
    index = _index(vectors, held)
    told = []
    for block in asked:
        products, cells = index.quantizer.search(_single(vectors, block), index.nprobe)
        # Those of one cell after each other: it is read once for them all.
        order = np.argsort(cells[:, 0], kind="stable")
        told.append((order, products[order], cells[order]))

    def search(number: int) -> tuple[NDArray[np.float32], Ints]:
        order, products, cells = told[number]
        of = _single(vectors, asked[number][order])
        found = index.search_preassigned(of, count, cells, products)
        back = np.argsort(order)
        return found[0][back], found[1][back]

    for first in range(0, len(held), _INDEXED):
        index.reset()
        for at in range(first, min(first + _INDEXED, len(held)), _AT_ONCE):
            index.add(_single(vectors, held[at : min(at + _AT_ONCE, first + _INDEXED)]))
        yield first, search


def _index(vectors: VectorRows, held: Ints) -> Any:
    """An empty index, which knows its cells."""
    import faiss

    width = vectors.shape[1]
    cells = int(2.5 * np.sqrt(len(held)))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(width),
        width,
        cells,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,
    )
    index.cp.seed = 20
    index.cp.niter = 5
    index.cp.min_points_per_centroid = 10
    index.nprobe = _PROBES
    index.parallel_mode = _BY_QUESTION
    index.train(_single(vectors, held[:: max(1, len(held) // (cells * 20))]))
    return index


def _rounded(products: NDArray[np.float32]) -> NDArray[np.float32]:
    # In double precision, where whole numbers of some millions stay what they are.
    return np.round(products.astype(np.float64), _DIGITS).astype(np.float32)


def _single(vectors: VectorRows, rows: Ints) -> NDArray[np.float32]:
    return vectors[rows].astype(np.float32)


def _holding(searched: Searched) -> Ints:
    """Pairs of a wording of one word and the wordings of its speaker that hold it."""
    lengths = searched.spoken.lengths[searched.rows]
    alone = np.flatnonzero((lengths == 1) & (searched.speakers >= 0))
    told = np.flatnonzero(np.isin(searched.speakers, searched.speakers[alone]))
    taken = searched.spoken.take(searched.rows[told])
    of = told[taken.of_row()]
    width = len(searched.spoken.words)
    keys = np.unique(np.stack([searched.speakers[of] * width + taken.flat, of]), axis=1)
    words = searched.spoken.take(searched.rows[alone]).flat
    own = searched.speakers[alone] * width + words
    start, end = (np.searchsorted(keys[0], own, side=side) for side in ("left", "right"))
    held = np.minimum(end - start, COMMON)
    left = np.repeat(alone, held)
    right = keys[1, np.repeat(start - np.cumsum(held) + held, held) + np.arange(held.sum())]
    real = (left != right) & searched.pairable(left, right)
    low, high = np.minimum(left, right)[real], np.maximum(left, right)[real]
    return np.unique(low * len(searched.speakers) + high)


def _near(searched: Searched) -> Ints:
    """Pairs whose vectors are alike: those of each speaker among themselves, those of nobody known among all."""
    rows, vectors, size = searched.rows, searched.vectors, len(searched.speakers)
    usable = np.flatnonzero(rows < len(vectors))
    usable = usable[are_there(vectors, rows[usable])]
    usable = usable[np.argsort(searched.speakers[usable], kind="stable")]
    speakers = searched.speakers[usable]
    # Those of nobody known are the first.
    known = int(np.searchsorted(speakers, 0))
    one, two = _alike(vectors, rows[usable[:known]], rows[usable])
    made = [np.empty(0, dtype=np.int64), *_paired(usable, one, two, size)]
    starts = known + np.flatnonzero(np.diff(speakers[known:], prepend=-1))
    ends = np.append(starts[1:], len(usable))
    for first, last in _together(starts, ends):
        base = starts[first]
        held = vectors[rows[usable[base : ends[last - 1]]]]
        for start, end in zip(starts[first:last], ends[first:last], strict=True):
            among = np.arange(start - base, end - base)
            one, two = _alike(held, among, among)
            made.extend(_paired(usable[start:end], one, two, size))
    return np.concatenate(made)


def _together(starts: Ints, ends: Ints) -> Iterator[tuple[int, int]]:
    """Speakers whose vectors are read at once: the first, and where the next ones begin."""
    first = 0
    while first < len(starts):
        last = int(np.searchsorted(ends, starts[first] + _AT_ONCE, side="right"))
        yield first, max(last, first + 1)
        first = max(last, first + 1)


def _alike(vectors: VectorRows, asked: Ints, held: Ints) -> tuple[Ints, Ints]:
    """Places in `asked` and in `held`, both rows of `vectors`, of pairs that are alike; of very many the nearest."""
    if not len(asked) or len(held) == 1:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    products, found = nearest(vectors, held, asked, NEIGHBOURS + 1)
    one, near = np.nonzero((products >= ALIKE) & (found >= 0))
    return one, found[one, near]


def _paired(of: Ints, one: Ints, two: Ints, size: int) -> Iterator[Ints]:
    """Pairs of places in `of` as left * size + right, some at a time; most are told from both sides."""
    for at in range(0, len(one), _PAIRS):
        left, right = of[one[at : at + _PAIRS]], of[two[at : at + _PAIRS]]
        made = np.minimum(left, right) * size + np.maximum(left, right)
        yield np.unique(made[left != right])

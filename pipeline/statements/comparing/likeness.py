"""What two wordings have in common, in numbers, for many pairs at once.

The containment of word n-grams of length min(5, words) is the best single measure on pairs from
real news (F1 0.900), the likeness of character n-grams the best on retranslations; the others
correct them. No measure knows the corpus: a pair's numbers are the same among ten wordings and
among a hundred thousand.
"""

from __future__ import annotations

import math
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline.statements.comparing.wording import weight, words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Vectors = NDArray[np.floating[Any]]
"""Unit rows, NaN where there is none, in single precision or half of it."""


class VectorRows(Protocol):
    """The same, of which rows are taken: an array, or what reads them where they lie."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __len__(self) -> int: ...

    def __getitem__(self, rows: Ints, /) -> Vectors: ...


def are_there(vectors: VectorRows, rows: Ints | None = None) -> NDArray[np.bool_]:
    """Which rows, of some or of all, have a vector."""
    rows = np.arange(len(vectors)) if rows is None else rows
    made = np.zeros(len(rows), dtype=bool)
    for at in range(0, len(rows), _AT_ONCE):
        part = slice(at, at + _AT_ONCE)
        made[part] = np.isfinite(vectors[rows[part]].sum(axis=1, dtype=np.float32))
    return made


FEATURES = (
    "bag_contained",
    "bag_dice",
    "bigrams_contained",
    "ngrams_contained",
    "chars_cosine",
    "chars_contained",
    "vector_cosine",
    "order_kept",
    "evidence",
    "length_ratio",
)
GRAM_LENGTHS = (1, 2, 3, 4, 5)
_CHAR_BUCKETS = 1 << 20
_DIGITS = 5
"""Digits of a measure that count: beyond them, processors differ in how they add up and take logarithms."""
_AT_ONCE = 16_384
"""Vectors looked at at once: 25 MB at a width of 384."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Spoken(NamedTuple):
    """Wordings as rows of words, each word a number: all rows on end in `flat`, each up to its place in `ends`.

    `words` by number, with their `weights` and `hashed` (one value in every call, whatever the number).
    """

    words: list[str]
    weights: Floats
    hashed: NDArray[np.uint64]
    flat: NDArray[np.int32]
    ends: Ints

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spoken:
        """The words of each text."""
        numbers: dict[str, int] = {}
        flat, ends = array("i"), array("q")
        for text in texts:
            flat.extend([numbers.setdefault(word, len(numbers)) for word in words(text)])
            ends.append(len(flat))
        return cls(
            list(numbers),
            np.array([weight(word) for word in numbers] or [0.0]),
            np.array([zlib.crc32(word.encode()) for word in numbers] or [0], dtype=np.uint64),
            np.array(flat, dtype=np.int32),
            np.array(ends, dtype=np.int64),
        )

    @property
    def lengths(self) -> Ints:
        """How many words each row has."""
        return np.diff(self.ends, prepend=0)

    def row(self, at: int) -> NDArray[np.int32]:
        """The numbers of one row's words."""
        return self.flat[self.ends[at - 1] if at else 0 : self.ends[at]]

    def mass(self, at: int) -> float:
        """The weight of one row's distinct words together."""
        return round(math.fsum(self.weights[np.unique(self.row(at))].tolist()), 9)

    def totals(self) -> Floats:
        """The weight of each row's words together, those that recur counted each time."""
        told = np.bincount(self.of_row(), self.weights[self.flat], minlength=len(self.ends))
        return np.round(told, 9)

    def take(self, rows: Ints) -> Spoken:
        """Some rows, under the same numbers."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        places = np.arange(lengths.sum()) + np.repeat(self.ends[rows] - ends, lengths)
        return self._replace(flat=self.flat[places], ends=ends)

    def runs(self, n: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Hashes of all runs of `n` words within one row, and their rows, in the order of the rows."""
        return gram_hashes(self.hashed[self.flat], self.of_row(), n)

    def of_row(self) -> NDArray[np.int32]:
        """The row of each word."""
        return np.repeat(np.arange(len(self.ends), dtype=np.int32), self.lengths)


class Bags(NamedTuple):
    """The distinct words of wordings: `held` their weights by row and word (sparse), `mass` the sums by row."""

    held: Any
    mass: Floats

    @classmethod
    def of(cls, spoken: Spoken) -> Bags:
        """The bags of all rows."""
        held = _sparse(spoken.of_row(), spoken.flat, len(spoken.ends), len(spoken.weights))
        held.data = spoken.weights[held.indices]
        return cls(held, np.round(np.asarray(held.sum(axis=1), dtype=np.float64).ravel(), 9))


class Profiles(NamedTuple):
    """Wordings taken apart, row by row.

    `grams` are the sets of n-grams by n, `chars` counts of character 4-grams (both sparse), `vectors` unit rows or
    NaN.
    """

    spoken: Spoken
    lengths: Ints
    bags: Bags
    grams: dict[int, Any]
    chars: Any
    vectors: NDArray[np.float32]


def profile(spoken: Spoken, vectors: NDArray[np.float32]) -> Profiles:
    """The profiles of wordings; `vectors` [rows, width] in the same order, NaN where there is none."""
    ends = [0, *spoken.ends.tolist()]
    told = [spoken.words[number] for number in spoken.flat.tolist()]
    return Profiles(
        spoken,
        spoken.lengths,
        Bags.of(spoken),
        {n: _grams(spoken, n) for n in GRAM_LENGTHS},
        _chars([" ".join(told[start:end]) for start, end in pairwise(ends)]),
        vectors,
    )


def gram_hashes(
    hashed: NDArray[np.uint64], rows: NDArray[np.int32], n: int
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Hashes of all runs of `n` within one row, and their rows."""
    if len(hashed) < n:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int32)
    count = len(hashed) - n + 1
    made = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(n):
            made = (made ^ hashed[at : at + count]) * _PRIME
            made ^= made >> np.uint64(29)
    whole = rows[:count] == rows[n - 1 :]
    return made[whole], rows[:count][whole]


def cosines(vectors: NDArray[np.float32], left: Ints, right: Ints) -> Floats:
    """The cosine for each pair of rows; 0 where a vector is missing."""
    found = np.einsum("ij,ij->i", vectors[left], vectors[right]).astype(np.float64)
    made: Floats = np.nan_to_num(found).round(_DIGITS)
    return made


def bag_contained(bags: Bags, left: Ints, right: Ints) -> Floats:
    """The share of the lighter wording's weight that the other has too, for each pair."""
    made: Floats = np.round(_share(bags, left, right)[0], _DIGITS)
    return made


def shared_grams(profiles: Profiles, n: int, left: Ints, right: Ints) -> Ints:
    """How many runs of `n` words both of each pair have."""
    both = profiles.grams[n][left].multiply(profiles.grams[n][right])
    return np.asarray(both.sum(axis=1), dtype=np.int64).ravel()


def pair_features(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    """The columns FEATURES for each pair of rows, symmetric in the two."""
    contained, dice = _share(profiles.bags, left, right)
    chars_cosine, chars_contained = _chars_shared(profiles, left, right)
    shorter = np.minimum(profiles.lengths[left], profiles.lengths[right])
    longer = np.maximum(profiles.lengths[left], profiles.lengths[right])
    ngrams = np.zeros(len(left))
    for n in GRAM_LENGTHS:
        of_n = shorter == n if n < GRAM_LENGTHS[-1] else shorter >= n
        if of_n.any():
            ngrams[of_n] = _contained(profiles.grams[n], left[of_n], right[of_n])
    mass = profiles.bags.mass
    made = np.column_stack(
        [
            contained,
            dice,
            _contained(profiles.grams[2], left, right),
            ngrams,
            chars_cosine,
            chars_contained,
            cosines(profiles.vectors, left, right),
            _order(profiles, left, right) / np.maximum(shorter, 1),
            np.log1p(np.minimum(mass[left], mass[right])),
            np.log(np.maximum(shorter, 1) / np.maximum(longer, 1)),
        ]
    )
    return np.round(made, _DIGITS)


def _share(bags: Bags, left: Ints, right: Ints) -> tuple[Floats, Floats]:
    both = bags.held[left].multiply(_ones(bags.held[right]))
    shared = np.asarray(both.sum(axis=1), dtype=np.float64).ravel()
    a, b = bags.mass[left], bags.mass[right]
    return shared / np.maximum(np.minimum(a, b), 1e-9), 2 * shared / np.maximum(a + b, 1e-9)


def _contained(sets: Any, left: Ints, right: Ints) -> Floats:
    a, b = sets[left], sets[right]
    shared = np.asarray(a.multiply(b).sum(axis=1)).ravel()
    sizes = np.minimum(np.diff(a.indptr), np.diff(b.indptr))
    return np.asarray(shared / np.maximum(sizes, 1), dtype=np.float64)


def _chars_shared(profiles: Profiles, left: Ints, right: Ints) -> tuple[Floats, Floats]:
    a, b = profiles.chars[left], profiles.chars[right]
    dot = np.asarray(a.multiply(b).sum(axis=1), dtype=np.float64).ravel()
    norms = np.sqrt(_squares(a) * _squares(b))
    least = np.asarray(a.minimum(b).sum(axis=1), dtype=np.float64).ravel()
    sizes = np.minimum(
        np.asarray(a.sum(axis=1), dtype=np.float64).ravel(),
        np.asarray(b.sum(axis=1), dtype=np.float64).ravel(),
    )
    return dot / np.maximum(norms, 1e-9), least / np.maximum(sizes, 1.0)


def _squares(matrix: Any) -> Floats:
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()


def _order(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    from rapidfuzz.distance import LCSseq

    told = list(map(profiles.spoken.row, range(len(profiles.lengths))))
    return np.array(
        [
            LCSseq.similarity(told[a], told[b])
            for a, b in zip(left.tolist(), right.tolist(), strict=True)
        ],
        dtype=np.float64,
    )


def _sparse(rows: NDArray[np.int32], columns: Any, height: int, width: int) -> Any:
    from scipy.sparse import csr_matrix

    made = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(height, width))
    made.sum_duplicates()
    made.data[:] = 1.0
    return made


def _ones(matrix: Any) -> Any:
    made = matrix.copy()
    made.data[:] = 1.0
    return made


def _grams(spoken: Spoken, n: int) -> Any:
    made, of = spoken.runs(n)
    distinct, columns = np.unique(made, return_inverse=True)
    return _sparse(of, columns, len(spoken.ends), max(1, len(distinct)))


def _chars(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    padded = [f" {text} " for text in texts]
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    flat = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    made, of = gram_hashes(flat.astype(np.uint64), rows, 4)
    columns = (made % np.uint64(_CHAR_BUCKETS)).astype(np.int64)
    ones = np.ones(len(of), dtype=np.float32)
    return csr_matrix((ones, (of, columns)), shape=(len(texts), _CHAR_BUCKETS))

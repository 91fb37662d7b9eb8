"""What two wordings have in common, in numbers, for many pairs at once.

The containment of word n-grams of length min(5, words) is the best single measure on pairs from
real news (F1 0.900), the likeness of character n-grams the best on retranslations; the others
correct them. No measure knows the corpus: a pair's numbers are the same among ten wordings and
among a hundred thousand.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.statements.wording import weight, words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
_CHUNK = 20_000
_PRIME = np.uint64(0x9E3779B97F4A7C15)


class Profiles(NamedTuple):
    """Wordings taken apart, row by row.

    `tokens` are numbers of words, `weights` those words' weights by number, `lengths` how many words
    there are, `bag` the weights by row and word (sparse), `mass` their sums,
    `grams` the sets of n-grams by n, `chars` counts of character 4-grams, `vectors` unit rows or
    NaN.
    """

    tokens: list[Ints]
    weights: Floats
    lengths: Ints
    bag: Any
    mass: Floats
    grams: dict[int, Any]
    chars: Any
    vectors: NDArray[np.float32]


def profile(texts: Sequence[str], vectors: NDArray[np.float32]) -> Profiles:
    """The profiles of `texts`; `vectors` [len(texts), width] in the same order, NaN where there is
    none."""
    spoken = [words(text) for text in texts]
    lengths, numbers, flat = _numbered(spoken)
    weights = np.array([weight(word) for word in numbers] or [0.0])
    rows = np.repeat(np.arange(len(texts)), lengths)
    bag = _sparse(rows, flat, len(texts), max(1, len(numbers)))
    bag.data = weights[bag.indices]
    hashed = _hashed(numbers)[flat]
    grams = {n: _grams(hashed, rows, n, len(texts)) for n in GRAM_LENGTHS}
    ends = np.cumsum(lengths)
    return Profiles(
        [flat[end - length : end] for end, length in zip(ends, lengths, strict=True)],
        weights,
        lengths,
        bag,
        np.asarray(bag.sum(axis=1), dtype=np.float64).ravel(),
        grams,
        _chars([" ".join(found) for found in spoken]),
        vectors,
    )


def word_runs(spoken: Sequence[Sequence[str]], lengths_of: Sequence[int]) -> dict[int, Any]:
    """The grams of a profile alone, for rows of words: sparse [rows, runs of n words] by n."""
    lengths, numbers, flat = _numbered(spoken)
    hashed = _hashed(numbers)[flat]
    rows = np.repeat(np.arange(len(spoken)), lengths)
    return {n: _grams(hashed, rows, n, len(spoken)) for n in lengths_of}


def _numbered(spoken: Sequence[Sequence[str]]) -> tuple[Ints, dict[str, int], Ints]:
    """How many words each row has, a number for each distinct word, and all rows' numbers on end."""
    numbers: dict[str, int] = {}
    flat = [numbers.setdefault(word, len(numbers)) for found in spoken for word in found]
    lengths = np.array([len(found) for found in spoken], dtype=np.int64)
    return lengths, numbers, np.array(flat, dtype=np.int64)


def _hashed(numbers: Iterable[str]) -> NDArray[np.uint64]:
    # A hash of the word, not its number here, so that an n-gram has one identity in every call.
    return np.array([zlib.crc32(word.encode()) for word in numbers] or [0], dtype=np.uint64)


def gram_hashes(hashed: NDArray[np.uint64], rows: Ints, n: int) -> tuple[NDArray[np.uint64], Ints]:
    """Hashes of all runs of `n` within one row, and their rows."""
    if len(hashed) < n:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    count = len(hashed) - n + 1
    made = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at in range(n):
            made = (made ^ hashed[at : at + count]) * _PRIME
            made ^= made >> np.uint64(29)
    whole = rows[:count] == rows[n - 1 :]
    return made[whole], rows[:count][whole]


def cosines(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    """The vectors' cosine for each pair; 0 where a vector is missing."""
    made = np.empty(len(left))
    for at in range(0, len(left), _CHUNK):
        part = slice(at, at + _CHUNK)
        made[part] = np.einsum(
            "ij,ij->i", profiles.vectors[left[part]], profiles.vectors[right[part]]
        )
    return np.nan_to_num(made)


def bag_contained(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    """The share of the lighter wording's weight that the other has too, for each pair."""
    return _share(profiles, left, right)[0]


def shared_grams(profiles: Profiles, n: int, left: Ints, right: Ints) -> Ints:
    """How many runs of `n` words both of each pair have."""
    made = np.empty(len(left), dtype=np.int64)
    for at in range(0, len(left), _CHUNK):
        part = slice(at, at + _CHUNK)
        both = profiles.grams[n][left[part]].multiply(profiles.grams[n][right[part]])
        made[part] = np.asarray(both.sum(axis=1)).ravel()
    return made


def pair_features(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    """The columns FEATURES for each pair of rows, symmetric in the two."""
    parts = [
        _features(profiles, left[at : at + _CHUNK], right[at : at + _CHUNK])
        for at in range(0, len(left), _CHUNK)
    ]
    return np.concatenate([np.empty((0, len(FEATURES))), *parts])


def _features(profiles: Profiles, left: Ints, right: Ints) -> Floats:
    contained, dice = _share(profiles, left, right)
    chars_cosine, chars_contained = _chars_shared(profiles, left, right)
    shorter = np.minimum(profiles.lengths[left], profiles.lengths[right])
    longer = np.maximum(profiles.lengths[left], profiles.lengths[right])
    ngrams = np.zeros(len(left))
    for n in GRAM_LENGTHS:
        of_n = shorter == n if n < GRAM_LENGTHS[-1] else shorter >= n
        if of_n.any():
            ngrams[of_n] = _contained(profiles.grams[n], left[of_n], right[of_n])
    lighter = np.minimum(profiles.mass[left], profiles.mass[right])
    return np.column_stack(
        [
            contained,
            dice,
            _contained(profiles.grams[2], left, right),
            ngrams,
            chars_cosine,
            chars_contained,
            cosines(profiles, left, right),
            _order(profiles, left, right) / np.maximum(shorter, 1),
            np.log1p(lighter),
            np.log(np.maximum(shorter, 1) / np.maximum(longer, 1)),
        ]
    )


def _share(profiles: Profiles, left: Ints, right: Ints) -> tuple[Floats, Floats]:
    shared = np.empty(len(left))
    for at in range(0, len(left), _CHUNK):
        part = slice(at, at + _CHUNK)
        both = profiles.bag[left[part]].multiply(_ones(profiles.bag[right[part]]))
        shared[part] = np.asarray(both.sum(axis=1)).ravel()
    a, b = profiles.mass[left], profiles.mass[right]
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

    return np.array(
        [
            LCSseq.similarity(profiles.tokens[a], profiles.tokens[b])
            for a, b in zip(left, right, strict=True)
        ],
        dtype=np.float64,
    )


def _sparse(rows: Ints, columns: Ints, height: int, width: int) -> Any:
    from scipy.sparse import csr_matrix

    made = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(height, width))
    made.sum_duplicates()
    made.data[:] = 1.0
    return made


def _ones(matrix: Any) -> Any:
    made = matrix.copy()
    made.data[:] = 1.0
    return made


def _grams(hashed: NDArray[np.uint64], rows: Ints, n: int, height: int) -> Any:
    made, of = gram_hashes(hashed, rows, n)
    distinct, columns = np.unique(made, return_inverse=True)
    return _sparse(of, columns, height, max(1, len(distinct)))


def _chars(texts: Sequence[str]) -> Any:
    from scipy.sparse import vstack

    # All at once, what is on the way to it would weigh six times what comes of it.
    parts = [_chars_of(texts[at : at + _CHUNK]) for at in range(0, max(len(texts), 1), _CHUNK)]
    return vstack(parts, format="csr")


def _chars_of(texts: Sequence[str]) -> Any:
    from scipy.sparse import csr_matrix

    padded = [f" {text} " for text in texts]
    lengths = np.array([len(text) for text in padded], dtype=np.int64)
    flat = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(texts)), lengths)
    made, of = gram_hashes(flat.astype(np.uint64), rows, 4)
    columns = (made % np.uint64(_CHAR_BUCKETS)).astype(np.int64)
    ones = np.ones(len(of), dtype=np.float32)
    return csr_matrix((ones, (of, columns)), shape=(len(texts), _CHAR_BUCKETS))

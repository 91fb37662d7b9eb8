"""Sketches: a small sample of an article's body, by which it is compared with any other without its text.

Two bodies are compared by containment, the share of the shorter one's runs of five words that the other has too
(Broder 1997). Unlike resemblance it knows a text that was cut, or that stands among other text. A sketch holds the
lowest hashes of the runs (bottom-k), at most a kilobyte whatever the length. Up to the lower of two sketches' highest
hashes both are complete, and there the share is taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

WORDS = 5
"""Words in a run."""

KEPT = 128
"""Hashes in a sketch; a body of fewer runs is kept whole."""

LEAST = 5
"""Two bodies that have fewer sampled runs in common have nothing in common that tells."""

HARDLY = 2 * WORDS
"""Words below which there is hardly a body."""

Hashes = NDArray[np.int64]

_ALL = int(np.iinfo(np.int64).max)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FINAL = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_WORD = re.compile(r"\w+")
# Nobody sees these, and some outlets strew them into words.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Sample(NamedTuple):
    """Runs of a body as ascending hashes: every one that it has up to the hash `reach`."""

    runs: Hashes
    reach: int


def bodies(articles: pl.DataFrame, blocks: pl.DataFrame) -> list[str]:
    """The body of each article (article_id, text): its BLOCKS of that kind in order, a line each.

    The whole text where that is hardly anything: a few words are too few to be marked well.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    body = blocks.filter(pl.col("kind") == "body").sort("article_id", "start")
    for article, start, end in body.select("article_id", "start", "end").iter_rows():
        spans.setdefault(article, []).append((start, end))
    told: list[str] = []
    for article, text in articles.select("article_id", "text").iter_rows():
        lines = "\n".join(text[start:end] for start, end in spans.get(article, ()))
        told.append(lines if len(lines.split()) >= HARDLY else text)
    return told


def sketches(texts: Sequence[str]) -> pl.Series:
    """The sketch of each body: at most KEPT hashes of 63 bits, ascending; none below five words.

    The same on every machine and for ever: what the record holds is compared with what comes in years later.
    """
    numbers: dict[str, int] = {}
    return pl.Series("sketch", [_sketch(text, numbers) for text in texts], pl.List(pl.Int64))


def _sketch(text: str, numbers: dict[str, int]) -> list[int]:
    words = _WORD.findall(text.translate(_UNSEEN).casefold())
    if len(words) < WORDS:
        return []
    for word in set(words).difference(numbers):
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        numbers[word] = int.from_bytes(digest, "little")
    each = np.array([numbers[word] for word in words], np.uint64)
    count = len(words) - WORDS + 1
    hashes = each[:count].copy()
    for place in range(1, WORDS):
        hashes = hashes * _FACTOR + each[place : place + count]
    # The finalizer of splitmix64: the lowest hashes are a fair sample where every bit hangs on every word.
    for shift, factor in _FINAL:
        hashes = (hashes ^ (hashes >> shift)) * factor
    hashes = (hashes ^ (hashes >> np.uint64(31))) >> np.uint64(1)
    return [int(run) for run in np.unique(hashes)[:KEPT]]


def reach(sketch: Hashes) -> int:
    """Up to which hash a sketch holds every run of its body."""
    return _ALL if len(sketch) < KEPT else int(sketch[-1])


def share(one: Sample, two: Sample) -> float:
    """The share of the shorter body's runs that the other has too; 0 where there is too little to tell."""
    end = min(one.reach, two.reach)
    ours, theirs = one.runs[one.runs <= end], two.runs[two.runs <= end]
    common = len(np.intersect1d(ours, theirs, assume_unique=True))
    return common / min(len(ours), len(theirs)) if common >= LEAST else 0.0

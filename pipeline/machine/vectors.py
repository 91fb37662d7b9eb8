"""Vectors of wordings, gathered into one matrix.

They are what weighs most in a run (0.9 GB for 30,000 articles in single precision): they stay in their files until the
matrix takes them, and pass through memory some thousands at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

AT_ONCE = 8192
"""Vectors read at once: 13 MB at a width of 384."""


def vectors_of(
    wanted: pl.Series,
    held: Sequence[pl.LazyFrame],
    number: type[np.float16 | np.float32] = np.float16,
) -> NDArray[np.float16 | np.float32]:
    """Vectors [len(wanted), width] of the wordings under the model that has most of them; NaN where there is none.

    `held` are UTTERANCES, in memory or in files. Half precision has cosines right to 0.0001.
    What stands first counts where two have a vector of one wording; the width is that of most vectors that are read
    first, and a vector of another width is no vector of this model.
    """
    place = _places(wanted, held)
    rows, at = place["row"].to_numpy(), place["at"].to_numpy()
    made = np.full((len(wanted), 1), np.nan, dtype=number)
    for start, vectors in _read(held, at):
        here = slice(*np.searchsorted(at, (start, start + len(vectors))))
        taken = vectors.gather(at[here] - start)
        widths = taken.list.len()
        if here.start == 0:
            made = np.full((len(wanted), int(widths.mode().sort()[0])), np.nan, dtype=number)
        fits = widths == made.shape[1]
        width = pl.Array(pl.Float32, made.shape[1])
        with np.errstate(over="ignore"):
            numbers = taken.filter(fits).cast(width).to_numpy().astype(number)
        finite = np.isfinite(numbers).all(axis=1)
        made[rows[here][fits.to_numpy()][finite]] = numbers[finite]
    return made


def _places(wanted: pl.Series, held: Sequence[pl.LazyFrame]) -> pl.DataFrame:
    """Which vector (`at`, counted through all that is held) stands in which `row`, in the order of the vectors."""
    needed = wanted.to_frame("utterance_id").with_row_index("row")
    told = [frame.select("utterance_id", "model").collect() for frame in held]
    at_hand = (
        pl.concat(told).with_row_index("at").join(needed, on="utterance_id", how="semi").sort("at")
    )
    models = at_hand.group_by("model").len().sort("len", "model", descending=[True, False])
    return (
        at_hand.join(models.head(1), on="model", how="semi")
        .sort("at")
        .unique("utterance_id", keep="first", maintain_order=True)
        .join(needed, on="utterance_id")
        .sort("at", "row")
    )


def _read(held: Sequence[pl.LazyFrame], at: NDArray[np.uint32]) -> Iterator[tuple[int, pl.Series]]:
    """Vectors in pieces that hold one of the places `at`, each with the place of its first."""
    start = 0
    for frame in held:
        height = frame.select(pl.len()).collect().item()
        for offset in range(0, height, AT_ONCE):
            first = start + offset
            last = min(first + AT_ONCE, start + height)
            if np.searchsorted(at, first) < np.searchsorted(at, last):
                piece = frame.select("embedding").slice(offset, AT_ONCE).collect()
                yield first, piece.to_series()
        start += height

"""What themes stand by between two runs: their centres and words, and how often each word is said in all.

They are told when all statements are parted into themes, and stay until that is done again: what a theme is does not
drift with what comes to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from onrecord.pipeline.core import ids
from onrecord.pipeline.statements.comparing.likeness import Floats
from onrecord.pipeline.themes.terms import ALL

SUBJECTS = pl.Schema(
    {"theme_id": pl.String(), "centre": pl.List(pl.Float32()), "words": pl.List(pl.UInt64())}
)


class Standing(NamedTuple):
    """`subjects` (theme_id, centre, words: hashes, the most telling first), a row a theme; `terms` as in
    `Terms.counted`."""

    subjects: pl.DataFrame
    terms: pl.DataFrame

    @property
    def statements(self) -> int:
        """How many statements were parted into these themes."""
        return int(self.terms.filter(term=ALL)["said"].sum())


def subjects(
    themes: Sequence[str], centres: Sequence[Floats], words: Sequence[NDArray[np.uint64]]
) -> pl.DataFrame:
    """Rows of `Standing.subjects`."""
    return pl.DataFrame(
        {
            "theme_id": pl.Series(themes, dtype=pl.String),
            "centre": pl.Series(
                [centre.astype(np.float32).tolist() for centre in centres],
                dtype=pl.List(pl.Float32),
            ),
            "words": pl.Series([one.tolist() for one in words], dtype=pl.List(pl.UInt64)),
        }
    )


def fresh_id(grain: str, typical: str, taken: set[str]) -> str:
    """The identity of a theme that is new, of a grain (broad or fine), which is taken from then on."""
    fresh = ids.digest("theme", grain, typical)
    while fresh in taken:
        fresh = ids.digest("theme", fresh)
    taken.add(fresh)
    return fresh

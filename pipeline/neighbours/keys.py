"""What a vector is called in the lists: 60 bits of its wording's identity, which is a hash already."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

_DIGITS = 15
"""Hexadecimal digits that fit into a positive 64-bit number; two of a hundred million share one once in 200 records."""


def keys_of(identities: pl.Series) -> NDArray[np.int64]:
    """The keys of identities, which are hexadecimal digits."""
    digits = identities.str.slice(0, _DIGITS)
    return digits.str.to_integer(base=16, dtype=pl.Int64).to_numpy()

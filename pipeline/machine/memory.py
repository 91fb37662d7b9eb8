"""What is freed goes back to the system: a run that held much at one stage must not hold it through those after it.

Python, NumPy and the models take their memory from the C library, which keeps what lies between two pieces in use, and
takes ever larger arrays from there too (glibc; of another C library nothing is asked). Polars has an allocator of its
own, set in `flows/__init__.py`. Of two hundred freed arrays of three megabytes, among small pieces that are in use, the
process holds 35 MB with this, and 607 without.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

_MMAP_THRESHOLD = -3
"""M_MMAP_THRESHOLD of malloc.h."""

_APART = 1 << 20
"""Bytes from which a piece of memory is the system's own, and goes back to it at once."""


def settle() -> None:
    """Take large pieces of memory straight from the system, from now on, in this process."""
    if (library := _glibc()) is not None:
        library.mallopt(_MMAP_THRESHOLD, _APART)


def give_back() -> None:
    """Give the system what this process holds and does not use."""
    if (library := _glibc()) is not None:
        library.malloc_trim(0)


@cache
def _glibc() -> Any:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None

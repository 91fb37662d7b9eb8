"""What is freed goes back to the system: a run that held much at one stage must not hold it through those after it.

Python, NumPy and the models take their memory from the C library, which keeps what lies between two pieces in use, and
takes ever larger arrays from there too (glibc; of another C library nothing is asked). Polars has an allocator of its
own, set in `flows/__init__.py`. Of two hundred freed arrays of three megabytes, among small pieces that are in use, the
process holds 35 MB with this, and 607 without.
"""

from __future__ import annotations

import ctypes
import re
import resource
from contextlib import suppress
from functools import cache
from pathlib import Path
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


def allow(more: int) -> None:
    """Let this process take so many bytes more than it has, and no others; on systems without such a limit, nothing."""
    # macOS has the call, and does not heed it.
    with suppress(OSError, ValueError):
        has = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = has * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}


def parsed(told: str) -> int:
    """The bytes of an amount of memory as DuckDB writes it: 256MB, 1.5GiB. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?\s*", told, re.I)
    if found is None:
        raise ValueError(f"{told!r} is no amount of memory, such as 256MB")
    of = _UNITS[found[2].upper()]
    return int(
        float(found[1]) * (of if not found[3] else 1024 ** list(_UNITS).index(found[2].upper()))
    )


@cache
def _glibc() -> Any:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None

"""How faiss writes a file: closed when it is told to be, and what the system refuses raised."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

_AT_ONCE = 1 << 20


def write(file: Path, put: Callable[[Any], None]) -> Path:
    """Have `put` write into a file, given what faiss writes with. Raises OSError.

    Faiss' own writer closes a file where nobody holds it any more, and tells nobody that the disk was full by then.
    """
    import faiss

    # Made in Python, which its types do not know.
    made: Any = faiss
    with file.open("wb") as out:
        put(made.PyCallbackIOWriter(out.write, _AT_ONCE))
    return file

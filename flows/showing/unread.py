"""What is printed where nobody reads it any more, or where it cannot be written: that changes nothing of a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO


class Unread:
    """A text stream that goes on into nothing once it breaks; `lost` is what broke it, None while it holds.

    Somebody who has read as much as they wanted (`| head`) is no fault, and is not `lost` but `left`.
    """

    def __init__(self, stream: TextIO | None) -> None:
        # Python has none where it was closed for the command (`>&-`).
        self._stream = stream or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        self.lost: OSError | None = None
        self.left = False

    def write(self, text: str) -> int:
        """Write, or let go of the stream."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._let_go(error)
            return len(text)

    def flush(self) -> None:
        """Flush, or let go of the stream."""
        try:
            self._stream.flush()
        except OSError as error:
            self._let_go(error)

    def _let_go(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            self.left = True
        else:
            self.lost = error
        # What the stream still holds goes there too, when the process ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def aside() -> Iterator[None]:
    """What is printed inside is not what the command is for: where it is lost, the command has not failed."""
    yield
    sys.stdout.flush()
    if isinstance(sys.stdout, Unread):
        sys.stdout.lost = None

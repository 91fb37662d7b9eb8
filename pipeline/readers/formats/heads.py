"""Heads: the beginning of a source, looked at before it is read from its beginning."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

_CHUNK = 1 << 16


def looked_at(file: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first `size` bytes and the source from its beginning: itself, where one can go back in it."""
    if file.seekable():
        start = file.tell()
        head = file.read(size)
        file.seek(start)
        return head, file
    parts: list[bytes] = []
    got, broken = 0, None
    take = getattr(file, "read1", file.read)
    while got < size and broken is None:
        try:
            part = take(min(_CHUNK, size - got))
        except (OSError, EOFError) as error:
            # What comes before it is read all the same.
            broken = error
            break
        if not part:
            break
        parts.append(part)
        got += len(part)
    head = b"".join(parts)
    return head, cast(BinaryIO, io.BufferedReader(Rejoined(head, file, broken)))


class Rejoined(io.RawIOBase):
    """What was read already, then the rest of the file, or what is wrong with it."""

    def __init__(self, head: bytes, rest: BinaryIO, broken: Exception | None = None) -> None:
        self._head = head
        self._rest = rest
        self._broken = broken

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._head:
            part, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        elif self._broken is not None:
            raise self._broken
        else:
            part = self._rest.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)

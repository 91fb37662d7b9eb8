"""Tar, packed or not, read as a stream; behind a member that lies about its size the next header is looked for."""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.formats.archive import (
    Counted,
    Limited,
    climbs,
    hidden,
    inside,
    is_packed,
    shown,
    unpacking,
)
from onrecord.pipeline.readers.items import Record, Refusal, refuse

_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 16
# A long name, or what else is told of a member before it; the module reads it whole.
_LONGEST_HEADER = 1 << 18
# The module searches such a header in time that grows with the square of a run of digits.
_LONG_NUMBER = re.compile(rb"\d{1000}")


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Every record of every member of a tar."""
    stream = _Onward(file)
    number = 0
    while True:
        wrong: str | None = None
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:  # type: ignore[call-overload]
                for info in archive:
                    # The module keeps them all.
                    archive.members.clear()
                    if info.isdir() or hidden(info.name):
                        continue
                    number += 1
                    if number > settings.max_members:
                        yield refuse("too_many_members")
                        return
                    refusal = _refused(info, settings)
                    if info.size < 0 or stream.lies(
                        info.offset_data, archive.offset, settings.max_source_bytes
                    ):
                        yield refusal or refuse("damaged", shown(info.name), f"{info.size:,} bytes")
                        wrong = ""
                        break
                    if refusal is not None:
                        yield refusal
                    else:
                        member: Any = (
                            archive.extractfile(info)
                            if info.issparse()
                            else _Member(stream, info.size)
                        )
                        limited = Limited(member, file, settings, lambda: stream.taken)
                        with stream.content():
                            yield from inside(limited, info.name, settings)
                    if stream.ended:
                        return
            if wrong is None and stream.last.strip(b"\0"):
                wrong = "No header where one should be"
        except (tarfile.TarError, EOFError) as error:
            wrong = str(error)[:120] or type(error).__name__
        if wrong is None:
            break
        if wrong:
            yield refuse("truncated" if number and stream.ended else "damaged", None, wrong)
            number += 1
        if not stream.find_header():
            return
    if not number:
        yield refuse("nothing_to_read")


def _refused(info: tarfile.TarInfo, settings: IngestSettings) -> Refusal | None:
    name = shown(info.name)
    if climbs(info.name):
        return refuse("path_climbs", name)
    if not info.isfile():
        return refuse("link_outside", name, "Not a regular file")
    if info.size > settings.max_source_bytes:
        return refuse("too_long", name, f"{info.size:,} bytes")
    return None


class _Onward:
    """A tar, unpacked, read onwards only: no lie about a size leads back, or on for longer than there is data."""

    def __init__(self, file: BinaryIO) -> None:
        self._counted = Counted(file)
        self._file: IO[bytes] = unpacking(self._counted)
        self._size: int | None = None
        if file.seekable() and not is_packed(self._file):
            self._file, self._size = file, file.seek(0, io.SEEK_END)
            file.seek(0)
        self._back = b""
        self._at = 0
        self.last, self.ended, self.inside = b"", False, False

    @property
    def taken(self) -> int:
        """Bytes that were read of the source."""
        return self._at if self._size is not None else self._counted.count

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises tarfile.ReadError for a header that the module had better not take in whole."""
        if not (self.inside or 0 <= size <= _LONGEST_HEADER):
            raise tarfile.ReadError(f"a header of {size:,} bytes")
        part, self._back = self._back[:size], self._back[size:]
        while len(part) < size and (more := self._file.read(size - len(part))):
            part += more
        self.ended = len(part) < size
        self._at += len(part)
        self.last = part
        if not self.inside and len(part) > _BLOCK and _LONG_NUMBER.search(part):
            raise tarfile.ReadError("a header of digits")
        return part

    @contextmanager
    def content(self) -> Iterator[None]:
        """What is read meanwhile is a member's, and no header."""
        self.inside = True
        try:
            yield
        finally:
            self.inside = False

    def tell(self) -> int:
        """How far it was read."""
        return self._at

    def seekable(self) -> bool:
        """Not for whoever reads a member."""
        return False

    def seek(self, position: int) -> None:
        """Go on to a position. Raises tarfile.ReadError where it lies before this one, EOFError beyond the end."""
        if position < self._at:
            raise tarfile.ReadError("a member that lies before its header")
        if self._size is not None:
            if position > self._size:
                self.ended = True
                raise EOFError("unexpected end of data")
            self._move(position)
        while self._at < position:
            if not self.read(min(_CHUNK, position - self._at)):
                raise EOFError("unexpected end of data")

    def lies(self, start: int, end: int, most: int) -> bool:
        """Whether a member that should lie between these cannot: further ones stand within, or it goes back.

        Of what is packed, nobody knows the size: there, no member of more than `most` bytes is believed.
        """
        if end < start:
            return True
        if self._size is None:
            return end - start > most + _BLOCK
        if end - _BLOCK < self._size:
            return False
        # One that was cut off on its way has nothing behind it.
        found = self.find_header()
        self._move(start)
        return found

    def find_header(self) -> bool:
        """Go on to the next block that is a member's header; False where there is none."""
        try:
            self.seek(self._at + -self._at % _BLOCK)
            while len(block := self.read(_BLOCK)) == _BLOCK:
                if _is_header(block):
                    self._back, self._at = block + self._back, self._at - _BLOCK
                    if self._size is not None:
                        self._move(self._at)
                    return True
        except EOFError:
            pass
        return False

    def _move(self, position: int) -> None:
        self._file.seek(position)
        self._at, self._back, self.ended = position, b"", False


class _Member(io.RawIOBase):
    """A member's bytes, as far as there are any; then EOFError where there should be more."""

    def __init__(self, tar: _Onward, size: int) -> None:
        self._tar, self._left = tar, size

    def read(self, size: int = -1) -> bytes:
        wanted = min(self._left, _CHUNK if size < 0 else size)
        part = self._tar.read(wanted)
        if wanted and not part:
            raise EOFError("unexpected end of data")
        self._left -= len(part)
        return part


def _is_header(block: bytes) -> bool:
    if not block.startswith(b"ustar", 257):
        return False
    try:
        return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape").size >= 0
    except tarfile.HeaderError:
        return False

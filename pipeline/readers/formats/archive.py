"""Zip, and gzip, bzip2, xz and Zstandard, holding any of the other formats, unpacked as a stream under limits.

corpus.zip: 2024/ferry.html, 2024/port.jsonl, notes.txt
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import BombError

if TYPE_CHECKING:
    import zstandard

# What little data unpacks to may be many times its size and harmless.
_HARMLESS = 64 << 20
_DEEPEST = 3
_CHUNK, _WINDOW = 1 << 16, 1 << 27
# Packed bytes of zstd at a time: what a bomb makes of them, 32 MB, is held before it is refused.
_PIECE = 1 << 10
# A frame that holds the dictionary of those behind it, as archives of the web are packed.
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LARGEST_DICTIONARY = 16 << 20
# What the zip module raises over a mangled directory, found by fuzzing.
_UNZIPPING = (
    zipfile.BadZipFile,
    NotImplementedError,
    OSError,
    ValueError,
    OverflowError,
    EOFError,
    struct.error,
)


class Limited(io.RawIOBase):
    """What comes out of a packed `source`; raises BombError beyond the limits of size and ratio.

    `packed` tells how many bytes went in; `depth` is how many packed streams it is read through.
    """

    def __init__(
        self,
        stream: IO[bytes],
        source: BinaryIO,
        settings: IngestSettings,
        packed: Callable[[], int],
        most: int | None = None,
    ) -> None:
        self._stream = stream
        self._most = settings.max_unpacked_bytes if most is None else most
        self._ratio = settings.max_ratio
        self.depth = 1 + _depth(source)
        self._packed = packed
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            part = self._stream.read(len(buffer))
        except (OSError, EOFError, BombError):
            raise
        except zlib.error as error:
            raise EOFError(str(error)) from None
        except Exception as error:
            # The libraries' errors have no common base; an OSError without a number is of a packed stream.
            raise OSError(str(error)[:120] or type(error).__name__) from None
        self.count += len(part)
        if self.count > self._most:
            raise BombError(f"more than {self._most:,} bytes")
        if self.count > _HARMLESS and self.count > self._ratio * max(1, self._packed()):
            raise BombError(f"more than {self._ratio} times its size")
        buffer[: len(part)] = part
        return len(part)


def read_zip(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Every record of every member, places led by the member's name."""
    with tempfile.TemporaryFile() as spool:
        if not file.seekable():
            shutil.copyfileobj(file, spool, 1 << 20)
            spool.seek(0)
        try:
            archive = zipfile.ZipFile(spool if not file.seekable() else file)
        except _UNZIPPING as error:
            yield refuse("damaged", None, str(error)[:120])
            return
        left = _most(archive, settings)
        something = False
        for number, info in enumerate(archive.infolist()):
            if info.is_dir() or hidden(info.filename):
                continue
            something = True
            if number >= settings.max_members:
                yield refuse("too_many_members", None, f"{len(archive.infolist()):,} members")
                break
            refusal = _refused_zip(info)
            if refusal:
                yield refusal
                continue
            used = [0]
            yield from _zip_member(archive, info, file, settings, left, used)
            left -= used[0]
        if not something:
            yield refuse("nothing_to_read")


def _most(archive: zipfile.ZipFile, settings: IngestSettings) -> int:
    """Bytes that all members together may unpack to: members that share one body would pass one by one."""
    file = archive.fp
    size = file.seek(0, io.SEEK_END) if file is not None else 0
    return min(settings.max_unpacked_bytes, max(_HARMLESS, settings.max_ratio * size))


def _zip_member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    file: BinaryIO,
    settings: IngestSettings,
    left: int,
    used: list[int],
) -> Iterator[Record | Refusal]:
    try:
        with archive.open(info) as member:
            packed = max(1, info.compress_size)
            stream = Limited(member, file, settings, lambda: packed, left)
            yield from inside(stream, info.filename, settings)
            used[0] = stream.count
    except (*_UNZIPPING, zlib.error, RuntimeError) as error:
        yield refuse("damaged", info.filename, str(error)[:120])


def _refused_zip(info: zipfile.ZipInfo) -> Refusal | None:
    if climbs(info.filename):
        return refuse("path_climbs", shown(info.filename))
    if info.flag_bits & 0x1:
        return refuse("archive_encrypted", info.filename)
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return refuse("link_outside", info.filename)
    return None


SUFFIXES = frozenset({".gz", ".bz2", ".xz", ".zst"})
"""What a packed file is called; another name is that of what it holds."""


def read_packed(
    file: BinaryIO, source: str, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    """What a .gz, .bz2, .xz or .zst holds, by the name without its suffix and by its own first bytes."""
    counted = Counted(file)
    limited = Limited(unpacking(counted), file, settings, lambda: counted.count)
    try:
        name = PurePosixPath(source)
        held = name.stem if name.suffix.lower() in SUFFIXES else name.name
        yield from _read(limited, held, settings)
    except BombError as error:
        yield refuse("bomb", None, str(error))


def is_packed(stream: IO[bytes]) -> bool:
    """Whether a stream of `unpacking` is more than what it was given."""
    return not isinstance(stream, _Plain)


def unpacking(packed: Counted) -> IO[bytes]:
    """What a stream holds, by its first bytes: packed in one of four ways, or as it is."""
    stream = _Plain(packed, _CHUNK)  # type: ignore[arg-type]
    head = stream.peek(6)[:6]
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=stream))
    if head.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    if head.startswith(b"\xfd7zXZ\x00"):
        return io.BufferedReader(_Xz(stream), _CHUNK)  # type: ignore[type-var]
    if head.startswith((b"\x28\xb5\x2f\xfd", _DICTIONARY)):
        return io.BufferedReader(_Zst(stream), _CHUNK)  # type: ignore[type-var]
    return stream


class _Plain(io.BufferedReader):
    """A stream that is not packed."""


class _Xz(io.RawIOBase):
    """An xz stream unpacked in bounded memory, which the standard library's file cannot be told to do."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._unpacker = lzma.LZMADecompressor(memlimit=2 * _WINDOW)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = b""
        while not part:
            if self._unpacker.eof:
                rest = self._unpacker.unused_data.lstrip(b"\0") or self._stream.read(_CHUNK)
                if not rest.lstrip(b"\0"):
                    return 0
                self._unpacker = lzma.LZMADecompressor(memlimit=2 * _WINDOW)
                packed = rest
            else:
                packed = self._stream.read(_CHUNK) if self._unpacker.needs_input else b""
                if not packed and self._unpacker.needs_input:
                    raise EOFError("the stream ends early")
            part = self._unpacker.decompress(packed, len(buffer))
        buffer[: len(part)] = part
        return len(part)


class _Zst(io.RawIOBase):
    """A zstd stream that tells where it ends early, which zstandard's own reader takes for its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        import zstandard

        self._stream = stream
        # 128 MB is the largest window that a long-distance archive of text needs.
        self._frames = zstandard.ZstdDecompressor(
            dict_data=self._dictionary(), max_window_size=_WINDOW
        )
        self._unpacker = self._frames.decompressobj()
        self._begun = False
        self._made = memoryview(b"")

    def _dictionary(self) -> zstandard.ZstdCompressionDict | None:
        import zstandard

        if not self._stream.peek(4)[:4].startswith(_DICTIONARY):  # type: ignore[attr-defined]
            return None
        size = int.from_bytes(self._stream.read(8)[4:], "little")
        if size > _LARGEST_DICTIONARY:
            raise OSError("a dictionary of more than 16 MB")
        words = self._stream.read(size)
        if words.startswith(b"\x28\xb5\x2f\xfd"):
            unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
            words = unpacker.decompress(words, max_output_size=_LARGEST_DICTIONARY)
        return zstandard.ZstdCompressionDict(words)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._made:
            packed = b""
            if self._unpacker.eof:
                packed = self._unpacker.unused_data
                self._unpacker, self._begun = self._frames.decompressobj(), False
            packed = packed or self._stream.read(_PIECE)
            if not packed and self._begun:
                raise EOFError("the stream ends early")
            if not packed:
                return 0
            self._begun = True
            self._made = memoryview(self._unpacker.decompress(packed))
        size = min(len(buffer), len(self._made))
        buffer[:size], self._made = self._made[:size], self._made[size:]
        return size


def inside(stream: Limited, name: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """The records of a member, each place led by the member's name."""
    member = shown(name)
    try:
        for item in _read(stream, name, settings):
            place = f"{member}: {item.place}" if item.place else member
            if isinstance(item, Refusal):
                yield item._replace(place=place)
            else:
                item.place = place
                yield item
    except BombError as error:
        yield refuse("bomb", member, str(error))
    except (EOFError, zlib.error) as error:
        yield refuse("truncated", member, str(error)[:120])


def _read(stream: Limited, name: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    from onrecord.pipeline.readers import read

    if stream.depth > _DEEPEST:
        yield refuse("nested_too_deep", None, "Archives within archives")
        return
    yield from read(io.BufferedReader(stream, 1 << 16), name, settings)  # type: ignore[type-var]


def _depth(file: object) -> int:
    """How many packed streams a file is read through."""
    while file is not None:
        if isinstance(file, Limited):
            return file.depth
        file = getattr(file, "raw", None)
    return 0


class Counted(io.RawIOBase):
    """A stream that counts what is read from it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.source = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self.source.read(size)
        self.count += len(part)
        return part

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        part = self.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." and part != "." for part in parts) or (
        bool(parts) and parts[0] == "__MACOSX"
    )


def climbs(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts[0] if path.parts else "")


def shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode().replace("\x00", "")[:500]

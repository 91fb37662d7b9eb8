"""Zip, tar, gzip and Zstandard holding any of the other formats, unpacked as a stream under limits.

corpus.zip: 2024/ferry.html, 2024/port.jsonl, notes.txt
"""

from __future__ import annotations

import io
import shutil
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO

from pipeline.readers.record import Record, Refusal, refuse
from pipeline.settings import IngestSettings

# What little data unpacks to may be many times its size and harmless.
_HARMLESS = 64 << 20
_DEEPEST = 3
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


class BombError(Exception):
    """More came out than the limits allow."""


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
        part = self._stream.read(len(buffer))
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
            if info.is_dir() or _hidden(info.filename):
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
            yield from _inside(stream, info.filename, settings)
            used[0] = stream.count
    except (*_UNZIPPING, zlib.error, RuntimeError) as error:
        yield refuse("damaged", info.filename, str(error)[:120])


def _refused_zip(info: zipfile.ZipInfo) -> Refusal | None:
    if _climbs(info.filename):
        return refuse("path_climbs", _shown(info.filename))
    if info.flag_bits & 0x1:
        return refuse("archive_encrypted", info.filename)
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return refuse("link_outside", info.filename)
    return None


def read_tar(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Every record of every member of a tar, read as a stream, packed or not."""
    number = 0
    counted = _Counted(file)
    try:
        with tarfile.open(fileobj=counted, mode="r|*") as archive:
            for info in archive:
                if info.isdir() or _hidden(info.name):
                    continue
                number += 1
                if number > settings.max_members:
                    yield refuse("too_many_members")
                    return
                if _climbs(info.name):
                    yield refuse("path_climbs", _shown(info.name))
                elif not info.isfile():
                    yield refuse("link_outside", _shown(info.name), "Not a regular file")
                elif info.size > settings.max_source_bytes:
                    yield refuse("too_long", _shown(info.name), f"{info.size:,} bytes")
                elif (member := archive.extractfile(info)) is not None:
                    stream = Limited(member, file, settings, lambda: counted.count)
                    yield from _inside(stream, info.name, settings)
    except (tarfile.TarError, zlib.error, EOFError) as error:
        yield refuse("truncated" if number else "damaged", None, str(error)[:120])
        return
    if not number:
        yield refuse("nothing_to_read")


def read_gzip(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """What a .gz holds, by the name without its suffix."""
    import gzip

    counted = _Counted(file)
    with gzip.GzipFile(fileobj=counted) as stream:
        yield from _unpacked(stream, counted, source, settings)


def read_zstd(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """What a .zst holds, by the name without its suffix."""
    import zstandard

    counted = _Counted(file)
    # 128 MB is the largest window that a long-distance archive of text needs.
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    try:
        with unpacker.stream_reader(
            counted,  # type: ignore[arg-type]
            read_across_frames=True,
        ) as stream:
            yield from _unpacked(stream, counted, source, settings)
    except zstandard.ZstdError as error:
        yield refuse("damaged", None, str(error)[:120])


def _unpacked(
    stream: Any, counted: _Counted, source: str, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    name = PurePosixPath(source).stem
    limited = Limited(stream, counted.source, settings, lambda: counted.count)
    try:
        yield from _read(limited, name, settings)
    except BombError as error:
        yield refuse("bomb", None, str(error))
    except (zlib.error, EOFError) as error:
        yield refuse("truncated", None, str(error)[:120])


def _inside(stream: Limited, name: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """The records of a member, each place led by the member's name."""
    shown = _shown(name)
    try:
        for item in _read(stream, name, settings):
            place = f"{shown}: {item.place}" if item.place else shown
            if isinstance(item, Refusal):
                yield item._replace(place=place)
            else:
                item.place = place
                yield item
    except BombError as error:
        yield refuse("bomb", shown, str(error))
    except (EOFError, zlib.error) as error:
        yield refuse("truncated", shown, str(error)[:120])


def _read(stream: Limited, name: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    from pipeline.readers import read

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


class _Counted(io.RawIOBase):
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


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." and part != "." for part in parts) or (
        bool(parts) and parts[0] == "__MACOSX"
    )


def _climbs(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in (path.parts[0] if path.parts else "")


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode().replace("\x00", "")[:500]

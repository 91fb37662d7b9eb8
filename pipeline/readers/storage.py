"""Object storage and other file systems, by address: s3://, gs://, sftp:// and whatever else fsspec has a driver for.

s3://press-archive/2024/   gs://crawl/*.warc.gz   sftp://desk@files.example/export/today.jsonl
"""

from __future__ import annotations

import errno
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from onrecord.pipeline.readers.items import Refusal, refuse

# The web has rules of its own (see web.py), and a chain of drivers could go around them.
_NOT_HERE = ("http", "https")
_WILD = re.compile(r"[*?\[]")
_CHUNK = 1 << 16


class Stored(NamedTuple):
    """An object: the file system that holds it, its path there, its size in bytes and a mark that changes with it."""

    system: Any
    path: str
    size: int
    mark: str

    def open(self) -> BinaryIO:
        """The object as a stream that can be sought in. Raises OSError."""
        try:
            stream = _Stream(self.system.open(self.path, "rb"))
            return io.BufferedReader(stream, _CHUNK)  # type: ignore[type-var]
        except Exception as error:
            raise _as_told(error) from None


class StoredFile(NamedTuple):
    """An object and its name below the folder or pattern that was given, or why there is none."""

    name: str
    stored: Stored | None
    refusal: Refusal | None = None


def find(source: str) -> Iterator[StoredFile]:
    """The objects at an address: itself, those below it, or those that match it; sorted, hidden ones left out."""
    scheme, _, rest = source.partition("://")
    name = rest.rpartition("@")[2].rstrip("/")
    if scheme in _NOT_HERE or "::" in source:
        yield StoredFile(name, None, refuse("unknown_format", None, "A chain of addresses"))
        return
    from fsspec.registry import known_implementations, registry

    if scheme not in known_implementations and scheme not in registry:
        yield StoredFile(name, None, refuse("unknown_format", None, f"No driver for {scheme}://"))
        return
    try:
        yield from _found(source, name)
    except ImportError as error:
        yield StoredFile(name, None, refuse("driver_missing", None, str(error)[:120]))
    except Exception as error:
        # The drivers' errors have no common base.
        told = _as_told(error).strerror
        reason = "missing_path" if isinstance(error, FileNotFoundError) else "unreadable"
        yield StoredFile(name, None, refuse(reason, None, told))


def _found(source: str, name: str) -> Iterator[StoredFile]:
    from fsspec.core import url_to_fs

    system, path = url_to_fs(source)
    if wild := _WILD.search(path):
        base, found = path[: wild.start()].rpartition("/")[0], system.glob(path, detail=True)
    else:
        about = system.info(path)
        base, found = path, system.find(path, detail=True)
        if about["type"] == "file":
            base, found = path.rpartition("/")[0], {path: about}
    something = False
    for place in sorted(found):
        below = place.removeprefix(base).lstrip("/")
        if found[place]["type"] != "file" or any(p.startswith(".") for p in below.split("/")):
            continue
        something = True
        size, mark = int(found[place]["size"] or 0), str(found[place])
        yield StoredFile(below, Stored(system, place, size, mark))
    if not something:
        yield StoredFile(name, None, refuse("missing_path" if wild else "nothing_to_read"))


class _Stream(io.RawIOBase):
    """A driver's file whose errors are OSErrors, so that a broken line refuses an object and ends no run."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            part = self._file.read(len(buffer))
        except Exception as error:
            raise _as_told(error) from None
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _as_told(error: Exception) -> OSError:
    """A driver's error, without its words: they may hold what was secret in the address."""
    number = error.errno if isinstance(error, OSError) and error.errno else errno.EIO
    return OSError(number, type(error).__name__)

"""Which files the given sources are: folders (recursive, sorted), globs, single files and addresses, each once.

Files are named by their path below the given folder, so that a row says the same on every machine; what stands on the
web by its address, without what is secret in it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote

from onrecord.pipeline.core.address import lacks_key, shown
from onrecord.pipeline.readers import storage
from onrecord.pipeline.readers.items import Refusal, refuse


class Found(NamedTuple):
    """A source's name in rows and what is to be read, a file, an object or an address; or why there is none of them."""

    name: str
    path: Path | None = None
    refusal: Refusal | None = None
    stored: storage.Stored | None = None
    url: str | None = None

    @property
    def size(self) -> int:
        """In bytes; of an address nothing is known. Raises OSError."""
        if self.path is not None:
            return self.path.stat().st_size
        return self.stored.size if self.stored else 0

    @property
    def file_name(self) -> str:
        """The last part of its own name, whose suffix tells the format."""
        place = self.path.name if self.path else self.stored.path if self.stored else self.url or ""
        return PurePosixPath(place).name

    def open(self) -> BinaryIO:
        """The file or object, to read from. Raises OSError."""
        if self.stored is not None:
            return self.stored.open()
        if self.path is None:
            raise FileNotFoundError
        return self.path.open("rb")

    @property
    def state(self) -> str:
        """What changes when the source does; of an address, nothing here can tell."""
        if self.path is not None:
            try:
                stat = self.path.stat()
            except OSError:
                return "gone"
            return f"{stat.st_size} {stat.st_mtime_ns}"
        return self.stored.mark if self.stored else self.url or "refused"


def find(sources: Sequence[str]) -> Iterator[Found]:
    """Every file of the sources in order; hidden files of folders are left out. A file met twice is read once.

    Refuses what is missing, a folder with nothing in it, and links that lead out of the folder.
    """
    seen: set[object] = set()
    names: set[str] = set()
    for source in sources:
        for found in _of(source, many=len(sources) > 1):
            place = _place(found)
            if place in seen:
                continue
            if place is not None:
                seen.add(place)
            name = _unused(found.name, names)
            names.add(name)
            yield found._replace(name=name)


def changed_since(sources: Sequence[str], runs: Mapping[str, str]) -> set[str]:
    """The names of files among `runs` (name -> the run that read it) that were changed after that run began."""
    changed = set()
    for found in find(sources) if runs else ():
        if found.path is not None and found.name in runs:
            began = datetime.strptime(runs[found.name][:15] + "Z", "%Y%m%dT%H%M%S%z").timestamp()
            # One that went meanwhile is told as such when it is read.
            with suppress(OSError):
                if found.path.stat().st_mtime >= began:
                    changed.add(found.name)
    return changed


def _place(found: Found) -> object:
    """What two names of one source share; None for what is refused."""
    if found.path is not None:
        return found.path.resolve()
    return (found.stored.system, found.stored.path) if found.stored else found.url


def _of(source: str, many: bool) -> Iterator[Found]:
    scheme, is_address, rest = source.partition("://")
    if lacks_key(source):
        yield Found(shown(source), None, refuse("key_missing"))
    elif is_address and scheme.lower() in ("http", "https"):
        yield Found(shown(source), url=source)
    elif is_address and scheme != "file" and "/" not in scheme:
        last = rest.rstrip("/").rpartition("/")[2]
        for name, stored, refusal in storage.find(source):
            below = many and stored and name != last and not glob.has_magic(rest)
            yield Found(f"{last}/{name}" if below else name, None, refusal, stored)
    else:
        yield from _local(unquote(rest) if is_address and scheme == "file" else source, many)


def _local(source: str, many: bool) -> Iterator[Found]:
    path = Path(source)
    try:
        if path.is_dir():
            # Two folders may hold files of one name; below one folder the paths tell them apart.
            prefix = f"{path.resolve().name}/" if many else ""
            yield from _folder(path, prefix)
        elif path.is_file():
            yield Found(path.name, path)
        elif path.exists():
            yield Found(path.name, None, refuse("unknown_format", None, "Not a file or a folder"))
        elif glob.has_magic(source):
            yield from _matches(source)
        else:
            yield Found(_shown(source), None, refuse("missing_path"))
    except (OSError, ValueError) as error:
        yield Found(_shown(source), None, refuse("unreadable", None, type(error).__name__))


def _folder(folder: Path, prefix: str) -> Iterator[Found]:
    something = False
    for path in _walk(folder):
        name = prefix + path.relative_to(folder).as_posix()
        something = True
        # Path.resolve raises where links lead in a circle.
        if _leads_out(path, folder.resolve()):
            yield Found(name, None, refuse("link_outside"))
        elif path.is_symlink() and path.is_dir():
            # What it leads to lies in the folder and is read there.
            continue
        elif path.is_dir():
            yield Found(name, None, refuse("unreadable"))
        elif path.is_file():
            yield Found(name, path)
        elif not path.exists():
            yield Found(name, None, refuse("missing_path", None, "A link to nothing"))
        else:
            yield Found(name, None, refuse("unknown_format", None, "Not a file"))
    if not something:
        yield Found(_shown(str(folder)), None, refuse("nothing_to_read"))


def _walk(folder: Path) -> Iterator[Path]:
    """Files, links and unreadable folders below `folder`, sorted by path."""
    for path in sorted(folder.iterdir(), key=lambda item: item.name):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            try:
                yield from _walk(path)
            except PermissionError:
                yield path
        else:
            yield path


def _matches(pattern: str) -> Iterator[Found]:
    base = _base(pattern)
    something = False
    real = base.resolve()
    left: set[Path] = set()
    for match in sorted(glob.glob(pattern, recursive=True)):  # noqa: PTH207
        path = Path(match)
        # A link on the way leads out as one at the end does; what it leads to within is read there.
        link = _way_out(path, base, real)
        if link is not None:
            something = True
            if link not in left:
                left.add(link)
                yield Found(link.relative_to(base).as_posix(), None, refuse("link_outside"))
        elif path.is_file():
            something = True
            yield Found(path.relative_to(base).as_posix(), path)
    if not something:
        yield Found(_shown(pattern), None, refuse("missing_path", None, "No file matches"))


def _way_out(path: Path, base: Path, real: Path) -> Path | None:
    """The first link on the way to a match that leads out of the folder before the first wildcard."""
    below = path.relative_to(base).parts
    ways = (base.joinpath(*below[:count]) for count in range(1, len(below) + 1))
    return next((way for way in ways if _leads_out(way, real)), None)


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(folder)


def _base(pattern: str) -> Path:
    """The folder before the first part with a wildcard."""
    plain: list[str] = []
    for part in Path(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        plain.append(part)
    return Path(*plain)


def _shown(source: str) -> str:
    """A source as named in rows: as given where it is relative, the last part of what is absolute."""
    path = Path(source)
    name = path.name if path.is_absolute() or not source else path.as_posix()
    return name.encode("utf-8", "replace").decode().replace("\x00", "") or "."


def _unused(name: str, used: set[str]) -> str:
    name = name.encode("utf-8", "replace").decode()
    if name not in used:
        return name
    number = 2
    while f"{name} ({number})" in used:
        number += 1
    return f"{name} ({number})"

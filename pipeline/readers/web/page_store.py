"""What was fetched before, on disk: so that a server is asked whether it changed, and not for all of it again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_KEPT_SECONDS = 30 * 86_400


class Kept(NamedTuple):
    """An answer as it was kept: what validates it, its content type, and the file of its body."""

    etag: str | None
    modified: str | None
    kind: str
    body: Path


class Store:
    """A folder with two files an answer, its body and what was said of it; cleared after a month without use."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        oldest = time.time() - _KEPT_SECONDS
        for path in (*folder.glob("*.json"), *folder.glob("*.body")):
            # Another run may be clearing too.
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def find(self, url: str) -> Kept | None:
        """The answer kept for an address."""
        try:
            told = json.loads(self._about(url).read_bytes())
            kept = Kept(told["etag"], told["modified"], told["kind"], self._folder / told["body"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if kept.body.is_file() else None

    def used(self, url: str, kept: Kept) -> None:
        """Note that an answer still serves."""
        os.utime(self._about(url))
        os.utime(kept.body)

    def keep(
        self, url: str, etag: str | None, modified: str | None, kind: str, body: Iterable[bytes]
    ) -> Kept:
        """Write an answer; where `body` raises, what was kept before stays."""
        before, about = self.find(url), self._about(url)
        path = self._write(about.stem, ".body", body)
        told = {"etag": etag, "modified": modified, "kind": kind, "body": path.name}
        # The body stands before anything says so.
        self._write(about.stem, ".new", [json.dumps(told).encode()]).replace(about)
        if before is not None:
            before.body.unlink(missing_ok=True)
        return Kept(etag, modified, kind, path)

    def _write(self, prefix: str, suffix: str, parts: Iterable[bytes]) -> Path:
        handle, name = tempfile.mkstemp(suffix, f"{prefix}-", self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(parts)
        except BaseException:
            Path(name).unlink()
            raise
        return Path(name)

    def _about(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()}.json"

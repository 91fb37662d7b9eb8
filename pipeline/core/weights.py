"""Weights beside the code: files that training writes, read only where their SHA-256 is the one pinned in weights.json.

A binary too large for that list is pinned by the manifest beside it (tagger.json, lines.json), which is itself pinned.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from onrecord.pipeline.core.installed import bring_back
from onrecord.pipeline.core.problems import OnRecordError

HOME: Final = Path(__file__).parents[1]
_MANIFEST: Final = "weights.json"


class WeightsError(OnRecordError, RuntimeError):
    """Weights are missing, or are not those that were pinned."""


def pinned(home: Path = HOME) -> dict[Path, str]:
    """The SHA-256 of every pinned file, by its path. Raises WeightsError where the list cannot be read."""
    try:
        told: dict[str, str] = json.loads((home / _MANIFEST).read_text(encoding="utf-8"))
        return {home / name: sha256 for name, sha256 in told.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise WeightsError(f"{home / _MANIFEST} cannot be read: {error}") from error


def read_pinned(path: Path, home: Path = HOME) -> bytes:
    """The bytes of a pinned file. Raises WeightsError where it is missing, not listed or another one."""
    expected = pinned(home).get(path)
    if expected is None:
        raise WeightsError(f"{path} is not listed in {home / _MANIFEST}")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{path} cannot be read: {error}; `{bring_back(path)}` brings it back"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise WeightsError(
            f"{path}: SHA-256 {found}, pinned is {expected}; `{bring_back(path)}` brings it back"
        )
    return data


def pin(path: Path, home: Path = HOME) -> None:
    """Write the hash of a file just trained into the list; nothing for a file that is not of this package."""
    path = path.resolve()
    if not path.is_relative_to(home.resolve()):
        return
    manifest = home / _MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    name = path.relative_to(home.resolve()).as_posix()
    told[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")

"""A model's file is hashed once, and again where it has changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from onrecord.pipeline.embedders import cache
from onrecord.pipeline.embedders.cache import cache_folder, file_hash

LARGE = b"weights " * (1 << 18)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A large file that has not changed for long enough."""
    monkeypatch.setattr(cache, "_SETTLED", -1)
    file = tmp_path / "model.safetensors"
    file.write_bytes(LARGE)
    return file


def kept() -> Path:
    return cache_folder() / "hashes.json"


def test_the_hash_is_that_of_the_file(weights: Path) -> None:
    true = hashlib.sha256(LARGE).hexdigest()
    assert [file_hash(weights), file_hash(weights)] == [true, true]


def test_a_large_file_that_has_not_changed_is_not_read_again(weights: Path) -> None:
    file_hash(weights)
    (row,) = json.loads(kept().read_text()).values()
    kept().write_text(json.dumps({str(weights): [*row[:-1], "as it was kept"]}))
    assert file_hash(weights) == "as it was kept"


def test_a_file_that_has_changed_is_read_again(weights: Path) -> None:
    file_hash(weights)
    changed = LARGE.replace(b"w", b"v")
    weights.write_bytes(changed)
    assert file_hash(weights) == hashlib.sha256(changed).hexdigest()


def test_what_has_just_changed_is_not_kept(monkeypatch: pytest.MonkeyPatch, weights: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(weights.parent / "cache"))
    file_hash(weights)
    assert not kept().exists()


@pytest.mark.parametrize("told", ["", "[]", "{", '{"a": 1}', '{"PATH": [1]}', '{"PATH": []}'])
def test_what_was_kept_and_cannot_be_used_is_made_anew(weights: Path, told: str) -> None:
    kept().parent.mkdir(parents=True)
    kept().write_text(told.replace("PATH", str(weights)))
    assert file_hash(weights) == hashlib.sha256(LARGE).hexdigest()


def test_a_cache_that_cannot_be_written_is_no_error(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    assert file_hash(weights) == hashlib.sha256(LARGE).hexdigest()


def test_files_that_are_gone_are_not_kept(weights: Path, tmp_path: Path) -> None:
    file_hash(weights)
    other = weights.rename(tmp_path / "other.safetensors")
    file_hash(other)
    assert list(json.loads(kept().read_text())) == [str(other)]

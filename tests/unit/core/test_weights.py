"""Weights beside the code are read as pinned, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onrecord.pipeline.blocks import line_model
from onrecord.pipeline.core.weights import HOME, WeightsError, pin, pinned, read_pinned
from onrecord.pipeline.quotations.linking import links


def test_every_json_file_of_weights_is_listed_and_is_as_pinned() -> None:
    written = {
        *HOME.glob("*/weights/*.json"),
        *HOME.glob("**/scorer.json"),
        *HOME.glob("**/wordnet.json"),
    }
    assert set(pinned()) == written
    assert all(read_pinned(path) for path in written)


def test_a_flipped_digit_is_refused_and_training_pins_it_anew(tmp_path: Path) -> None:
    for path in (HOME / "weights.json", *pinned()):
        copy = tmp_path / path.relative_to(HOME)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for path in pinned(tmp_path):
        data = read_pinned(path, tmp_path)
        # A digit, or in a list of names a letter.
        at = next(at for at, byte in enumerate(data) if byte in b"12345678abcd")
        path.write_bytes(data[:at] + bytes([data[at] + 1]) + data[at + 1 :])
        with pytest.raises(WeightsError, match=rf"{path.name}: SHA-256 .* `git checkout"):
            read_pinned(path, tmp_path)
        pin(path, tmp_path)
        assert read_pinned(path, tmp_path) != data


def test_a_file_that_is_missing_or_unlisted_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights\.json cannot be read"):
        pinned(tmp_path)
    (tmp_path / "odds.json").write_text("{}")
    pin(tmp_path / "odds.json", tmp_path)
    (tmp_path / "odds.json").unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        read_pinned(tmp_path / "odds.json", tmp_path)
    with pytest.raises(WeightsError, match="not listed"):
        read_pinned(tmp_path / "more.json", tmp_path)


def test_what_is_trained_elsewhere_pins_nothing(tmp_path: Path) -> None:
    before = (HOME / "weights.json").read_bytes()
    (tmp_path / "links.json").write_text("{}")
    pin(tmp_path / "links.json")
    assert (HOME / "weights.json").read_bytes() == before


def test_loaders_refuse_what_is_not_pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(HOME / "blocks" / "weights", tmp_path, dirs_exist_ok=True)
    shutil.copy(HOME / "quotations" / "weights" / "links.json", tmp_path)
    monkeypatch.setattr(line_model, "_WEIGHTS", tmp_path)
    monkeypatch.setattr(links, "_WEIGHTS", tmp_path / "links.json")
    with pytest.raises(WeightsError, match="not listed"):
        line_model.load.__wrapped__()
    with pytest.raises(WeightsError, match="not listed"):
        links.load_weights.__wrapped__()

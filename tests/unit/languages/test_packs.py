"""Packs: whole, or left out whole and named."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from onrecord.pipeline.languages import pack, support
from onrecord.pipeline.quotations.extract import extract

GERMAN = "„Die Leute haben ein Recht auf die Wahrheit“, sagte Bürgermeisterin Ute Held am Montag in Kiel."


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packs that can be damaged."""
    for code in pack.CODES:
        (tmp_path / f"{code}.toml").write_bytes((pack.FOLDER / f"{code}.toml").read_bytes())
    monkeypatch.setattr(pack, "FOLDER", tmp_path)
    pack._found.cache_clear()
    yield tmp_path
    pack._found.cache_clear()


def test_every_pack_is_whole() -> None:
    assert list(pack.packs()) == list(pack.CODES)
    assert support.faults() == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("verbs = ", "verb = "),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('roles = "', 'roles = "(', 1),
        lambda text: "\n".join(line for line in text.splitlines() if "pronouns_male" not in line),
    ],
    ids=["an unknown key", "cut", "no expression", "a part is missing"],
)
def test_a_damaged_pack_is_named_and_never_half_used(
    elsewhere: Path, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    file = elsewhere / "de.toml"
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    with caplog.at_level(logging.WARNING):
        (found,) = extract([GERMAN])
    assert "language de is left out" in caplog.text
    assert support.faults().startswith("de: ")
    assert [(one.name, one.unresolved) for one in found] == [(None, "language")]
    assert support.level("de") == "marks"
    assert support.level("fr") == "direct"


def test_a_pack_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "xx.toml"
    file.write_text('name = "Nowhere"', encoding="utf-8")
    with pytest.raises(ValidationError, match="verbs"):
        pack.read(file)

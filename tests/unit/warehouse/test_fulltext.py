"""The full-text extension is found where its package put it, or it is said what to install."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import duckdb
import pytest

from onrecord.warehouse.errors import ExtensionMissing
from onrecord.warehouse.publishing import fulltext


def test_the_installed_extension_is_found_and_loads() -> None:
    assert fulltext.extension_path().is_file()
    connection = duckdb.connect()
    fulltext.load_extension(connection)
    assert connection.execute("SELECT stem('cables', 'porter')").fetchone() == ("cabl",)


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "find_spec", lambda name: None)
    with pytest.raises(
        ExtensionMissing, match="not installed: `pip install duckdb-extension-fts=="
    ):
        fulltext.extension_path()


def test_an_extension_for_another_duckdb_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "extensions" / "v0.9.9").mkdir(parents=True)
    spec = ModuleSpec("duckdb_extension_fts", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(fulltext, "find_spec", lambda name: spec)
    with pytest.raises(ExtensionMissing, match=r"is for DuckDB v0\.9\.9, and DuckDB is"):
        fulltext.extension_path()


def test_a_damaged_extension_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "it's.duckdb_extension"
    broken.write_bytes(b"no library")
    monkeypatch.setattr(fulltext, "extension_path", lambda: broken)
    with pytest.raises(ExtensionMissing, match="cannot be loaded"):
        fulltext.load_extension(duckdb.connect())

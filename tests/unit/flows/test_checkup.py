"""The doctor: whatever is broken is noticed, told by its own name, and has a mend that works."""

from __future__ import annotations

import os
import shutil
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from onrecord.flows.commands import Where
from onrecord.flows.commands.doctor import checkup
from onrecord.flows.commands.doctor.checkup import examine, packages, pins
from onrecord.flows.commands.doctor.findings import Finding
from onrecord.flows.commands.operating import doctor
from onrecord.flows.running.exits import Exit
from onrecord.pipeline.blocks import line_model
from onrecord.pipeline.core import weights
from onrecord.pipeline.core.installed import CHECKOUT
from onrecord.pipeline.core.settings import Settings
from onrecord.warehouse.publishing import building, publish
from tests.support.command import SAMPLES
from tests.support.record import RUN, tables


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("published")
    publish.publish(home, building.build(home, tables(), run_id=RUN), 3)
    return home / publish.FILE


@pytest.fixture
def record(tmp_path: Path, published: Path) -> Path:
    """A warehouse of one generation, which is the published file and a link to it, as it lies on disk."""
    (tmp_path / "generations").mkdir()
    shutil.copy(published, tmp_path / publish.FILE)
    os.link(tmp_path / publish.FILE, tmp_path / "generations" / "000001.duckdb")
    return tmp_path


def look(warehouse: Path, *sources: Path) -> dict[str, Finding]:
    told = tuple(str(source) for source in sources or (SAMPLES,))
    found = examine(Settings(warehouse=warehouse, sources=told))
    return {finding.what: finding for finding in found}


def installed(folder: Path, name: str, module: str | None) -> None:
    """A package as an installer leaves it; without `module`, its files are gone."""
    about = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "top_level.txt").write_text(f"{name.replace('-', '_')}\n")
    if module:
        (folder / module).mkdir()
        (folder / module / "__init__.py").write_text("raise ImportError('not to be imported')")


def test_all_is_well_with_what_is_installed(tmp_path: Path) -> None:
    found = look(tmp_path / "record")
    assert [finding for finding in found.values() if not finding.well] == []
    assert found["packages"].found.endswith(" as pinned")
    assert int(found["packages"].found.split()[0]) >= 30
    assert found["weights"].found == f"{len(weights.pinned())} files as pinned"
    assert not (tmp_path / "record").exists()


def test_the_sources_of_the_settings_are_looked_into_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of the day where none is given; where one cannot be read, that is told and is no good end."""
    said = "“We close the lock at noon,” said Ada Brandt, the warden."
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / f"{date.today()}.txt").write_text(said, encoding="utf-8")
    config = tmp_path / "c.yaml"
    config.write_text('sources: ["news/{date}.txt", "https://lock.example/feed?token=rosebud"]')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Exit):
        doctor(Where(tmp_path / "record", config), [])
    told = capsys.readouterr().out
    assert f"news/{date.today()}.txt: 1 articles in 1 file" in told.replace("\n", "")
    assert "fetch_off" in told
    assert "rosebud" not in told
    doctor(Where(tmp_path / "record", config), ["news"])
    assert "lock.example" not in capsys.readouterr().out


def test_packages_are_told_missing_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "whole-press", "whole_press")
    installed(tmp_path, "hollow-press", None)
    installed(tmp_path, "empty-press", None)
    (tmp_path / "empty_press").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert packages(["whole-press>=1", 'other; extra == "dev"'], {}).found == "1 installed"

    found = packages(["whole-press", "hollow-press", "empty_press", "absent-press"], {})
    assert not found.well
    assert "hollow-press is installed without its files: no hollow_press" in found.found
    assert "empty_press is installed without its files" in found.found
    assert "absent-press is not installed" in found.found
    assert "whole-press" not in found.found
    assert found.mend.endswith("uninstall --yes hollow-press empty_press; make repair")
    assert packages(["absent-press"], {}).mend == "make repair"
    assert "is 1.0, pinned is 2.0" in packages(["whole-press"], {"whole-press": "2.0"}).found


def test_versions_are_those_of_the_constraints() -> None:
    assert CHECKOUT is not None
    told = pins(CHECKOUT / "constraints.txt")
    assert told["polars"] == version("polars")
    assert packages(["torch", "polars"], told).well
    assert pins(CHECKOUT / "nowhere.txt") == {}


def test_a_check_that_raises_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Finding:
        raise OSError("no such device")

    for name in ("_fulltext", "_disk", "_source"):
        monkeypatch.setattr(checkup, name, broken)
    found = look(tmp_path, tmp_path / "news.jsonl")
    for name in ("full-text extension", "disk", str(tmp_path / "news.jsonl")):
        assert not found[name].well
        assert found[name].found == "OSError: no such device"
        assert found[name].mend
    assert "check" not in found


def test_weights_of_the_block_classifier_are_really_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_model, "_WEIGHTS", tmp_path / "nowhere")
    line_model.load.cache_clear()
    found = look(tmp_path / "record")
    assert not found["block classifier"].well
    assert found["block classifier"].mend == "git checkout -- pipeline/blocks/weights"
    monkeypatch.undo()
    line_model.load.cache_clear()
    assert look(tmp_path / "record")["block classifier"].well


def test_a_pinned_file_that_is_another_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = weights.HOME / "quotations" / "weights" / "links.json"
    real = weights.pinned()
    monkeypatch.setattr(weights, "pinned", lambda *_: real | {links: "0" * 64})
    found = look(tmp_path)["weights"]
    assert not found.well
    assert "links.json: SHA-256" in found.found
    assert found.mend == "git checkout -- pipeline/quotations/weights/links.json"


@pytest.mark.parametrize("below", [".", "record"])
def test_a_warehouse_that_is_a_file_is_refused_in_words(tmp_path: Path, below: str) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    found = look(tmp_path / "notes.txt" / below)["warehouse folder"]
    assert (found.well, found.found) == (False, f"{tmp_path / 'notes.txt'} is a file")
    assert "name a folder" in found.mend


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_a_record_cut_short_is_noticed(record: Path, share: float) -> None:
    well = look(record)["record"]
    assert well.well
    assert well.found.startswith("generation 1, ")
    file = record / publish.FILE
    os.truncate(file, int(file.stat().st_size * share))
    cut = look(record)["record"]
    assert not cut.well
    assert str(file) in cut.found
    assert cut.mend == f"move {file} away, then `onrecord run` your sources again"


def test_a_broken_record_has_the_generation_before_to_go_back_to(record: Path) -> None:
    kept = record / "generations" / "000001.duckdb"
    kept.unlink(missing_ok=True)
    shutil.copy(record / publish.FILE, kept)
    os.truncate(record / publish.FILE, 9000)
    cut = look(record)["record"]
    assert cut.mend.endswith("`onrecord rollback 1`")
    (record / publish.FILE).unlink()
    assert publish.rollback(record, 1) == 1
    assert look(record)["record"].well

"""A file of vectors of which a block cannot be read: the run that comes upon it goes on, and makes it anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.verify import verify
from tests.reliability.deeds import around
from tests.support.command import SAMPLES, onrecord
from tests.support.warmed import Deed

EMBEDS = "onrecord.pipeline.stages.steps:embed_step"
CLUSTERS = "onrecord.pipeline.stages.steps:cluster_step"
BUILDS = "onrecord.warehouse.publishing.building:build"
LOOKS = "onrecord.warehouse.checking.breaches:counted"
HEADERS, BLOCK = 3 * 4096, 256 * 1024


@pytest.fixture(scope="module")
def one_day(tmp_path_factory: pytest.TempPathFactory, server: str) -> Path:
    """A folder with news and the record of them, and one article that came later."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "news").mkdir()
    shutil.copy(SAMPLES / "kessel-observer-dam.txt", folder / "news")
    onrecord("run", "news", warehouse=folder / "record", server=server)
    shutil.copy(SAMPLES / "northern-ledger-nurses.txt", folder / "news")
    return folder


def _damage(home: Path, *, opens: bool = True) -> None:
    """Write over the blocks of the record's first file of vectors; where it still `opens`, over those of the rows."""
    file = min((home / "segments").glob("vectors-*.duckdb"), key=lambda file: file.stat().st_mtime)
    file.chmod(0o644)
    spared, size = HEADERS + (BLOCK if opens else 0), file.stat().st_size
    with file.open("r+b") as opened:
        # In its place, as a disk does it: whoever has it under another name has the same.
        opened.seek(spared)
        opened.write(b"\xa5" * (size - spared))
    file.chmod(0o444)


def _damaged_before(function: str) -> None:
    """Damage the record when the function is called first (in the process of the command)."""
    seen: list[None] = []

    @contextmanager
    def damaging(*_: Any, **__: Any) -> Iterator[None]:
        if not seen:
            seen.append(None)
            _damage(Path("record"))
        yield

    around(function, damaging)


def _goes_on(
    folder: Path, server: str, *deeds: Deed, run: tuple[str, ...] = ("run", "news")
) -> None:
    home = folder / "record"
    damaged = {file.name for file in (home / "segments").glob("vectors-*")}
    done = onrecord(*run, warehouse=home, server=server, deeds=deeds)
    assert "Generation 2 is published" in done.stdout + done.stderr
    *_, entry = ledger.entries(home)
    (name,) = damaged
    assert entry.detail == f"set aside as damaged, and made anew: {name}"
    assert "damaged files set aside" in (home / "logs" / "onrecord.log").read_text()
    assert {problem.check for problem in verify(home)} == set()
    without = "SELECT count(*) FROM quotations ANTI JOIN utterances USING (utterance_id)"
    assert query(home, without).item() == 0


@pytest.mark.parametrize("function", [EMBEDS, CLUSTERS, BUILDS, LOOKS])
def test_the_run_that_comes_upon_it_makes_it_anew(
    one_day: Path, tmp_path: Path, server: str, function: str
) -> None:
    folder = shutil.copytree(one_day, tmp_path / "day")
    _goes_on(folder, server, partial(_damaged_before, function))


@pytest.mark.parametrize("opens", [True, False])
def test_so_does_one_that_reads_nothing_new(
    one_day: Path, tmp_path: Path, server: str, opens: bool
) -> None:
    folder = shutil.copytree(one_day, tmp_path / "day")
    _damage(folder / "record", opens=opens)
    _goes_on(folder, server, run=("regroup",))

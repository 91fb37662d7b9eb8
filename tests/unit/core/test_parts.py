"""Parts and manifests: whole or not there, and what is done is known."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core import parts
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import StageFolder, Tally, made_once, write_atomic
from onrecord.pipeline.core.schema import ContractError


def rows(name: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"article_id": [name], "start": [0], "end": [4], "kind": ["body"], "confidence": [0.5]}
    )


def test_parts_come_back_in_order(tmp_path: Path) -> None:
    """Parts are read in the order of their batches, however they were written."""
    folder = StageFolder(tmp_path, "clean")
    for batch in (10, 2, 0):
        folder.write("blocks", batch, rows(str(batch)))
    assert folder.read("blocks")["article_id"].to_list() == ["0", "2", "10"]
    assert folder.read("quotations").is_empty()
    assert not list(tmp_path.rglob("*.tmp"))


def test_some_columns_of_some_parts(tmp_path: Path) -> None:
    """One part, all of them left in their files, and no more columns than are asked for."""
    folder = StageFolder(tmp_path / "work" / "run", "clean")
    assert folder.scan("blocks").collect().columns == list(CONTRACTS["blocks"].columns)
    assert folder.read("blocks", ["kind"]).columns == ["kind"]
    for batch in (0, 1):
        folder.write("blocks", batch, rows(str(batch)))
    assert folder.scan("blocks").collect()["article_id"].to_list() == ["0", "1"]
    assert folder.read("blocks", ["kind"]).columns == ["kind"]
    assert folder.part("blocks", 1)["article_id"].to_list() == ["1"]
    assert folder.part("blocks", 1, ["kind", "start"]).columns == ["kind", "start"]


def test_tallies_are_summed_field_by_field() -> None:
    one, two = Tally(1, 2, 3, 4, 5, 6.0, 7), Tally(10, 20, 30, 40, 50, 60.0, 70)
    assert one.plus(two) == two.plus(one) == Tally(11, 22, 33, 44, 55, 66.0, 77)


def test_a_part_keeps_its_contract(tmp_path: Path) -> None:
    """A frame that does not fit is refused and leaves nothing behind."""
    with pytest.raises(ContractError):
        StageFolder(tmp_path, "clean").write("blocks", 0, pl.DataFrame({"start": [1]}))
    assert not list(tmp_path.rglob("*.parquet"))


def test_done_is_what_has_a_manifest(tmp_path: Path) -> None:
    """A batch or a stage is done once its tally stands."""
    folder = StageFolder(tmp_path, "clean")
    folder.write("blocks", 3, rows("a"))
    assert folder.batch(3) is None
    assert folder.done() is None
    tally = Tally(5, 4, 1, 0, 9, 1.5)
    folder.finish_batch(3, tally)
    folder.finish(tally)
    assert folder.batch(3) == folder.done() == tally
    assert folder.batches() == [3]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
@pytest.mark.parametrize("name", ["blocks-00003.parquet", "batch-00003.json", "manifest.json"])
def test_what_is_damaged_is_not_done(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    """A part or manifest that was cut, changed or lost is no work done; the rest still is."""
    folder = StageFolder(tmp_path, "clean")
    for batch in (2, 3):
        folder.write("blocks", batch, rows(str(batch)))
        folder.finish_batch(batch, Tally(1, 1))
    folder.finish(Tally(2, 2))
    damage(folder.path / name)
    assert folder.batch(2) == Tally(1, 1)
    assert (folder.batch(3) is None) == (name != "manifest.json")
    assert (folder.done() is None) == (name != "batch-00003.json")


def test_tallies_add_up() -> None:
    """Field by field."""
    assert Tally(1, 1).plus(Tally(2, 1, 1, yielded=7)) == Tally(3, 2, 1, 0, 7)


def test_a_file_that_cannot_be_written_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c.json"
    write_atomic(deep, b"1")
    assert deep.read_bytes() == b"1"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(IsADirectoryError):
        write_atomic(tmp_path / "folder", b"1")
    assert sorted(tmp_path.iterdir()) == before
    gone = tmp_path / "gone" / "x.json"

    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OSError, match="No space left"):
            write_atomic(gone, b"1")
    assert not list(gone.parent.iterdir())


def test_a_file_is_synced_whole_before_it_gets_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else a power cut could leave a name with nothing under it, and a manifest that tells of it."""
    done: list[tuple[str, str, int]] = []
    sync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        state = os.fstat(descriptor)
        (name,) = (p.name for p in tmp_path.rglob("*") if p.stat().st_ino == state.st_ino)
        done.append(("sync", name, state.st_size))
        sync(descriptor)

    def renamed(path: Path, target: Path) -> Path:
        done.append(("name", path.name, path.stat().st_size))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    folder = StageFolder(tmp_path, "clean")
    folder.write("blocks", 0, rows("a"))
    folder.finish_batch(0, Tally(1, 1))
    folder.finish(Tally(1, 1))
    written = ["blocks-00000.tmp", "batch-00000.json.tmp", "manifest.json.tmp"]
    assert [(what, name) for what, name, _ in done] == [
        (what, name) for name in written for what in ("sync", "name")
    ]
    # All of it was there when it was synced, and nothing came after.
    sizes = [size for _, _, size in done]
    assert sizes[::2] == sizes[1::2]
    assert sizes[::2] == [
        path.stat().st_size
        for path in map(
            folder.path.joinpath, ("blocks-00000.parquet", "batch-00000.json", "manifest.json")
        )
    ]


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:5]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"1", b"2")),
        lambda file: file.unlink(),
        lambda file: file.with_name(f"{file.name}.sha256").unlink(),
        lambda file: file.with_name(f"{file.name}.sha256").write_bytes(b""),
    ],
    ids=["half", "changed", "missing", "untold", "told by half"],
)
def test_what_is_made_once_is_made_again_where_it_is_not_what_was_made(
    tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    made: list[str] = []

    def make(file: Path) -> None:
        made.append(f"answer {len(made) + 1}")
        file.write_text(made[-1])

    file = tmp_path / "answer"
    for _ in range(2):
        assert made_once(file, make) == file
    assert made == ["answer 1"]
    harm(file)
    for _ in range(2):
        assert made_once(file, make).read_text() == "answer 2"


def test_what_is_made_once_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    digest = parts._digest
    monkeypatch.setattr(parts, "_digest", lambda file: (read.append(file), digest(file))[1])
    file = tmp_path / "answer"
    for _ in range(3):
        made_once(file, lambda made: made.write_text("all of it"))
    assert read == [file]

"""What a stage keeps in files beside the record: named by content, never changed, left out where it is not whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from onrecord.pipeline.core.contracts import SEGMENTS
from onrecord.pipeline.core.parts import StageFolder, Tally
from onrecord.pipeline.core.segments import Segments, named


def _kept(tmp_path: Path) -> Segments:
    return Segments(tmp_path / "known", StageFolder(tmp_path, "cluster"))


def _made(segments: Segments, words: str, kind: str = "lists", part: str = "1") -> str:
    file = segments.aside(".bin")
    file.write_text(words)
    return segments.add(file, kind, part, len(words)).name


def _handed(tmp_path: Path, **files: str) -> None:
    """A record's segments, handed to a run."""
    home = tmp_path / "known" / "segments"
    home.mkdir(parents=True)
    rows = []
    for part, words in files.items():
        file = home / f"{part}.bin"
        file.write_text(words)
        name, told = named(file, "lists")
        file.rename(home / name)
        rows.append((name, "lists", None, part, 1, len(words), told, 3))
    table = pl.DataFrame(rows, schema=SEGMENTS.schema, orient="row")
    table.write_parquet(tmp_path / "known" / "segments.parquet")


def test_a_segment_is_named_by_its_content_and_cannot_be_written(tmp_path: Path) -> None:
    kept = _kept(tmp_path)
    assert _made(kept, "one") == _made(kept, "one") != _made(kept, "two")
    one, two = kept.of("lists")
    assert one.path.stat().st_mode & 0o222 == 0
    assert {one.path.read_text(), two.path.read_text()} == {"one", "two"}
    assert one.name.startswith(f"lists-{one.sha256[:16]}")
    assert kept.of("others") == []


def test_what_was_handed_over_is_kept_with_the_generation_that_brought_it(tmp_path: Path) -> None:
    _handed(tmp_path, a="old", b="older")
    kept = _kept(tmp_path)
    first, second = kept.of("lists")
    kept.drop(first)
    _made(kept, "new", part="c")
    _made(kept, "beside", kind="links")
    kept.write()
    told = StageFolder(tmp_path, "cluster").read("segments").sort("kind", "part")
    assert told.select("kind", "part", "generation").rows() == [
        ("links", "1", 0),
        ("lists", "b", 3),
        ("lists", "c", 0),
    ]
    assert second.name in told["name"]
    gone = StageFolder(tmp_path, "cluster").read("gone")
    assert gone.rows() == [("segments", "kind", "links"), ("segments", "kind", "lists")]


def test_a_kind_that_nobody_touched_is_not_told_of(tmp_path: Path) -> None:
    _handed(tmp_path, a="old")
    kept = _kept(tmp_path)
    _made(kept, "beside", kind="links")
    kept.write()
    assert StageFolder(tmp_path, "cluster").read("segments")["kind"].to_list() == ["links"]


def test_one_that_is_missing_or_cut_is_no_segment(tmp_path: Path) -> None:
    _handed(tmp_path, a="old", b="older", c="oldest")
    cut, missing, whole = _kept(tmp_path).of("lists")
    cut.path.write_text("ol")
    missing.path.unlink()
    kept = _kept(tmp_path)
    assert kept.of("lists") == [whole]
    assert not kept.is_whole("lists")
    _made(kept, "new", part="d")
    kept.write()
    told = StageFolder(tmp_path, "cluster").read("segments")
    assert sorted(told["part"]) == ["c", "d"]


def test_a_stage_whose_segment_is_lost_is_not_done(tmp_path: Path) -> None:
    folder, kept = StageFolder(tmp_path, "cluster"), _kept(tmp_path)
    name = _made(kept, "one")
    kept.write()
    folder.finish(Tally(1, 1))
    assert folder.done() == Tally(1, 1)
    (folder.path / "segments" / name).unlink()
    assert folder.done() is None

"""Kept lists find what an exact search finds, however many files they are, and what is damaged is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.neighbours import (
    KIND,
    Damaged,
    Day,
    Kept,
    carry,
    keys_of,
    rebuild,
    to_merge,
)
from onrecord.pipeline.neighbours import cells as of_cells
from onrecord.pipeline.neighbours import lists as of_lists
from onrecord.pipeline.neighbours.lists import LARGEST

WIDTH = 48


def vectors(count: int, seed: int = 1) -> np.ndarray:
    """Unit vectors in bunches, as sentences on some subjects are."""
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((60, WIDTH))
    made = centres[chance.integers(0, 60, count)] + 0.9 * chance.standard_normal((count, WIDTH))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


def exact(asked: np.ndarray, held: np.ndarray, count: int) -> np.ndarray:
    products = asked.astype(np.float64) @ held.astype(np.float64).T
    return np.argsort(-products, axis=1, kind="stable")[:, :count]


def built(held: np.ndarray, folder: Path) -> tuple[Path, list[Path]]:
    keys = np.arange(len(held))
    cuts = range(0, len(held), 1000)
    return rebuild(lambda: ((keys[at : at + 1000], held[at : at + 1000]) for at in cuts), folder)


def found_of(found: np.ndarray, right: np.ndarray) -> float:
    both = zip(found.tolist(), right.tolist(), strict=True)
    return sum(len(set(one) & set(two)) for one, two in both) / right.size


def test_a_day_that_is_added_is_found_with_what_stood_before(tmp_path: Path) -> None:
    held = vectors(7000)
    cells, files = built(held[:6000], tmp_path)
    before = Kept(cells, files)
    files.append(before.add(np.arange(6000, 7000), held[6000:], tmp_path / "more.lists"))
    assert before.rows == [6000]
    kept = Kept(cells, files)
    assert kept.rows == [6000, 1000]
    asked = held[5500:6500]
    right = exact(asked, held, 10)
    whole = kept.search(asked, 10)
    assert found_of(whole.keys, right) > 0.999
    assert (np.diff(whole.likeness, axis=1) <= 0).all()
    assert np.allclose(whole.likeness[:, 0], 1, atol=0.002)
    assert found_of(kept.search(asked, 10, probes=6).keys, right) > 0.85
    assert found_of(kept.search(asked, 10, probes=40).keys, right) > 0.98


def test_what_is_merged_finds_the_same(tmp_path: Path) -> None:
    held = vectors(5000)
    cells, files = built(held[:4500], tmp_path)
    for at in range(4500, 5000, 100):
        file = tmp_path / f"{at}.lists"
        files.append(Kept(cells, []).add(np.arange(at, at + 100), held[at : at + 100], file))
    many = Kept(cells, files)
    one = Kept(cells, [files[0], many.merged([1, 2, 3, 4, 5], tmp_path / "one.lists")])
    assert one.rows == [4500, 500]
    for probes in (None, 6):
        asked = many.search(held[4400:], 8, probes), one.search(held[4400:], 8, probes)
        assert (asked[0].keys == asked[1].keys).all()
        assert (asked[0].likeness == asked[1].likeness).all()
    told = {key: row for keys, rows in one.vectors() for key, row in zip(keys, rows, strict=True)}
    assert sorted(told) == list(range(5000))
    assert (told[4700] == held[4700]).all()


def test_the_vectors_of_some_keys_are_told_and_none_of_what_is_not_held(tmp_path: Path) -> None:
    held = vectors(5000)
    cells, files = built(held[:4500], tmp_path)
    files.append(Kept(cells, []).add(np.arange(4500, 5000), held[4500:], tmp_path / "more.lists"))
    kept = Kept(cells, files)
    wanted = np.array([4999, 3, 3, 77_777, 2500, -5])
    told = kept.taken(wanted)
    assert (told[[0, 1, 2, 4]] == held[[4999, 3, 3, 2500]]).all()
    assert np.isnan(told[[3, 5]]).all()
    assert np.array_equal(kept.taken(np.sort(wanted)), told[np.argsort(wanted)], equal_nan=True)
    assert kept.taken(wanted[:0]).shape == (0, WIDTH)


def test_the_same_vectors_make_the_same_files(tmp_path: Path) -> None:
    held = vectors(5000)
    one, two = built(held, tmp_path / "one"), built(held, tmp_path / "two")
    for left, right in zip([one[0], *one[1]], [two[0], *two[1]], strict=True):
        assert left.read_bytes() == right.read_bytes()


def test_a_tiny_record_is_looked_at_whole(tmp_path: Path) -> None:
    held = vectors(3)
    kept = Kept(*built(held, tmp_path))
    near = kept.search(held, 5, probes=1)
    assert near.keys[:, 0].tolist() == [0, 1, 2]
    assert sorted(near.keys[0, :3].tolist()) == [0, 1, 2]
    assert (near.keys[:, 3:] == -1).all()
    assert np.isneginf(near.likeness[:, 3:]).all()
    assert kept.search(held[:0], 5).keys.shape == (0, 5)
    assert (Kept(built(held, tmp_path)[0], []).search(held, 2).keys == -1).all()
    with pytest.raises(ValueError, match="no vectors"):
        rebuild(lambda: iter(()), tmp_path)


def test_of_equally_near_ones_the_lowest_keys_are_found(tmp_path: Path) -> None:
    held = np.repeat(vectors(3), 40, axis=0)
    kept = Kept(*built(held, tmp_path))
    assert kept.search(held[:1], 6).keys.tolist() == [[0, 1, 2, 3, 4, 5]]


def test_what_is_gone_is_passed_over(tmp_path: Path) -> None:
    held = vectors(6000)
    kept = Kept(*built(held, tmp_path))
    near = kept.search(held[:50], 4)
    gone = np.unique(near.keys[:, 0])
    again = kept.search(held[:50], 3, without=gone)
    assert not np.isin(again.keys, gone).any()
    mine = near.keys[0][~np.isin(near.keys[0], gone)]
    assert again.keys[0, : len(mine)].tolist() == mine[:3].tolist()


def test_what_is_damaged_or_of_other_cells_is_told(tmp_path: Path) -> None:
    held = vectors(6000)
    cells, (file,) = built(held, tmp_path)
    other, _ = built(vectors(9000), tmp_path / "other")
    narrow, _ = built(held[:, :20], tmp_path / "narrow")
    whole = file.read_bytes()
    cut = tmp_path / "cut.lists"
    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:length])
        with pytest.raises(Damaged, match=r"cut\.lists"):
            Kept(cells, [file, cut])
    for wrong in (other, narrow):
        with pytest.raises(Damaged, match="not of these cells"):
            Kept(wrong, [file])
    for nothing in (tmp_path / "missing.cells", file, cut):
        with pytest.raises(Damaged):
            Kept(nothing, [])
    with pytest.raises(Damaged):
        Kept(cells, [tmp_path / "missing.lists"])
    with pytest.raises(Damaged):
        Kept(cells, [cells])


def test_cells_are_learned_again_when_the_record_has_grown_fourfold(tmp_path: Path) -> None:
    held = vectors(20000)
    cells, files = built(held[:4500], tmp_path)
    assert not Kept(cells, files).outgrown
    files.append(
        Kept(cells, []).add(np.arange(4500, 12000), held[4500:12000], tmp_path / "1.lists")
    )
    assert not Kept(cells, files).outgrown
    files.append(Kept(cells, []).add(np.arange(12000, 20000), held[12000:], tmp_path / "2.lists"))
    kept = Kept(cells, files)
    assert kept.outgrown
    again = Kept(*rebuild(kept.vectors, tmp_path / "again"))
    assert sum(again.rows) == 20000
    assert not again.outgrown
    assert found_of(again.search(held[:300], 10, 12).keys, exact(held[:300], held, 10)) > 0.9


def test_files_of_one_size_are_merged_and_large_ones_left() -> None:
    assert to_merge([]) == []
    assert to_merge([5000] * 7) == []
    assert to_merge([5000] * 8) == [list(range(8))]
    assert to_merge([LARGEST, LARGEST, *[100] * 8]) == [list(range(2, 10))]
    # A year of days: every vector is written anew a few times, whatever the record holds.
    rows: list[int] = []
    written = 0
    for _ in range(365):
        rows.append(6000)
        while groups := to_merge(rows):
            for group in groups:
                made = sum(rows[one] for one in group)
                rows = [held for at, held in enumerate(rows) if at not in group] + [made]
                written += made
    assert sum(rows) == 365 * 6000
    assert len(rows) < 40
    assert written < 3 * sum(rows)
    assert max(rows) <= LARGEST


@pytest.mark.parametrize("count", [10, 5000])
def test_a_full_disk_is_told_whenever_it_was_full(count: int, tmp_path: Path) -> None:
    """Of a small file only when it is closed."""
    told, _ = built(vectors(count), tmp_path / "kept")
    full, cells = Path("/dev/full"), of_cells.opened(told)
    with pytest.raises(OSError, match="No space left"):
        of_lists.write(cells, np.arange(count), vectors(count), full)
    with pytest.raises(OSError, match="No space left"):
        of_cells.train(vectors(count), count, full)


def test_a_file_is_whole_while_somebody_looks_on(tmp_path: Path) -> None:
    """A debugger or a profiler holds what a function holds after it has ended."""
    cells, _ = built(vectors(3000), tmp_path / "kept")
    held: list[Any] = []
    sys.setprofile(lambda frame, event, _: held.append(frame) if event == "call" else None)
    try:
        file = of_lists.write(
            of_cells.opened(cells), np.arange(3000), vectors(3000), tmp_path / "a"
        )
    finally:
        sys.setprofile(None)
    assert held
    assert Kept(cells, [file]).rows == [3000]


def test_keys_are_of_the_identity_alone() -> None:
    told = pl.Series([ids.utterance_id("one"), ids.utterance_id("two"), "f" * 32])
    keys = keys_of(told)
    assert keys.tolist() == [int(one[:15], 16) for one in told]
    assert (keys >= 0).all()


class Record:
    """Lists that days are added to, each by a run that is handed the segments of the one before."""

    def __init__(self, folder: Path, held: np.ndarray) -> None:
        self.folder, self.held, self.count, self.days = folder, held, 0, 0
        self.known = folder / "known"
        self.known.mkdir()

    def day(self, size: int, model: str = "m") -> Kept:
        """Add so many vectors; the lists of all."""
        before, after = self.count, self.count + size
        self.days, self.count = self.days + 1, after
        segments = Segments(self.known, StageFolder(self.folder / str(self.days), "cluster"))

        def whole() -> Iterator[tuple[np.ndarray, np.ndarray]]:
            for at in range(0, after, 900):
                keys = np.arange(at, min(at + 900, after))
                yield keys, self.held[keys]

        new = Day(model, np.arange(before, after), self.held[before:after])
        made = carry(segments, before, new, whole)
        assert made is not None
        self.new = [one for one in segments.every(KIND) if one.path.parent == segments.given]
        handed = self.known / "segments"
        handed.mkdir(exist_ok=True)
        for one in self.new:
            (handed / one.name).hardlink_to(one.path)
        segments.frame().write_parquet(self.known / "segments.parquet")
        return made

    def segments(self) -> pl.DataFrame:
        """What is kept."""
        return pl.read_parquet(self.known / "segments.parquet")


def test_a_record_of_days_finds_what_one_made_at_once_does(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = Record(tmp_path, vectors(9000))
    kept = record.day(5000)
    cells = record.segments().filter(part="cells")["name"].to_list()
    for _ in range(20):
        kept = record.day(200)
        assert sum(one.rows for one in record.new) <= 4096 + 200
    assert record.segments().filter(part="cells")["name"].to_list() == cells
    assert len(kept.rows) < 9
    assert sum(kept.rows) == 9000
    asked = record.held[::50]
    assert found_of(kept.search(asked, 10).keys, exact(asked, record.held, 10)) > 0.99
    before = record.segments()
    record.day(0)
    assert record.new == []
    assert record.segments().equals(before)
    assert not caplog.records


def test_no_vectors_are_no_lists(tmp_path: Path) -> None:
    segments = Segments(tmp_path, StageFolder(tmp_path, "cluster"))
    assert carry(segments, 0, Day("m", np.arange(0), vectors(0)), lambda: iter(())) is None


def test_a_record_that_grows_fourfold_learns_its_cells_again(tmp_path: Path) -> None:
    record = Record(tmp_path, vectors(18000))
    record.day(4200)
    old = record.segments()["name"].to_list()
    kept = record.day(13000)
    assert kept.cells == int(2.5 * np.sqrt(17200))
    assert not record.segments()["name"].is_in(old).any()


@pytest.mark.parametrize("wrong", ["missing", "cut", "longer", "swapped", "fewer", "cells"])
def test_what_cannot_be_trusted_is_made_from_the_tables(
    tmp_path: Path, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    record = Record(tmp_path, vectors(6000))
    record.day(4500)
    record.day(500)
    told = record.segments()
    first, second = told.filter(part="lists").sort("rows", descending=True)["name"]
    at = record.known / "segments" / second
    at.chmod(0o644)
    if wrong == "missing":
        at.unlink()
    elif wrong == "cut":
        at.write_bytes(at.read_bytes()[:-8])
    elif wrong == "longer":
        at.write_bytes(at.read_bytes() + b"more")
    elif wrong == "swapped":
        at.write_bytes((at.parent / first).read_bytes()[: at.stat().st_size])
    else:
        left = pl.col("name") != second if wrong == "fewer" else pl.col("part") == "lists"
        told.filter(left).write_parquet(record.known / "segments.parquet")
    kept = record.day(500)
    assert "made anew" in caplog.text
    assert not record.segments()["name"].is_in([first, second]).any()
    asked = record.held[4000:5500:10]
    assert found_of(kept.search(asked, 5).keys, exact(asked, record.held[:5500], 5)) > 0.99
    caplog.clear()
    record.day(500)
    assert not caplog.records


def test_lists_of_another_model_are_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    record = Record(tmp_path, vectors(9000))
    record.day(4500)
    before = record.segments()
    record.count, record.held = 0, vectors(9000, seed=2)
    record.day(4500, "another")
    assert not caplog.records
    assert record.segments().filter(model="m").equals(before)
    assert record.segments()["model"].unique().sort().to_list() == ["another", "m"]

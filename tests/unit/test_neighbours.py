"""Kept lists find what an exact search finds, however many files they are, and what is damaged is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from onrecord.pipeline.core import ids
from onrecord.pipeline.neighbours import (
    Carried,
    Damaged,
    Day,
    Kept,
    carry,
    keys_of,
    rebuild,
    to_merge,
)
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
    files.append(before.add(np.arange(6000, 7000), held[6000:], tmp_path))
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
        files.append(Kept(cells, []).add(np.arange(at, at + 100), held[at : at + 100], tmp_path))
    many = Kept(cells, files)
    one = Kept(cells, [files[0], many.merged([1, 2, 3, 4, 5], tmp_path)])
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
    files.append(Kept(cells, []).add(np.arange(4500, 5000), held[4500:], tmp_path))
    kept = Kept(cells, files)
    wanted = np.array([4999, 3, 3, 77_777, 2500, -5])
    told = kept.taken(wanted)
    assert (told[[0, 1, 2, 4]] == held[[4999, 3, 3, 2500]]).all()
    assert np.isnan(told[[3, 5]]).all()
    assert kept.taken(wanted[:0]).shape == (0, WIDTH)


def test_the_same_vectors_make_the_same_files(tmp_path: Path) -> None:
    held = vectors(5000)
    one, two = built(held, tmp_path / "one"), built(held, tmp_path / "two")
    assert [one[0].name, *(file.name for file in one[1])] == [
        two[0].name,
        *(file.name for file in two[1]),
    ]


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
    other, _ = built(vectors(9000), tmp_path)
    narrow, _ = built(held[:, :20], tmp_path)
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
    files.append(Kept(cells, []).add(np.arange(4500, 12000), held[4500:12000], tmp_path))
    assert not Kept(cells, files).outgrown
    files.append(Kept(cells, []).add(np.arange(12000, 20000), held[12000:], tmp_path))
    kept = Kept(cells, files)
    assert kept.outgrown
    again = Kept(*rebuild(kept.vectors, tmp_path))
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


def test_keys_are_of_the_identity_alone() -> None:
    told = pl.Series([ids.utterance_id("one"), ids.utterance_id("two"), "f" * 32])
    keys = keys_of(told)
    assert keys.tolist() == [int(one[:15], 16) for one in told]
    assert (keys >= 0).all()


class Record:
    """Lists that days are added to, as a run's folder and the table of segments have them."""

    def __init__(self, folder: Path, held: np.ndarray) -> None:
        self.folder, self.held, self.count = folder, held, 0
        self.segments = pl.DataFrame(
            schema={"name": pl.String, "kind": pl.String, "model": pl.String,
                    "part": pl.String, "rows": pl.Int64, "bytes": pl.Int64}
        )  # fmt: skip

    def day(self, size: int, model: str = "m") -> Carried:
        before, after = self.count, self.count + size
        keys = np.arange(before, after)
        made = carry(
            self.segments,
            self.folder,
            before,
            Day(model, keys, self.held[before:after]),
            lambda: ((np.arange(at, min(at + 900, after)), self.held[at : min(at + 900, after)])
                     for at in range(0, after, 900)),
            self.folder,
        )  # fmt: skip
        assert made is not None
        new = pl.DataFrame(
            [
                (one.path.name, one.kind, one.model, one.part, one.rows, one.path.stat().st_size)
                for one in made.written
            ],
            schema=self.segments.schema,
            orient="row",
        )
        stand = self.segments.filter(~pl.col("name").is_in(made.dropped))
        self.segments, self.count = pl.concat([stand, new]), after
        return made


def test_a_record_of_days_finds_what_one_made_at_once_does(tmp_path: Path) -> None:
    record = Record(tmp_path, vectors(9000))
    made = record.day(5000)
    cells = record.segments.filter(part="cells")["name"].to_list()
    for _ in range(20):
        made = record.day(200)
        assert made.anew is None
        assert sum(one.rows for one in made.written) <= 4096 + 200
    assert record.segments.filter(part="cells")["name"].to_list() == cells
    assert len(made.kept.rows) < 9
    assert sum(made.kept.rows) == 9000
    asked = record.held[::50]
    near = made.kept.search(asked, 10)
    assert found_of(near.keys, exact(asked, record.held, 10)) > 0.99
    nothing = record.day(0)
    assert (nothing.written, nothing.dropped) == ([], [])


def test_no_vectors_are_no_lists(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Record(tmp_path, vectors(10)).day(0)


def test_a_record_that_grows_fourfold_learns_its_cells_again(tmp_path: Path) -> None:
    record = Record(tmp_path, vectors(18000))
    record.day(4200)
    made = record.day(13000)
    assert made.anew is None
    assert len(made.dropped) == 2
    assert made.kept.cells == int(2.5 * np.sqrt(17200))


@pytest.mark.parametrize("wrong", ["missing", "cut", "longer", "swapped", "fewer", "cells"])
def test_what_cannot_be_trusted_is_made_from_the_tables(tmp_path: Path, wrong: str) -> None:
    record = Record(tmp_path, vectors(6000))
    record.day(4500)
    record.day(500)
    first, second = record.segments.filter(part="lists").sort("rows", descending=True)["name"]
    at = record.folder / second
    at.chmod(0o644)
    if wrong == "missing":
        at.unlink()
    elif wrong == "cut":
        at.write_bytes(at.read_bytes()[:-8])
    elif wrong == "longer":
        at.write_bytes(at.read_bytes() + b"more")
    elif wrong == "swapped":
        at.write_bytes((record.folder / first).read_bytes()[: at.stat().st_size])
    elif wrong == "fewer":
        record.segments = record.segments.filter(pl.col("name") != second)
    else:
        record.segments = record.segments.filter(part="lists")
    old = record.segments["name"].to_list()
    made = record.day(500)
    assert made.anew
    assert set(made.dropped) <= set(old)
    near = made.kept.search(record.held[4000:5500:10], 5)
    assert found_of(near.keys, exact(record.held[4000:5500:10], record.held[:5500], 5)) > 0.99
    assert record.day(500).anew is None


def test_lists_of_another_model_are_left_alone(tmp_path: Path) -> None:
    record = Record(tmp_path, vectors(9000))
    record.day(4500)
    record.count = 0
    made = record.day(4500, "another")
    assert made.anew is None
    assert made.dropped == []
    assert record.segments["model"].unique().sort().to_list() == ["another", "m"]

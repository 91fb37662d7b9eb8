"""Postings in files: found by key where they lie, merged, and known for what they are where they are damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from onrecord.pipeline.core.parts import StageFolder
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.machine import postings
from onrecord.pipeline.machine.postings import Postings, Unreadable, merge, write
from onrecord.pipeline.machine.tiers import append, settle, span, tiers, to_merge


def some(seed: int, count: int = 5000) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    keys = chance.integers(0, 900, count).astype(np.uint64) << np.uint64(50)
    return keys, np.sort(chance.integers(0, 4000, count)).astype(np.uint32)


def pairs(keys: np.ndarray, rows: np.ndarray) -> set[tuple[int, int]]:
    return set(zip(keys.tolist(), rows.tolist(), strict=True))


def found(held: Postings, keys: np.ndarray) -> set[tuple[int, int]]:
    at, rows = held.find(keys)
    return pairs(keys[at], rows)


def test_what_is_found_is_what_was_written_and_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_AT_ONCE", 700)
    one, two = some(1), some(2)
    write(*one, tmp_path / "one.arrow")
    write(*two, tmp_path / "two.arrow")
    count = merge([tmp_path / "one.arrow", tmp_path / "two.arrow"], tmp_path / "both.arrow")
    keys = np.unique(np.concatenate([one[0], two[0]]))[::3]
    expected = {pair for pair in pairs(*one) | pairs(*two) if np.uint64(pair[0]) in set(keys)}
    apart = Postings([tmp_path / "one.arrow", tmp_path / "two.arrow"])
    assert found(apart, keys) == expected
    both = Postings([tmp_path / "both.arrow"])
    assert len(both.files[0]) > 10
    assert found(both, keys) == expected
    assert count == len(pairs(*one)) + len(pairs(*two))


def test_no_more_of_a_key_are_found_or_merged_than_are_asked_for(tmp_path: Path) -> None:
    keys = np.repeat(np.array([7, 9], np.uint64), [40, 3])
    for number in range(2):
        write(keys, np.arange(43, dtype=np.uint32) + 50 * number, tmp_path / f"{number}.arrow")
    files = [tmp_path / "0.arrow", tmp_path / "1.arrow"]
    held = Postings(files).find(np.array([7, 9], np.uint64), 5)
    assert np.bincount(held.at).tolist() == [10, 6]
    merge(files, tmp_path / "thin.arrow", lambda keys, place: place < 4)
    thin = Postings([tmp_path / "thin.arrow"]).find(np.array([7, 9], np.uint64))
    assert thin.rows.tolist() == [0, 1, 2, 3, 40, 41, 42, 90]


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    none = np.empty(0, np.uint64)
    write(none, np.empty(0, np.uint32), tmp_path / "none.arrow")
    merge([tmp_path / "none.arrow"] * 2, tmp_path / "merged.arrow")
    held = Postings([tmp_path / "none.arrow", tmp_path / "merged.arrow"])
    assert not len(held.find(np.array([1], np.uint64)).rows)
    write(*some(3), tmp_path / "some.arrow")
    assert not len(Postings([tmp_path / "some.arrow"]).find(none).rows)


def test_a_file_that_is_missing_cut_off_or_of_another_format_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "some.arrow"
    write(*some(4), file)
    whole = file.read_bytes()
    with pytest.raises(Unreadable, match="cannot be read"):
        Postings([tmp_path / "elsewhere.arrow"])
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable, match="cannot be read"):
        Postings([file])
    file.write_bytes(whole)
    monkeypatch.setattr(postings, "FORMAT", b"2")
    with pytest.raises(Unreadable, match="another format"):
        Postings([file])


def test_few_files_are_kept_of_many_days(tmp_path: Path) -> None:
    kept = Segments(tmp_path / "known", StageFolder(tmp_path, "cluster"))
    chance = np.random.default_rng(5)
    expected, most, total = set(), 0, 0
    for day in range(60):
        keys, rows = some(day, int(chance.integers(3000, 9000)))
        expected |= pairs(keys, rows)
        into = kept.aside(".arrow")
        count = write(keys, rows, into)
        append(kept, "postings", into, count)
        settle(kept, "postings", merge, ".arrow")
        total += count
        files = tiers(kept, "postings")
        assert files is not None
        assert [span(one)[0] for one in files] == [0, *(span(one)[1] for one in files[:-1])]
        assert span(files[-1])[1] == total
        most = max(most, len(files))
    assert most <= 9
    held = Postings([one.path for one in kept.of("postings")])
    keys = np.unique(np.array(sorted({key for key, _ in expected}), np.uint64))
    assert found(held, keys) == expected


def test_a_gap_between_files_is_seen(tmp_path: Path) -> None:
    kept = Segments(tmp_path / "known", StageFolder(tmp_path, "cluster"))
    assert tiers(kept, "postings") is None
    for day in range(3):
        into = kept.aside(".arrow")
        append(kept, "postings", into, write(*some(day), into))
    assert tiers(kept, "postings") is not None
    kept.drop(kept.of("postings")[1])
    assert tiers(kept, "postings") is None


def test_the_last_files_of_a_size_are_made_one() -> None:
    assert to_merge([]) is None
    assert to_merge([5000] * 3) is None
    assert to_merge([5000] * 4) == 0
    assert to_merge([400_000, 5000, 5000, 6000, 5000]) == 1
    assert to_merge([90_000, 90_000, 5000]) is None
    assert to_merge([90_000, 90_000, 5000, 90_000]) == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells it")
def test_what_was_read_of_files_no_longer_counts_as_memory(tmp_path: Path) -> None:
    def of_files() -> int:
        told = Path("/proc/self/status").read_text().split("RssFile:")[1]
        return int(told.split()[0]) >> 10

    keys = np.arange(1 << 22, dtype=np.uint64)
    postings.write(keys, keys.astype(np.uint32), tmp_path / "some.arrow")
    held = postings.Postings([tmp_path / "some.arrow"])
    before = of_files()
    assert len(held.find(keys).rows) == len(keys)
    assert of_files() - before < 10
    # It is there when it is asked for again.
    assert held.find(keys[5:7]).rows.tolist() == [5, 6]

"""Generations are built aside, published by a rename, kept, pruned and taken back."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from onrecord.warehouse import definitions
from onrecord.warehouse.asking.generations import generations
from onrecord.warehouse.asking.query import query, query_file
from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import (
    LoadError,
    NewerWarehouse,
    NoWarehouse,
    PublishError,
    WarehouseBusy,
)
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import TABLES, snapshot
from tests.support import record
from tests.support.tampering import unsealed


@pytest.fixture(autouse=True)
def few_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commenting each of some 250 columns is most of a small build's time, and has tests of its own."""
    monkeypatch.setattr(definitions, "CONTRACTS", {})
    monkeypatch.setattr(definitions, "OWN_TABLES", {})


def put(folder: Path, run: str, keep: int = 3, articles: int = 3) -> int:
    """Build and publish one generation of the first `articles` articles."""
    tables = record.tables(run, record.ARTICLES[:articles])
    with publish.lock(folder, run):
        return publish.publish(folder, building.build(folder, tables, run_id=run), keep)


def test_nothing_is_published_at_first(tmp_path: Path) -> None:
    assert publish.published(tmp_path) is None
    assert publish.generation(tmp_path) == 0
    assert publish.published_run(tmp_path) is None
    with pytest.raises(NoWarehouse, match="nothing is published here yet; run `onrecord"):
        publish.require(tmp_path)


def test_a_build_alone_is_seen_by_nobody(tmp_path: Path) -> None:
    candidate = building.build(tmp_path, record.tables(), run_id="first")
    assert publish.published(tmp_path) is None
    assert candidate == tmp_path / "work" / "first" / "onrecord.duckdb"
    assert [file.name for file in candidate.parent.iterdir()] == ["onrecord.duckdb"]
    assert building.changes(candidate).rows()[0] == ("articles", 3, 0, 0)


def test_generations_count_up_and_the_oldest_go(tmp_path: Path) -> None:
    assert [put(tmp_path, f"run {n}", keep=2, articles=n) for n in (1, 2, 3)] == [1, 2, 3]
    assert publish.generation(tmp_path) == 3
    assert publish.published_run(tmp_path) == "run 3"
    kept = publish.kept(tmp_path)
    assert list(kept) == [2, 3]
    assert kept[3].samefile(tmp_path / "onrecord.duckdb")
    assert query_file(kept[2], "SELECT count(*) FROM articles").item() == 2
    assert {file.name for file in tmp_path.iterdir()} == {
        "onrecord.duckdb",
        "generations",
        "segments",
        "runs",
        "work",
        "lock",
    }
    assert (tmp_path / "onrecord.duckdb").stat().st_mode & 0o777 == 0o444
    assert verify(tmp_path) == []


def test_the_same_rows_again_are_the_same_record(tmp_path: Path) -> None:
    put(tmp_path, "first")
    before = fingerprint(tmp_path / "onrecord.duckdb")
    candidate = building.build(tmp_path, record.tables("second"), run_id="second")
    assert fingerprint(candidate) == before
    changed = building.changes(candidate)["table_name"].to_list()
    assert set(changed) == {"runs", "stage_runs", "gate_results", "rejects", "statement_moves"}


def test_a_fingerprint_tells_other_content(tmp_path: Path) -> None:
    whole = building.build(tmp_path, record.tables(), run_id="whole")
    tables = record.tables()
    tables["quotations"] = tables["quotations"].with_columns(cue=pl.lit("shouted"))
    other = building.build(tmp_path, tables, run_id="other")
    assert fingerprint(whole) != fingerprint(other)


def test_what_a_killed_build_left_is_made_again(tmp_path: Path) -> None:
    put(tmp_path, "first", articles=1)
    place = tmp_path / "work" / "second"
    place.mkdir()
    (place / "onrecord.duckdb").write_bytes(b"half a file")
    (place / "onrecord.duckdb.wal").write_bytes(b"and its log")
    assert put(tmp_path, "second") == 2
    assert verify(tmp_path) == []


def test_a_load_that_fails_leaves_the_published_file_as_it_was(tmp_path: Path) -> None:
    put(tmp_path, "first")
    before = (tmp_path / "onrecord.duckdb").read_bytes()
    tables = record.tables()
    tables["speakers"] = pl.concat(
        [tables["speakers"], tables["speakers"].with_columns(name=pl.lit("Somebody Else"))]
    )
    with pytest.raises(LoadError, match="speakers"):
        building.build(tmp_path, tables, run_id="second")
    assert (tmp_path / "onrecord.duckdb").read_bytes() == before


def test_a_candidate_that_was_not_closed_is_refused(tmp_path: Path) -> None:
    candidate = building.build(tmp_path, record.tables(), run_id="first")
    candidate.with_name("onrecord.duckdb.wal").touch()
    with pytest.raises(PublishError, match="write-ahead log"):
        publish.publish(tmp_path, candidate, 3)
    assert publish.published(tmp_path) is None


def test_a_file_that_is_no_generation_is_refused(tmp_path: Path) -> None:
    candidate = building.build(tmp_path, record.tables(), run_id="first")
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("DELETE FROM generations")
    with pytest.raises(PublishError, match="not a generation"):
        publish.publish(tmp_path, candidate, 3)


def test_a_stray_log_is_set_aside(tmp_path: Path) -> None:
    put(tmp_path, "first", articles=1)
    (tmp_path / "onrecord.duckdb.wal").write_bytes(b"somebody wrote here")
    put(tmp_path, "second")
    assert query(tmp_path, "SELECT count(*) FROM articles").item() == 3
    (kept,) = (tmp_path / "work").glob("stray-*.wal")
    assert kept.read_bytes() == b"somebody wrote here"


def test_without_hard_links_generations_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert [put(tmp_path, f"run {n}", keep=2) for n in (1, 2, 3)] == [1, 2, 3]
    assert list(publish.kept(tmp_path)) == [2, 3]
    assert publish.rollback(tmp_path, 2) == 2
    assert publish.generation(tmp_path) == 2


def test_rollback_publishes_an_earlier_generation(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path, f"run {n}", articles=n)
    assert publish.rollback(tmp_path, 1) == 1
    assert publish.generation(tmp_path) == 1
    assert query(tmp_path, "SELECT count(*) FROM articles").item() == 1
    assert list(publish.kept(tmp_path)) == [1, 2, 3]
    assert publish.rollback(tmp_path, 1) == 1
    with pytest.raises(PublishError, match=r"generation 7 is not kept .*there are: 1, 2, 3"):
        publish.rollback(tmp_path, 7)


def test_rollback_makes_no_folder_and_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse, match="nothing is published here yet; run `onrecord"):
        publish.rollback(tmp_path / "absent", 1)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(NoWarehouse):
        publish.rollback(tmp_path, 1)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_rollback_leads_away_from_a_published_file_that_cannot_be_read(
    tmp_path: Path, share: float
) -> None:
    for n in (1, 2):
        put(tmp_path, f"run {n}", articles=n)
    # A file of its own: the kept one is the same by hard link.
    damage(tmp_path / publish.FILE, share)
    found = generations(tmp_path).sort("stands").select("generation", "stands", "articles")
    assert found.rows() == [(1, False, 1), (2, False, 2), (None, True, None)]
    assert publish.rollback(tmp_path, 1) == 1
    assert publish.generation(tmp_path) == 1
    assert list(publish.kept(tmp_path)) == [1, 2]
    assert verify(tmp_path) == []


def test_rollback_leads_to_no_damaged_file(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path, f"run {n}", articles=n)
    first, second, _ = publish.kept(tmp_path).values()
    damage(first, 0.5)
    second.unlink()
    second.write_bytes((tmp_path / publish.FILE).read_bytes())
    with pytest.raises(PublishError, match=r"000001.duckdb is damaged, and is not published"):
        publish.rollback(tmp_path, 1)
    with pytest.raises(PublishError, match=r"000002.duckdb is generation 3, and is not published"):
        publish.rollback(tmp_path, 2)
    assert publish.generation(tmp_path) == 3
    assert generations(tmp_path)["generation"].to_list() == [1, 3, 3]
    assert generations(tmp_path)["articles"].to_list() == [None, 3, 3]


def test_nothing_is_published_from_a_file_of_which_a_byte_was_changed(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path, f"run {n}", articles=n)
    flip(publish.kept(tmp_path)[1])
    before = files(tmp_path)
    with pytest.raises(
        PublishError, match=r"000001.duckdb is damaged: .* run run 1 published as gen"
    ):
        publish.rollback(tmp_path, 1)
    assert files(tmp_path) == before
    assert publish.rollback(tmp_path, 2) == 2


def test_of_a_file_without_a_seal_nobody_can_tell(tmp_path: Path) -> None:
    for n in (1, 2):
        put(tmp_path, f"run {n}", articles=n)
    unsealed(tmp_path)
    flip(publish.kept(tmp_path)[1])
    assert publish.rollback(tmp_path, 1) == 1


def test_nothing_is_built_on_a_file_of_which_a_byte_was_changed(tmp_path: Path) -> None:
    """What was changed in it was sealed with the next generation, and `verify` found all as it had been published."""
    for n in (1, 2):
        put(tmp_path, f"run {n}", articles=n)
    flip(tmp_path / publish.FILE)
    before = files(tmp_path)
    with pytest.raises(PublishError, match=r"onrecord.duckdb is damaged: .* generation 2; nothing"):
        put(tmp_path, "run 3")
    assert files(tmp_path) == before
    assert publish.rollback(tmp_path, 1) == 1
    assert put(tmp_path, "run 3") == 3
    assert verify(tmp_path) == []


def test_a_damaged_file_does_not_take_the_place_of_a_kept_one(tmp_path: Path) -> None:
    for n in (1, 2):
        put(tmp_path, f"run {n}", articles=n)
    # As after a copy of the folder, in which they are two files.
    whole = publish.kept(tmp_path)[2].read_bytes()
    publish.kept(tmp_path)[2].unlink()
    (tmp_path / "generations" / "000002.duckdb").write_bytes(whole)
    flip(tmp_path / publish.FILE)
    with publish.lock(tmp_path), pytest.raises(PublishError, match="is damaged"):
        publish.finish(tmp_path, 3)
    assert publish.kept(tmp_path)[2].read_bytes() == whole
    # One goes back to the very same generation, which is whole.
    assert publish.rollback(tmp_path, 2) == 2
    assert verify(tmp_path) == []


def flip(file: Path) -> None:
    """Change a bit in the middle of a file, which is opened as before."""
    file.chmod(0o644)
    with file.open("r+b") as opened:
        at = opened.seek(file.stat().st_size // 2)
        (byte,) = opened.read(1)
        opened.seek(at)
        opened.write(bytes([byte ^ 1]))
    file.chmod(0o444)


def files(folder: Path) -> dict[Path, bytes]:
    """What lies there, but for what a build leaves aside."""
    return {
        file: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.parts[len(folder.parts)] not in ("work", "lock")
    }


def damage(file: Path, share: float) -> None:
    """Have a share of a file's content in its place."""
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[: int(len(whole) * share)])


def test_rollback_brings_back_a_published_file_that_was_deleted(tmp_path: Path) -> None:
    put(tmp_path, "first")
    (tmp_path / "onrecord.duckdb").unlink()
    assert publish.rollback(tmp_path, 1) == 1
    assert verify(tmp_path) == []


def test_after_a_rollback_the_next_run_takes_a_new_number(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path, f"run {n}", articles=n)
    publish.rollback(tmp_path, 1)
    assert put(tmp_path, "run 4", articles=2, keep=4) == 4
    history = query(tmp_path, "SELECT generation FROM generations ORDER BY generation")
    assert history["generation"].to_list() == [1, 4]
    assert list(publish.kept(tmp_path)) == [1, 2, 3, 4]


def test_the_published_generation_is_never_pruned(tmp_path: Path) -> None:
    for n in (1, 2, 3):
        put(tmp_path, f"run {n}", keep=5)
    publish.rollback(tmp_path, 1)
    publish._prune(tmp_path, 1)
    assert list(publish.kept(tmp_path)) == [1, 3]


def test_a_second_holder_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with publish.lock(tmp_path, "the-first-run"):
        with (
            pytest.raises(WarehouseBusy, match=rf"run the-first-run, pid {os.getpid()} on .+since"),
            publish.lock(tmp_path, "the-second-run"),
        ):
            raise AssertionError("two hold one lock")
        assert json.loads((tmp_path / "lock.json").read_text())["run_id"] == "the-first-run"
        with pytest.raises(WarehouseBusy):
            publish.rollback(tmp_path, 1)
        (tmp_path / "lock.json").write_text("half a line")
        with pytest.raises(WarehouseBusy, match="another process"), publish.lock(tmp_path):
            raise AssertionError("two hold one lock")
    with publish.lock(tmp_path, "the-second-run"):
        pass


def test_a_reader_keeps_what_it_opened_and_the_next_sees_the_new(tmp_path: Path) -> None:
    put(tmp_path, "first", articles=1)
    count = "SELECT count(*) FROM articles"
    with reader(tmp_path / "onrecord.duckdb") as before:
        put(tmp_path, "second")
        with reader(tmp_path / "onrecord.duckdb") as after:
            assert before.execute(count).fetchone() == (1,)
            assert after.execute(count).fetchone() == (3,)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "first")
    path = tmp_path / "onrecord.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "INSERT INTO schema_migrations VALUES (999, 'later', 'f', now()::TIMESTAMP)"
        )
    unsealed(tmp_path)
    before = path.read_bytes()
    with pytest.raises(NewerWarehouse, match="upgrade OnRecord"):
        put(tmp_path, "second")
    with pytest.raises(NewerWarehouse):
        snapshot(tmp_path, tmp_path / "known")
    assert path.read_bytes() == before


def test_a_snapshot_of_nothing_has_the_right_columns(tmp_path: Path) -> None:
    files = snapshot(tmp_path / "record", tmp_path / "known")
    put(tmp_path / "record", "first")
    full = snapshot(tmp_path / "record", tmp_path / "known too")
    assert tuple(files) == TABLES
    # Nothing is said twice there, and nobody has corrected anything.
    bare = {"statement_repeats", "corrections", "dismissed_quotations"}
    for name in TABLES:
        empty, rows = pl.read_parquet(files[name]), pl.read_parquet(full[name])
        assert empty.schema == rows.schema, name
        assert empty.height == 0
        assert (rows.height > 0) is (name not in bare), name
    assert "text" not in pl.read_parquet_schema(full["articles"])


def test_a_snapshot_may_leave_the_vectors_out(tmp_path: Path) -> None:
    put(tmp_path, "first")
    files = snapshot(tmp_path, tmp_path / "known", embeddings=False)
    assert list(pl.read_parquet_schema(files["utterances"])) == ["utterance_id", "model", "text"]
    again = snapshot(tmp_path, tmp_path / "again", embeddings=False)
    assert all(files[name].read_bytes() == again[name].read_bytes() for name in TABLES)


@contextmanager
def _files_no_larger_than(size: int) -> Iterator[None]:
    """What a full disk is to whoever writes: the system refuses every byte beyond `size`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 1 << 20, 3 << 20])
def test_without_room_the_old_generation_stays_and_the_next_run_recovers(
    tmp_path: Path, size: int
) -> None:
    put(tmp_path, "first", articles=1)
    before = (tmp_path / "onrecord.duckdb").read_bytes()
    tables = record.tables()
    with _files_no_larger_than(size), pytest.raises((PublishError, OSError)):
        building.build(tmp_path, tables, run_id="second")
    assert (tmp_path / "onrecord.duckdb").read_bytes() == before
    assert query(tmp_path, "SELECT count(*) FROM articles").item() == 1
    assert put(tmp_path, "second") == 2
    assert verify(tmp_path) == []


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    with pytest.raises((PublishError, LoadError), match=r"(?i)memory"):
        building.build(tmp_path, record.tables(), run_id="first", memory_limit="1MB")


def test_a_record_of_nothing_is_a_record(tmp_path: Path) -> None:
    publish.publish(tmp_path, building.build(tmp_path, {}, run_id="empty"), 1)
    assert verify(tmp_path) == []
    assert query(tmp_path, "FROM search_words('anything')").is_empty()
    assert query(tmp_path, "FROM latest_run").height == 1


def test_a_publish_killed_right_after_its_rename_is_finished(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        put(tmp_path, f"run {number}", keep=3)
    publish.kept(tmp_path)[3].unlink()
    assert "kept" in [problem.check for problem in verify(tmp_path)]
    with publish.lock(tmp_path):
        publish.finish(tmp_path, keep=2)
    assert list(publish.kept(tmp_path)) == [2, 3]
    assert publish.kept(tmp_path)[3].samefile(tmp_path / "onrecord.duckdb")


def test_a_file_is_synced_and_sealed_before_it_is_in_its_place_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidate = building.build(tmp_path, record.tables(), run_id="first")
    steps: list[str] = []
    sync, put_seal, replace = os.fsync, publish.ledger.seal, Path.replace
    names = {candidate.stat().st_ino: "sync file", tmp_path.stat().st_ino: "sync folder"}

    def synced(descriptor: int) -> None:
        steps.append(names.get(os.fstat(descriptor).st_ino, "sync another"))
        sync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        if target == tmp_path / publish.FILE:
            steps.append("in place")
        return replace(self, target)

    def sealed(*told: Any) -> None:
        steps.append("sealed")
        put_seal(*told)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    monkeypatch.setattr(publish.ledger, "seal", sealed)
    publish.publish(tmp_path, candidate, 1)
    wanted = ("sync file", "sealed", "in place", "sync folder")
    assert [step for step in steps if step in wanted] == list(wanted)


def test_what_is_published_cannot_be_written(tmp_path: Path) -> None:
    put(tmp_path, "first")
    assert (tmp_path / publish.FILE).stat().st_mode & 0o777 == 0o444


def test_as_many_generations_are_kept_as_asked_for(tmp_path: Path) -> None:
    for number in range(1, 5):
        put(tmp_path, f"run {number}", keep=2)
        assert len(publish.kept(tmp_path)) == min(number, 2)


def test_a_record_holds_the_generations_that_it_was_built_on(tmp_path: Path) -> None:
    assert publish.holds(tmp_path, None)
    assert publish.holds(tmp_path, 0)
    assert not publish.holds(tmp_path, 1)
    for run_id in (record.RUN, "20260302T060000-bbbb"):
        built = building.build(tmp_path, record.tables(run_id), run_id=run_id)
        publish.publish(tmp_path, built, 3)
    assert [publish.holds(tmp_path, number) for number in (None, 0, 1, 2, 3)] == [
        *(False, False),
        *(True, True, False),
    ]
    publish.rollback(tmp_path, 1)
    assert [publish.holds(tmp_path, number) for number in (1, 2)] == [True, False]

"""Generations in a lake with a real Postgres: all or nothing, read by number, taken back; the file built from them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from onrecord.pipeline.core.problems import NotReady
from onrecord.warehouse import definitions, migrate
from onrecord.warehouse import lake as of_a_run
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.errors import NewerWarehouse, PublishError, WarehouseBusy
from onrecord.warehouse.lake import catalog, commits, faces, keeping, session
from onrecord.warehouse.lake.catalog import Lake, LakeError, NoLake
from onrecord.warehouse.publishing import building, publish
from tests.cluster import killed_commit
from tests.cluster.lakes import put, settings
from tests.cluster.postgres import Postgres
from tests.cluster.tables import tables
from tests.support import record


@pytest.fixture(autouse=True)
def few_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commenting each of some 250 columns is most of a small build's time, and has tests of its own."""
    monkeypatch.setattr(definitions, "CONTRACTS", {})
    monkeypatch.setattr(definitions, "OWN_TABLES", {})


def rows(folder: Path) -> dict[str, tuple[int, int]]:
    """Every table by its hash, but for how vectors lie in files, which is each machine's own."""
    return {name: told for name, told in tables(folder).items() if name != "segments"}


def test_a_face_elsewhere_has_every_row_and_older_ones_are_read_by_number(
    lake: Lake, tmp_path: Path
) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    assert [put(lake, home, "one", 1), put(lake, home, "two")] == [1, 2]
    assert faces.bring_up(lake, settings(lake), other) == (2, True)
    assert rows(other) == rows(home)
    assert verify(other) == [] and keeping.differences(lake, other) == []
    assert faces.bring_up(lake, settings(lake), other) == (2, False)
    assert faces.bring_up(lake, settings(lake), other, generation=1) == (1, True)
    assert publish.stamp(publish.require(other)) == (1, "one")
    assert verify(other) == []
    with pytest.raises(LakeError, match=r"generation 9 is not in the lake .*; there are: 1, 2"):
        faces.bring_up(lake, settings(lake), other, generation=9)


def test_only_what_changed_is_written(lake: Lake, tmp_path: Path) -> None:
    put(lake, tmp_path, "one", 2)
    put(lake, tmp_path, "two")
    with catalog.opened(lake) as connection:
        first, second = (each.snapshot for each in catalog.commits(connection))
        came = connection.execute(
            f"SELECT count(*) FROM ducklake_table_insertions('lake', 'main', 'articles', {second}, {second})"
        ).fetchone()
        went = connection.execute(
            f"SELECT count(*) FROM ducklake_table_deletions('lake', 'main', 'articles', {second}, {second})"
        ).fetchone()
    assert second == first + 1, "a generation is one snapshot"
    assert (came, went) == ((1,), (0,))


def test_rolled_back_is_a_new_snapshot_of_the_old(lake: Lake, tmp_path: Path) -> None:
    put(lake, tmp_path, "one", 1)
    before = rows(tmp_path)
    put(lake, tmp_path, "two")
    commits.roll_back(lake, 1)
    told = keeping.status(lake)
    assert told["generation"].to_list() == [1, 2, 1]
    assert told["rolled back to"].to_list() == [False, False, True]
    with publish.lock(tmp_path):
        faces.follow(settings(lake), tmp_path)
    assert publish.generation(tmp_path) == 1
    assert rows(tmp_path) == before and verify(tmp_path) == []
    assert put(lake, tmp_path, "three") == 3, "a number is given once"
    assert keeping.differences(lake, tmp_path) == []


def test_a_run_killed_between_the_lake_and_the_file_is_made_up_for(
    lake: Lake, tmp_path: Path
) -> None:
    put(lake, tmp_path, "one", 1)
    with publish.lock(tmp_path):
        candidate = building.build(tmp_path, record.tables("two"), run_id="two")
        commits.commit(lake, tmp_path, candidate)
        commits.commit(lake, tmp_path, candidate)
        assert publish.generation(tmp_path) == 1
        faces.follow(settings(lake), tmp_path)
    assert publish.stamp(publish.require(tmp_path)) == (2, "two")
    assert keeping.status(lake).height == 2
    assert verify(tmp_path) == [] and keeping.differences(lake, tmp_path) == []


def test_another_machine_goes_on_where_the_first_stopped(lake: Lake, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    put(lake, one, "one", 1)
    assert put(lake, two, "two", 2) == 2
    assert put(lake, one, "three") == 3
    assert keeping.differences(lake, one) == [] and verify(one) == []


def test_one_writer_at_a_time_and_none_upon_what_is_past(lake: Lake, tmp_path: Path) -> None:
    put(lake, tmp_path, "one", 1)
    with publish.lock(tmp_path):
        late = building.build(tmp_path, record.tables("late"), run_id="late")
    other = session.Session(lake)
    assert other.ask("SELECT pg_try_advisory_lock($1)", session._KEY)
    with pytest.raises(WarehouseBusy, match=r"is being written by onrecord \d+ on"):
        put(lake, tmp_path, "two")
    other.close()
    put(lake, tmp_path / "elsewhere", "two", 2)
    with pytest.raises(PublishError, match="has moved on to generation 2 of run two"):
        commits.commit(lake, tmp_path, late)


def test_the_record_of_another_lake_is_refused(
    lake: Lake, postgres: Postgres, tmp_path: Path
) -> None:
    put(lake, tmp_path / "one", "one", 1)
    put(Lake(postgres.create("another"), str(tmp_path / "data")), tmp_path / "two", "two", 1)
    with pytest.raises(PublishError, match="this record is not the one in the lake"):
        put(lake, tmp_path / "two", "three")


def test_killed_at_twenty_points_of_a_commit_it_is_all_or_nothing(
    lake: Lake, tmp_path: Path
) -> None:
    home, python = tmp_path / "record", [sys.executable, "-m", "tests.cluster.killed_commit"]
    put(lake, home, "first", 1)

    def commit(run: str, late: int) -> tuple[Path, subprocess.CompletedProcess[str]]:
        file = killed_commit.candidate(home, run)
        call = [*python, "commit", str(home), lake.catalog, lake.data, str(file), str(late)]
        return file, subprocess.run(call, capture_output=True, text=True)

    file, whole = commit("whole", -1)
    took = float(whole.stdout.split()[-1]) * 1000
    publish.publish(home, file, 2)
    begun, committed = publish.generation(home), 0
    readers = [
        subprocess.Popen(
            [*python, "read", lake.catalog, lake.data], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        for number in range(20):
            run = f"killed{number:02}"
            file, ended = commit(run, int(took * 2 * number / 19))
            assert ended.returncode == -9, ended.stderr
            with catalog.opened(lake) as connection:
                now = catalog.head(connection)
            if now is not None and now.run_id == run:
                publish.publish(home, file, 2)
                committed += 1
            assert keeping.differences(lake, home) == []
    finally:
        for reader in readers:
            reader.terminate()
    reads = [line.split() for reader in readers for line in reader.communicate()[0].splitlines()]
    assert len(reads) > 40
    of_one = [str(killed_commit.ROWS), str(killed_commit.ROWS), "0"]
    for generation, _, *told in reads:
        assert told == [generation, *of_one], "of one generation, not of two, and all of it"
    assert publish.generation(home) == begun + committed
    print(
        f"{committed} of 20 were committed before they were killed; {len(reads)} reads, all whole"
    )
    left = keeping.orphans(lake, young=True)
    assert sorted(keeping.clean(lake, young=True)) == sorted(left)
    assert keeping.orphans(lake, young=True) == []
    assert keeping.differences(lake, home) == []


def test_postgres_started_anew_amid_a_commit_is_waited_for(
    lake: Lake, postgres: Postgres, tmp_path: Path
) -> None:
    put(lake, tmp_path, "one", 1)
    with publish.lock(tmp_path), session.writing(lake):
        candidate = killed_commit.candidate(tmp_path, "two")
        restart = threading.Thread(target=_restarted, args=[postgres])
        restart.start()
        commits.commit(lake, tmp_path, candidate)
        publish.publish(tmp_path, candidate, 3)
        restart.join()
    assert keeping.status(lake)["run_id"].to_list() == ["one", "two"]
    assert keeping.differences(lake, tmp_path) == []


def _restarted(postgres: Postgres) -> None:
    for _ in range(3):
        time.sleep(0.15)
        postgres.stop()
        time.sleep(0.3)
        postgres.start()


def test_tidied_it_reads_the_same_from_fewer_files(lake: Lake, tmp_path: Path) -> None:
    for run in ("one", "two", "three", "four"):
        put(lake, tmp_path, run, 1 + len(run) % 3)
    before = keeping.size(lake)[0]
    done = keeping.tidy(lake, 2, young=True)
    assert done.snapshots and done.removed
    assert keeping.size(lake)[0] < before
    assert keeping.status(lake)["generation"].to_list() == [3, 4]
    assert keeping.differences(lake, tmp_path) == []
    faces.bring_up(lake, settings(lake), tmp_path / "old", generation=3)
    assert publish.published_run(tmp_path / "old") == "three"
    assert keeping.differences(lake, tmp_path / "old") == []
    assert put(lake, tmp_path, "five") == 5
    assert keeping.differences(lake, tmp_path) == []


def test_the_same_migrations_bring_a_lake_up(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(lake, tmp_path, "one", 1)
    later = migrate.Migration(
        len(migrate.migrations()) + 1, "later", "CREATE TABLE later (a BIGINT NOT NULL);"
    )
    known = (*migrate.migrations(), later)
    monkeypatch.setattr(migrate, "migrations", lambda: known)
    put(lake, tmp_path, "two", 2)
    with catalog.opened(lake) as connection:
        assert connection.table("lake.main.later").columns == ["a"]
    monkeypatch.undo()
    with pytest.raises(NewerWarehouse, match="newer"):
        of_a_run.check(settings(lake))
    with pytest.raises(NewerWarehouse):
        faces.bring_up(lake, settings(lake), tmp_path / "old")


def test_what_is_not_there_is_told_before_any_work(
    lake: Lake, postgres: Postgres, tmp_path: Path
) -> None:
    def told(catalog_of: str, data: str) -> str:
        with pytest.raises(NotReady) as refused:
            of_a_run.check(settings(Lake(catalog_of, data)))
        return str(refused.value)

    of_a_run.check(settings(lake))
    with pytest.raises(NoLake, match="nothing was committed to it yet"):
        faces.bring_up(lake, settings(lake), tmp_path / "none")
    put(lake, tmp_path / "record", "one", 1)
    assert "make that database (createdb)" in told(postgres.url("nowhere"), lake.data)
    assert "start Postgres" in told("postgres://lake@127.0.0.1:9/lake", lake.data)
    assert "is not where this lake's files lie" in told(lake.catalog, str(tmp_path / "elsewhere"))
    assert "cannot be made" in told(postgres.create("fresh"), "/proc/lake")
    for sqlite in ("sqlite:/tmp/catalog.sqlite", "/tmp/catalog.ducklake"):
        with pytest.raises(ValueError, match="a writer locks out who reads"):
            settings(Lake(sqlite, lake.data))


def test_a_face_of_the_last_months_has_whole_statements(lake: Lake, tmp_path: Path) -> None:
    told = record.tables("one", (*record.ARTICLES, record.AGAIN))
    with publish.lock(tmp_path):
        candidate = building.build(tmp_path, told, run_id="one")
        commits.commit(lake, tmp_path, candidate)
        publish.publish(tmp_path, candidate, 3)
    recent = tmp_path / "recent"
    assert faces.bring_up(lake, settings(lake), recent, months=1) == (1, True)
    assert faces.bring_up(lake, settings(lake), recent, months=1) == (1, False)
    assert [str(problem) for problem in verify(recent)] == []
    faces.bring_up(lake, settings(lake), recent)
    assert rows(recent) == rows(tmp_path)

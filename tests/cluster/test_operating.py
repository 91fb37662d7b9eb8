"""What an operator calls: the doctor, the commands of the lake, the upkeep on its schedule, faces that follow."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from onrecord.warehouse import migrate
from onrecord.warehouse.asking.query import query_file
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.database import writer
from onrecord.warehouse.lake import commits, faces, keeping
from onrecord.warehouse.lake.catalog import Lake
from onrecord.warehouse.publishing import publish
from tests.cluster.conftest import written
from tests.cluster.lakes import put, settings
from tests.cluster.postgres import Postgres
from tests.support import record
from tests.support.command import ONRECORD, environment, onrecord
from tests.support.server import run_of, until

RECORDS = Path(__file__).parents[1] / "fixtures" / "records"


@pytest.fixture
def config(lake: Lake, tmp_path: Path) -> str:
    """A config.yaml that names a lake."""
    told = {"store": "ducklake", "catalog": lake.catalog, "data": lake.data, "keep_snapshots": 2}
    return written(tmp_path / "config.yaml", publish=told)


def test_the_doctor_finds_each_part_well_or_says_how_to_mend_it(
    everything: Callable[[Path], tuple[str, Lake]],
    postgres: Postgres,
    tmp_path: Path,
    server: str,
    news: Path,
) -> None:
    config, lake = everything(tmp_path)
    home = tmp_path / "record"
    well = onrecord("-c", config, "doctor", str(news), warehouse=home, server=server).stdout
    told = " ".join(well.split())
    assert "store of parts s3://onrecord/parts: written, listed, read and removed" in told
    assert "Ray cluster 2 nodes, 2 processors for batches" in told
    assert f"lake {lake.shown} can be written, and is empty" in told
    assert "to mend" not in told
    broken = written(
        tmp_path / "broken.yaml",
        workers={"engine": "ray", "address": "127.0.0.1:9"},
        parts={"at": "s3://nowhere/parts"},
        publish={"store": "ducklake", "catalog": postgres.url("nowhere"), "data": lake.data},
    )
    ill = onrecord(
        "-c", broken, "doctor", str(news), warehouse=home, server=server, expect=1
    ).stdout
    told = " ".join(ill.split())
    assert told.count("to mend") == 3
    assert "to mend: make the bucket, or name another in parts.at" in told
    assert "to mend: `ray start --head` on one machine" in told
    assert "to mend: make that database (createdb), or mend publish.catalog" in told


def test_the_doctor_tells_what_is_in_a_lake_and_that_it_is_too_new(
    config: str,
    lake: Lake,
    tmp_path: Path,
    server: str,
    news: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = tmp_path / "record"
    put(lake, home, "one", 1)
    put(lake, home, "two", 2)
    told = onrecord("-c", config, "doctor", str(news), warehouse=home, server=server).stdout
    assert "generation 2, 2 kept," in " ".join(told.split())
    later = migrate.Migration(99, "later", "CREATE TABLE later (a BIGINT NOT NULL);")
    known = (*migrate.migrations(), later)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(migrate, "migrations", lambda: known)
        put(lake, tmp_path / "newer", "three", 3)
    ill = onrecord(
        "-c", config, "doctor", str(news), warehouse=home, server=server, expect=1
    ).stdout
    assert "by a newer OnRecord" in " ".join(ill.split())


def test_the_commands_of_a_lake(config: str, lake: Lake, tmp_path: Path, server: str) -> None:
    home, other = tmp_path / "record", tmp_path / "other"
    for number, run in enumerate(("one", "two", "three"), 1):
        put(lake, home, run, number)

    def lakes(*words: str, at: Path = home, expect: int = 0) -> str:
        done = onrecord("-c", config, *words, warehouse=at, server=server, expect=expect)
        return done.stdout + done.stderr

    def generations() -> list[int]:
        return [row["generation"] for row in json.loads(lakes("lake", "status", "--json"))]

    assert generations() == [1, 2, 3]
    assert "files," in lakes("lake", "status")
    assert "generation 2 is published" in lakes("lake", "face", "2", at=other)
    assert "generation 2 stands already" in lakes("lake", "face", "2", at=other)
    assert publish.stamp(publish.require(other)) == (2, "two")
    assert "verified" in lakes("lake", "verify", at=other)
    assert "there are: 1, 2, 3" in lakes("lake", "face", "7", at=other, expect=1)
    assert "leave the number out" in lakes("lake", "face", "2", "--every", "1", expect=2)

    assert "generation 1 is published, in the lake as here" in lakes("rollback", "1")
    assert generations() == [1, 2, 3, 1]
    assert publish.stamp(publish.require(home)) == (1, "one")
    assert verify(home) == [] and "verified" in lakes("lake", "verify")

    orphan = Path(lake.data) / "main" / "articles" / "ducklake-nobody.parquet"
    orphan.write_bytes(b"what a killed commit leaves")
    assert "none: every file is of a snapshot, or younger" in lakes("lake", "clean")
    assert orphan.name in lakes("lake", "clean", "--young") and orphan.exists()
    assert orphan.name in lakes("lake", "clean", "--young", "--remove") and not orphan.exists()

    # The first one of every lake holds nothing.
    assert "3 snapshots let go" in lakes("lake", "tidy")
    assert generations() == [3, 1]
    assert keeping.differences(lake, home) == []

    file = publish.require(home)
    file.chmod(0o644)
    with writer(file) as connection:
        connection.execute("UPDATE articles SET title = 'another'")
    assert "1 table(s) differ" in lakes("lake", "verify", expect=1)
    no_lake = written(tmp_path / "alone.yaml")
    done = onrecord("-c", no_lake, "lake", "status", warehouse=home, server=server, expect=2)
    assert "there is no lake; docs/cluster.md" in done.stderr


@contextmanager
def staying(*words: str, home: Path, server: str) -> Iterator[Path]:
    """A command that stays until stopped; what it prints."""
    told = home.parent / f"{words[-1]}.told"
    with told.open("w") as output:
        process = subprocess.Popen(
            [ONRECORD, "-w", str(home), *words],
            stdout=output,
            stderr=output,
            cwd=home.parent,
            env=environment(server),
        )
    try:
        yield told
        assert process.poll() is None, told.read_text()
    finally:
        process.terminate()
        process.wait(60)


def test_the_upkeep_is_a_deployment_that_tidies(
    config: str, lake: Lake, tmp_path: Path, server: str
) -> None:
    home = tmp_path / "record"
    for number, run in enumerate(("one", "two", "three"), 1):
        put(lake, home, run, number)
    with staying("-c", config, "serve", home=home, server=server):
        deployment, ended = run_of(server, "lake-upkeep")
        assert [each["schedule"]["cron"] for each in deployment["schedules"]] == ["30 3 * * 0"]
    assert ended["type"] == "COMPLETED", ended
    assert "2 snapshots let go" in ended["message"]
    assert keeping.status(lake)["generation"].to_list() == [2, 3]


def test_a_face_follows_from_an_empty_lake_on_whatever_goes_away_meanwhile(
    config: str, lake: Lake, postgres: Postgres, tmp_path: Path, server: str
) -> None:
    home, face = tmp_path / "record", tmp_path / "face"
    follow = ("-c", config, "lake", "face", "--every", "0.02")
    with staying(*follow, home=face, server=server) as told:
        until(lambda: "nothing was committed to it yet" in told.read_text())
        put(lake, home, "one", 1)
        until(lambda: publish.generation(face) == 1)
        postgres.stop()
        until(lambda: "cannot be opened" in told.read_text())
        postgres.start()
        put(lake, home, "two", 2)
        until(lambda: publish.generation(face) == 2)
    assert keeping.differences(lake, face) == []
    assert told.read_text().count("nothing was committed") == 1, "said once"


def test_a_generation_from_before_a_migration_is_read_and_rolled_back_to(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, old = tmp_path / "record", tmp_path / "old"
    put(lake, home, "one", 1)
    later = migrate.Migration(99, "later", "CREATE TABLE later (a BIGINT NOT NULL);")
    known = (*migrate.migrations(), later)
    monkeypatch.setattr(migrate, "migrations", lambda: known)
    put(lake, home, "two", 2)
    faces.bring_up(lake, settings(lake), old, generation=1)
    assert publish.stamp(publish.require(old)) == (1, "one")
    assert query_file(publish.require(old), "SELECT title FROM articles").rows() == [
        (record.ARTICLES[0]["title"],)
    ]
    assert query_file(publish.require(old), "FROM later").is_empty()
    commits.roll_back(lake, 1)
    with publish.lock(home):
        faces.follow(settings(lake), home)
    assert publish.stamp(publish.require(home)) == (1, "one")
    assert verify(home) == [] and keeping.differences(lake, home) == []
    put(lake, home, "three", 3)
    assert publish.generation(home) == 3
    assert keeping.differences(lake, home) == []


@pytest.mark.parametrize("version", ["0.1.0", "0.3.0"])
def test_a_record_of_an_older_version_goes_into_a_lake_whole(
    version: str, config: str, lake: Lake, tmp_path: Path, server: str
) -> None:
    with tarfile.open(RECORDS / f"{version}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    home = tmp_path / "record"
    had = query_file(publish.require(home), "SELECT article_id, text FROM articles")
    assert had.height
    said = "“The slip is too steep for my van,” said Sunniva Dahl, a baker."
    with (tmp_path / "news" / "wire.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": said, "outlet": "Coast Wire"}) + "\n")
    process = subprocess.run(
        [ONRECORD, "-w", str(home), "-c", config, "run", "-q", "news"],
        cwd=tmp_path,
        env=environment(server),
        capture_output=True,
        text=True,
    )
    assert process.returncode in (0, 3), process.stderr
    assert keeping.differences(lake, home) == []
    face = tmp_path / "face"
    onrecord("-c", config, "lake", "face", warehouse=face, server=server)
    assert verify(face) == []
    there = query_file(publish.require(face), "SELECT article_id, text FROM articles")
    assert had.join(there, on=had.columns, how="anti").is_empty()
    assert there.height == had.height + 1

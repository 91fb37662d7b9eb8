"""Whatever cannot be used is told before any work, with what to do, and the exit code of docs/cluster.md."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onrecord.warehouse import migrate
from onrecord.warehouse.lake import session
from onrecord.warehouse.lake.catalog import Lake
from tests.cluster.bucket import Bucket
from tests.cluster.conftest import written
from tests.cluster.lakes import put
from tests.cluster.postgres import Postgres
from tests.cluster.raylets import Raylets
from tests.cluster.running import Running

NOBODY = "127.0.0.1:9"


class Place(NamedTuple):
    """What a config.yaml may name."""

    bucket: Bucket
    postgres: Postgres
    lake: Lake
    record: Path
    patch: pytest.MonkeyPatch


Sections = dict[str, Any]


class Refused(NamedTuple):
    """The settings, the exit code, and what is said."""

    named: Callable[[Place], Sections]
    code: int
    words: str
    remedy: str
    switches: tuple[tuple[str, str], ...] = ()


def a_lake(place: Place, catalog: str | None = None, data: str | None = None) -> Sections:
    """A lake, of which a part is another than it should be."""
    told = {"catalog": catalog or place.lake.catalog, "data": data or place.lake.data}
    return {"publish": {"store": "ducklake", **told}}


def on_s3(place: Place) -> Sections:
    return a_lake(place, data="s3://onrecord/lake-refused")


def parts(place: Place) -> Sections:
    return {"parts": {"at": place.bucket.address}}


def as_it_is(sections: Sections) -> Callable[[Place], Sections]:
    return lambda _: sections


def nodes(address: str) -> Callable[[Place], Sections]:
    return as_it_is({"workers": {"engine": "ray", "address": address}})


def of_another_user(place: Place) -> Sections:
    return a_lake(place, place.postgres.create("guarded"))


def of_a_newer_version(place: Place) -> Sections:
    known = migrate.migrations()
    later = migrate.Migration(len(known) + 1, "later", "CREATE TABLE later (a BIGINT NOT NULL);")
    with place.patch.context() as meanwhile:
        meanwhile.setattr(migrate, "migrations", lambda: (*known, later))
        put(place.lake, place.record.parent / "elsewhere", "one")
    return a_lake(place)


def of_another_record(place: Place) -> Sections:
    put(place.lake, place.record.parent / "elsewhere", "one")
    put(Lake(place.postgres.create("other"), place.lake.data + "-other"), place.record, "two")
    return a_lake(place)


def of_a_reader(place: Place) -> Sections:
    database = place.lake.catalog.rpartition("/")[2]
    return a_lake(place, place.postgres.create_for("passer_by", database))


def of_a_reader_of_what_is_there(place: Place) -> Sections:
    put(place.lake, place.record.parent / "elsewhere", "one")
    database = place.lake.catalog.rpartition("/")[2]
    return a_lake(place, place.postgres.create_for("reader", database))


def moved(place: Place) -> Sections:
    put(place.lake, place.record.parent / "elsewhere", "one")
    return a_lake(place, data=place.lake.data + "-moved")


RIGHTS = "the keys need the rights to put, get, list and delete objects"
REGION = ("region", "eu-central-1")
REFUSED = {
    "parts: may only read": Refused(parts, 2, "AccessDenied", RIGHTS, (("read-only", ""),)),
    "parts: may not list": Refused(parts, 2, "AccessDenied", RIGHTS, (("unlisted", ""),)),
    "parts: may not delete": Refused(parts, 2, "AccessDenied", RIGHTS, (("undeletable", ""),)),
    "parts: keys of nobody": Refused(
        parts, 2, "InvalidAccessKeyId", "set AWS_ACCESS_KEY_ID and", (("keys", ""),)
    ),
    "parts: full": Refused(
        parts,
        2,
        "InsufficientStorage",
        "make room in the bucket, or name another in parts.at",
        (("full", ""),),
    ),
    "parts: region": Refused(parts, 2, "AuthorizationHeader", "set AWS_REGION", (REGION,)),
    "parts: no bucket": Refused(
        as_it_is({"parts": {"at": "s3://nowhere/parts"}}),
        2,
        "NoSuchBucket",
        "make the bucket, or name another in parts.at",
    ),
    "parts: not to be written": Refused(
        as_it_is({"parts": {"at": "/proc/parts"}}), 2, "/proc/parts", "name another in parts.at"
    ),
    "lake: may only read": Refused(on_s3, 2, "AccessDenied", RIGHTS, (("read-only", ""),)),
    "lake: full": Refused(
        on_s3,
        2,
        "InsufficientStorage",
        "make room in the bucket, or name another in publish.data",
        (("full", ""),),
    ),
    "lake: region": Refused(on_s3, 2, "AuthorizationHeader", "set AWS_REGION", (REGION,)),
    "lake: no bucket": Refused(
        partial(a_lake, data="s3://nowhere/lake"),
        2,
        "NoSuchBucket",
        "make the bucket, or name another in publish.data",
    ),
    "lake: not to be written": Refused(
        partial(a_lake, data="/proc/lake"), 2, "/proc/lake cannot be made", "name another"
    ),
    "lake: files elsewhere": Refused(
        moved, 2, "cannot be opened", "publish.data is not where this lake's files lie"
    ),
    "catalog: nobody there": Refused(
        partial(a_lake, catalog=f"postgres://lake@{NOBODY}/lake"),
        2,
        "cannot be reached",
        "start Postgres, or mend publish.catalog",
    ),
    "catalog: no database": Refused(
        lambda place: a_lake(place, place.postgres.url("nowhere")),
        2,
        '"nowhere" does not exist',
        "make that database (createdb)",
    ),
    "catalog: no password": Refused(
        of_another_user, 2, "cannot be reached", "give PGPASSWORD, or a line in ~/.pgpass"
    ),
    "catalog: may not write": Refused(
        of_a_reader, 2, "may read the catalog", "must own the database"
    ),
    "catalog: may only read": Refused(
        of_a_reader_of_what_is_there, 2, "may read the catalog", "must own the database"
    ),
    "lake: newer": Refused(of_a_newer_version, 1, "by a newer OnRecord", "upgrade OnRecord"),
    "lake: of another record": Refused(
        of_another_record, 1, "is not the one in the lake", "name another --warehouse"
    ),
    "cluster: nobody there": Refused(
        nodes(NOBODY), 2, f"no Ray cluster at {NOBODY}", "`ray start --head` on one machine"
    ),
    "address: a Ray client's": Refused(
        nodes("ray://head:10001"), 2, "workers.address", "host:port"
    ),
    "address: no scheme of parts": Refused(
        as_it_is({"parts": {"at": "ftp://there/parts"}}),
        2,
        "parts.at",
        "s3://, gs://, az:// or a folder",
    ),
    "address: a key in it": Refused(
        as_it_is({"parts": {"at": "s3://key:rosebud@bucket/parts"}}),
        2,
        "parts.at",
        "keys stand in the environment alone",
    ),
    "address: a password in it": Refused(
        partial(a_lake, catalog="postgres://me:rosebud@db/lake"),
        2,
        "publish.catalog",
        "the password stands in PGPASSWORD",
    ),
    "address: no port": Refused(
        partial(a_lake, catalog="postgres://lake@db:99999/lake"),
        2,
        "publish.catalog",
        "Port out of range",
    ),
    "address: no database": Refused(
        partial(a_lake, catalog="postgres://lake@db"),
        2,
        "publish.catalog",
        "postgres://user@host/database",
    ),
    "address: a file as catalog": Refused(
        partial(a_lake, catalog="sqlite:/tmp/lake.sqlite"),
        2,
        "publish.catalog",
        "a catalog is postgres://user@host/database",
    ),
    "address: a lake on a folder from nowhere": Refused(
        partial(a_lake, data="lake"), 2, "publish.data", "a folder named from its root"
    ),
}


@pytest.fixture
def place(
    bucket: Bucket,
    postgres: Postgres,
    lake: Lake,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    yield Place(bucket, postgres, lake, tmp_path / "record", monkeypatch)
    bucket.heal()


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_told_before_any_work(name: str, place: Place, news: Path, server: str) -> None:
    refused = REFUSED[name]
    config = written(place.record.parent / "config.yaml", **refused.named(place))
    before = sorted(place.record.rglob("*"))
    for switch in refused.switches:
        place.bucket.switch(*switch)
    told = Running(config, news, place.record, server).ended(refused.code)
    print(told)
    assert refused.words in told
    assert refused.remedy in told
    assert "rosebud" not in told and "Traceback" not in told
    assert sorted(place.record.rglob("*")) in ([], before), "nothing was begun"


def hide(name: str) -> None:
    """Have a package be one that is not installed, in a process that begins."""
    sys.modules[name] = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("package", "named"),
    [
        ("ray", nodes(NOBODY)),
        ("obstore", parts),
        ("obstore", on_s3),
        ("asyncpg", a_lake),
        ("duckdb_extension_ducklake", a_lake),
        ("duckdb_extension_postgres_scanner", a_lake),
    ],
)
def test_what_is_not_installed_is_named(
    package: str, named: Callable[[Place], Sections], place: Place, news: Path, server: str
) -> None:
    config = written(place.record.parent / "config.yaml", **named(place))
    run = Running(config, news, place.record, server, deeds=[partial(hide, package)])
    told = run.ended(2)
    print(told)
    assert "pip install 'onrecord[cluster]'" in told and "Traceback" not in told
    assert not place.record.exists() or not list(place.record.iterdir())


def test_a_second_writer_is_told_who_writes(place: Place, news: Path, server: str) -> None:
    config = written(place.record.parent / "config.yaml", **a_lake(place))
    with session.writing(place.lake):
        told = Running(config, news, place.record, server).ended(4)
    assert "is being written by onrecord" in told and "try again later" in told
    assert not list((place.record / "runs").glob("*"))


def test_a_node_that_could_not_work_is_named(
    place: Place, news: Path, server: str, raylets: Raylets
) -> None:
    """Its keys are those of the environment in which it was started, and not those of the flow."""
    config = written(
        place.record.parent / "config.yaml",
        workers={"engine": "ray", "address": raylets.address},
        parts={"at": "s3://onrecord/of-the-flow"},
    )
    stranger = raylets.add(AWS_ENDPOINT_URL=f"http://{NOBODY}")
    try:
        told = Running(config, news, place.record, server).ended(2)
    finally:
        stranger.kill()
    assert "cannot read and write s3://onrecord/of-the-flow" in told
    assert "its keys are those of `ray start`'s environment" in told
    assert not (place.record / "runs").exists()

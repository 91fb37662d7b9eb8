"""Records made by every released version: read as they are, carried forward by the next run, nothing of them lost."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse import quarantine, upgrade
from onrecord.warehouse.asking.query import query, query_file
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.checking.verify import verify, verify_file
from onrecord.warehouse.errors import NewerWarehouse, OtherVersion, PublishError
from onrecord.warehouse.migrate import migrations
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import snapshot
from tests.support.command import onrecord

RECORDS = sorted((Path(__file__).parents[1] / "fixtures" / "records").glob("*.tar.xz"))
LEDGER = ("runs", "rejects")
"""Tables whose rows a later run may say more of."""
PARTED = {"statement_repeats", "themes", "theme_members"}
"""Tables of what is gathered from others, of which a run names the rows that go."""


@pytest.fixture(params=RECORDS, ids=lambda path: path.name.removesuffix(".tar.xz"))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder of a record that a released version left, with its sources beside it in news/."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    home = tmp_path / "record"
    (home / "onrecord.duckdb").chmod(0o444)
    return home


def rows(file: Path, table: str) -> pl.DataFrame:
    """What the file itself holds of a table, sorted."""
    found = query_file(file, f"FROM {table}")
    return found.sort(CONTRACTS[table].key) if found.height else found


def test_there_is_a_record_of_the_first_version() -> None:
    assert RECORDS[0].name == "0.1.0.tar.xz"


def test_an_old_record_is_carried_forward_and_nothing_of_it_is_lost(old: Path, server: str) -> None:
    before = publish.require(old).with_name("before.duckdb")
    before.write_bytes(publish.require(old).read_bytes())
    quotations = rows(before, "quotations").height
    assert quotations >= 4
    assert quarantine.rejects(old).height == 2
    said = "“The slip is too steep for my van,” said Sunniva Dahl, a baker."
    with (old.parent / "news" / "wire.jsonl").open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"text": said, "outlet": "Coast Wire"}) + "\n")
    # Where nothing was kept of what was refused, nobody can tell that it is the same.
    kept_what = "payload" in rows(before, "rejects").columns
    onrecord("run", "news", warehouse=old, server=server, expect=0 if kept_what else 3)
    assert verify(old) == []
    # What a generation makes whole is no loss, nor what it parts anew, nor what there were no tables for.
    there = set(query_file(before, "SHOW TABLES")["name"]) - PARTED
    for table in (name for name in CONTRACTS if name in there and not CONTRACTS[name].replaced):
        had = rows(before, table)
        if had.is_empty():
            continue
        key = list(CONTRACTS[table].key)
        told = key if table in LEDGER else [c for c in key if c in had.columns]
        now = rows(publish.require(old), table)
        lost = had.join(now, on=told, how="anti")
        assert lost.is_empty(), f"{table}: {lost}"
    kept = ["quotation_id", "article_id", "start", "end", "text", "content", "utterance_id"]
    was, there = rows(before, "quotations"), rows(publish.require(old), "quotations")
    assert there.join(was.select(kept), on=kept, how="semi").height == quotations
    assert there.height == quotations + 1
    assert query(old, "SELECT max(version) AS v FROM schema_migrations").item() == len(migrations())
    # Refused then and refused now is one open reject, and what was refused by the old version has kept its place.
    assert sorted(quarantine.rejects(old)["reason"]) == ["no_quotation", "not_json"]
    settled = quarantine.rejects(old, settled=True)["resolution"].to_list()
    assert settled.count("repeated") == (0 if kept_what else 2)


def test_an_old_record_is_carried_forward_though_nothing_is_new(old: Path, server: str) -> None:
    behind = upgrade.is_behind(old)
    assert behind == ("behind" in {problem.check for problem in verify(old)})
    before = rows(publish.require(old), "quotations")
    kept_what = "payload" in rows(publish.require(old), "rejects").columns
    onrecord("run", "news", warehouse=old, server=server, expect=0 if kept_what else 3)
    assert publish.generation(old) == 1 + behind
    # A newer version may hold more of each than the old one did.
    assert rows(publish.require(old), "quotations").select(before.columns).equals(before)
    assert not list((old / "work").iterdir())
    assert not upgrade.is_behind(old)
    assert {problem.check for problem in verify(old)} <= {"kept"}


def test_an_old_record_is_searched_or_it_is_said_why_not(old: Path) -> None:
    # A rollback leads back to one, too.
    words, like = query(old, "SELECT text, embedding FROM utterances ORDER BY text LIMIT 1").row(0)
    for vector in (None, list(like)):
        if query(old, "SELECT max(version) FROM schema_migrations").item() > 1:
            assert search(old, words, vector).height > 0
        else:
            with pytest.raises(OtherVersion, match="the next `onrecord run` carries it forward"):
                search(old, words, vector)


@pytest.mark.parametrize("old", RECORDS[:1], indirect=True, ids=["0.1.0"])
def test_wordings_are_added_to_those_of_an_old_record_in_one_go(old: Path) -> None:
    held = query_file(publish.require(old), "FROM utterances")
    more = held.with_columns(model=pl.lit("another"))
    publish.publish(old, building.build(old, {"utterances": more}, run_id="later"), 3)
    assert query(old, "SELECT count(*) FROM utterances").item() == 2 * held.height


@pytest.mark.parametrize("old", RECORDS[:1], indirect=True, ids=["0.1.0"])
def test_an_old_record_that_is_damaged_is_not_carried_forward(old: Path) -> None:
    file = publish.require(old)
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE quotations SET text = text || '!'")
    file.chmod(0o444)
    with pytest.raises(PublishError, match=r"older version and cannot be carried forward: quota"):
        upgrade.carry_forward(old, 3, "1GB")
    assert publish.generation(old) == 1


def test_a_record_of_a_newer_version_is_refused_with_a_clear_word(old: Path) -> None:
    file = publish.require(old)
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "INSERT INTO schema_migrations VALUES (999, 'later', 'x', now()::TIMESTAMP)"
        )
    with pytest.raises(NewerWarehouse, match=r"newer OnRecord .*upgrade OnRecord, or give another"):
        snapshot(old, old.parent / "known")
    (problem, *_) = verify_file(file)
    assert problem.check == "migrations"
    done = onrecord("run", "news", warehouse=old, server=None, expect=1)
    assert "newer OnRecord" in done.stderr
    asked = onrecord("sql", "SELECT 1 AS one", "--json", warehouse=old, server=None)
    assert json.loads(asked.stdout) == [{"one": 1}]
    assert "answered, but the warehouse was written by a newer OnRecord" in asked.stderr
    assert publish.generation(old) == 1

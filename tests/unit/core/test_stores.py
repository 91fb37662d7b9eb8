"""Parts in a store: written whole, read by others, held against their hashes, done again where they are not whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from onrecord.pipeline.core.configuration import SettingsError, load_settings
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import Damaged, StageFolder, Tally
from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.rejects import marked
from onrecord.pipeline.core.settings import WorkerSettings
from onrecord.pipeline.core.stores import Store
from onrecord.pipeline.stages.workplace import AGAIN, REFUSED, Workplace


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def rows(number: int) -> pl.DataFrame:
    return CONTRACTS["rejects"].conform(
        pl.DataFrame(
            {
                "run_id": ["r1"] * number,
                "stage": "clean",
                "source": [f"{at}.txt" for at in range(number)],
                "place": None,
                "reason": "too_slow",
                "detail": "it was",
                "article_id": None,
            }
        )
    )


def of(store: Store, folder: Path) -> StageFolder:
    """The same stage, as one machine sees it."""
    return StageFolder(folder, "clean", store)


def written(store: Store, folder: Path) -> StageFolder:
    there = of(store, folder)
    for batch in range(3):
        there.write("rejects", batch, rows(batch + 1))
        there.finish_batch(batch, Tally(batch + 1, rejected=batch + 1))
    return there


def test_what_one_machine_writes_another_reads_whole(store: Store, tmp_path: Path) -> None:
    written(store, tmp_path / "worker")
    here = of(store, tmp_path / "flow")
    assert here.batches() == [0, 1, 2]
    assert here.read("rejects").height == 6
    assert [path.parent for path in here.paths("rejects")] == [tmp_path / "flow" / "clean"] * 3
    assert of(store, tmp_path / "third").part("rejects", 1).equals(rows(2))
    here.finish(Tally(6, rejected=6))
    assert of(store, tmp_path / "third").done() == Tally(6, rejected=6)
    assert here.done() == Tally(6, rejected=6)


def test_a_part_without_its_manifest_is_not_there(store: Store, tmp_path: Path) -> None:
    killed = of(store, tmp_path / "killed")
    killed.write("rejects", 0, rows(2))
    here = of(store, tmp_path / "flow")
    assert here.batch(0) is None
    assert here.batches() == here.paths("rejects") == []


@pytest.mark.parametrize("harm", ["other", "cut", "gone"])
def test_a_part_that_is_not_what_was_put_is_done_again(
    harm: str, store: Store, tmp_path: Path
) -> None:
    there = written(store, tmp_path / "worker")
    name = "clean/rejects-00001.parquet"
    whole = store.get(name)
    if harm == "gone":
        store.remove("clean/rejects-00001.parquet")
        (tmp_path / "store" / name).unlink(missing_ok=True)
    else:
        store.put(name, whole[:-9] if harm == "cut" else rows(5).write_ipc(None).getvalue())
    assert of(store, tmp_path / "flow").batch(0) is not None
    assert of(store, tmp_path / "flow").batch(1) is None
    with pytest.raises((Damaged, FileNotFoundError)):
        of(store, tmp_path / "other").read("rejects")
    there.write("rejects", 1, rows(2))
    there.finish_batch(1, Tally(2, rejected=2))
    assert of(store, tmp_path / "other").read("rejects").height == 6


def test_a_damaged_copy_is_fetched_again(store: Store, tmp_path: Path) -> None:
    written(store, tmp_path / "worker")
    here = of(store, tmp_path / "flow")
    (path, *_) = here.paths("rejects")
    path.write_bytes(b"")
    assert here.batch(0) == Tally(1, rejected=1)
    assert pl.read_parquet(path).height == 1


def test_clearing_takes_away_what_is_there_and_here(store: Store, tmp_path: Path) -> None:
    place = Workplace(tmp_path / "flow", "r1", parts=store.address)
    other = Workplace(tmp_path / "flow", "r2", parts=store.address)
    for one in (place, other):
        one.stage("clean").write("rejects", 0, rows(1))
        one.stage("clean").finish_batch(0, Tally(1))
    place.clear()
    assert not place.folder.exists()
    assert {name.partition("/")[0] for name in store.names()} == {"r2"}


def test_what_cluster_makes_stays_on_its_machine(store: Store, tmp_path: Path) -> None:
    place = Workplace(tmp_path / "flow", "r1", parts=store.address)
    place.stage("cluster").write("rejects", 0, rows(1))
    place.stage("cluster").finish(Tally(1))
    assert store.names() == []


def test_workers_are_told_what_was_refused_before(store: Store, tmp_path: Path) -> None:
    here = Workplace(tmp_path / "flow", "r1", parts=store.address)
    here.known.mkdir(parents=True)
    marked(rows(2)).write_parquet(here.known / REFUSED)
    here.hand_out()
    there = Workplace(tmp_path / "worker", "r1", parts=store.address)
    there.take_in()
    assert there.refused_before().apart(rows(3))[1] == 2


def test_workers_are_told_what_a_run_puts_through_again(store: Store, tmp_path: Path) -> None:
    def answer(table: str, columns: Sequence[str], keys: pl.DataFrame | None, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        CONTRACTS[table].empty().select(columns).write_parquet(file)

    here = Workplace(tmp_path / "flow", "r1", answer, store.address)
    here.known.mkdir(parents=True)
    rows(1).write_parquet(here.known / AGAIN)
    here.hand_out()
    there = Workplace(tmp_path / "worker", "r1", parts=store.address)
    there.take_in()
    assert there.again() is not None
    assert there.known_frame("quotations", ("quotation_id",)).is_empty()
    # What cluster asks of the same table is asked of the record, and not of what went to the workers.
    assert here.known_frame("quotations", ("content",)).columns == ["content"]


def test_a_probe_leaves_nothing(store: Store) -> None:
    store.probe("parts.at")
    assert store.names() == []


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("PUT http://169.254.169.254/latest/api/token: 403 Forbidden", "set AWS_ACCESS_KEY_ID"),
        ("<Error><Code>AccessDenied</Code></Error>", "the rights to put, get, list"),
        ("<Error><Code>AuthorizationHeaderMalformed</Code></Error>", "set AWS_REGION"),
        ("status 507: <Code>XMinioStorageFull</Code>", "make room in the bucket"),
        ("error sending request", "AWS_ENDPOINT_URL"),
    ],
)
def test_each_refusal_says_what_to_do(
    said: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing:
        def put(self, *given: object, **told: object) -> None:
            raise OSError(said)

    monkeypatch.setattr("onrecord.pipeline.core.stores._connected", lambda *_: Refusing())
    with pytest.raises(NotReady, match=remedy):
        Store("s3://bucket/parts").probe("parts.at")


def test_a_store_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotReady, match="file/below"):
        Store(str(tmp_path / "file" / "below")).probe("parts.at")


@pytest.mark.parametrize(
    "at", ["s3://key:secret@bucket/x", "s3://bucket?X-Amz-Signature=abc", "parts", "ftp://x/y"]
)
def test_no_key_and_no_riddle_in_an_address(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_PARTS__AT", at)
    with pytest.raises(SettingsError, match=r"parts.at: (a bucket|a folder|parts lie)") as refused:
        load_settings()
    assert "secret" not in str(refused.value)
    assert "=abc" not in str(refused.value)


def test_an_engine_that_is_not_installed_says_what_to_install() -> None:
    script = (
        "import sys; sys.modules['ray'] = sys.modules['obstore'] = None\n"
        "from onrecord.pipeline.core.problems import NotReady\n"
        "from onrecord.flows.running import cluster\n"
        "from onrecord.pipeline.core.settings import WorkerSettings\n"
        "from onrecord.pipeline.core.stores import Store\n"
        "for ask in (lambda: cluster.connect(WorkerSettings(engine='ray')), lambda: Store('s3://a/b').probe('parts.at')):\n"
        "    try: ask()\n"
        "    except NotReady as error: print('onrecord[cluster]' in str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_an_address_of_a_cluster_is_a_host_and_a_port() -> None:
    assert WorkerSettings(engine="ray", address="head.internal:6379").address
    with pytest.raises(ValueError, match="address"):
        WorkerSettings(engine="ray", address="ray://head:10001")

"""Object storage: fsspec's file system in memory stands for one; what cannot be opened is a reject."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest

from onrecord.flows.running.runs import fingerprint
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.sources import find
from onrecord.pipeline.stages.ingest import ingest

TEXT = "“We bought the mill to keep it turning,” Pia Sandoval of the Torm trust told the paper."


@pytest.fixture
def store() -> Iterator[Any]:
    memory = fsspec.filesystem("memory")
    lines = "".join(json.dumps({"text": f"{TEXT} {at}"}) + "\n" for at in range(3))
    frame = pl.DataFrame({"text": [TEXT + " A table."], "outlet": ["Torm Herald"]})
    with memory.open("/press/2024/a.jsonl.gz", "wb") as file:
        file.write(gzip.compress(lines.encode()))
    with memory.open("/press/2024/b.parquet", "wb") as file:
        frame.write_parquet(file)
    memory.pipe("/press/note.txt", (TEXT + " A note.").encode())
    memory.pipe("/press/.hidden.txt", TEXT.encode())
    memory.pipe("/press/none.txt", b"")
    yield memory
    memory.rm("/press", recursive=True)


def run(*sources: str) -> tuple[list[tuple[str, str | None]], dict[str, str]]:
    batches = list(ingest(sources, IngestSettings(), "run"))
    articles = pl.concat(batch.articles for batch in batches).select("source", "place").rows()
    rejects = pl.concat(batch.rejects for batch in batches)
    return articles, dict(rejects.select("source", "reason").rows())


def test_a_folder_is_read_by_its_address_and_named_below_it(store: Any) -> None:
    articles, rejects = run("memory://press")
    assert articles == [
        ("2024/a.jsonl.gz", "line 1"),
        ("2024/a.jsonl.gz", "line 2"),
        ("2024/a.jsonl.gz", "line 3"),
        ("2024/b.parquet", "row 1"),
        ("note.txt", None),
    ]
    assert rejects == {"none.txt": "empty"}


def test_globs_single_objects_and_the_same_object_twice(store: Any) -> None:
    articles, rejects = run("memory://press/*/*.parquet", "memory://press/2024/b.parquet")
    assert (articles, rejects) == ([("2024/b.parquet", "row 1")], {})
    articles, _ = run("memory://press/note.txt")
    assert articles == [("note.txt", None)]


def test_a_file_address_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "a note.txt").write_text(TEXT, "utf-8")
    articles, _ = run(f"file://{tmp_path}/a%20note.txt")
    assert articles == [("a note.txt", None)]


@pytest.mark.parametrize(
    ("source", "name", "reason"),
    [
        ("memory://press/gone.txt", "press/gone.txt", "missing_path"),
        ("memory://press/*.csv", "press/*.csv", "missing_path"),
        ("noscheme://press/a", "press/a", "unknown_format"),
        ("simplecache::http://10.0.0.1/a", "10.0.0.1/a", "unknown_format"),
        ("s3://press/a", "press/a", "driver_missing"),
    ],
)
def test_what_cannot_be_read_is_a_reject_with_its_reason(
    store: Any, source: str, name: str, reason: str
) -> None:
    articles, rejects = run(source)
    assert (articles, rejects) == ([], {name: reason})


def test_an_error_of_the_driver_costs_one_object_and_tells_no_secret(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DroppedError(Exception):
        pass

    class File:
        def seekable(self) -> bool:
            return False

        def read(self, _: int) -> bytes:
            raise DroppedError("signature=abc")

        def close(self) -> None:
            pass

    opened = type(store).open
    monkeypatch.setattr(
        type(store),
        "open",
        lambda self, path, *args, **more: (
            File() if path.endswith("gz") else opened(self, path, *args, **more)
        ),
    )
    batches = list(ingest(["memory://press"], IngestSettings(), "run"))
    rejects = pl.concat(batch.rejects for batch in batches)
    assert sum(batch.articles.height for batch in batches) == 2
    assert "unreadable" in set(rejects["reason"])
    assert not rejects["detail"].str.contains("abc").any()


def test_a_changed_object_changes_the_fingerprint(store: Any) -> None:
    before = fingerprint(("memory://press",))
    assert fingerprint(("memory://press",)) == before
    store.pipe("/press/note.txt", b"Other words.")
    assert fingerprint(("memory://press",)) != before
    assert [found.name for found in find(["memory://press"])][-1] == "note.txt"

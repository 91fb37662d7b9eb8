"""A large record is searched by meaning in the lists that runs keep, and what is found is what a look at all finds."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from onrecord.pipeline.neighbours import Day, carry, keys_of
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse.asking import nearest, standing
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.looking.finding import find
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import snapshot
from onrecord.warehouse.shelf import nearness
from onrecord.warehouse.shelf.matching import Question
from onrecord.warehouse.shelf.reader import Reader
from tests.support import record


@pytest.fixture(scope="module")
def listed(repeating: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record with lists of its vectors, as a run keeps them."""
    home = shutil.copytree(repeating, tmp_path_factory.mktemp("listed") / "record")
    place = Workplace(home / "work" / "lists", "lists")
    snapshot(home, place.known)
    held = query(home, "FROM utterances ORDER BY utterance_id")
    vectors = np.array(held["embedding"].to_list(), np.float32)
    keys, kept = keys_of(held["utterance_id"]), place.segments("cluster")
    carry(kept, 0, Day(record.MODEL, keys, vectors), lambda: [(keys, vectors)])
    kept.write()
    folder = place.stage("cluster")
    tables = {name: folder.paths(name) for name in ("segments", "gone")}
    publish.publish(home, building.build(home, tables, run_id=record.RUN), 3)
    return home


ASKED: list[dict[str, Any]] = [
    {},
    {"speaker": "Ilse Marrow"},
    {"since": "2026-01-01", "until": "2026-12-31"},
    {"outlet": "Le Quai"},
    {"speaker": "nobody at all"},
]


@pytest.mark.parametrize("filters", ASKED, ids=str)
@pytest.mark.parametrize("words", ["", "bridge"])
@pytest.mark.parametrize("most", [0, 4_000], ids=["among", "all"])
def test_the_lists_find_what_a_look_at_all_finds(
    listed: Path, monkeypatch: pytest.MonkeyPatch, most: int, words: str, filters: dict[str, Any]
) -> None:
    vector = record.vector("The bridge will open in May.")
    whole = search(listed, words, vector, **filters)
    monkeypatch.setattr(nearest, "LARGE", 1)
    standing._kept_open.cache_clear()
    asked: list[int] = []
    ask = nearest._listed

    def counted(*told: Any) -> Any:
        asked.append(1)
        return ask(*told)

    monkeypatch.setattr(nearest, "_listed", counted)
    monkeypatch.setattr(nearest, "MOST", most)
    found = search(listed, words, vector, **filters)
    assert asked
    assert found.drop("score").equals(whole.drop("score"))
    assert np.allclose(found["score"], whole["score"], atol=1e-3)


def test_where_the_lists_are_damaged_or_gone_all_is_looked_at(
    listed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vector = record.vector("The bridge will open in May.")
    whole = search(listed, "bridge", vector)
    monkeypatch.setattr(nearest, "LARGE", 1)
    standing._kept_open.cache_clear()
    home = shutil.copytree(listed, tmp_path / "record")
    for file in (home / "segments").glob("neighbours-*"):
        file.chmod(0o644)
        file.write_bytes(file.read_bytes()[:40])
    assert search(home, "bridge", vector)["quotation_id"].equals(whole["quotation_id"])
    for file in (home / "segments").glob("neighbours-*"):
        file.unlink()
    assert search(home, "bridge", vector)["quotation_id"].equals(whole["quotation_id"])


@pytest.mark.parametrize("harm", ["none", "cut", "gone"])
def test_pages_find_the_same_by_the_lists_and_without_them(
    listed: Path, tmp_path: Path, harm: str
) -> None:
    vector = record.vector("The bridge will open in May.")
    home = shutil.copytree(listed, tmp_path / "record")
    for file in (home / "segments").glob("neighbours-*.lists") if harm != "none" else ():
        file.chmod(0o644)
        if harm == "cut":
            file.write_bytes(file.read_bytes()[:-8])
        else:
            file.unlink()
    with Reader(home) as reader:
        held = nearness._kept(reader)
        found = find(reader, Question("bridge", by="meaning"), lambda _: vector)
        wordings, likeness = nearness.near(reader, vector)
        among = nearness.near_among(reader, vector, wordings, nearness.LEAST, 5)
        # As if the files went while it was open.
        for file in (home / "segments").glob("neighbours-*"):
            file.unlink()
        again = nearness.near(reader, vector)
    assert (held is not None) == (harm == "none")
    exact = query(
        home,
        "SELECT max(list_inner_product(u.embedding, $vector::FLOAT[])) AS likeness FROM utterances AS u"
        " GROUP BY u.utterance_id HAVING likeness >= $least ORDER BY likeness DESC",
        {"vector": list(vector), "least": nearness.LEAST},
    )["likeness"]
    assert len(found.hits) > 0
    assert np.allclose(likeness, exact, atol=1e-3)
    assert np.array_equal(among[0], wordings[:5])
    assert np.array_equal(again[0], wordings)

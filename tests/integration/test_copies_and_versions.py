"""Copies and versions through the five stages and into the record, and an ingest that is killed on its way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.pipeline.core.settings import IngestSettings, Settings
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.load import load
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.snapshot import snapshot

HEAD = (
    "The council of Aldmere sat until midnight over the future of the old swing bridge, which has been shut to carts"
    " and lorries since the frost of last winter cracked two of its seven piers.\n\n"
)
SAID = "“We will mend the bridge before the herring come back,” said Runa Halvard, the mayor of Aldmere.\n\n"
ALSO = "“Nobody has told us who is to pay for it,” said Piet Osgood, who speaks for the carters of the town.\n\n"
TAIL = (
    "The masons reckon with eleven weeks of work and three hundred barrels of lime, most of which lies ready in the"
    " sheds behind the customs house, where the last consignment arrived on Friday by barge from the kilns upriver.\n\n"
    "Until then a ferry takes people across from dawn to dusk; it is free of charge for children and for those who"
    " carry nothing heavier than a basket, and costs two pennies for everybody else.\n"
)
URL = "https://aldmere-post.example/bridge"
FIRST = {"outlet": "Aldmere Post", "url": URL, "text": HEAD + SAID + ALSO + TAIL}
COPY = {
    "outlet": "Quay Wire",
    "url": "https://quay.example/1",
    "text": HEAD + SAID.replace("mend", "repair") + TAIL,
}
OWN = {
    "outlet": "Fell Echo",
    "url": "https://fell.example/7",
    "text": "In Aldmere all talk of stone. “We will mend the bridge before the herring come back,” said Runa Halvard,"
    " the mayor of Aldmere, when she opened the market on Thursday with her dog at her side.\n",
}
CHANGED = {**FIRST, "url": URL + "/?utm_source=feed", "text": HEAD + SAID + TAIL}


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of two runs: the second meets the first article changed, and another unchanged."""
    home = tmp_path_factory.mktemp("copies")
    settled(home, "r1", [FIRST, COPY, OWN])
    settled(home, "r2", [CHANGED, COPY])
    return home


def settled(home: Path, run: str, articles: list[dict[str, str]]) -> None:
    """What a run does to a record, without an engine and gates."""
    source = home / f"{run}.jsonl"
    source.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    place, settings = Workplace(home / "work" / run, run), Settings()
    snapshot(home, place.known)
    steps.ingest_step(place, [str(source)], settings)
    batches = place.stage("ingest").batches()
    steps.finish_clean(place, [steps.clean_step(place, batch) for batch in batches], 0.0)
    steps.embed_step(place, settings)
    steps.cluster_step(place, settings)
    publish.publish(home, building.build(home, load(place.stage), run_id=run), 2)


def test_a_copy_and_a_new_version_are_known_for_what_they_are(record: Path) -> None:
    rows = query(
        record,
        """SELECT a.outlet, a.first_run_id AS run, o.outlet AS copied, b.first_run_id AS before
           FROM articles a LEFT JOIN articles o ON o.article_id = a.duplicate_of
           LEFT JOIN articles b ON b.article_id = a.supersedes ORDER BY a.first_run_id, a.outlet""",
    )
    assert rows.rows() == [
        ("Aldmere Post", "r1", None, None),
        ("Fell Echo", "r1", None, None),
        ("Quay Wire", "r1", "Aldmere Post", None),
        ("Aldmere Post", "r2", None, "r1"),
    ]
    assert query(record, "SELECT min(duplicate_share) FROM articles").item() > 0.7
    assert [problem for problem in verify(record) if problem.table == "articles"] == []


def test_what_copies_and_versions_say_counts_once_and_their_outlets_count(record: Path) -> None:
    statement = query(
        record, "SELECT outlets, quotations FROM statements WHERE text LIKE '%herring%'"
    )
    assert statement.rows() == [(3, 2)]
    variants = query(
        record,
        "SELECT wording LIKE '%repair%', quotations, outlets FROM statement_variants"
        " WHERE wording LIKE '%herring%' ORDER BY 1",
    )
    assert variants.rows() == [
        (False, 2, ["Aldmere Post", "Fell Echo"]),
        (True, 1, ["Quay Wire"]),
    ]
    timeline = query(
        record, "SELECT quotations FROM speaker_timeline WHERE statement LIKE '%herring%'"
    )
    assert timeline["quotations"].to_list() == [2]


def test_views_show_the_newest_version_and_articles_keep_all(record: Path) -> None:
    assert query(
        record, "SELECT count(*) FROM quotations WHERE content LIKE '%to pay for it%'"
    ).item()
    assert query(record, "FROM quotes WHERE words LIKE '%to pay for it%'").is_empty()
    assert query(record, "FROM matching(speaker := 'Piet Osgood')").is_empty()
    shown = query(
        record,
        "SELECT outlet, copy_of IS NULL FROM quotes WHERE words LIKE '%herring%' ORDER BY outlet",
    )
    assert shown.rows() == [("Aldmere Post", True), ("Fell Echo", True), ("Quay Wire", False)]
    assert (
        query(
            record, "SELECT quotations, outlets FROM statements WHERE text LIKE '%to pay for it%'"
        )
    ).rows() == [(0, 0)]
    assert verify(record) == []


INGEST = """
import os, signal, sys
from pathlib import Path
from onrecord.pipeline.core.settings import IngestSettings, Settings
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.workplace import Workplace

def die_after_three(items, met=[]):
    met.append(items)
    if len(met) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings(ingest=IngestSettings(batch_articles=10))
steps.ingest_step(Workplace(Path(sys.argv[1]), "r1"), [sys.argv[2]], settings, die_after_three)
"""


def test_a_killed_ingest_goes_on_after_its_finished_batches(tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    with source.open("w", encoding="utf-8") as lines:
        for at in range(120):
            told = {"text": "" if at % 7 == 0 else f"{at % 50}. {HEAD}{SAID}"}
            lines.write(json.dumps(told) + "\n")
    places = [Workplace(tmp_path / name, "r1") for name in ("killed", "whole")]
    for place in places:
        snapshot(tmp_path, place.known)
    died = subprocess.run([sys.executable, "-c", INGEST, str(places[0].folder), str(source)])
    assert died.returncode == -signal.SIGKILL
    folder = places[0].stage("ingest")
    assert folder.batches() == [0, 1, 2]
    assert folder.done() is None
    finished = {path: path.stat().st_mtime_ns for path in folder.path.iterdir()}
    settings = Settings(ingest=IngestSettings(batch_articles=10))
    killed, whole = (steps.ingest_step(place, [str(source)], settings) for place in places)
    assert killed._replace(seconds=0) == whole._replace(seconds=0)
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    for table in ("articles", "rejects"):
        one, other = (place.stage("ingest").read(table) for place in places)
        assert one.equals(other)

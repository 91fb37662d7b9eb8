"""Spellings of an outlet that differ by case or white space are one outlet."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import duckdb
import polars as pl

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.names.outlets import key, shown
from onrecord.pipeline.stages.ingest import ingest
from onrecord.warehouse.migrate import migrate
from onrecord.warehouse.publishing.loader import load
from tests.support import record
from tests.support.quoted import Said, clustered, remembered
from tests.unit.test_copies import article, cut, found, prose
from tests.unit.test_versions import articles, versions

SPELLED = ("The Brand Post", "the  brand post ", "THE BRAND\u00a0POST")


def test_a_key_is_what_spellings_have_in_common() -> None:
    assert {key(spelling) for spelling in SPELLED} == {"the brand post"}
    assert key(None) is None
    assert key("The Brand Post") != key("The Brand-Post")
    assert key("STRAßE") == key("strasse")


def test_the_commonest_spelling_is_shown_and_ties_hang_on_no_order() -> None:
    counted = [("THE POST", 1), ("The Post", 2), ("the post", 2), ("The Lark", 1)]
    for order in permutations(counted):
        assert shown(order) == {"THE POST": "The Post", "the post": "The Post"}
    # White space is folded before spellings are counted, and never shown.
    assert shown([("the post", 2), ("The Post", 1), ("The  Post", 2)]) == {
        "the post": "The Post",
        "The  Post": "The Post",
    }
    assert shown([("The Post ", 1)]) == {"The Post ": "The Post"}
    assert shown([("The Post", 1), ("The Lark", 1)]) == {}


def test_a_statement_counts_them_once_in_one_run_and_over_runs() -> None:
    words = "We will not sell the ferry, not to the bank and not to anyone else."
    said = [Said(f"a{at}", "Ada Holm", words, outlet=one) for at, one in enumerate(SPELLED)]
    made = clustered([*said, Said("b", "Ada Holm", words, outlet="Wren")])
    assert made.statements.select("outlets", "quotations").rows() == [(2, 4)]
    known = remembered(said[:1], clustered(said[:1]))
    later = clustered(said[1:], known, said[:1])
    assert later.statements.select("outlets", "quotations").rows() == [(1, 3)]


def test_a_bare_name_is_the_one_whom_the_outlet_means_however_it_is_spelled() -> None:
    told = [
        Said("a", "Anna Holm", "One thing.", outlet="Lark"),
        Said("b", "Bruno Holm", "Another thing.", outlet=SPELLED[0]),
        Said("c", "Holm", "A third thing.", outlet=SPELLED[1]),
    ]
    assert clustered(told).speakers.height == 2


def test_pages_of_one_outlet_are_held_to_what_is_asked_within_one() -> None:
    # Sixty percent in common make a copy between two outlets, and none within one.
    body = prose("the bridge", 400)
    other = f"{cut(body, 0, 0.6)} {prose('the harbour', 160)}"
    for known in (0, 1):
        one = article("one", body, SPELLED[0])
        assert found(one, article("two", other, SPELLED[1]), known=known) == {}
        assert found(one, article("two", other, "The Lark"), known=known) == {"two": "one"}


def test_an_outlet_spelled_otherwise_brings_a_version_of_its_article() -> None:
    told = [
        ("v1", "https://post.example/ferry", "One."),
        ("v2", "https://post.example/ferry", "2."),
    ]
    both = articles(*told).with_columns(outlet=pl.Series(SPELLED[:2]))
    assert versions(both) == {"v2": "v1"}
    assert versions(both[1:], both[:1]) == {"v2": "v1"}


def test_the_record_shows_one_spelling_and_a_later_run_may_bring_a_commoner_one() -> None:
    one = record.tables()["articles"].head(1)
    connection = duckdb.connect()
    migrate(connection)

    def run(name: str, *outlets: str) -> set[str]:
        rows = pl.concat([one] * len(outlets)).with_columns(
            article_id=pl.Series([f"{name}{at:031}" for at in range(len(outlets))]),
            outlet=pl.Series(outlets),
        )
        load(connection, {"articles": rows})
        return {one for (one,) in connection.sql("SELECT DISTINCT outlet FROM articles").fetchall()}

    assert run("a", *SPELLED) == {"The Brand Post"}
    assert run("b", *["THE BRAND POST"] * 4) == {"THE BRAND POST"}
    assert run("c", "the brand post", "Lark") == {"THE BRAND POST", "Lark"}
    connection.close()


def test_the_same_text_of_one_outlet_is_a_duplicate_however_it_is_spelled(tmp_path: Path) -> None:
    rows = pl.DataFrame({"text": ["The ferry will run at night."] * 3, "outlet": SPELLED})
    rows.write_ndjson(tmp_path / "a.jsonl")
    batches = list(ingest([str(tmp_path)], IngestSettings(), "r"))
    assert [(batch.articles.height, batch.duplicates) for batch in batches] == [(1, 2)]
    again = list(ingest([str(tmp_path)], IngestSettings(), "r", batches[0].articles))
    assert [(batch.articles.height, batch.duplicates) for batch in again] == [(0, 3)]

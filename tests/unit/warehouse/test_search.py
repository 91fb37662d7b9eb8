"""Search finds by words, by meaning and by both, and filters before it ranks."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.errors import QueryError
from tests.support import record

REMAINS = "The bridge remains closed until each cable has been tested"


def test_one_answer_a_statement_with_all_its_outlets(folder: Path) -> None:
    found = search(folder, "bridge cable")
    assert found.columns == [
        "words",
        "speaker",
        "day",
        "outlets",
        "link",
        "title",
        "theme",
        "score",
        "statement_id",
        "quotation_id",
    ]
    (row,) = found.rows(named=True)
    assert row["speaker"] == "Ilse Marrow"
    assert row["outlets"] == ["Inland Courier", "The Harbour Post"]
    assert row["link"].startswith("https://")


def test_plurals_accents_and_case_are_folded(folder: Path) -> None:
    assert search(folder, "CABLES")["speaker"].to_list() == ["Ilse Marrow"]
    assert search(folder, "ete consultes").height == 1
    assert search(folder, "ÉTÉ")["words"].to_list() == ["Les ouvriers n’ont pas été consultés"]


@pytest.mark.parametrize(
    ("word", "singular"),
    [
        ("cables", "cable"),
        ("studies", "study"),
        ("bodies", "body"),
        ("class", "class"),
        ("census", "census"),
        ("gas", "gas"),
        ("bridge", "bridge"),
        ("consultés", "consulté"),
    ],
)
def test_only_plurals_are_folded(folder: Path, word: str, singular: str) -> None:
    assert query(folder, "SELECT singular(?)", [word]).item() == singular


def test_by_meaning_the_nearest_vector_is_first(folder: Path) -> None:
    found = search(folder, "", record.vector("nobody asked the workers"), limit=1)
    assert found["words"].to_list() == ["nobody asked the workers"]
    assert found["score"].item() == pytest.approx(1, abs=1e-5)


def test_both_fuse_the_ranks(folder: Path) -> None:
    found = search(folder, "workers bridge", record.vector("nobody asked the workers"))
    assert found["words"][0] == "nobody asked the workers"
    assert found["score"][0] == 1
    assert found["score"].is_sorted(descending=True)


FERRY = {
    "outlet": "The Harbour Post",
    "url": "https://harbourpost.example/ferry",
    "title": "Ferry app",
    "published_at": datetime(2026, 3, 1),
    "text": 'Ferry app\n\nSomebody asked: "But why?" And: "Why the hurry?" '
    'Then: "The app crashed when the ferry was full." '
    'And: "Crashed? The ferry never crashed, and we don’t know who says so."',
    "said": tuple(
        (f'"{words}"', "Somebody", None, False)
        for words in (
            "But why?",
            "Why the hurry?",
            "The app crashed when the ferry was full.",
            "Crashed? The ferry never crashed, and we don’t know who says so.",
        )
    ),
}


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from onrecord.warehouse.publishing import building, publish

    home = tmp_path_factory.mktemp("ferry")
    publish.publish(home, building.build(home, record.tables(articles=[FERRY]), run_id="ferry"), 1)
    return home


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("why the app crashed", ["The app", "Crashed?"]),
        (
            "Why didn't the ferry's app crash, and who was it that we’ve asked?",
            ["The app", "Crashed?"],
        ),
        ("why the zebra", []),
        ("but why", ["But why"]),
        ("Why the", ["Why the hurry"]),
        ("the why", []),
        ("don't", ["Crashed?"]),
        ("we don’t", ["Crashed?"]),
    ],
)
def test_function_words_rank_nothing_and_are_found_as_printed(
    ferry: Path, asked: str, found: list[str]
) -> None:
    answers = [
        search(ferry, asked)["words"].to_list(),
        query(ferry, "SELECT words FROM search_words(?)", [asked])["words"].to_list(),
    ]
    for words in answers:
        assert len(words) == len(found), words
        assert all(map(str.startswith, words, found)), words


def test_function_words_give_no_place_where_words_and_meaning_are_fused(ferry: Path) -> None:
    vector = record.vector("Why the hurry")
    apart = search(ferry, "", vector)
    both = search(ferry, "why the zebra", vector)
    assert both.equals(search(ferry, "zebra", vector))
    assert both["words"].equals(apart["words"])


def test_every_door_scores_as_a_share_of_the_best(folder: Path) -> None:
    words, vector = "bridge closed workers", record.vector("the bridge stays closed")
    identity = query(folder, "SELECT min(quotation_id) FROM quotations").item()
    doors = [
        search(folder, words)["score"],
        search(folder, "", vector)["score"],
        search(folder, words, vector)["score"],
        query(folder, "SELECT score FROM search_words(?)", [words])["score"],
        query(folder, "SELECT score FROM search_meaning(?)", [vector])["score"],
        query(folder, "SELECT score FROM search_both(?, ?)", [words, vector])["score"],
        query(folder, "SELECT score FROM similar_to(?)", [identity])["score"],
    ]
    for scores in doors:
        assert scores.len() > 1
        assert scores.max() == 1
        assert scores.min() >= 0
        assert scores.is_sorted(descending=True)


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({"outlet": "inland courier"}, {REMAINS}),
        ({"since": "2026-02-28"}, {REMAINS}),
        ({"since": date(2026, 2, 28), "until": date(2026, 2, 28)}, {REMAINS}),
        ({"speaker": "MS MARROW", "outlet": "Inland Courier"}, {REMAINS}),
        ({"speaker": "marrow", "outlet": "Inland Courier"}, {REMAINS}),
        ({"speaker": "MÁRROW'S", "outlet": "Inland Courier"}, {REMAINS}),
        ({"speaker": "ilse"}, set()),
        ({"speaker": "union"}, set()),
        ({"speaker": "the dockers’ union"}, {"nobody asked the workers"}),
        ({"speaker": "dockers' union"}, {"nobody asked the workers"}),
        ({"speaker": record.UNION}, {"nobody asked the workers"}),
        ({"theme": "Bridge Closure", "speaker": "Dockers' Union"}, {"nobody asked the workers"}),
        ({"theme": "weather"}, set()),
        ({"until": "2026-02-26"}, set()),
    ],
)
@pytest.mark.parametrize("vector", [None, record.vector("anything")])
def test_filters_hold_before_the_ranking(
    folder: Path, filters: dict[str, Any], words: set[str], vector: list[float] | None
) -> None:
    found = search(folder, "bridge workers", vector, **filters)
    assert set(found["words"]) == words


def test_a_copys_outlet_counts(tmp_path: Path) -> None:
    from onrecord.warehouse.publishing import building, publish

    tables = record.tables()
    first = tables["articles"].row(0, named=True)
    copy = first | {
        "article_id": "f" * 32,
        "outlet": "Copycat Daily",
        "url": "https://copycat.example/1",
        "duplicate_of": first["article_id"],
    }
    tables["articles"] = tables["articles"].vstack(
        tables["articles"]
        .clear()
        .vstack(type(tables["articles"])([copy], tables["articles"].schema))
    )
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id="copy"), 1)
    found = search(tmp_path, "workers", outlet="Copycat Daily")
    assert found["outlets"].to_list() == [["Copycat Daily", "The Harbour Post"]]
    variants = query(
        tmp_path, "SELECT outlets FROM statement_variants WHERE speaker = 'Dockers'' Union'"
    )
    assert variants["outlets"].to_list() == [["Copycat Daily", "The Harbour Post"]]
    assert query(tmp_path, "SELECT count(*) FROM quotes").item() == 5


def test_more_like_a_stored_quotation(folder: Path) -> None:
    identity = query(
        folder, "SELECT quotation_id FROM quotes WHERE words = 'nobody asked the workers'"
    ).item()
    found = query(folder, "SELECT quotation_id, score FROM similar_to(?, k := 3)", [identity])
    assert found.height == 3
    assert identity not in found["quotation_id"].to_list()
    assert found["score"].is_sorted(descending=True)


def test_the_limit_is_of_statements(folder: Path) -> None:
    assert search(folder, "bridge workers", limit=1).height == 1
    assert query(folder, "FROM search_words('bridge', k := 2)").height == 2


def test_what_is_not_there_is_not_found(folder: Path) -> None:
    assert search(folder, "zebra").is_empty()
    assert search(folder, "!? …").is_empty()
    assert search(folder, "'; DROP TABLE quotations; --").is_empty()


def test_bad_questions_are_refused_in_words(folder: Path) -> None:
    with pytest.raises(QueryError, match="nothing to search for"):
        search(folder, "  ")
    with pytest.raises(QueryError, match="has 3 numbers and those of tiny@1 have 8"):
        search(folder, "bridge", [1.0, 0.0, 0.0])
    with pytest.raises(QueryError, match="no vectors of model other@2"):
        search(folder, "bridge", record.vector("a"), model="other@2")
    with pytest.raises(QueryError, match="not a day: 'soon'"):
        search(folder, "bridge", since="soon")
    with pytest.raises(QueryError, match="limit must be at least 1"):
        search(folder, "bridge", limit=0)


def test_a_spelling_printed_once_beside_the_words_is_enough(tmp_path: Path) -> None:
    from onrecord.warehouse.publishing import building, publish

    tables = record.tables()
    tables["speakers"] = tables["speakers"].with_columns(
        aliases=pl.concat_list("name").cast(pl.List(pl.String)), name=pl.lit("Zoë Østmann")
    )
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id="spelled"), 1)
    assert search(tmp_path, "bridge", speaker="ms marrow")["words"].to_list() == [REMAINS]
    assert search(tmp_path, "bridge workers", speaker="zoe ostmann").height == 2
    assert search(tmp_path, "workers", speaker="un délégué").is_empty()

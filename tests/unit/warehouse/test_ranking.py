"""The macros rank as their definitions say: held against the same counted in Python, over a generated record."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.database import reader
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.publishing.fulltext import load_extension
from tests.support import record

WORDS = [
    "bridge",
    "bridges",
    "harbour",
    "ferry",
    "toll",
    "tolls",
    "cable",
    "pier",
    "tide",
    "crane",
    "council",
    "fare",
]
OUTLETS = ["The Harbour Post", "Inland Courier", "Le Quai"]
SPEAKERS = [record.MAYOR, record.UNION, None]
FIRST = datetime(2026, 3, 1)

ASKED: list[tuple[str, dict[str, str]]] = [
    ("bridge", {}),
    ("bridge tolls and the night ferry", {}),
    ("council budget", {"outlet": "inland courier"}),
    ("crane crane winter", {"speaker": record.MAYOR}),
    ("tide pier", {"since": "2026-03-05", "until": "2026-03-20"}),
    ("fare cable harbour", {"outlet": "Le Quai", "since": "2026-03-10", "speaker": record.UNION}),
    ("zebra", {}),
]

Row = dict[str, Any]


def _articles() -> list[Row]:
    """Sixty articles of four quotations; sayings are few, so that many score alike."""
    pick = random.Random(11)
    sayings = sorted({" ".join(pick.choices(WORDS, k=pick.randint(2, 7))) for _ in range(80)})
    articles = []
    for number in range(60):
        speaker = pick.choice(SPEAKERS)
        said = [f'"{saying}"' for saying in pick.sample(sayings, 4)]
        articles.append(
            {
                "outlet": pick.choice(OUTLETS),
                "url": f"https://generated.example/{number}",
                "title": f"Report {number}",
                "published_at": FIRST + timedelta(days=pick.randrange(30), hours=number % 24),
                "text": f"Report {number}\n\nSomebody said: " + ". Then: ".join(said),
                "said": tuple((words, "Somebody", speaker, False) for words in said),
            }
        )
    return articles


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return record.tables(articles=_articles())


@pytest.fixture(scope="module")
def home(tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    publish.publish(folder, building.build(folder, tables, run_id=record.RUN), 1)
    return folder


@pytest.fixture(scope="module")
def rows(tables: dict[str, pl.DataFrame]) -> list[Row]:
    """Every quotation with its article's outlet and day, its vector and the words it holds."""
    frame = (
        tables["quotations"]
        .select("quotation_id", "article_id", "content", "speaker_id", "utterance_id")
        .join(tables["articles"].select("article_id", "outlet", "published_at"), on="article_id")
        .join(tables["utterances"].select("utterance_id", "embedding"), on="utterance_id")
    )
    return [
        row | {"held": Counter(_singular(row["content"]))} for row in frame.iter_rows(named=True)
    ]


def _singular(words: str) -> list[str]:
    return [word.removesuffix("s") for word in words.split()]


def _passes(row: Row, filters: dict[str, str]) -> bool:
    day = row["published_at"].date().isoformat()
    return (
        filters.get("outlet", row["outlet"]).lower() == row["outlet"].lower()
        and filters.get("speaker", row["speaker_id"]) == row["speaker_id"]
        and filters.get("since", day) <= day <= filters.get("until", day)
    )


def _ranked(scores: dict[str, float], k: int) -> list[str]:
    return sorted(scores, key=lambda identity: (-scores[identity], identity))[:k]


def _by_words(rows: list[Row], asked: str, passing: set[str], k: int) -> list[str]:
    """BM25 with k1 1.2 and b 0.75, its weights taken from the whole record; function words score nothing."""
    usual = sum(row["held"].total() for row in rows) / len(rows)
    scores: Counter[str] = Counter()
    for word in set(_singular(asked)) - {"and", "the"}:
        holding = [row for row in rows if word in row["held"]]
        weight = math.log(1 + (len(rows) - len(holding) + 0.5) / (len(holding) + 0.5))
        for row in holding:
            times, long = row["held"][word], row["held"].total() / usual
            scores[row["quotation_id"]] += weight * times * 2.2 / (times + 0.3 + 0.9 * long)
    return _ranked(
        {identity: round(score, 9) for identity, score in scores.items() if identity in passing}, k
    )


def _by_meaning(rows: list[Row], vector: list[float], passing: set[str], k: int) -> list[str]:
    return _ranked(
        {
            row["quotation_id"]: max(
                0.0, float(np.dot(np.float32(row["embedding"]), np.float32(vector)))
            )
            for row in rows
            if row["quotation_id"] in passing
        },
        k,
    )


def _fused(*rankings: list[str], k: int) -> list[str]:
    scores: Counter[str] = Counter()
    for ranking in rankings:
        for place, identity in enumerate(ranking, start=1):
            scores[identity] += 1 / (60 + place)
    return _ranked(scores, k)


def _asked(folder: Path, macro: str, *values: object, filters: dict[str, str], k: int) -> list[str]:
    named = "".join(f", {name} := '{value}'" for name, value in filters.items())
    sql = f"SELECT quotation_id FROM {macro}({', '.join('?' * len(values))}, k := {k}{named})"
    return query(folder, sql, values)["quotation_id"].to_list()


@pytest.mark.parametrize(("words", "filters"), ASKED)
def test_the_same_quotations_in_the_same_order(
    home: Path, rows: list[Row], words: str, filters: dict[str, str]
) -> None:
    vector = record.vector(words)
    passing = {row["quotation_id"] for row in rows if _passes(row, filters)}
    by_words = _by_words(rows, words, passing, 100)
    by_meaning = _by_meaning(rows, vector, passing, 100)
    both = _fused(by_words, by_meaning, k=20)
    for family in ("ranked_by", "search"):
        found = _asked(home, f"{family}_words", words, filters=filters, k=30)
        assert found == by_words[:30]
        found = _asked(home, f"{family}_meaning", vector, filters=filters, k=30)
        assert found == by_meaning[:30]
        found = _asked(home, f"{family}_both", words, vector, filters=filters, k=20)
        assert found == both


QUERIES = st.lists(
    st.sampled_from([*WORDS, "and", "the", "zebra", "don't"]), min_size=1, max_size=5
).map(" ".join)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "outlet": st.sampled_from([*OUTLETS, "le quai", "none"]),
        "speaker": st.sampled_from([record.MAYOR, record.UNION]),
        "since": st.sampled_from(["2026-03-05", "2026-03-12"]),
        "until": st.sampled_from(["2026-03-14", "2026-03-20"]),
    },
)


@settings(max_examples=25, deadline=None)
@given(words=QUERIES, filters=FILTERS, by=st.sampled_from(["words", "meaning", "both"]))
def test_a_search_finds_what_the_macros_find(
    home: Path, words: str, filters: dict[str, str], by: str
) -> None:
    vector = record.vector(words)
    asked = {"words": [words], "meaning": [vector], "both": [words, vector]}[by]
    ranked = _asked(home, f"ranked_by_{by}", *asked, filters=filters, k=50)
    members = query(home, "SELECT quotation_id, statement_id FROM statement_members")
    of = dict(members.iter_rows())
    firsts: dict[str, str] = {}
    for identity in ranked:
        firsts.setdefault(of.get(identity, identity), identity)
    found = search(
        home, "" if by == "meaning" else words, None if by == "words" else vector, **filters
    )
    assert found["quotation_id"].to_list() == list(firsts.values())[:10]


def test_what_is_described_is_what_quotes_says(home: Path) -> None:
    columns = "quotation_id, words, speaker, day, outlet, title, link, statement_id, theme"
    hits = "(SELECT list({quotation_id: quotation_id, score: 1}) FROM quotations)"
    described = query(home, f"SELECT {columns} FROM described({hits}) ORDER BY quotation_id")
    assert described.equals(query(home, f"SELECT {columns} FROM quotes ORDER BY quotation_id"))
    assert described.height > 200


def test_duckdbs_own_ranking_reads_the_ordered_index(home: Path, rows: list[Row]) -> None:
    everything = {row["quotation_id"] for row in rows}
    with reader(publish.require(home), locked=False) as connection:
        load_extension(connection)
        found = connection.execute(
            "SELECT quotation_id FROM (SELECT quotation_id,"
            " fts_main_quotations.match_bm25(quotation_id, 'crane') AS score FROM quotations)"
            " WHERE score IS NOT NULL ORDER BY round(score, 9) DESC, quotation_id LIMIT 20"
        ).fetchall()
    assert [identity for (identity,) in found] == _by_words(rows, "crane", everything, 20)


def test_a_search_sees_the_next_generation(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    publish.publish(tmp_path, building.build(tmp_path, record.tables(), run_id="first"), 2)
    assert search(tmp_path, "crane").is_empty()
    publish.publish(tmp_path, building.build(tmp_path, tables, run_id="second"), 2)
    assert search(tmp_path, "crane").height > 1

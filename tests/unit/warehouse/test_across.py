"""What was said in other languages is found by a multilingual model's vectors, beside what the own model finds."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.asking.search import search
from onrecord.warehouse.looking.finding import find
from onrecord.warehouse.publishing import building, publish
from onrecord.warehouse.shelf.matching import Meaning, Question
from onrecord.warehouse.shelf.reader import Reader
from tests.support import record

MODEL = "multi@1"
FOREIGN = "nobody asked the workers"
ASKED = "workers were never consulted"


ENGLISH = (
    f"SELECT text FROM utterances GROUP BY text HAVING NOT list_contains(list(model), '{MODEL}')"
)


def across() -> dict[str, list[float]]:
    """A question that is about the same as the foreign words."""
    return {MODEL: record.vector(f"multi {FOREIGN}", 48), "none@1": [1.0]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which most wordings are in another language, and have vectors of two models."""
    tables = record.tables()
    own = tables["utterances"]
    english = own["text"].to_list()[0]
    also = own.filter(pl.col("text") != english).with_columns(
        pl.lit(MODEL).alias("model"),
        pl.Series(
            "embedding",
            [record.vector(f"multi {text}", 48) for text in own["text"] if text != english],
            dtype=pl.List(pl.Float32),
        ),
    )
    assert FOREIGN in also["text"].to_list()
    tables["utterances"] = pl.concat([own, also])
    folder = tmp_path_factory.mktemp("across")
    publish.publish(folder, building.build(folder, tables, run_id=record.RUN), 3)
    return folder


def test_search_finds_words_in_another_language_beside_those_of_the_own_model(home: Path) -> None:
    (english,) = query(home, ENGLISH)["text"]
    vector = record.vector(english)
    found = search(home, "", vector, across=across)
    assert set(found["words"].to_list()[:2]) == {english, FOREIGN}
    # Of what is in other languages the own model's vectors tell nothing.
    assert found.height == 2
    assert search(home, "", vector)["words"].to_list()[0] == english
    assert FOREIGN in search(home, english, vector, across=across)["words"].to_list()[:2]


def test_a_record_without_such_vectors_asks_no_model(folder: Path) -> None:
    def never() -> dict[str, list[float]]:
        raise AssertionError

    vector = record.vector(FOREIGN)
    assert search(folder, "", vector, across=never)["words"].to_list()[0] == FOREIGN


def test_the_pages_find_it_too(home: Path) -> None:
    with Reader(home) as reader:
        encode = Meaning(record.vector, lambda _: across())
        found = find(reader, Question(ASKED, by="meaning"), encode)
        assert FOREIGN in found.hits[0].words

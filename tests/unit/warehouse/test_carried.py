"""Who was first and who followed, what counts as said, and addresses that open an article at the words."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from onrecord.warehouse.asking.query import Limits, query
from tests.support import kin

BRIDGE = (
    "(SELECT statement_id FROM statements WHERE text LIKE '%until every cable%' AND quotations > 0)"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The record with a later version, a copy and an article that follows."""
    return kin.published(tmp_path_factory.mktemp("kin"))


def test_who_was_first_and_who_followed(home: Path) -> None:
    rows = query(home, f"FROM carried WHERE statement_id = {BRIDGE} ORDER BY place, outlet")
    assert rows["outlet"].to_list() == [
        "The Harbour Post",
        "The Echo <b>",
        "Inland Courier",
        "Upland News",
    ]
    assert rows["place"].to_list() == [1, 2, 3, 4]
    assert rows["copied_from"].to_list() == [None, "The Harbour Post", None, None]
    assert rows["after"].to_list()[:2] == ["00:00:00", "05:00:00"]
    # The newest version carries it, and was first by the day of the first one.
    assert rows["article_id"][0] == kin.identity(kin.LATER)
    assert rows["published_at"][0] == kin.FIRST["published_at"]


def test_an_article_without_a_time_has_no_place(home: Path) -> None:
    rows = query(home, "FROM carried WHERE outlet = 'Le Quai' AND published_at IS NULL")
    assert rows.height == 1
    assert rows.select("place", "after").row(0) == (None, None)


def test_every_article_that_carries_a_statement_has_one_row(home: Path) -> None:
    doubled = query(
        home,
        "SELECT statement_id FROM carried GROUP BY statement_id, article_id HAVING count(*) > 1",
    )
    assert doubled.is_empty()
    carried = set(query(home, "SELECT DISTINCT statement_id FROM carried")["statement_id"])
    assert carried == set(query(home, "SELECT statement_id FROM said")["statement_id"])


def test_what_counts_as_said(home: Path) -> None:
    rows = query(home, "FROM said")
    assert set(rows["stance"]) == {"asserted", "denied"}
    assert rows["quotation_id"].is_unique().all()
    # Neither what an earlier version said, nor what was not said.
    assert kin.identity(kin.FIRST) not in set(rows["article_id"])
    unsaid = query(home, "SELECT quotation_id FROM no_comments")["quotation_id"]
    assert unsaid.len() == 1
    assert unsaid[0] not in set(rows["quotation_id"])


@pytest.mark.parametrize(
    ("address", "words", "fragment"),
    [
        ("https://a.example/x", "Yes, we-can & will", "#:~:text=Yes%2C%20we%2Dcan%20%26%20will"),
        ("https://a.example/x#top", "Yes", ":~:text=Yes"),
        (
            "http://a.example",
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "#:~:text=one%20two%20three%20four%20five,nine%20ten%20eleven%20twelve%20thirteen",
        ),
        ("https://a.example", "“Über\nalles”", "#:~:text=%E2%80%9C%C3%9Cber%20alles%E2%80%9D,"),
    ],
)
def test_an_address_opens_at_the_words(home: Path, address: str, words: str, fragment: str) -> None:
    made = query(home, "SELECT text_fragment($a, $w)", {"a": address, "w": words}).item()
    assert made.startswith(address + fragment)


@pytest.mark.parametrize("address", [None, "news/page.txt", "javascript:alert(1)", "ftp://a/b"])
def test_what_is_no_address_of_the_web_opens_nothing(home: Path, address: str | None) -> None:
    assert query(home, "SELECT text_fragment($a, 'Yes')", {"a": address}).item() is None


def test_quotes_tell_kind_reason_and_address(home: Path) -> None:
    rows = query(home, "SELECT speaker, kind, reason, url, text FROM quotes")
    for row in rows.to_dicts():
        assert (row["reason"] is None) == (row["speaker"] is not None)
        assert row["kind"] is not None
        if row["url"] is not None:
            first = " ".join(row["text"].split()[:5])
            assert first in unquote(row["url"].partition(":~:text=")[2])
    assert rows["url"].null_count() < rows.height


def test_an_answer_takes_no_more_rows_than_it_may(home: Path) -> None:
    assert query(home, "FROM range(10)", limits=Limits(rows=3)).height == 4
    assert query(home, "FROM range(3)", limits=Limits(rows=3)).height == 3
    far = "SELECT 'infinity'::DATE AS day FROM range(10)"
    assert query(home, far, limits=Limits(rows=3))["day"].to_list() == ["infinity"] * 4

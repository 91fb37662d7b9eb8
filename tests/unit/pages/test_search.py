"""Search as a page, as JSON, as files and as a feed."""

from __future__ import annotations

import io
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from tests.support import record

ATOM = "{http://www.w3.org/2005/Atom}"


def _found(pages: TestClient, **asked: Any) -> dict[str, Any]:
    answer = pages.get("/api/search", params={"by": "words", **asked})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _facet(found: dict[str, Any], name: str) -> dict[str, int]:
    return {one["label"]: one["statements"] for one in found["facets"][name]}


def test_words_are_found_and_marked(pages: TestClient) -> None:
    found = _found(pages, q="bridges")
    assert found["statements"] > 0
    for hit in found["hits"]:
        marked = [piece["text"].lower() for piece in hit["pieces"] if piece["marked"]]
        assert set(marked) == {"bridge"}
        assert "".join(piece["text"] for piece in hit["pieces"]).count("bridge") == len(marked)
    assert "<mark>bridge</mark>" in pages.get("/search?q=bridges&by=words").text


def test_a_hit_stands_in_its_sentence(pages: TestClient) -> None:
    hit = _found(pages, q="stays closed tested")["hits"][0]
    assert hit["before"] == "Mayor Ilse Marrow said: "


def test_without_words_everything_that_is_shown_is_there_the_newest_first(
    pages: TestClient,
) -> None:
    found = _found(pages)
    days = [hit["day"] for hit in found["hits"] if hit["day"]]
    assert days == sorted(days, reverse=True)
    assert found["question"]["sort"] == "newest"
    assert found["hits"][-1]["day"] is None


def test_each_facet_counts_what_there_would_be_under_all_other_filters(pages: TestClient) -> None:
    """What a facet's value says is what one finds who chooses it."""
    for chosen in (
        {},
        {"speaker": record.MAYOR},
        {"outlet": "Le Quai", "stance": "asserted"},
        {"q": "bridge"},
    ):
        found = _found(pages, **chosen)
        for name, values in found["facets"].items():
            for one in values:
                alone = _found(pages, **{**chosen, name: one["value"]})
                assert alone["statements"] == one["statements"], (chosen, name, one)
        for one, following in pairwise([*found["days"], None]):
            until = {"until": one["since"]} if following is not None else {}
            assert (
                _found(pages, **chosen, since=one["since"], **until)["statements"]
                == one["statements"]
            )


def test_values_of_one_facet_are_joined_by_or(pages: TestClient) -> None:
    both = _found(pages, speaker=[record.MAYOR, record.UNION])
    each = [_found(pages, speaker=one)["statements"] for one in (record.MAYOR, record.UNION)]
    assert both["statements"] == sum(each) > max(each)


def test_a_speaker_may_be_told_by_a_surname(pages: TestClient) -> None:
    assert (
        _found(pages, speaker="marrow")["statements"]
        == _found(pages, speaker=record.MAYOR)["statements"]
    )
    assert _found(pages, speaker="nobody of that name")["statements"] == 0


def test_what_was_denied_or_not_said_is_told_in_words(pages: TestClient) -> None:
    shown = pages.get("/search?q=cables+rotten&by=words").text
    assert "denied: the speaker says that it is not so" in shown
    assert _facet(_found(pages, q="sold"), "stance") == {"unsaid": 1}


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("since=yesterday", "since"),
        ("by=magic", "by"),
        ("page=0", "page"),
        ("stance=x", "stance"),
        ("q=" + "a" * 500, "q"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(pages: TestClient, asked: str, word: str) -> None:
    shown = pages.get(f"/search?{asked}")
    assert (shown.status_code, f"{word}:" in shown.text, "<h1>" in shown.text) == (400, True, True)
    told = pages.get(f"/api/search?{asked}")
    assert told.status_code == 400 and told.json()["detail"].startswith(word)


@pytest.mark.parametrize(
    "words", ['"', "' OR 1=1 --", "%", "\\", "a:b*c(", "🌉", "the", "\u200b", "NULL", "x\x00y"]
)
def test_no_query_breaks_it(pages: TestClient, words: str) -> None:
    assert pages.get("/search", params={"q": words, "by": "words"}).status_code == 200


def test_the_fragment_for_scripts_is_what_the_page_shows(pages: TestClient) -> None:
    whole, part = (
        pages.get("/search?q=bridge&by=words").text,
        pages.get("/search?q=bridge&by=words&part=found").text,
    )
    assert part.lstrip().startswith('<div class="found">') and part.strip() in whole
    assert "part=found" not in part


def test_files_hold_what_was_found(pages: TestClient) -> None:
    found = _found(pages, q="bridge")
    ids = [hit["quotation_id"] for hit in found["hits"]]
    table = pl.read_csv(io.BytesIO(pages.get("/search.csv?q=bridge&by=words").content))
    assert table["quotation_id"].to_list() == ids and set(table["generation"]) == {1}
    assert [
        row["quotation_id"] for row in pages.get("/search.json?q=bridge&by=words").json()
    ] == ids
    sheet = pages.get("/search.xlsx?q=bridge&by=words")
    assert (
        sheet.content.startswith(b"PK") and "onrecord.xlsx" in sheet.headers["content-disposition"]
    )
    cited = pages.get("/search.txt?q=stays+closed+tested&by=words").text
    assert cited.startswith(
        "Ilse Marrow, “The bridge stays closed until every cable has been tested.”, Mayor: 'the bridge stays closed',"
        " The Harbour Post, 27 February 2026, https://harbourpost.example/bridge. OnRecord, generation 1, quotation "
    )


def test_the_feed_is_atom(pages: TestClient) -> None:
    """What RFC 4287 asks of a feed and of each entry."""
    answer = pages.get("/feed?q=bridge&by=words")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for element in (feed, *entries):
        assert [len(element.findall(ATOM + name)) for name in ("id", "title", "updated")] == [
            1,
            1,
            1,
        ]
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated", "")).tzinfo is not None
        for link in element.findall(f"{ATOM}link"):
            assert link.get("href", "").startswith("http://localhost/")
    assert all(entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    self = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert self == ["http://localhost/feed?q=bridge&by=words"]


def test_the_feed_tells_a_new_wording_from_a_new_statement(pages: TestClient) -> None:
    feed = ElementTree.fromstring(pages.get("/feed?speaker=marrow").content)
    titles = [entry.findtext(f"{ATOM}title", "") for entry in feed.findall(f"{ATOM}entry")]
    assert any("(new): " in title for title in titles)
    assert any("(new wording): The bridge remains closed" in title for title in titles)


def test_meaning_is_searched_by_vectors(folder: Path) -> None:
    """The vector of a wording finds the wording; other wordings that are near come after it."""
    pages = TestClient(make(folder, encode=record.vector), base_url="http://localhost")
    words = "nobody asked the workers"
    found = pages.get("/api/search", params={"q": words, "by": "meaning"}).json()
    assert found["by"] == "meaning" and found["hits"][0]["words"] == words
    both = pages.get("/api/search", params={"q": words, "by": "both"}).json()
    assert both["hits"][0]["words"] == words


def test_a_vector_of_another_model_is_told_in_words(folder: Path) -> None:
    pages = TestClient(make(folder, encode=lambda words: [1.0]), base_url="http://localhost")
    shown = pages.get("/search?q=bridge&by=meaning")
    assert shown.status_code == 400 and "search by words" in shown.text
    found = pages.get("/api/search", params={"q": "bridge"}).json()
    assert found["by"] == "words" and found["hits"]


def test_what_fits_best_comes_first_unless_told_otherwise(pages: TestClient) -> None:
    """Whoever lists everything and then types a word sends the form with what it shows."""
    listed = pages.get("/search?by=words").text
    assert '<option value="" selected>what fits best' in listed
    assert _found(pages, q="bridge", sort="")["question"]["sort"] == "relevance"
    assert '<option value="oldest" selected>' in pages.get("/search?by=words&sort=oldest").text

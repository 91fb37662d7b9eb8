"""What a journalist asks, answered in three clicks or fewer from the start page, by links and the search form alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from tests.support import kin

MOST = 3


class Reader:
    """Somebody with a browser: what stands on the page, and how many clicks it took."""

    def __init__(self, browser: TestClient) -> None:
        self._browser, self.clicks = browser, 0
        self._page = browser.get("/").text

    @property
    def sees(self) -> str:
        """The page's words."""
        text = re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", self._page, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(text))

    def links(self) -> Iterator[tuple[str, str]]:
        """The links of the page: their words and where they lead."""
        for href, words in re.findall(
            r'<a\b[^>]*href="([^"]*)"[^>]*>(.*?)</a>', self._page, re.DOTALL
        ):
            yield (
                re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", words))).strip(),
                unescape(href),
            )

    def click(self, words: str) -> Reader:
        """Follow the first link with these words."""
        self._go(next(href for told, href in self.links() if words in told))
        return self

    def search(self, words: str) -> Reader:
        """Ask the form that stands on every page."""
        assert re.search(r'<form[^>]*action="/search"[^>]*>.*?name="q"', self._page, re.DOTALL)
        self._go(f"/search?{urlencode({'q': words})}")
        return self

    def _go(self, address: str) -> None:
        self.clicks += 1
        answer = self._browser.get(address)
        assert answer.status_code == 200, address
        self._page = answer.text


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = kin.published(tmp_path_factory.mktemp("asked"))
    return TestClient(make(folder), base_url="http://localhost", follow_redirects=True)


@pytest.fixture
def reader(browser: TestClient) -> Iterator[Reader]:
    asked = Reader(browser)
    yield asked
    assert asked.clicks <= MOST


CLOSED = "The bridge stays closed until every cable"


def test_what_did_she_say_about_it(reader: Reader) -> None:
    assert CLOSED in reader.search("bridge").click("Ilse Marrow").sees


def test_what_did_she_say_that_month(reader: Reader) -> None:
    told = reader.click("Ilse Marrow").sees
    assert "27 February 2026" in told
    assert CLOSED in told


def test_who_changed_the_words(reader: Reader) -> None:
    told = reader.click("nobody asked the workers").sees
    assert "Wordings" in told or "wordings" in told
    assert "The Harbour Post" in told


def test_who_was_first_and_who_followed(reader: Reader) -> None:
    told = reader.click(CLOSED).sees
    assert re.search(r"1 The Harbour Post .* first", told)


def test_who_refused_to_answer(reader: Reader) -> None:
    told = reader.click("No answer").sees
    assert "Ilse Marrow" in told
    assert "would not say" in told


def test_what_did_she_say_on_this_before(reader: Reader) -> None:
    reader.click("The bridge remains closed until each cable")
    assert CLOSED in reader.sees


def test_what_does_she_deny(reader: Reader) -> None:
    reader.click("Ilse Marrow")
    assert re.search(r"den(?:ied|ies)", reader.sees)
    assert "the cables are rotten" in reader.sees


def test_where_does_it_stand_at_the_source(reader: Reader) -> None:
    reader.click(CLOSED).click("in its place")
    assert any("#:~:text=" in href for _, href in reader.links())


def test_who_quotes_her_and_who_does_not(reader: Reader) -> None:
    reader.click("Ilse Marrow")
    assert "Le Quai" in reader.sees
    assert "The Harbour Post" in reader.sees


def test_how_often_does_an_outlet_alter_words(reader: Reader) -> None:
    assert "Worded otherwise" in reader.click("Outlets").sees


def test_what_was_not_taken_and_why(reader: Reader) -> None:
    assert "The file holds nothing." in reader.sees


def test_tell_me_when_there_is_more(reader: Reader) -> None:
    reader.search("bridge")
    assert any(href.startswith("/feed?") for _, href in reader.links())

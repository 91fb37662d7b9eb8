"""A record whose every text is hostile: nothing of it becomes markup, an address, or a formula."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from onrecord.warehouse.publishing import building, publish
from tests.support import record

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "]]><svg/onload=alert(1)>",
    '=HYPERLINK("http://evil.example")',
    "</textarea></title><base href=//evil.example>",
    "\u202e\u2066gnp.exe",
    "a/../../b?x=1#y&amp;",
)
ALL = " ".join(EVIL)


class _Tags(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small record with hostile names, titles, addresses, labels and words."""
    home = tmp_path_factory.mktemp("hostile") / "record"
    articles = [
        {
            **article,
            "outlet": EVIL[number % len(EVIL)],
            "title": ALL,
            "author": ALL,
            "url": "javascript:alert(1)//https://x.example" if number else article["url"],
        }
        for number, article in enumerate(record.REPEATING)
    ]
    tables = record.tables(articles=articles)
    hostile: dict[str, dict[str, Any]] = {
        "speakers": {"name": ALL, "descriptors": [ALL], "aliases": [ALL]},
        "themes": {"label": ALL, "keywords": [ALL]},
        "statements": {"text": ALL},
        "rejects": {"source": ALL, "detail": ALL, "place": ALL},
        "quotations": {"cue": ALL, "mention": ALL, "name": ALL, "via": ALL, "told": ALL},
        "runs": {"sources": [ALL], "detail": ALL},
        "gate_results": {"expectation": ALL, "observed": ALL},
    }
    import polars as pl

    for name, columns in hostile.items():
        frame = tables[name]
        tables[name] = frame.with_columns(
            pl.Series(column, [value] * frame.height, dtype=frame.schema[column])
            for column, value in columns.items()
        )
    with publish.lock(home, record.RUN):
        publish.publish(home, building.build(home, tables, run_id=record.RUN), 3)
    return home


def _addresses(pages: TestClient) -> list[str]:
    start = pages.get("/api").json()
    hits = pages.get(
        "/api/search?by=words&confidence=sure&confidence=likely&confidence=unsure"
    ).json()["hits"]
    return [
        *("/", "/search", "/themes", "/outlets", "/runs", "/sql", "/feed"),
        "/search?q="
        + "%3Cscript%3Ealert(1)%3C/script%3E&by=words&speaker=%22%3E%3Cimg%3E&since=2020-01-01",
        "/nothing/%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?since=%3Cscript%3E",
        "/quotation/%3Cscript%3E",
        *(f"/quotation/{hit['quotation_id']}" for hit in hits),
        *(f"/statement/{hit['statement_id']}" for hit in hits if hit["statement_id"]),
        *(f"/speaker/{one['speaker_id']}" for one in start["speakers"]),
        *(f"/theme/{one['theme_id']}" for one in start["themes"]),
    ]


def test_nothing_becomes_markup(home: Path) -> None:
    pages = TestClient(make(home), base_url="http://localhost")
    for address in _addresses(pages):
        shown = pages.get(address)
        assert shown.status_code in (200, 400, 404), (address, shown.text[:500])
        read = _Tags()
        read.feed(shown.text)
        for tag, attributes in read.found:
            told = (address, tag, attributes)
            assert tag not in ("img", "base", "iframe", "object", "embed", "style"), told
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (
                told
            )
            if tag == "script":
                assert (attributes.get("src") or "").startswith("/static/"), told
            for name in ("href", "src", "action", "xlink:href"):
                to = (attributes.get(name) or "/").strip().lower()
                assert to.startswith(
                    ("/", "#", "?", "http://localhost", "https://harbourpost.example")
                ), told
                assert not to.startswith("//"), told
        assert "49{" not in shown.text


def test_no_cell_is_a_formula(home: Path) -> None:
    pages = TestClient(make(home), base_url="http://localhost")
    told = pages.get("/search.csv?by=words").text
    assert "=HYPERLINK" in told and ",=HYPERLINK" not in told and ',"=HYPERLINK' not in told

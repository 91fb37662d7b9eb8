"""What people correct is in every list, count and filter at once, before a run applies it, and goes when taken back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.mending import store
from tests.support.mended import article, correct, run

TOWN = article(
    "Coast Herald",
    "harbour",
    "The harbour\n\n“Two boats are missing,” said Ole Brask, the harbour master.\n\n“The ferry is free for children,”"
    " said Nell Tarrow.\n\n“Nobody has told us who is to pay for it,” said Piet Osgood on Monday.\n",
)
NETS = article(
    "Fell Echo", "nets", "“The nets were cut on Sunday,” said Ole Brask, the harbour master.\n"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of two articles; copied by each test."""
    home = tmp_path_factory.mktemp("base") / "record"
    run(home, [TOWN, NETS])
    return home


@pytest.fixture
def home(base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(base, tmp_path / "record"))


@pytest.fixture
def pages(home: Path) -> TestClient:
    return TestClient(make(home), base_url="http://localhost", follow_redirects=False)


def of(home: Path, words: str, column: str = "quotation_id") -> str:
    return str(query(home, f"SELECT {column} FROM all_quotes WHERE words LIKE '%{words}%'").item())


def facet(pages: TestClient, name: str, **asked: str) -> dict[str, int]:
    told = pages.get("/api/search", params=asked).json()["facets"][name]
    return {one["label"]: one["statements"] for one in told}


def taken_back(home: Path, correction: str) -> None:
    store.take_back(home, [correction], "Edda Quill", "I misheard")


def test_another_speaker(home: Path, pages: TestClient) -> None:
    before = facet(pages, "speaker")
    assert before["Nell Tarrow"] == 1
    made = correct(home, "speaker", of(home, "ferry is free"), value="Ole Brask")
    assert facet(pages, "speaker") == {
        **{name: count for name, count in before.items() if name != "Nell Tarrow"},
        "Ole Brask": before["Ole Brask"] + 1,
    }
    ole = of(home, "Two boats", "speaker_id")
    assert pages.get(f"/api/speaker/{ole}").json()["statements"] == before["Ole Brask"] + 1
    assert "ferry is free" in pages.get(f"/speaker/{ole}").text
    nell = of(home, "ferry is free", "speaker_id")
    assert pages.get(f"/api/speaker/{nell}").json()["statements"] == 0
    taken_back(home, made)
    assert facet(pages, "speaker") == before


def test_a_speaker_of_whom_nothing_is_on_record(home: Path, pages: TestClient) -> None:
    made = correct(
        home, "speaker", of(home, "ferry is free"), value="Sela Vane", value_kind="person"
    )
    assert facet(pages, "speaker")["Sela Vane"] == 1
    found = pages.get("/api/search", params={"speaker": "Sela Vane"}).json()
    assert [hit["words"] for hit in found["hits"]] == ["The ferry is free for children"]
    assert pages.get("/search", params={"speaker": "Sela Vane"}).status_code == 200
    taken_back(home, made)
    assert pages.get("/api/search", params={"speaker": "Sela Vane"}).json()["statements"] == 0


def test_nobody(home: Path, pages: TestClient) -> None:
    before = facet(pages, "speaker").get("-", 0)
    made = correct(home, "speaker", of(home, "ferry is free"), value=None)
    assert facet(pages, "speaker")["-"] == before + 1
    taken_back(home, made)


def test_no_quotation(home: Path, pages: TestClient) -> None:
    before = pages.get("/api/search").json()["statements"]
    made = correct(home, "not_a_quotation", of(home, "ferry is free"))
    told = pages.get("/api/search", params={"q": "ferry", "by": "words"}).json()
    assert told["statements"] == 0
    assert pages.get("/api/search").json()["statements"] == before - 1
    # Its own page still tells what became of it.
    assert "no quotation" in pages.get(f"/quotation/{of(home, 'ferry is free')}").text
    taken_back(home, made)
    assert pages.get("/api/search").json()["statements"] == before


def test_not_said(home: Path, pages: TestClient) -> None:
    assert "unsaid" not in facet(pages, "stance")
    made = correct(home, "stance", of(home, "ferry is free"), value="unsaid")
    assert facet(pages, "stance")["unsaid"] == 1
    assert pages.get("/api/search", params={"stance": "unsaid"}).json()["statements"] == 1
    assert pages.get("/api/silences").json()["count"] == 1
    nell = of(home, "ferry is free", "speaker_id")
    assert pages.get(f"/api/speaker/{nell}").json()["quotations"] == 0
    taken_back(home, made)


def test_the_same_statement(home: Path, pages: TestClient) -> None:
    before = pages.get("/api/search").json()["statements"]
    two = of(home, "Two boats", "statement_id"), of(home, "nets were cut", "statement_id")
    made = correct(home, "same_statement", of(home, "Two boats"), other=of(home, "nets were cut"))
    assert pages.get("/api/search").json()["statements"] == before - 1
    assert pages.get(f"/api/statement/{two[0]}").json()["wordings_count"] == 2
    gone = pages.get(f"/statement/{two[1]}")
    assert gone.status_code == 301 and gone.headers["location"].endswith(f"/statement/{two[0]}")
    taken_back(home, made)
    assert pages.get(f"/statement/{two[1]}").status_code == 200


def test_one_person(home: Path, pages: TestClient) -> None:
    before = facet(pages, "speaker")
    ole, nell = (
        of(home, "Two boats", "speaker_id"),
        of(home, "ferry is free", "speaker_id"),
    )
    made = correct(home, "one_person", ole, other=nell)
    told = facet(pages, "speaker")
    assert told["Ole Brask"] == before["Ole Brask"] + before["Nell Tarrow"]
    assert "Nell Tarrow" not in told
    led = pages.get(f"/speaker/{nell}")
    assert led.status_code == 301 and led.headers["location"].endswith(f"/speaker/{ole}")
    both = pages.get("/api/search", params={"speaker": "Nell Tarrow"}).json()["statements"]
    assert both == told["Ole Brask"]
    taken_back(home, made)
    assert facet(pages, "speaker") == before


def test_a_name(home: Path, pages: TestClient) -> None:
    ole = of(home, "Two boats", "speaker_id")
    made = correct(home, "rename", "Ole Brask", value="Olaf Brask")
    assert "Olaf Brask" in facet(pages, "speaker")
    assert "Ole Brask" not in facet(pages, "speaker")
    hits = pages.get("/api/search", params={"q": "boats", "by": "words"}).json()["hits"]
    assert [hit["speaker"] for hit in hits] == ["Olaf Brask"]
    assert pages.get(f"/api/speaker/{ole}").json()["name"] == "Olaf Brask"
    assert pages.get("/api/search", params={"speaker": "Olaf Brask"}).json()["statements"] == 2
    assert "Olaf Brask" in pages.get("/").text
    taken_back(home, made)
    assert "Ole Brask" in facet(pages, "speaker")

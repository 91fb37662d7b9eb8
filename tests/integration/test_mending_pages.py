"""The forms by which people correct the record, over a real one: shown at once, in the record with the next run."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from onrecord.pages import guard
from onrecord.pages.app import make
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.mending import store
from tests.support.mended import article, run

CORPUS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{ 7*7 }} ${7*7}",
    "javascript:alert(1)",
    "\u202egnp.exe \x1b[31m\x00 a\u2028b",
    "](javascript:alert(1)) **b**",
    "=cmd|' /C calc'!A0",
    "a\r\nSet-Cookie: b=1",
)

FERRY = article(
    "Quay Wire",
    "ferry",
    "The ferry\n\n“The ferry is free for children,” said Nell Tarrow, the ferrywoman.\n\n“Nobody has told us who is to"
    " pay for it,” said Piet Osgood on Monday.\n",
)


class Tags(HTMLParser):
    """The tags of a page, with their attributes and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.attributes: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of one article; every test corrects what no other does."""
    home = tmp_path_factory.mktemp("mended") / "record"
    run(home, [FERRY])
    return home


@pytest.fixture
def pages(home: Path) -> TestClient:
    """A browser without scripts, at this machine."""
    return TestClient(make(home), base_url="http://localhost", follow_redirects=False)


def of(home: Path, words: str, column: str = "quotation_id") -> str:
    return str(query(home, f"SELECT {column} FROM all_quotes WHERE words LIKE '%{words}%'").item())


def token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def send(pages: TestClient, at: str, **fields: str):  # type: ignore[no-untyped-def]
    page = pages.get(at).text
    return pages.post("/corrections", data={"csrf": token(page), "back": at, **fields})


def test_a_correction_is_shown_at_once_and_taken_back(home: Path, pages: TestClient) -> None:
    quotation = of(home, "Nobody has told")
    at = f"/quotation/{quotation}"
    done = send(
        pages,
        at,
        kind="speaker",
        of=quotation,
        speaker="Sela Vane",
        because="I was there",
        other_same_statement="x",
    )
    assert (done.status_code, done.headers["location"]) == (303, f"{at}#mend")
    page = pages.get(at).text
    assert "Sela Vane" in page and "I was there" in page
    assert "takes effect in the record with the next run" in page.lower()
    told = pages.get(f"/api{at}").json()
    assert told["speaker"] == "Sela Vane"
    assert told["corrected"]["notes"][0]["pending"] is True
    (hit,) = pages.get("/api/search", params={"q": "who is to pay", "by": "words"}).json()["hits"]
    assert (hit["speaker"], hit["corrected"]) == ("Sela Vane", "said by Sela Vane")
    listed = pages.get("/corrections").text
    assert "said by Sela Vane" in listed and "waits for the next run" in listed
    (one,) = pages.get("/api/corrections", params={"state": "pending"}).json()["entries"]
    statement = pages.get(f"/statement/{of(home, 'Nobody has told', 'statement_id')}").text
    assert "said by Sela Vane" in statement
    assert (
        json.loads(pages.get("/corrections.jsonl").text.splitlines()[-1])["id"]
        == one["correction_id"]
    )

    undone = pages.post(
        "/corrections/undo",
        data={"csrf": token(listed), "id": one["correction_id"], "back": "/corrections"},
    )
    assert (undone.status_code, undone.headers["location"]) == (303, "/corrections")
    assert pages.get(f"/api{at}").json()["speaker"] == "Piet Osgood"
    assert pages.get("/api/corrections", params={"state": "undone"}).json()["count"] == 1


def test_every_kind_can_be_said_by_a_form(home: Path, pages: TestClient) -> None:
    ferry, pay = of(home, "ferry is free"), of(home, "Nobody has told")
    nell, piet = of(home, "ferry is free", "speaker_id"), of(home, "Nobody has told", "speaker_id")
    before = pages.get("/api/corrections").json()["count"]
    forms = [
        (f"/quotation/{ferry}", {"kind": "nobody", "of": ferry}),
        (f"/quotation/{ferry}", {"kind": "not_a_quotation", "of": ferry}),
        (f"/quotation/{ferry}", {"kind": "stance", "of": ferry, "stance": "denied"}),
        (
            f"/quotation/{ferry}",
            {
                "kind": "same_statement",
                "of": ferry,
                "other_same_statement": f"http://localhost/quotation/{pay}",
            },
        ),
        (
            f"/quotation/{ferry}",
            {"kind": "other_statement", "of": ferry, "other_other_statement": pay},
        ),
        (f"/speaker/{nell}", {"kind": "rename", "of": nell, "name": "Eleanor Tarrow"}),
        (f"/speaker/{nell}", {"kind": "one_person", "of": nell, "other_one_person": "Piet Osgood"}),
        (f"/speaker/{nell}", {"kind": "two_people", "of": nell, "other_two_people": piet}),
    ]
    for at, fields in forms:
        done = send(pages, at, **fields)
        assert done.status_code == 303, done.text
    assert pages.get("/api/corrections").json()["count"] == before + len(forms)
    assert "Eleanor Tarrow" in pages.get(f"/speaker/{nell}").text
    # Later ones stand against earlier ones of the same: what is left of them is told by the next run.
    run(home)
    gone = pages.get(f"/quotation/{ferry}")
    assert gone.status_code == 404 and "not a quotation" in gone.text
    states = {one["kind"]: one["state"] for one in pages.get("/api/corrections").json()["entries"]}
    assert states["one_person"] == "overruled"
    assert states["two_people"] == states["rename"] == "applied"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "elected"},
        {"kind": "speaker"},
        {"kind": "speaker", "speaker": "?!"},
        {"kind": "stance", "stance": "sung"},
        {"kind": "same_statement"},
        {"kind": "same_statement", "other_same_statement": "nobody knows it"},
        {"kind": "rename", "name": "Nell"},
        {"kind": "nobody", "of": "../../etc/passwd"},
        {"kind": "nobody", "of": ""},
    ],
)
def test_what_is_no_correction_is_told_in_words(
    home: Path, pages: TestClient, fields: dict[str, str]
) -> None:
    quotation = of(home, "Nobody has told")
    before = store.path(home).read_bytes() if store.path(home).exists() else b""
    done = send(pages, f"/quotation/{quotation}", **{"of": quotation, **fields})
    assert done.status_code == 400
    assert "Go back" in done.text
    assert (store.path(home).read_bytes() if store.path(home).exists() else b"") == before


def test_only_who_may_mend_can_and_only_from_a_page_of_ours(home: Path) -> None:
    quotation = of(home, "Nobody has told")
    access = guard.Access(read_token="r" * 32, mend_token="m" * 32)
    pages = TestClient(
        make(home, access=access), base_url="http://localhost", follow_redirects=False
    )
    reads, mends = ({"authorization": f"Bearer {one * 32}"} for one in "rm")
    page = pages.get(f"/quotation/{quotation}", headers=reads)
    assert page.status_code == 200 and 'name="csrf"' not in page.text
    form = {"kind": "nobody", "of": quotation}
    assert pages.post("/corrections", data=form, headers=reads).status_code == 403
    assert pages.post("/corrections", data=form).status_code == 401
    assert pages.post("/corrections", data=form, headers=mends).status_code == 403
    with_token = form | {"csrf": token(pages.get(f"/quotation/{quotation}", headers=mends).text)}
    elsewhere = {**mends, "origin": "https://evil.example"}
    assert pages.post("/corrections", data=with_token, headers=elsewhere).status_code == 403
    leads = {**with_token, "back": "//evil.example/quotation/"}
    done = pages.post("/corrections", data=leads, headers=mends)
    assert done.headers["location"] == "/corrections"


def test_hostile_words_stay_words(home: Path, pages: TestClient) -> None:
    quotation = of(home, "Nobody has told")
    at = f"/quotation/{quotation}"
    for words in CORPUS:
        send(
            pages,
            at,
            kind="speaker",
            of=quotation,
            speaker=f"Sela {words}"[:190],
            because=words[:1000],
        )
    for page in (pages.get(path).text for path in (at, "/corrections")):
        assert "&lt;script&gt;alert(1)" in page and "{{ 7*7 }}" in page
        assert "\x1b" not in page and "\u202e" not in page
        tags = Tags()
        tags.feed(page)
        assert tags.found.count("script") == 1
        assert not {"img", "svg", "iframe"} & set(tags.found)
        assert not [name for name in tags.attributes if name.startswith("on")]
        assert not [told for told in tags.links if told.startswith("javascript:")]
    assert store.read(home).unusable == ()

"""The views of the record: what they show, what they say of what is not there, and that each is JSON too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from onrecord.pages.app import make
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.looking import asked
from tests.support import kin, record


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with versions, a copy, repeats, a denial and a question left open."""
    return kin.published(tmp_path_factory.mktemp("kin"))


@pytest.fixture(scope="module")
def browser(home: Path) -> TestClient:
    """A browser without scripts."""
    return TestClient(make(home), base_url="http://localhost", follow_redirects=False)


def one(home: Path, sql: str) -> str:
    """One value of the record."""
    found: str = query(home, sql).item(0, 0)
    return found


def shown(browser: TestClient, address: str) -> str:
    """The words of a page without its tags."""
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    text = re.sub(r"<(head|svg).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def test_a_quotation_in_its_place(browser: TestClient, home: Path) -> None:
    identity = one(
        home,
        f"SELECT quotation_id FROM quotations WHERE article_id = '{kin.identity(kin.LATER)}'"
        " AND contains(text, 'until every')",
    )
    said = shown(browser, f"/quotation/{identity}")
    assert "nobody asked us" in said
    assert "Another version" in said
    assert "What changed from the version before" in said
    page = browser.get(f"/quotation/{identity}").text
    assert len(re.findall('id="meant"', page)) == 1
    assert '<mark class="meant">&#34;The bridge stays closed' in page
    assert "https://harbourpost.example/bridge#:~:text=" in page
    # The other quotations of the article lead to themselves.
    others = set(re.findall(r'class="quoted" href="/quotation/(\w+)"', page))
    assert len(others) == 2
    assert identity not in others


def test_a_statement_compared(browser: TestClient, home: Path) -> None:
    identity = one(
        home,
        "SELECT statement_id FROM statements WHERE contains(text, 'until every') AND quotations > 0",
    )
    said = shown(browser, f"/statement/{identity}")
    assert "cut: stays" in said
    assert "added: remains" in said
    assert "copies The Harbour Post (100%)" in said
    assert "same words, printed earlier" in said
    assert "Said again" in said
    first = shown(browser, f"/statement/{identity}?against=first")
    assert "Held against: the fullest wording · another" in first
    picture = browser.get(f"/statement/{identity}").text
    assert picture.count('class="copied"') == 1
    assert picture.count('class="same-words"') == 1


def test_a_merged_identity_leads_on(browser: TestClient, home: Path) -> None:
    now = one(home, f"SELECT resolve_statement('{record.GONE}')")
    answer = browser.get(f"/statement/{record.GONE}")
    assert (answer.status_code, answer.headers["location"]) == (301, f"/statement/{now}")
    assert browser.get(f"/api/statement/{record.GONE}").headers["location"].endswith(now)


def test_a_speaker(browser: TestClient) -> None:
    said = shown(browser, f"/speaker/{record.MAYOR}")
    assert "What they would not say" in said
    assert "who sold them" in said
    assert "What they denied" in said
    union = shown(browser, f"/speaker/{record.UNION}")
    assert "Never quoted by" in union


def test_who_would_not_answer(browser: TestClient) -> None:
    assert "would not say" in shown(browser, "/silences")


def test_themes(browser: TestClient, home: Path) -> None:
    broad = one(home, "SELECT theme_id FROM themes WHERE parent_id IS NULL")
    assert "bridge closure" in shown(browser, f"/theme/{broad}")
    assert f'<a href="/theme/{broad}"><circle' in browser.get("/themes").text


def test_outlets(browser: TestClient) -> None:
    assert "The Echo &lt;b&gt;" in browser.get("/outlets").text
    said = shown(browser, "/outlet?name=" + quote("The Echo <b>"))
    assert "Copies The Harbour Post" in said


def test_runs_and_rejects(browser: TestClient) -> None:
    assert "empty" in shown(browser, "/runs")
    assert "onrecord retry" in shown(browser, "/rejects")
    identity = re.findall(r'href="/rejects/(\w+)"', browser.get("/rejects").text)[0]
    assert "The file holds nothing." in shown(browser, f"/rejects/{identity}")
    assert "Stage by stage" in shown(browser, f"/runs/{record.RUN}")


@pytest.mark.parametrize("example", asked.EXAMPLES, ids=lambda example: example.words)
def test_every_example_of_the_box_is_answered(browser: TestClient, example: asked.Example) -> None:
    page = browser.get("/sql", params={"q": example.sql})
    assert page.status_code == 200
    assert "The address of this page holds the question" in page.text
    answer = browser.get("/api/sql", params={"q": example.sql}).json()
    assert len(answer["rows"]) > 0
    assert all(len(row) == len(answer["columns"]) for row in answer["rows"])


@pytest.mark.parametrize(
    "sql", ["SELEC", "DROP TABLE articles", "FROM nothing", "SELECT 1; SELECT 2"]
)
def test_what_sql_cannot_read_is_told_in_words(browser: TestClient, sql: str) -> None:
    page = browser.get("/sql", params={"q": sql})
    assert page.status_code == 400
    assert "It cannot be answered" in page.text
    assert browser.get("/api/sql", params={"q": sql}).status_code == 400


def test_values_that_json_has_not(browser: TestClient) -> None:
    sql = (
        "SELECT 'nan'::DOUBLE AS a, 'infinity'::DOUBLE AS b, '\\x00'::BLOB AS c, INTERVAL 1 DAY AS d,"
        " [1.5, 'nan'::DOUBLE] AS e"
    )
    answer = browser.get("/api/sql", params={"q": sql})
    assert answer.status_code == 200
    assert json.loads(answer.text)["rows"][0][:2] == ["nan", "inf"]


@pytest.mark.parametrize(
    "address",
    [
        *("/quotation/x", "/statement/x", "/speaker/x", "/theme/x", "/outlet?name=x"),
        *(
            "/runs/x",
            "/rejects/x",
            "/quotation/%2e%2e%2fetc",
            "/speaker/%00",
            "/theme/" + "x" * 5000,
        ),
    ],
)
def test_what_is_unknown_is_told_by_a_page_that_helps(browser: TestClient, address: str) -> None:
    page = browser.get(address)
    assert page.status_code == 404
    assert 'action="/search"' in page.text
    answer = browser.get("/api" + address)
    assert answer.status_code == 404
    assert "detail" in answer.json()


@pytest.mark.parametrize(
    "given", ["page=0", "page=-1", "page=x", "page=999999999999", "order=worst"]
)
def test_what_cannot_be_read_is_told(browser: TestClient, given: str) -> None:
    assert browser.get(f"/speaker/{record.MAYOR}?{given}").status_code == 400


def test_every_link_leads_somewhere_and_every_page_is_json(browser: TestClient) -> None:
    """All that can be reached from the lists, but for what other views answer."""
    ours = (
        "/quotation",
        "/statement",
        "/speaker",
        "/theme",
        "/outlet",
        "/runs",
        "/rejects",
        "/silences",
    )
    todo, seen = ["/themes", "/outlets", "/runs", "/silences", "/rejects?settled=yes"], set[str]()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        page = browser.get(address)
        assert page.status_code == 200, address
        assert browser.get("/api" + address).status_code == 200, address
        found = re.findall(r'href="(/[^"#]*)', page.text)
        todo += [one.replace("&amp;", "&") for one in found if one.startswith(ours)]
    kinds = {re.split(r"[/?]", address)[1] for address in seen}
    assert kinds == {one[1:] for one in ours} | {"themes", "outlets"}

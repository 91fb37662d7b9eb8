"""Who is let in, who may mend, and what every answer carries."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import Request
from fastapi.responses import PlainTextResponse
from starlette.testclient import TestClient

from onrecord.pages import guard
from onrecord.pages.app import make
from onrecord.pages.guard import Access, Sent

READ, MEND = "r" * 20, "m" * 20


def _app(folder: Path, access: Access | None = None, **more: str) -> TestClient:
    app = make(folder, access=access, **more)

    @app.post("/write")
    def write(sent: Sent) -> PlainTextResponse:
        return PlainTextResponse(f"{sent.who}: {sent.get('why')}")

    @app.get("/form")
    def form(request: Request) -> PlainTextResponse:
        return PlainTextResponse(guard.csrf(request))

    return TestClient(app, base_url="http://localhost", follow_redirects=False)


def _send(pages: TestClient, **headers: str) -> int:
    token = pages.get("/form", headers=headers).text
    return pages.post("/write", data={"csrf": token, "why": "x"}, headers=headers).status_code


@pytest.mark.parametrize("host", ["localhost", "localhost:80", "127.0.0.1:9", "[::1]:4280"])
def test_this_machine_is_let_in(folder: Path, host: str) -> None:
    assert _app(folder).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "127.0.0.1.nip.io",
        "",
        "[::1",
        "a@localhost.x",
    ],
)
def test_another_name_for_this_machine_is_not(folder: Path, host: str) -> None:
    assert _app(folder).get("/", headers={"host": host}).status_code == 421


def test_every_answer_carries_the_policy(folder: Path) -> None:
    pages = _app(folder)
    for path in (
        "/",
        "/nothing",
        "/api",
        "/api/nothing",
        "/static/style.css",
        "/feed",
        "/search?since=x",
    ):
        headers = pages.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
    refused = pages.get("/", headers={"host": "evil.example"})
    assert "content-security-policy" in refused.headers


def test_a_token_opens_the_pages_once_and_a_cookie_after_that(folder: Path) -> None:
    pages = _app(folder, Access(read_token=READ))
    assert pages.get("/").status_code == 401
    assert pages.get("/?token=wrong").status_code == 401
    first = pages.get(f"/search?q=a&token={READ}")
    assert (first.status_code, first.headers["location"]) == (303, "/search?q=a")
    assert "HttpOnly" in first.headers["set-cookie"] and READ not in first.headers["set-cookie"]
    assert pages.get("/").status_code == 200
    assert (
        _app(folder, Access(read_token=READ))
        .get("/", headers={"authorization": f"Bearer {READ}"})
        .status_code
        == 200
    )


def test_a_token_leads_to_no_other_host(folder: Path) -> None:
    pages = _app(folder, Access(read_token=READ))
    for path in ("//evil.example/", "/\\evil.example"):
        to = pages.get(f"http://localhost{path}?token={READ}").headers["location"]
        assert to.startswith("/") and not to.startswith(("//", "/\\"))


def test_a_feed_takes_the_token_each_time(folder: Path) -> None:
    assert _app(folder, Access(read_token=READ)).get(f"/feed?token={READ}").status_code == 200


def test_reading_and_mending_are_two_rights(folder: Path) -> None:
    access = Access(read_token=READ, mend_token=MEND)
    for token, expected in ((READ, 403), (MEND, 200)):
        assert _send(_app(folder, access), authorization=f"Bearer {token}") == expected
    assert _send(_app(folder)) == 200


def test_a_proxy_names_its_user_and_nobody_else_does(folder: Path) -> None:
    told = {"x-user": "ann"}
    here = Access(user_header="x-user", proxies=("testclient",), menders=("ann",))
    assert _send(_app(folder, here), **told) == 200
    assert _send(_app(folder, here), **{"x-user": "ben"}) == 403
    assert _app(folder, here).get("/").status_code == 401
    elsewhere = Access(user_header="x-user", proxies=("10.0.0.1",), menders=("*",))
    assert _app(folder, elsewhere).get("/", headers=told).status_code == 401


def test_another_site_sends_no_form(folder: Path) -> None:
    pages = _app(folder)
    token = pages.get("/form").text
    form = {"csrf": token, "why": "x"}
    assert pages.post("/write", data=form).status_code == 200
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
    ):
        assert pages.post("/write", data=form, headers=headers).status_code == 403
    assert pages.post("/write", data={"why": "x"}).status_code == 403
    assert pages.post("/write", data={**form, "csrf": "0" * 64}).status_code == 403
    assert pages.post("/write", json=form).status_code == 415
    assert pages.post("/write", data={**form, "why": "x" * 100_000}).status_code == 413


def test_many_costly_questions_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "A_MINUTE", 3)
    pages = _app(folder, Access(read_token=READ))
    asked = [
        pages.get("/api/search", headers={"authorization": f"Bearer {READ}"}).status_code
        for _ in range(8)
    ]
    assert asked[:3] == [200] * 3 and 429 in asked
    assert pages.get("/api", headers={"authorization": f"Bearer {READ}"}).status_code == 200


def test_all_addresses_begin_with_the_prefix(folder: Path) -> None:
    pages = _app(folder, prefix="/news/record/")
    for path in ("/news/record/", "/"):
        shown = pages.get(path).text
        assert 'href="/news/record/search"' in shown and 'href="/search"' not in shown
    assert pages.get("/news/record/static/style.css").status_code == 200
    assert pages.get("/news/record/api").json()["now"]["generation"] == 1

"""Fetching: a real server on loopback, reached through a backend that stands in for the internet's wires."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from onrecord.pipeline.core.settings import FetchSettings
from onrecord.pipeline.readers import Refusal
from onrecord.pipeline.readers.web.fetching import Fetched, Web
from onrecord.pipeline.readers.web.network import Pinned, Transport
from tests.support.site import PAGE, PUBLIC, Site, Wires


class Reached:
    """A Web over the test's wires, its clock and its names told by the test."""

    def __init__(
        self, site: Site, cache: Path, names: Mapping[str, list[str]], **more: Any
    ) -> None:
        self.wires = Wires(site.port)
        self.slept: list[float] = []
        self.looked_up: list[str] = []
        settings = FetchSettings(allowed=True, cache=cache, **{"delay_seconds": 0.0, **more})

        def resolver(host: str, _: int) -> list[str]:
            self.looked_up.append(host)
            return names.get(host, [PUBLIC])

        backend = Pinned(settings.hosts, settings.timeout_seconds, resolver, self.wires)
        client = httpx.Client(transport=Transport(backend), timeout=settings.timeout_seconds)
        self.web = Web(settings, client, self.slept.append)

    def reason(self, url: str) -> str:
        answer = self.web.fetch(url)
        return answer.reason if isinstance(answer, Refusal) else ""


@pytest.fixture
def reach(site: Site, tmp_path: Path) -> Callable[..., Reached]:
    def made(names: Mapping[str, list[str]] | None = None, **more: Any) -> Reached:
        return Reached(site, tmp_path / "cache", names or {}, **more)

    return made


def test_a_page_is_fetched_from_the_address_that_was_looked_at(
    site: Site, reach: Callable[..., Reached]
) -> None:
    site.lay("/lock", PAGE)
    reached = reach({"harbour.example": ["10.0.0.7", PUBLIC]}, contact="desk@press.example")
    answer = reached.web.fetch("http://harbour.example/lock")
    assert isinstance(answer, Fetched)
    assert answer.body.read_text() == PAGE
    assert set(reached.wires.reached) == {PUBLIC}
    host, path, headers, _ = site.asked[-1]
    assert (host, path) == ("harbour.example", "/lock")
    assert headers["User-Agent"].startswith("OnRecord/")
    assert headers["User-Agent"].endswith(" (+desk@press.example)")


@pytest.mark.parametrize(
    "url",
    [
        "http://inside.example/a",
        "http://127.0.0.1/a",
        "http://[::1]/a",
        "http://[::ffff:10.0.0.1]/a",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "ftp://harbour.example/a",
        "http://desk:open@harbour.example/a",
        "http:///a",
        "http://harbour.example:99999/",
    ],
)
def test_what_may_not_be_fetched_is_refused_and_never_reached(
    site: Site, reach: Callable[..., Reached], url: str
) -> None:
    reached = reach(
        {
            "inside.example": ["192.168.0.5"],
            "127.0.0.1": ["127.0.0.1"],
            "::1": ["::1"],
            "::ffff:a00:1": ["::ffff:10.0.0.1"],
            "::ffff:10.0.0.1": ["::ffff:10.0.0.1"],
            "169.254.169.254": ["169.254.169.254"],
        }
    )
    assert reached.reason(url) == "fetch_refused"
    assert (site.asked, reached.wires.reached) == ([], [])


def test_a_redirect_inside_is_refused_and_a_loop_ends(
    site: Site, reach: Callable[..., Reached]
) -> None:
    reached = reach({"inside.example": ["10.0.0.5"]})
    site.answers["/in"] = (302, {"Location": "http://inside.example/secret"}, b"")
    site.answers["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    site.answers["/loop"] = (301, {"Location": "/loop"}, b"")
    site.answers["/on"] = (307, {"Location": "//north.example/lock"}, b"")
    site.lay("/lock", PAGE)
    assert reached.reason("http://harbour.example/in") == "fetch_refused"
    assert reached.reason("http://harbour.example/file") == "fetch_refused"
    assert reached.reason("http://harbour.example/loop") == "http_status"
    answer = reached.web.fetch("http://harbour.example/on")
    assert isinstance(answer, Fetched) and answer.url == "http://north.example/lock"
    assert "/secret" not in site.paths()


def test_a_name_that_changes_its_address_is_looked_at_each_time(
    site: Site, reach: Callable[..., Reached]
) -> None:
    names = {"turns.example": [PUBLIC]}
    reached = reach(names)
    site.lay("/a", PAGE)
    assert reached.reason("http://turns.example/a") == ""
    looked_up = reached.looked_up.count("turns.example")
    # One look-up a connection: there is no second one that could answer otherwise.
    assert looked_up == len(reached.wires.reached)
    names["turns.example"] = ["127.0.0.1"]
    assert reached.reason("http://turns.example/b") == "fetch_refused"


def test_an_intranet_is_reached_where_its_host_is_named(
    site: Site, reach: Callable[..., Reached]
) -> None:
    site.lay("/a", PAGE)
    inside = {"wiki.desk.example": ["10.0.0.5"], "other.desk.example": ["10.0.0.5"]}
    reached = reach(inside, hosts=("Wiki.desk.example",))
    assert reached.reason("http://wiki.desk.example/a") == ""
    assert reached.reason("http://other.desk.example/a") == "fetch_refused"
    assert set(reached.wires.reached) == {"10.0.0.5"}


def test_robots_are_obeyed_and_their_absence_allows(
    site: Site, reach: Callable[..., Reached]
) -> None:
    site.lay("/open", PAGE)
    assert reach().reason("http://harbour.example/open") == ""
    rules = (
        "User-agent: *\nDisallow: /\n\nUser-agent: OnRecord\nDisallow: /*/private$\nCrawl-delay: 3"
    )
    site.lay("/robots.txt", rules, "text/plain")
    reached = reach()
    assert reached.reason("http://harbour.example/desk/private") == "robots_refuse"
    assert reached.reason("http://harbour.example/open") == ""
    assert reached.reason("http://harbour.example/open") == ""
    assert [round(wait) for wait in reached.slept] == [3]
    site.answers["/robots.txt"] = (500, {}, b"")
    assert reach().reason("http://harbour.example/open") == "robots_refuse"
    assert "/desk/private" not in site.paths()


def test_a_host_is_asked_with_a_delay_and_each_for_itself(
    site: Site, reach: Callable[..., Reached]
) -> None:
    site.lay("/a", PAGE)
    reached = reach(delay_seconds=60.0)
    for host in ("one.example", "two.example", "one.example"):
        assert reached.reason(f"http://{host}/a") == ""
    assert [round(wait) for wait in reached.slept] == [60]


def test_what_did_not_change_is_not_sent_again(site: Site, reach: Callable[..., Reached]) -> None:
    site.lay("/a", PAGE, ETag='"one"')
    first = reach().web.fetch("http://harbour.example/a")
    second = reach().web.fetch("http://harbour.example/a")
    assert isinstance(first, Fetched) and first == second
    assert site.asked[-1][2]["If-None-Match"] == '"one"'
    site.lay("/a", PAGE + "<!-- new -->", ETag='"two"')
    third = reach().web.fetch("http://harbour.example/a")
    assert isinstance(third, Fetched) and third.body.read_text().endswith("new -->")
    assert not first.body.exists()


def slowly(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def short(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"ten bytes.")


def nonsense(handler: Any) -> None:
    handler.wfile.write(b"no http at all\r\n\r\n")


def test_what_servers_do_wrong_is_a_reason(site: Site, reach: Callable[..., Reached]) -> None:
    bomb = gzip.compress(b"a" * 2_000_000)
    site.lay("/bomb", bomb, **{"Content-Encoding": "gzip"})
    site.lay("/cut", gzip.compress(PAGE.encode())[:-9], **{"Content-Encoding": "gzip"})
    site.lay("/broken", b"no gzip", **{"Content-Encoding": "gzip"})
    site.lay("/brotli", b"\x0b", **{"Content-Encoding": "br"})
    site.lay("/long", b"a" * 600_000)
    site.answers["/slow"], site.answers["/short"] = slowly, short
    site.answers["/nonsense"] = nonsense
    site.answers["/gone"] = (410, {}, b"")
    reached = reach(timeout_seconds=0.6, max_bytes=500_000)
    expected = {
        "bomb": "too_long",
        "cut": "truncated",
        "broken": "damaged",
        "brotli": "no_page",
        "long": "too_long",
        "slow": "too_slow",
        "short": "truncated",
        "nonsense": "truncated",
        "gone": "http_status",
    }
    started = time.monotonic()
    found = {name: reached.reason(f"http://harbour.example/{name}") for name in expected}
    assert found == expected
    assert time.monotonic() - started < 3
    assert not list(reached.web._store._folder.glob("*.body"))


def test_a_busy_server_is_given_the_time_it_asks_for_once(
    site: Site, reach: Callable[..., Reached]
) -> None:
    reached = reach()
    site.answers["/busy"] = (429, {"Retry-After": "7"}, b"")
    assert reached.reason("http://harbour.example/busy") == "http_status"
    site.answers["/much"] = (503, {"Retry-After": "3600"}, b"")
    assert reached.reason("http://harbour.example/much") == "http_status"
    assert reached.slept == [7.0]
    assert site.paths() == ["/busy", "/busy", "/much"]


def test_a_host_that_cannot_be_reached_is_tried_once(
    reach: Callable[..., Reached], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = reach({"dead.example": []})
    reached.wires.port = 1
    found = {reached.reason(f"http://down.example/{at}") for at in range(5)}
    assert found == {"unreachable"}
    assert len(reached.wires.reached) == 1

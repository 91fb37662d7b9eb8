"""Fetching: a real server on loopback, reached through a backend that stands in for the internet's wires."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest

from pipeline.ingest import ingest
from pipeline.readers import Refusal, urls
from pipeline.readers.address import has_credentials, shown
from pipeline.readers.network import Pinned, Transport, is_public
from pipeline.readers.web import Fetched, Web
from pipeline.settings import FetchSettings, IngestSettings

PUBLIC = "93.184.215.14"
TEXT = "“The lock will open at dawn,” the harbour master of Orlen told the council on Friday."
PAGE = (
    "<html><head><title>Lock opens</title></head><body><article>"
    + "".join(f"<p>{TEXT} It was part {at} of a long and windy morning.</p>" for at in range(5))
    + "</article></body></html>"
)
Answer = tuple[int, Mapping[str, str], bytes]


class Site:
    """A server whose answers a test lays out by path; it remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], None]] = {}
        self.asked: list[tuple[str, str, Mapping[str, str], float]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(
                    (self.headers["Host"], self.path, dict(self.headers), time.monotonic())
                )
                answer = site.answers.get(self.path.partition("?")[0], (404, {}, b""))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                etag = headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def lay(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": kind, **headers}, data)

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked if path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


class Wires(httpcore.SyncBackend):
    """Leads public addresses to the test's server; remembers which address each connection asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reached: list[str] = []

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        self.reached.append(host)
        return super().connect_tcp("127.0.0.1", self.port, timeout)


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


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("172.31.255.255", False),
        ("192.0.0.8", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("239.1.1.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.1.2.3", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:db8::1", False),
        ("fc00::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("localhost", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


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


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https://desk:open@a.example/x#part", "https://a.example/x"),
        (
            "https://a.example/x?api_key=abc&q=1&key=2",
            "https://a.example/x?api_key=...&q=1&key=...",
        ),
        (
            "https://a.example/x?keyword=ferry&author=Lind",
            "https://a.example/x?keyword=ferry&author=Lind",
        ),
        ("news/today.jsonl", "news/today.jsonl"),
        ("https://[broken", "https://..."),
    ],
)
def test_what_lets_people_in_is_not_shown(source: str, told: str) -> None:
    assert shown(source) == told


def test_credentials_are_seen() -> None:
    assert has_credentials("https://desk:open@a.example/")
    assert has_credentials("https://token@a.example/")
    assert has_credentials("ftp://desk:open@a.example/x")
    assert not has_credentials("sftp://desk@a.example/x")
    assert not has_credentials("https://a.example/@desk:x")
    assert not has_credentials("news/a@b:c.jsonl")


# Below, the whole way through ingest, over a host that the configuration names.


def over(site: Site, cache: Path, *sources: str, **fetch: Any) -> tuple[Any, Any]:
    import polars as pl

    told = {"allowed": True, "hosts": ("127.0.0.1",), "delay_seconds": 0.0, "cache": cache}
    settings = IngestSettings(fetch=FetchSettings(**{**told, **fetch}))
    batches = list(ingest(sources, settings, "run"))
    for batch in batches:
        assert batch.rows_in == batch.articles.height + batch.rejects.height + batch.duplicates
    return pl.concat(b.articles for b in batches), pl.concat(b.rejects for b in batches)


def test_a_list_of_addresses_gives_a_record_or_a_reason_for_each(
    site: Site, tmp_path: Path
) -> None:
    home = f"http://127.0.0.1:{site.port}"
    site.lay(
        "/lock", PAGE.replace("</head>", f'<link rel="canonical" href="{home}/2024/lock"></head>')
    )
    site.lay("/export.jsonl", f'{{"text": "{TEXT}"}}\n{{nope\n', "application/octet-stream")
    site.lay("/paper.pdf", b"%PDF-1.7", "application/pdf")
    site.lay("/latin", PAGE.replace("Orlen", "Orlén").encode("cp1252"), "text/html; charset=cp1252")
    lines = [f"{home}/{name}" for name in ("lock", "export.jsonl", "paper.pdf", "latin", "gone")]
    file = tmp_path / "today.txt"
    file.write_text("# today\n" + "\n".join([*lines, "http://10.1.1.1/x"]) + "\n", "utf-8")
    articles, rejects = over(site, tmp_path / "cache", str(file))
    assert articles["place"].to_list() == [
        f"line 2: {home}/lock",
        f"line 3: {home}/export.jsonl: line 1",
        f"line 5: {home}/latin",
    ]
    assert articles["url"].to_list() == [f"{home}/2024/lock", None, f"{home}/latin"]
    assert "Orlén" in articles["text"][2]
    assert dict(rejects.select("place", "reason").iter_rows()) == {
        f"line 3: {home}/export.jsonl: line 2": "not_json",
        f"line 4: {home}/paper.pdf": "binary",
        f"line 6: {home}/gone": "http_status",
        "line 7: http://10.1.1.1/x": "fetch_refused",
    }
    _, refused = over(site, tmp_path / "cache", str(file), allowed=False)
    assert set(refused["reason"]) == {"fetch_off"} and refused.height == 6


def test_a_feed_by_its_address_gives_whole_articles_where_they_can_be_had(
    site: Site, tmp_path: Path
) -> None:
    home = f"http://127.0.0.1:{site.port}"
    items = "".join(
        f"<item><title>T</title><link>{home}/{name}</link><description>{words}</description></item>"
        for name, words in [("lock", TEXT), ("gone", TEXT + " Gone."), ("bare", ""), ("none", "")]
    )
    site.lay("/feed", f"<?xml version='1.0'?><rss><channel><title>G</title>{items}</channel></rss>")
    site.lay("/lock", PAGE)
    site.lay("/bare", PAGE.replace("Friday", "Monday"))
    cache = tmp_path / "cache"
    articles, rejects = over(site, cache, f"{home}/feed?token=abc")
    assert set(articles["source"]) == {f"{home}/feed?token=..."}
    assert articles["place"].to_list() == ["entry 1", "entry 2", "entry 3"]
    assert articles["text"].str.contains("part 4").to_list() == [True, False, True]
    assert articles["repairs"].to_list()[1] == ["summary only: http_status"]
    assert articles["url"].to_list() == [f"{home}/{name}" for name in ("lock", "gone", "bare")]
    assert rejects.select("place", "reason").rows() == [("entry 4", "http_status")]
    summaries, rejects = over(site, cache, f"{home}/feed?token=abc", entries=False)
    assert summaries["text"].to_list() == [TEXT, TEXT + " Gone."]
    assert rejects["reason"].to_list() == ["no_text", "no_text"]
    _, rejects = over(site, cache, f"{home}/feed", allowed=False)
    assert rejects["reason"].to_list() == ["fetch_off"]


def test_what_is_fetched_leads_to_no_further_lists(site: Site, tmp_path: Path) -> None:
    home = f"http://127.0.0.1:{site.port}"
    site.lay("/all.urls", f"{home}/all.urls\n{home}/lock\n", "text/plain")
    _, rejects = over(site, tmp_path / "cache", f"{home}/all.urls")
    assert rejects["reason"].to_list() == ["fetch_off", "fetch_off"]
    assert site.paths() == ["/all.urls"]


@pytest.mark.parametrize(
    ("head", "listed"),
    [
        (b"https://a.example/1\nhttp://a.example/2\n", True),
        (b"\xef\xbb\xbf# mine\r\nhttps://a.example/1\r\n\r\n", True),
        (b"https://a.example/1", True),
        (b"https://a.example/1\nhttps://a.exa", True),
        (b"# A heading\nand words\n", False),
        (b"https://a.example/1 says more\n", False),
        (b"# only a remark\n", False),
        (b"", False),
    ],
)
def test_a_text_of_addresses_is_a_list(head: bytes, listed: bool) -> None:
    assert urls.is_list(head) is listed


def test_a_summary_stands_in_for_a_page_without_text(site: Site, tmp_path: Path) -> None:
    home = f"http://127.0.0.1:{site.port}"
    entry = f"<entry><link href='{home}/wall'/><summary type='html'>&lt;p&gt;{TEXT}&lt;/p&gt;</summary></entry>"
    site.lay("/feed", f"<feed>{entry}</feed>", "application/atom+xml")
    site.lay("/wall", "<html><body><script>var wall = 1;</script></body></html>")
    articles, rejects = over(site, tmp_path / "cache", f"{home}/feed")
    assert rejects.is_empty()
    assert articles["text"].to_list() == [TEXT]
    assert articles["repairs"].to_list() == [["summary only: no_text"]]

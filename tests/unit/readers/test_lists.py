"""Lists of addresses and feeds: the whole way through ingest, over a host that the configuration names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onrecord.pipeline.copies.versions import address
from onrecord.pipeline.core.settings import FetchSettings, IngestSettings
from onrecord.pipeline.readers.web import urls
from onrecord.pipeline.stages.ingest import ingest
from tests.support.site import PAGE, TEXT, Site


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
    site.lay("/paper.png", b"\x89PNG", "image/png")
    site.lay("/latin", PAGE.replace("Orlen", "Orlén").encode("cp1252"), "text/html; charset=cp1252")
    lines = [f"{home}/{name}" for name in ("lock", "export.jsonl", "paper.png", "latin", "gone")]
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
        f"line 4: {home}/paper.png": "binary",
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


def test_a_key_in_an_address_reaches_no_row(site: Site, tmp_path: Path) -> None:
    """Neither that of a source nor that of a line; and what then looks alike is no version of each other."""
    for number in "12":
        site.lay(f"/page{number}", PAGE.replace("Orlen", f"Orlen {number}"))
    site.lay("/wire", PAGE)
    site.lay("/export.txt", f"{TEXT} That was all.", "text/plain")
    file = tmp_path / "a.urls"
    names = ("page1?sid=hunter2", "page2?sid=hunter3", "export.txt?token=hunter2")
    file.write_text("".join(f"http://127.0.0.1:{site.port}/{name}\n" for name in names))
    wire = f"http://127.0.0.1:{site.port}/wire?token=hunter2"
    articles, rejects = over(site, tmp_path / "cache", str(file), wire)
    assert (articles.height, rejects.height) == (4, 0)
    assert "hunter" not in articles.write_json()
    assert set(articles["url"]) == {
        f"http://127.0.0.1:{site.port}/{name.partition('=')[0]}=..."
        for name in (*names, "wire?token=")
    }
    # A part that may have told which page it is leaves no address; a key says nothing of the page.
    home = "127.0.0.1"
    assert set(map(address, articles["url"])) == {None, f"{home}/wire", f"{home}/export.txt"}

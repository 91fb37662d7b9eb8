# ruff: noqa: E501 - sources stand on one line each
"""Small sources after what people report of feed readers, extractors and crawlers; each with the right values."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

import pytest

from onrecord.pipeline.readers import Refusal
from tests.support.exported import AUTHOR, HTML, MORE, OUTLET, SAID, TITLE, URL, pdf
from tests.support.reading import described, made

WHEN, DAY = datetime(2024, 5, 2, 8), datetime(2024, 5, 2)
NS = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def rss(inner: str, before: str = "", encoding: str = "utf-8") -> bytes:
    text = (
        f'{before}<?xml version="1.0" encoding="{encoding}"?><rss version="2.0" {NS}><channel><title>{OUTLET}</title>'
        f"<link>https://harbour.example</link><item>{inner}</item></channel></rss>"
    )
    return text.encode("cp1252" if encoding == "windows-1252" else encoding)


def atom(inner: str) -> bytes:
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{OUTLET}</title>'
        f"<entry><title>{TITLE}</title>{inner}</entry></feed>"
    ).encode()


def page(head: str, before: str = "", after: str = "") -> bytes:
    return (
        f"<html><head><title>{TITLE}</title>{head}</head><body><nav>Home</nav><article><h1>{TITLE}</h1>{before}"
        f"{HTML}<p>The vote was eight to three, with two members of the council away at a wedding.</p>{after}</article></body></html>"
    ).encode()


def rows(*some: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in some)


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


TEXT = f"{SAID}\n\n{MORE}"
ITEM = f"<title>{TITLE}</title><link>{URL}</link><description>{SAID}</description>"
GRAPH = {
    "@graph": [
        {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-05-02T08:00:00Z", "author": {"@id": "#ana"}},
        {"@type": "Person", "@id": "#ben", "name": "Ben Rask"},
        {"@type": "Person", "@id": "#ana", "name": AUTHOR},
    ]
}  # fmt: skip
CASES: dict[str, tuple[str, bytes, list[dict[str, Any] | str]]] = {
    # Feeds
    "a zone by name": ("a.rss", rss(f"{ITEM}<pubDate>Thu, 02 May 2024 08:00:00 EST</pubDate>"), [{"published_at": datetime(2024, 5, 2, 13)}]),
    "a year of two digits": ("a.rss", rss(f"{ITEM}<pubDate>02 May 24 08:00:00 GMT</pubDate>"), [{"published_at": WHEN}]),
    "author as the standard has it": ("a.rss", rss(f"{ITEM}<author>news@harbour.example ({AUTHOR})</author>"), [{"author": AUTHOR}]),
    "a link through a counter": ("a.rss", rss(f"<title>{TITLE}</title><link>https://feeds.counter.example/~r/x</link><feedburner:origLink>{URL}</feedburner:origLink><description>{SAID}</description>"), [{"url": URL}]),
    "guid that is no address": ("a.rss", rss(f'<title>{TITLE}</title><guid isPermaLink="false">https://harbour.example/?p=7</guid><description>{SAID}</description>'), [{"url": None}]),
    "guid that is one": ("a.rss", rss(f'<title>{TITLE}</title><guid isPermaLink="true">{URL}</guid><description>{SAID}</description>'), [{"url": URL}]),
    "link to itself first": ("a.rss", rss(f'<atom:link rel="self" href="https://harbour.example/feed"/>{ITEM}'), [{"url": URL}]),
    "empty content": ("a.rss", rss(f"{ITEM}<content:encoded><![CDATA[  \n ]]></content:encoded>"), [{"words": SAID}]),
    "blank line before the declaration": ("a.rss", rss(ITEM, before="\ufeff\n  "), [{"words": SAID, "url": URL}]),
    "declared windows-1252": ("a.rss", rss(ITEM, encoding="windows-1252"), [{"words": SAID}]),
    "a control character": ("a.rss", rss(ITEM.replace("ferry will", "ferry\x0b will")), [{"words": "will run at night,” the mayor"}]),
    "xhtml content": ("a.atom", atom(f'<link href="{URL}"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{HTML}</div></content>'), [{"words": SAID, "without": "<p"}]),
    "links of Atom": ("a.atom", atom(f'<link rel="self" href="https://harbour.example/feed/1"/><link rel="edit" href="https://harbour.example/edit"/><link rel="alternate" href="{URL}"/><summary>{SAID}</summary>'), [{"url": URL}]),
    "escaped ampersand": ("a.rss", rss(f"<title>Ferry &amp;amp; port</title><link>{URL}?a=1&amp;b=2</link><description>{SAID}</description>"), [{"title": "Ferry & port", "url": f"{URL}?a=1&b=2"}]),
    # Pages
    "a date that says nothing": ("a.html", page('<meta property="article:published_time" content="null">' + ld({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-05-02T08:00:00Z"})), [{"published_at": WHEN}]),
    "author by reference": ("a.html", page(ld(GRAPH)), [{"author": AUTHOR}]),
    "author that is an address": ("a.html", page('<meta property="article:author" content="https://social.example/harbour">'), [{"author": None}]),
    "data in CDATA": ("a.html", page('<script type="application/ld+json">//<![CDATA[\n' + json.dumps({"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-05-02T08:00:00Z"}) + "\n//]]></script>"), [{"published_at": WHEN}]),
    "changed before published": ("a.html", page("", '<time class="updated" itemprop="dateModified" datetime="2024-05-09T08:00:00Z">9 May</time> <time class="entry-date published" datetime="2024-05-02T08:00:00Z">2 May</time>'), [{"published_at": WHEN}]),
    "a relative canonical": ("a.html", page(f'<base href="https://harbour.example/"><link rel="canonical" href="/ferry"><meta property="og:url" content="{URL}">'), [{"url": URL}]),
    # Rows
    "text null, content told": ("a.jsonl", rows({"text": None, "content": TEXT}), [{"words": SAID}]),
    "text empty, body told": ("a.jsonl", rows({"text": "", "body": TEXT}), [{"words": SAID}]),
    "date empty, another told": ("a.jsonl", rows({"text": TEXT, "date": "", "published_at": None, "pubDate": "2024-05-02T08:00:00Z"}), [{"published_at": WHEN}]),
    "no date": ("a.jsonl", rows({"text": TEXT, "date": "0000-00-00 00:00:00"}), [{"published_at": None, "repaired": "published_at left out"}]),
    "the beginning of time": ("a.jsonl", rows({"text": TEXT, "date": "1970-01-01T00:00:00Z"}), [{"published_at": None}]),
    "hours ago": ("a.jsonl", rows({"text": TEXT, "date": "3 hours ago"}), [{"published_at": None, "repaired": "published_at left out"}]),
    "microseconds": ("a.jsonl", rows({"text": TEXT, "date": 1714636800000000}), [{"published_at": WHEN}]),
    "nanoseconds": ("a.jsonl", rows({"text": TEXT, "date": "1714636800000000000"}), [{"published_at": WHEN}]),
    "a day as a number": ("a.jsonl", rows({"text": TEXT, "date": 20240502}), [{"published_at": DAY}]),
    "as people write it": ("a.jsonl", rows({"text": TEXT, "date": "May 2nd, 2024 at 8:00 a.m. ET"}), [{"published_at": datetime(2024, 5, 2, 12)}]),
    "an address without its scheme": ("a.jsonl", rows({"text": TEXT, "url": "//harbour.example/ferry"}), [{"url": URL, "outlet": "harbour.example"}]),
    "a list in a cell": ("a.csv", f"text,authors\n\"{SAID}\",\"['{AUTHOR}', 'Ben Rask']\"\n\"{MORE}\",[]\n".encode(), [{"author": f"{AUTHOR}, Ben Rask"}, {"author": None}]),
    "by whom": ("a.jsonl", rows({"text": TEXT, "byline": f"By {AUTHOR}"}), [{"author": AUTHOR}]),
    "a page escaped": ("a.jsonl", rows({"text": HTML.replace("<", "&lt;").replace(">", "&gt;")}), [{"words": SAID, "without": "lt;"}]),
    "line breaks as tags": ("a.jsonl", rows({"text": f"{SAID}<br><br />{MORE}"}), [{"words": SAID, "without": "<br"}]),
    "escapes escaped": ("a.jsonl", rows({"text": TEXT.replace("“", "\\u201c").replace("”", "\\u201d").replace("\n", "\\n")}), [{"words": SAID, "without": "\\"}]),
    "an array under .jsonl": ("a.jsonl", json.dumps([{"text": SAID}, {"text": MORE}], indent=1).encode(), [{"words": SAID}, {"words": MORE}]),
    "objects one after the other": ("a.json", (json.dumps({"text": SAID}, indent=1) + "\n" + json.dumps({"text": MORE}, indent=1)).encode(), [{"words": SAID}, {"words": MORE}]),
    "blanks behind delimiters": ("a.csv", f'title, text, date\n"Ferry, again", "{SAID}", 2024-05-02\n'.encode(), [{"title": "Ferry, again", "words": SAID, "published_at": DAY}]),
    "a delimiter at the end": ("a.csv", f'title,text\nFerry,"{SAID}",\n'.encode(), [{"title": "Ferry", "words": SAID}]),
    "day first, as another row tells": ("a.csv", f'text,date,seen\n"{SAID}",5/6/2024,1/31/2024\n"{MORE}",13/6/2024,2/1/2024\n'.encode(), [{"published_at": datetime(2024, 6, 5)}, {"published_at": datetime(2024, 6, 13)}]),
    "month first, as another row tells": ("a.jsonl", rows({"text": SAID, "date": "5/6/2024 08:00"}, {"text": MORE, "date": "5/13/2024 9:00 PM"}), [{"published_at": datetime(2024, 5, 6, 8)}, {"published_at": datetime(2024, 5, 13, 21)}]),
    "rows that disagree": ("a.csv", f'text,date\n"{SAID}",5/6/2024\n"{MORE}",13/6/2024\n"{MORE}",6/13/2024\n'.encode(), [{"published_at": None, "repaired": "published_at left out"}, {"published_at": datetime(2024, 6, 13)}, {"published_at": datetime(2024, 6, 13)}]),
    "no row tells": ("a.csv", f'text,date\n"{SAID}",5/6/2024\n"{MORE}",7/8/2024\n'.encode(), [{"published_at": None, "repaired": "published_at left out"}, {"published_at": None}]),
    # Messages, subtitles, documents
    "a letter in base64": ("a.eml", b"From: =?utf-8?b?" + base64.b64encode(OUTLET.encode()) + b"?= <a@b.example>\r\nSubject: =?iso-8859-1?q?Caf=E9?=\r\nDate: Fri, 03 May 2024 07:00:00 +1000\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(SAID.encode("cp1252")), [{"outlet": OUTLET, "title": "Café", "words": SAID, "published_at": datetime(2024, 5, 2, 21), "published_offset": 600}]),
    "what a letter hides": ("a.eml", f'From: {OUTLET} <a@b.example>\nSubject: {TITLE}\nContent-Type: text/html; charset=utf-8\n\n<html><body><div style="display:none">Peek inside, said nobody at all.</div><table><tr><td>{HTML}</td></tr></table></body></html>'.encode(), [{"words": SAID, "without": "Peek"}]),
    "passed on": ("a.eml", f"From: Me <me@desk.example>\nSubject: Fwd: {TITLE}\nDate: Fri, 07 Jun 2024 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n---------- Forwarded message ---------\nFrom: {OUTLET} <news@harbour.example>\nDate: Thu, 2 May 2024 at 08:00\nSubject: {TITLE}\nTo: <me@desk.example>\n\n{SAID}\n".encode(), [{"outlet": OUTLET, "title": TITLE, "published_at": WHEN, "words": SAID, "without": "Forwarded"}]),
    "a message in a message": ("a.eml", f"From: Me <me@desk.example>\nSubject: Look\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\nFrom: {OUTLET} <n@h.example>\nSubject: {TITLE}\nDate: Thu, 02 May 2024 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n{SAID}\n--x--\n".encode(), [{"outlet": OUTLET, "title": TITLE, "published_at": WHEN}]),
    "lines of a letter": ("a.eml", "From: A <a@b.example>\nSubject: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n“The ferry \nwill run at night,” the mayor \nof Kessel said on Tuesday.\n".encode(), [{"words": SAID}]),
    "two letters": ("a.mbox", f"From a@b.example Thu May  2 08:00:00 2024\nFrom: A <a@b.example>\nSubject: One\n\n{SAID}\n>From here on, nothing.\n\nFrom a@b.example Thu May  2 09:00:00 2024\nFrom: A <a@b.example>\nSubject: Two\n\n{MORE}\n".encode(), [{"title": "One", "words": "From here on", "without": ">From"}, {"title": "Two", "words": MORE}]),
    "voices": ("a.vtt", "\ufeffWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n<v Ana Lind>The ferry will run.\r\n\r\n00:02.000 --> 00:03.000\r\n<v Ben Rask>It &amp; the port.</v>\r\n".encode(), [{"words": "Ana Lind: The ferry will run.\n\nBen Rask: It & the port."}]),
    "captions that roll": ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nthe ferry will\n\n00:02.000 --> 00:03.000\nthe ferry will\nrun at night\n\n00:03.000 --> 00:04.000\nrun at night\nfrom May\n", [{"words": "the ferry will run at night from May"}]),
    "turns": ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n- Will it run?\n- At night.\n\n2\n00:00:02,000 --> 00:00:03,000\n[APPLAUSE]\n", [{"words": "Will it run?\n\nAt night."}]),
    "a word over two lines": ("a.pdf", pdf(["“The ferry will run at night, whatever the wea-", "ther may be, and it is to sail on Sundays too,” the", "mayor of Kessel said.", "12"]), [{"words": "whatever the weather may be, and it is to sail on Sundays too,” the mayor of Kessel said.", "without": "12"}]),
    "no document": ("a.pdf", b"%PDF-1.7 nothing", ["damaged"]),
    "an old document": ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ["encrypted"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data", "want"), CASES.values(), ids=list(CASES))
def test_it_is_read_right(name: str, data: bytes, want: list[dict[str, Any] | str]) -> None:
    if name.endswith((".pdf", ".docx")):
        pytest.importorskip("pypdf" if name.endswith(".pdf") else "docx")
    items = made(data, name)
    told = [
        item.reason if isinstance(item, Refusal) else described(item, wanted)
        for item, wanted in zip(items, [*want, *[{}] * len(items)], strict=False)
    ]
    assert told == want

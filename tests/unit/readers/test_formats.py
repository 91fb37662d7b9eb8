"""Every reader: what it makes of a good source, and the reason it gives for each bad one."""

from __future__ import annotations

import io
import json
from datetime import datetime

import polars as pl
import pytest

from onrecord.pipeline.readers import READERS, Record, Refusal, read
from tests.support.reading import PAGE, SETTINGS, TEXT, found, line, one, reasons


def test_plain_text_is_kept_verbatim() -> None:
    text = f"  A title \n\n{TEXT}\n\n\tmore  text \n"
    assert one(text.encode(), "a.txt").text == text


def test_header_tells_the_metadata_and_is_no_text() -> None:
    header = (
        "---\noutlet: The Harbour Gazette\ntitle: Ferry at night\nauthor: [Ana Lind, Bo Weil]\n"
        "url: https://harbour.example/ferry\npublished_at: 2024-05-02T10:00:00+02:00\n---\n\n"
    )
    record = one((header + TEXT).encode(), "a.md")
    assert record.text == TEXT
    assert (record.outlet, record.title) == ("The Harbour Gazette", "Ferry at night")
    assert record.author == "Ana Lind, Bo Weil"
    assert record.published_at == datetime(2024, 5, 2, 8)
    assert record.media_type == "text/markdown"


@pytest.mark.parametrize("text", ["---\nno field of ours: 1\n---\nText.", "---\n: [\n---\nText."])
def test_a_rule_that_begins_a_text_is_no_header(text: str) -> None:
    assert one(text.encode(), "a.txt").text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n ", "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"%PDF-1.7 and so on", "binary"),
        (b"a" * 30_000, "too_long"),
        (b"a" * 6_000, "too_long"),
        (b"---\noutlet: X\n---\n", "empty"),
    ],
)
def test_plain_text_refusals(data: bytes, reason: str) -> None:
    assert reasons(found(data, "a.txt")) == [reason]


def test_json_lines() -> None:
    data = (
        line(text=TEXT, url="https://www.harbour.example/a", id=7, pub_date="2 May 2024")
        + b"{nope\n\n"
        + line(title="no text")
        + b"[1]\n"
        + line(text=5)
        + b"[" * 50_000
        + b"\n"
        + line(text="x" * 6_000)
        + line(text=f"<p>{TEXT}</p><p>More.</p>")
    )
    items = found(data, "a.jsonl")
    assert reasons(items) == [
        "",
        "not_json",
        "no_text",
        "not_object",
        "wrong_type",
        "nested_too_deep",
        "too_long",
        "",
    ]
    first, last = items[0], items[-1]
    assert isinstance(first, Record) and isinstance(last, Record)
    assert (first.text, first.outlet, first.place) == (TEXT, "harbour.example", "line 1, id 7")
    assert first.published_at == datetime(2024, 5, 2)
    assert last.html and not last.text
    assert [item.place for item in items[1:3]] == ["line 2", "line 4"]


def test_a_line_without_end_does_not_stop_the_next() -> None:
    data = b'{"text": "' + b"a" * 3_000_000 + b'"}\n' + line(text=TEXT)
    assert reasons(found(data, "a.jsonl")) == ["too_long", ""]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": TEXT}, [""]),
        ([{"text": TEXT}, {"body": TEXT + " Again."}, 3], ["", "", "not_object"]),
        ({"articles": [{"content": TEXT}]}, [""]),
        ([], ["nothing_to_read"]),
        ("text", ["not_object"]),
    ],
)
def test_json_documents(value: object, expected: list[str]) -> None:
    assert reasons(found(json.dumps(value).encode(), "a.json")) == expected


def test_json_array_cut_short_and_lines_under_the_wrong_name() -> None:
    whole = json.dumps([{"text": TEXT}, {"text": TEXT}]).encode()
    assert reasons(found(whole[:-20], "a.json")) == ["", "truncated"]
    assert reasons(found(line(text=TEXT) + line(text=TEXT), "a.json")) == ["", ""]
    assert reasons(found(b"{broken", "a.json")) == ["not_json"]


def test_csv() -> None:
    data = (
        "Outlet,Headline,Body\n"
        f'Gazette,Ferry,"{TEXT.replace(chr(34), chr(34) * 2)}"\n'
        'Gazette,Two lines,"First line\nsecond line"\n'
        "Gazette,too few\n"
        'Gazette,broken,"not "doubled" here"\n'
        "Gazette,after,Words at the end.\n"
    )
    items = found(data.encode(), "a.csv")
    assert reasons(items) == ["", "", "columns_differ", "broken_quoting", ""]
    first = items[0]
    assert isinstance(first, Record)
    assert (first.text, first.title, first.outlet, first.place) == (
        TEXT,
        "Ferry",
        "Gazette",
        "line 2",
    )


def test_csv_tells_its_delimiter_and_columns() -> None:
    assert one(b"text;title\nWords here;T\n", "a.csv").title == "T"
    assert one(b"text\ttitle\nWords, here\tT\n", "a.tsv").text == "Words, here"
    mapped = SETTINGS.model_copy(update={"columns": {"text": "inhalt"}})
    (item,) = found(b"inhalt,x\nWorte,1\n", "a.csv", mapped)
    assert isinstance(item, Record) and item.text == "Worte"
    assert reasons(found(b"a,b\n1,2\n", "a.csv")) == ["no_text"]


def test_parquet() -> None:
    out = io.BytesIO()
    pl.DataFrame(
        {
            "body": [TEXT, None],
            "date": [datetime(2024, 5, 2), None],
            "link": ["https://a.example/1", None],
        }
    ).write_parquet(out)
    first, second = found(out.getvalue(), "a.parquet")
    assert isinstance(first, Record) and first.text == TEXT
    assert (first.outlet, first.published_at) == ("a.example", datetime(2024, 5, 2))
    assert reasons([second]) == ["no_text"]
    assert reasons(found(out.getvalue()[:-30], "a.parquet")) == ["damaged"]
    wrong = io.BytesIO()
    pl.DataFrame({"text": [1, 2]}).write_parquet(wrong)
    assert reasons(found(wrong.getvalue(), "a.parquet")) == ["wrong_type", "wrong_type"]


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Harbour Gazette</title>
<item><title>Ferry</title><link>https://harbour.example/f</link><dc:creator>Ana Lind</dc:creator>
<pubDate>Thu, 02 May 2024 08:00:00 GMT</pubDate><description>{TEXT}</description></item>
<item><title>Port</title><description>short</description>
<content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded></item>
<item><title>Nothing</title></item></channel></rss>"""


def test_rss_and_atom() -> None:
    first, second, third = found(RSS.encode(), "a.rss")
    assert isinstance(first, Record) and isinstance(second, Record)
    assert (first.text, first.outlet, first.author) == (TEXT, "The Harbour Gazette", "Ana Lind")
    assert first.published_at == datetime(2024, 5, 2, 8)
    assert second.html == f"<p>{TEXT}</p>"
    assert reasons([third]) == ["no_text"]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Northern Press</title><entry><title>A</title>'
        '<link rel="alternate" href="https://north.example/a"/><updated>2024-05-02T08:00:00Z</updated>'
        f"<author><name>Bo</name></author><summary>{TEXT}</summary></entry></feed>"
    )
    record = one(atom.encode(), "a.atom")
    assert (record.url, record.author, record.outlet) == (
        "https://north.example/a",
        "Bo",
        "Northern Press",
    )


def test_hostile_xml() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><item>&b;</item></rss>'
    assert reasons(found(bomb, "a.xml")) == ["xml_entities"]
    assert reasons(found(b"<a>" * 20_000, "a.xml"))[0] in ("nested_too_deep", "damaged")
    assert reasons(found(b"<note>no feed</note>", "a.xml")) == ["unknown_format"]
    assert reasons(found(RSS.encode()[:-80], "a.rss"))[-1] == "truncated"


def test_formats_are_told_by_content_where_there_is_no_suffix() -> None:
    assert one(PAGE.encode(), "page").html == PAGE
    assert one(line(text=TEXT), "export").text == TEXT
    assert one(TEXT.encode(), "article").text == TEXT
    assert reasons(found(b"anything", "a.odt")) == ["unknown_format"]


def test_every_suffix_has_a_reader_that_takes_nothing_and_noise() -> None:
    for suffix in READERS:
        for data in (b"", bytes(range(256)) * 4):
            for item in read(io.BytesIO(data), "a" + suffix, SETTINGS):
                assert isinstance(item, Refusal), (suffix, item)


def test_a_row_without_end_costs_one_refusal_and_little_time() -> None:
    data = b"text,x\n" + b"a" * 3_000_000 + b'\nGood words,1\n"two\nlines",2\n'
    items = found(data, "a.csv")
    assert reasons(items) == ["too_long", "", ""]
    rows = "".join(f'{at},"line {at}\nnext {"w" * (at % 300)}"\n' for at in range(1_000))
    many = found(("id,text\n" + rows).encode(), "a.csv")
    assert [item.text.split("\n")[0] for item in many if isinstance(item, Record)] == [
        f"line {at}" for at in range(1_000)
    ]


def test_entities_are_refused_in_any_encoding() -> None:
    item = f"<item><title>T</title><description>{TEXT}&a;</description></item>"
    text = f'<!DOCTYPE r [<!entity a "ha">]><rss>{item}</rss>'
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-32"):
        assert reasons(found(text.encode(encoding), "a.xml")) == ["xml_entities"]


def test_a_header_of_aliases_ends() -> None:
    level = "".join(f"  - &a{at + 1} [{', '.join([f'*a{at}'] * 20)}]\n" for at in range(30))
    text = f"---\noutlet: Gazette\nauthor:\n  - &a0 [x, y]\n{level}---\n{TEXT}"
    assert one(text.encode(), "a.md").text == TEXT

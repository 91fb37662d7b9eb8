"""Every reader: what it makes of a good source, and the reason it gives for each bad one."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Iterable
from datetime import datetime

import polars as pl
import pytest
import zstandard

from pipeline.readers import READERS, REASONS, Record, Refusal, read
from pipeline.readers.dates import parse_date
from pipeline.readers.decode import decode, repair
from pipeline.readers.fields import guess_columns, host, is_markup
from pipeline.settings import IngestSettings

SETTINGS = IngestSettings(max_article_chars=5_000, max_ratio=50)
TEXT = "“The ferry will run at night,” the mayor of Kessel said on Tuesday."


def found(data: bytes, name: str, settings: IngestSettings = SETTINGS) -> list[Record | Refusal]:
    items = list(read(io.BytesIO(data), name, settings))
    assert all(item.reason in REASONS for item in items if isinstance(item, Refusal))
    return items


def reasons(items: Iterable[Record | Refusal]) -> list[str]:
    return [item.reason if isinstance(item, Refusal) else "" for item in items]


def one(data: bytes, name: str) -> Record:
    (item,) = found(data, name)
    assert isinstance(item, Record), item
    return item


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


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


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Smörgåsbord".encode("utf-8-sig"), "Smörgåsbord"),
        ("“Non,” dit-elle".encode("utf-16"), "“Non,” dit-elle"),
        (
            "Words without a mark in wide letters".encode("utf-16-le"),
            "Words without a mark in wide letters",
        ),
        (
            "“Yes,” she said — twice, and left the hall.".encode("cp1252"),
            "“Yes,” she said — twice, and left the hall.",
        ),
        (
            "Le maire a déclaré que la fête était annulée à cause du temps.".encode("latin-1"),
            "Le maire a déclaré que la fête était annulée à cause du temps.",
        ),
        (
            "Мэр города заявил, что паром будет ходить и ночью, а не только днём.".encode("cp1251"),
            "Мэр города заявил, что паром будет ходить и ночью, а не только днём.",
        ),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    decoded = decode(data)
    assert decoded is not None
    assert decoded.text == text
    assert decoded.repairs


def test_a_lying_charset_is_not_believed() -> None:
    decoded = decode("“Déjà vu,” he said".encode(), "iso-8859-1")
    assert decoded is not None
    assert decoded.text == "“Déjà vu,” he said"
    assert decoded.repairs == ("declared iso-8859-1, is utf-8",)


def test_repairs_are_told_and_typography_stays() -> None:
    kept = "“Curly”, ‘single’, ﬁne ligature, zero\u200bwidth, \u202bbidi\u202c &amp; AT&T"
    assert repair(kept) == (kept, ())
    assert repair("one\r\ntwo\rthree") == ("one\ntwo\nthree", ("line ends made \\n",))
    assert repair("cafÃ© latte") == ("café latte", ("mojibake mended",))
    assert repair("nu\x00l")[0] == "nul"
    assert repair("half \ud800 here")[0] == "half \ufffd here"
    assert repair("joined \ud83d\ude00")[0] == "joined 😀"
    assert repair("&quot;Go,&quot; she said")[0] == '"Go," she said'


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


def warc(
    body: bytes, headers: str = "Content-Type: text/html; charset=utf-8", status: int = 200
) -> bytes:
    http = f"HTTP/1.1 {status} OK\r\n{headers}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harbour.example/f\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


PAGE = f"<html><head><title>T</title></head><body><article><p>{TEXT}</p></article></body></html>"


def test_warc() -> None:
    info = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
    packed = warc(gzip.compress(PAGE.encode()), "Content-Type: text/html\r\nContent-Encoding: gzip")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE.encode()), PAGE.encode())
    data = (
        info
        + warc(PAGE.encode())
        + warc(b"gone", status=404)
        + packed
        + warc(chunked, "Content-Type: text/html\r\nTransfer-Encoding: chunked")
    )
    items = found(data, "a.warc")
    assert reasons(items) == ["", "no_page", "", ""]
    assert {item.html for item in items if isinstance(item, Record)} == {PAGE}
    assert isinstance(items[0], Record) and items[0].found_at == "https://harbour.example/f"
    assert reasons(found(data[:-40], "a.warc"))[-1] == "truncated"
    members = gzip.compress(info) + gzip.compress(warc(PAGE.encode()))
    assert reasons(found(members, "a.warc.gz")) == [""]


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def test_zip() -> None:
    data = zipped(news__a_dot_txt=TEXT.encode(), b_dot_jsonl=line(text=TEXT), c_dot_exe=b"MZ")
    items = found(data, "a.zip")
    assert reasons(items) == ["", "", "unknown_format"]
    assert [item.place for item in items] == ["news/a.txt", "b.jsonl: line 1", "c.exe"]
    assert reasons(found(zipped(), "a.zip")) == ["nothing_to_read"]
    assert reasons(found(data[:50], "a.zip")) == ["damaged"]
    climbing = io.BytesIO()
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../../out.txt", TEXT)
        archive.writestr("in.txt", TEXT)
    assert reasons(found(climbing.getvalue(), "a.zip")) == ["path_climbs", ""]


def test_tar_gzip_and_zstandard() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("a.txt", "/etc/b.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(TEXT.encode())
            archive.addfile(info, io.BytesIO(TEXT.encode()))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    expected = ["", "path_climbs", "link_outside"]
    assert reasons(found(out.getvalue(), "a.tar")) == expected
    assert reasons(found(gzip.compress(out.getvalue()), "a.tar.gz")) == expected
    assert one(gzip.compress(TEXT.encode()), "a.txt.gz").text == TEXT
    assert one(zstandard.compress(TEXT.encode()), "a.txt.zst").text == TEXT
    assert (
        reasons(found(gzip.compress(line(text=TEXT) * 50)[:-20], "a.jsonl.gz"))[-1] == "truncated"
    )
    assert reasons(found(b"\x1f\x8bnonsense", "a.txt.gz")) == ["damaged"]


def test_bombs_and_nesting() -> None:
    lines = (line(text=TEXT) + b" " * 1_000_000 + b"\n") * 80
    assert reasons(found(gzip.compress(lines), "a.jsonl.gz"))[-1] == "bomb"
    assert reasons(found(zipped(a_dot_jsonl=lines), "a.zip"))[-1] == "bomb"
    deep = TEXT.encode()
    for _ in range(6):
        deep = gzip.compress(deep)
    assert reasons(found(deep, "a.txt" + ".gz" * 6)) == ["nested_too_deep"]
    few = SETTINGS.model_copy(update={"max_members": 1})
    many = zipped(a_dot_txt=b"One word.", b_dot_txt=b"Two words.")
    assert reasons(found(many, "a.zip", few)) == ["", "too_many_members"]


def test_formats_are_told_by_content_where_there_is_no_suffix() -> None:
    assert one(PAGE.encode(), "page").html == PAGE
    assert one(line(text=TEXT), "export").text == TEXT
    assert one(TEXT.encode(), "article").text == TEXT
    assert reasons(found(b"anything", "a.docx")) == ["unknown_format"]


def test_every_suffix_has_a_reader_that_takes_nothing_and_noise() -> None:
    for suffix in READERS:
        for data in (b"", bytes(range(256)) * 4):
            for item in read(io.BytesIO(data), "a" + suffix, SETTINGS):
                assert isinstance(item, Refusal), (suffix, item)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-02T10:00:00+02:00", datetime(2024, 5, 2, 8)),
        ("Thu, 02 May 2024 08:00:00 GMT", datetime(2024, 5, 2, 8)),
        ("May 2, 2024", datetime(2024, 5, 2)),
        (1714636800, datetime(2024, 5, 2, 8)),
        (1714636800000, datetime(2024, 5, 2, 8)),
        ("03/04/2024", None),
        ("next week", None),
        (2024, None),
        (True, None),
        ("0001-01-01", None),
    ],
)
def test_dates(value: object, expected: datetime | None) -> None:
    assert parse_date(value) == expected


def test_columns_are_guessed_best_first() -> None:
    names = ("ID", "content", "Text", "Publish-Date", "Source Name")
    assert guess_columns(names, SETTINGS) == {
        "id": "ID",
        "text": "Text",
        "published_at": "Publish-Date",
        "outlet": "Source Name",
    }
    assert host("https://www.Harbour.example:8080/a") == "harbour.example"
    assert not is_markup("if a < b then <i>so</i>")


def test_a_row_without_end_costs_one_refusal_and_little_time() -> None:
    data = b"text,x\n" + b"a" * 3_000_000 + b'\nGood words,1\n"two\nlines",2\n'
    items = found(data, "a.csv")
    assert reasons(items) == ["too_long", "", ""]
    rows = "".join(f'{at},"line {at}\nnext {"w" * (at % 300)}"\n' for at in range(1_000))
    many = found(("id,text\n" + rows).encode(), "a.csv")
    assert [item.text.split("\n")[0] for item in many if isinstance(item, Record)] == [
        f"line {at}" for at in range(1_000)
    ]


def test_json_is_read_where_the_text_lies_inside() -> None:
    export = {"_id": "7", "_source": {"headline": "Ferry", "body": TEXT, "site": {"name": "G"}}}
    record = one(json.dumps({"hits": {"total": 1, "hits": [export]}}).encode(), "a.json")
    assert (record.text, record.title, record.outlet) == (TEXT, "Ferry", "G")
    assert record.place == "item 1, id 7"
    news = {"source": {"name": "Gazette"}, "text": None, "html": f"<p>{TEXT}</p><p>More.</p>"}
    record = one(line(**news), "a.jsonl")
    assert record.outlet == "Gazette" and record.html
    plain = one(json.dumps({"text": TEXT, "meta": {"items": []}}).encode(), "a.json")
    assert plain.text == TEXT
    told = SETTINGS.model_copy(update={"columns": {"text": "story.full.words"}})
    (item,) = found(line(story={"full": {"words": TEXT}}), "a.jsonl", told)
    assert isinstance(item, Record) and item.text == TEXT
    (refused,) = found(line(story={"full": {"words": TEXT}}, n=1), "a.jsonl")
    assert isinstance(refused, Refusal)
    assert refused.detail.startswith("Columns found: story.full, n. ")


def test_columns_tell_what_is_not_used() -> None:
    columns = guess_columns(("Body", "Views", "Section"), SETTINGS)
    assert (columns, columns.unused) == ({"text": "Body"}, ("Views", "Section"))
    assert one(b"Body;Views\nWords here;3\n", "a.csv").columns == {"text": "Body"}


def test_members_that_share_one_body_are_a_bomb() -> None:
    whole = zipped(a_dot_txt=b"word " * 2_000_000)
    head, rest = whole[: whole.index(b"PK\x01\x02")], whole[whole.index(b"PK\x01\x02") :]
    entry, count = rest[: rest.index(b"PK\x05\x06")], 200
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entry) * count, len(head), 0
    )
    loose = SETTINGS.model_copy(update={"max_ratio": 2_000, "max_article_chars": 20_000_000})
    items = found(head + entry * count + end, "a.zip", loose)
    assert len(items) == count
    assert reasons(items).count("bomb") > 150


def test_entities_are_refused_in_any_encoding() -> None:
    item = f"<item><title>T</title><description>{TEXT}&a;</description></item>"
    text = f'<!DOCTYPE r [<!entity a "ha">]><rss>{item}</rss>'
    for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-32"):
        assert reasons(found(text.encode(encoding), "a.xml")) == ["xml_entities"]


def test_a_header_of_aliases_ends() -> None:
    level = "".join(f"  - &a{at + 1} [{', '.join([f'*a{at}'] * 20)}]\n" for at in range(30))
    text = f"---\noutlet: Gazette\nauthor:\n  - &a0 [x, y]\n{level}---\n{TEXT}"
    assert one(text.encode(), "a.md").text == TEXT


def test_what_nobody_sees_is_in_no_key() -> None:
    seen = one(line(text=TEXT, outlet="The Post", url="https://a.example/x"), "a.jsonl")
    unseen = one(
        line(text=TEXT, outlet="The\u200b Post\u202e", url="https://a.example/\u2066x\u200b"),
        "a.jsonl",
    )
    assert (unseen.outlet, unseen.url) == (seen.outlet, seen.url)
    text = f"{TEXT}\u202ehidden\u200b"
    assert one(line(text=text), "a.jsonl").text == text

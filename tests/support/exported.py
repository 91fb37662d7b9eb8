# ruff: noqa: E501 - sources stand on one line each
"""One article as some forty tools write it, by the first cell of its row in the table of docs/sources.md."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

SAID = "“The ferry will run at night,” the mayor of Kessel said on Tuesday."
MORE = (
    "The boats of the company have been mended since the storm of the spring, and all of them sail."
)
TEXT = f"{SAID}\n\n{MORE}"
HTML = f"<p>{SAID}</p><p>{MORE}</p>"
URL, TITLE, OUTLET, AUTHOR = "https://harbour.example/ferry", "Ferry to run at night", "The Harbour Gazette", "Ana Lind"  # fmt: skip
WHEN = datetime(2024, 5, 2, 8)
DAY = datetime(2024, 5, 2)
PAGE = (
    f'<html><head><title>{TITLE}</title><meta property="og:site_name" content="{OUTLET}">'
    f'<link rel="canonical" href="{URL}"><meta name="author" content="{AUTHOR}">'
    f'<meta property="article:published_time" content="2024-05-02T10:00:00+02:00"></head>'
    f"<body><nav>Home</nav><article><h1>{TITLE}</h1>{HTML}</article></body></html>"
)
ALL: dict[str, Any] = {
    "title": TITLE, "outlet": OUTLET, "author": AUTHOR, "url": URL, "published_at": WHEN,
}  # fmt: skip


class Sample(NamedTuple):
    """A file, and what its one article must tell; words that may not be in it; a package that it needs."""

    name: str
    data: bytes
    told: dict[str, Any]
    without: tuple[str, ...] = ()
    needs: str | None = None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _but(*names: str, **others: Any) -> dict[str, Any]:
    return {name: value for name, value in (ALL | others).items() if name not in names}


def _parquet(**columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()


def _feed(version: str) -> bytes:
    if version == "atom":
        return f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>{OUTLET}</title>
<entry><title>{TITLE}</title><link href="{URL}"/><author><name>{AUTHOR}</name></author>
<published>2024-05-02T10:00:00+02:00</published><content type="html"><![CDATA[{HTML}]]></content></entry></feed>""".encode()
    return f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{OUTLET}</title><item><title>{TITLE}</title>
<link>{URL}</link><dc:creator>{AUTHOR}</dc:creator><pubDate>Thu, 02 May 2024 10:00:00 +0200</pubDate>
<description>Short.</description><content:encoded><![CDATA[{HTML}]]></content:encoded></item></channel></rss>""".encode()


def _wordpress() -> bytes:
    return f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"><channel><title>{OUTLET}</title>
<wp:wxr_version>1.2</wp:wxr_version><item><title>{TITLE}</title><link>{URL}</link>
<pubDate>Thu, 02 May 2024 08:00:00 +0000</pubDate><dc:creator>{AUTHOR}</dc:creator><description></description>
<content:encoded><![CDATA[{HTML}]]></content:encoded><excerpt:encoded><![CDATA[Short.]]></excerpt:encoded>
<wp:post_id>7</wp:post_id></item></channel></rss>""".encode()


def _warc(coding: str = "", pack: Callable[[bytes], bytes] = bytes) -> bytes:
    body = pack(PAGE.encode())
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{coding}\r\n".encode()
    http = head + body
    return (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {URL}\r\nWARC-Date: 2024-06-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    ).encode() + http + b"\r\n\r\n"  # fmt: skip


def _zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)


def _zstd_with_words(data: bytes) -> bytes:
    """As archives of the web are packed: the dictionary in a frame before the first."""
    import zstandard

    trained = zstandard.train_dictionary(
        2_000, [f"{PAGE} {n} {n * 7}".encode() for n in range(400)]
    )
    packed = zstandard.ZstdCompressor(dict_data=trained).compress(data)
    raw = trained.as_bytes()
    return b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw + packed


def _brotli(data: bytes) -> bytes:
    """Brotli without a library: uncompressed metablocks."""
    out, bits, count = bytearray(), 0, 0

    def put(value: int, size: int) -> None:
        nonlocal bits, count
        bits |= value << count
        count += size
        while count >= 8:
            out.append(bits & 255)
            bits >>= 8
            count -= 8

    put(0, 1)
    put(0, 1), put(0, 2), put(len(data) - 1, 16), put(1, 1)
    if count:
        put(0, 8 - count)
    out.extend(data)
    put(3, 2)
    put(0, 6)
    return bytes(out)


def _docx() -> bytes:
    try:
        from docx import Document
    except ImportError:
        return b""
    document = Document()
    document.add_heading(TITLE, 0)
    document.add_paragraph(SAID)
    document.add_paragraph(MORE)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def pdf(lines: list[str]) -> bytes:
    """A page with these lines, as a printer driver would set them; typographic marks in WinAnsi."""
    shown = b"".join(
        b"(" + line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*\n"
        for line in lines
    )  # fmt: skip
    stream = b"BT /F1 11 Tf 14 TL 60 760 Td\n" + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return pdf_of(objects)


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF with these objects, the catalogue first."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _mail(*, boxed: bool = False) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"] = f"{OUTLET} <news@harbour.example>"
    message["To"] = "reader@desk.example"
    message["Subject"] = TITLE
    message["Date"] = "Thu, 02 May 2024 10:00:00 +0200"
    message["Archived-At"] = f"<{URL}>"
    message.set_content("See the web page.")
    message.add_alternative(
        f"<html><body><h1>{TITLE}</h1>{HTML}</body></html>", subtype="html", cte="quoted-printable"
    )
    data = message.as_bytes()
    return b"From news@harbour.example Thu May  2 08:00:00 2024\n" + data + b"\n" if boxed else data


def _saved() -> bytes:
    page = PAGE.encode().replace(b"=", b"=3D")
    page = b"".join(b"=%02X" % c if c > 126 else bytes([c]) for c in page)
    return (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\nSubject: {TITLE}\r\n"
        "Date: Fri, 7 Jun 2024 09:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="----x"\r\n\r\n\r\n------x\r\n'
        f"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {URL}\r\n\r\n"
    ).encode() + page + b"\r\n------x--\r\n"  # fmt: skip


def _zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return made.getvalue()


ROW = {"url": URL, "title": TITLE, "outlet": OUTLET, "author": AUTHOR}
_CSV_HEAD = "outlet,url,title,author,date,text\n"
_CSV = f'{OUTLET},{URL},{TITLE},{AUTHOR},2024-05-02T08:00:00Z,"{TEXT}"\n'
_STAMP = 1714636800

SAMPLES: dict[str, Sample] = {
    "text with a header": Sample(
        "a.txt",
        f"---\noutlet: {OUTLET}\ntitle: {TITLE}\nurl: {URL}\nauthor: {AUTHOR}\npublished_at: 2024-05-02T08:00:00Z\n---\n{TEXT}".encode(),
        ALL,
    ),
    "Markdown with front matter": Sample(
        "2024-05-02-ferry.md",
        f'---\nlayout: post\ntitle: "{TITLE}"\nauthor: {AUTHOR}\ndate: 2024-05-02 10:00:00 +0200\n---\n\n{TEXT}\n'.encode(),
        _but("outlet", "url"),
        ("layout:",),
    ),
    "TOML front matter": Sample(
        "ferry.md",
        f'+++\ntitle = "{TITLE}"\nauthor = "{AUTHOR}"\ndate = 2024-05-02T10:00:00+02:00\ndraft = false\n+++\n\n{TEXT}\n'.encode(),
        _but("outlet", "url"),
        ("draft",),
    ),
    "HTML page": Sample("a.html", PAGE.encode(), ALL, ("Home",)),
    "page saved in one file (MHTML)": Sample("a.mhtml", _saved(), ALL, ("Home", "Blink")),
    "RSS": Sample("a.rss", _feed("rss"), ALL, ("Short.",)),
    "Atom": Sample("a.atom", _feed("atom"), ALL),
    "WordPress export (WXR)": Sample("export.xml", _wordpress(), ALL, ("Short.",)),
    "WordPress REST": Sample(
        "posts.json",
        _json([{"id": 7, "date": "2024-05-02T10:00:00", "date_gmt": "2024-05-02T08:00:00", "slug": "ferry",
                "modified": "2024-05-03T10:00:00", "link": URL, "title": {"rendered": TITLE},
                "content": {"rendered": HTML, "protected": False}, "excerpt": {"rendered": "<p>Short.</p>"}, "author": 3}]),
        _but("author", "outlet", published_offset=120),
        ("Short.",),
    ),
    "Ghost export": Sample(
        "ghost.json",
        _json({"db": [{"meta": {"version": "5.0"}, "data": {"posts": [
            {"id": "1", "title": TITLE, "html": HTML, "published_at": "2024-05-02T08:00:00.000Z", "status": "published"}]}}]}),
        _but("author", "outlet", "url"),
    ),
    "JSON Feed": Sample(
        "feed.json",
        _json({"version": "https://jsonfeed.org/version/1.1", "title": OUTLET, "items": [
            {"id": "1", "url": URL, "title": TITLE, "content_html": HTML, "date_published": "2024-05-02T10:00:00+02:00",
             "authors": [{"name": AUTHOR}]}]}),
        ALL,
    ),
    "schema.org": Sample(
        "article.json",
        _json({"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT,
               "datePublished": "2024-05-02T10:00:00+02:00", "author": {"@type": "Person", "name": AUTHOR},
               "publisher": {"@type": "Organization", "name": OUTLET, "url": "https://harbour.example"},
               "mainEntityOfPage": {"@type": "WebPage", "@id": URL}}),
        ALL,
    ),
    "NewsAPI": Sample(
        "newsapi.json",
        _json({"status": "ok", "totalResults": 1, "articles": [
            {"source": {"id": None, "name": OUTLET}, "author": AUTHOR, "title": TITLE, "description": "Short.", "url": URL,
             "urlToImage": "https://harbour.example/a.jpg", "publishedAt": "2024-05-02T08:00:00Z",
             "content": f"{SAID} {MORE[:60]}… [+2412 chars]"}]}),
        ALL,
        ("chars]", "Short."),
    ),
    "GNews": Sample(
        "gnews.json",
        _json({"totalArticles": 1, "articles": [
            {"title": TITLE, "description": "Short.", "content": f"{SAID} {MORE[:60]}... [2412 chars]", "url": URL,
             "publishedAt": "2024-05-02T08:00:00Z", "source": {"name": OUTLET, "url": "https://harbour.example"}}]}),
        _but("author"),
        ("chars]",),
    ),
    "newsdata.io": Sample(
        "newsdata.json",
        _json({"status": "success", "results": [
            {"article_id": "x", "title": TITLE, "link": URL, "creator": [AUTHOR], "description": "Short.", "content": TEXT,
             "pubDate": "2024-05-02 08:00:00", "pubDateTZ": "UTC", "source_id": "harbour", "source_name": OUTLET,
             "source_url": "https://harbour.example", "language": "english"}]}),
        ALL,
    ),
    "Event Registry": Sample(
        "registry.json",
        _json({"articles": {"results": [
            {"uri": "812", "lang": "eng", "date": "2024-05-02", "time": "08:00:00", "dateTime": "2024-05-02T08:00:00Z",
             "dateTimePub": "2024-05-02T07:59:00Z", "url": URL, "title": TITLE, "body": TEXT,
             "source": {"uri": "harbour.example", "title": OUTLET}, "authors": [{"uri": "a", "name": AUTHOR, "type": "author"}]}],
            "totalResults": 1}}),
        ALL,
    ),
    "Webz.io": Sample(
        "webz.json",
        _json({"posts": [{"thread": {"site_full": "www.harbour.example", "site": "harbour.example", "title": TITLE},
                          "uuid": "x", "url": URL, "author": AUTHOR, "published": "2024-05-02T11:00:00.000+03:00",
                          "title": TITLE, "text": TEXT, "language": "english"}], "totalResults": 1}),
        _but(outlet="harbour.example"),
    ),
    "Diffbot": Sample(
        "diffbot.json",
        _json({"request": {"pageUrl": URL, "api": "article"}, "objects": [
            {"type": "article", "title": TITLE, "text": TEXT, "html": HTML, "pageUrl": URL, "siteName": OUTLET,
             "author": AUTHOR, "date": "Thu, 02 May 2024 08:00:00 GMT"}]}),
        ALL,
    ),
    "The New York Times": Sample(
        "archive.json",
        _json({"copyright": "x", "response": {"docs": [
            {"abstract": "Short.", "web_url": URL, "lead_paragraph": SAID, "source": OUTLET,
             "headline": {"main": TITLE, "kicker": None}, "pub_date": "2024-05-02T08:00:00+0000",
             "byline": {"original": f"By {AUTHOR}", "person": []}}]}}),
        ALL,
        ("Short.", "By "),
    ),
    "The Guardian": Sample(
        "search.json",
        _json({"response": {"status": "ok", "results": [
            {"id": "x/y", "webPublicationDate": "2024-05-02T08:00:00Z", "webTitle": TITLE, "webUrl": URL,
             "apiUrl": "https://content.example/x", "fields": {"byline": AUTHOR, "bodyText": TEXT, "publication": OUTLET}}]}}),
        ALL,
    ),
    "Fundus": Sample(
        "fundus.json",
        _json([{"title": TITLE, "plaintext": TEXT, "authors": [AUTHOR], "publishing_date": "2024-05-02 08:00:00+00:00",
                "topics": [], "free_access": True, "body": {"summary": [], "sections": [{"headline": [], "paragraphs": [SAID, MORE]}]},
                "html": {"requested_url": f"{URL}?a", "responded_url": URL, "content": PAGE, "crawl_date": "2024-06-01",
                         "source_info": {"publisher": OUTLET}}}]),
        ALL,
        ("Home",),
    ),
    "news-please": Sample(
        "newsplease.json",
        _json({"authors": [AUTHOR], "date_download": "2024-06-01 00:00:00", "date_modify": None,
               "date_publish": "2024-05-02 08:00:00", "description": "Short.", "filename": "x.json", "image_url": None,
               "language": "en", "maintext": TEXT, "source_domain": "harbour.example", "title": TITLE, "url": URL}),
        _but(outlet="harbour.example"),
    ),
    "newspaper": Sample(
        "newspaper.json",
        _json([{"url": URL, "source_url": "https://harbour.example", "title": TITLE, "authors": [AUTHOR], "text": TEXT,
                "publish_date": "2024-05-02 08:00:00", "top_image": "https://harbour.example/a.jpg", "meta_lang": "en"}]),
        _but(outlet="harbour.example"),
    ),
    "Readability": Sample(
        "readable.json",
        _json({"title": TITLE, "byline": AUTHOR, "dir": None, "lang": "en", "content": f"<div>{HTML}</div>",
               "textContent": TEXT, "length": 150, "excerpt": "Short.", "siteName": OUTLET,
               "publishedTime": "2024-05-02T08:00:00Z"}),
        _but("url"),
        ("Short.",),
    ),
    "trafilatura JSON": Sample(
        "trafilatura.json",
        _json({"title": TITLE, "author": AUTHOR, "hostname": "harbour.example", "date": "2024-05-02", "fingerprint": "x",
               "id": None, "comments": "", "raw_text": "x", "text": TEXT, "source": URL, "source-hostname": OUTLET,
               "filedate": "2026-11-28", "excerpt": None}),
        _but(published_at=DAY),
    ),
    "trafilatura XML": Sample(
        "trafilatura.xml",
        f'<doc sitename="{OUTLET}" title="{TITLE}" author="{AUTHOR}" date="2024-05-02" url="{URL}" hostname="harbour.example"'
        f'><main><p>{SAID}</p><list><item>{MORE}</item></list></main><comments><p>First!</p></comments></doc>'.encode(),
        _but(published_at=DAY),
        ("First!",),
    ),
    "trafilatura CSV": Sample(
        "trafilatura.csv",
        f'{URL}\tnull\t5f5b\tharbour.example\t{TITLE}\tnull\t2024-05-02\t"{TEXT}"\tnull\tnull\tnull\n'.encode(),
        _but("author", published_at=DAY, outlet="harbour.example"),
    ),
    "trafilatura text": Sample(
        "trafilatura.txt",
        f'---\ntitle: {TITLE}\nauthor: {AUTHOR}\nurl: {URL}\nhostname: harbour.example\nsitename: {OUTLET}\ndate: "2024-05-02"\n---\n{TEXT}'.encode(),
        _but(published_at=DAY),
        ("sitename",),
    ),
    "TEI": Sample(
        "tei.xml",
        f"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title type="main">{TITLE}</title>
<author>{AUTHOR}</author></titleStmt><sourceDesc><bibl>x</bibl><biblFull><titleStmt><title type="main">{TITLE}</title>
<author>{AUTHOR}</author></titleStmt><publicationStmt><publisher>{OUTLET} (harbour.example)</publisher>
<ptr type="URL" target="{URL}"/><date>2024-05-02</date></publicationStmt></biblFull></sourceDesc></fileDesc>
<profileDesc><creation><date type="download">2026-11-28</date></creation></profileDesc></teiHeader>
<text><body><div type="entry"><p>{SAID}</p><p>{MORE}</p></div><div type="comments"><p>First!</p></div></body></text></TEI>""".encode(),
        _but(published_at=DAY),
        ("First!",),
    ),
    "NITF": Sample(
        "wire.xml",
        f"""<?xml version="1.0"?><nitf><head><title>x</title><docdata><date.issue norm="20240502T100000+0200"/></docdata>
<pubdata name="{OUTLET}" ex-ref="{URL}"/></head><body><body.head><hedline><hl1>{TITLE}</hl1></hedline>
<byline>By {AUTHOR}</byline></body.head><body.content><block><p>{SAID}</p><p>{MORE}</p></block></body.content></body></nitf>""".encode(),
        ALL,
    ),
    "Scrapy JSON Lines": Sample("items.jl", _json({**ROW, "date": "2024-05-02T08:00:00", "text": [SAID, MORE]}) + b"\n", ALL),
    "Scrapy XML": Sample(
        "items.xml",
        f'<?xml version="1.0" encoding="utf-8"?>\n<items><item><title>{TITLE}</title><url>{URL}</url><outlet>{OUTLET}</outlet>'
        f"<author>{AUTHOR}</author><date>2024-05-02T08:00:00</date><text><value>{SAID}</value><value>{MORE}</value></text></item></items>".encode(),
        ALL,
    ),
    "MongoDB": Sample(
        "mongo.jsonl",
        _json({"_id": {"$oid": "6633"}, **ROW, "published": {"$date": {"$numberLong": str(_STAMP * 1000)}}, "body": TEXT}) + b"\n",
        ALL,
    ),
    "Elasticsearch": Sample(
        "dump.jsonl",
        _json({"_index": "news", "_id": "7", "_score": 1, "_source": {**ROW, "published_at": "2024-05-02T08:00:00Z", "body": TEXT}}) + b"\n",
        ALL,
    ),
    "Solr": Sample(
        "select.json",
        _json({"responseHeader": {"status": 0}, "response": {"numFound": 1, "docs": [
            {"id": "7", "url": [URL], "title": [TITLE], "outlet": [OUTLET], "author": [AUTHOR], "date": ["2024-05-02T08:00:00Z"],
             "content": [TEXT]}]}}),
        ALL,
    ),
    "pandas JSON": Sample(
        "frame.json",
        _json({**{name: {"0": value} for name, value in ROW.items()}, "date": {"0": _STAMP * 1000}, "text": {"0": TEXT}}),
        ALL,
    ),
    "pandas JSON, split": Sample(
        "split.json",
        _json({"columns": [*ROW, "date", "text"], "index": [0], "data": [[*ROW.values(), "2024-05-02T08:00:00.000Z", TEXT]]}),
        ALL,
    ),
    "Media Cloud": Sample(
        "stories.csv",
        f'id,indexed_date,language,media_name,media_url,publish_date,title,url,text\nab,2024-06-01,en,{OUTLET},harbour.example,2024-05-02,{TITLE},{URL},"{TEXT}"\n'.encode(),
        _but("author", published_at=DAY),
    ),
    "GDELT": Sample(
        "gdelt.json",
        _json({"articles": [{"url": URL, "url_mobile": "", "title": TITLE, "seendate": "20240502T080000Z",
                             "domain": "harbour.example", "language": "English", "text": TEXT}]}),
        _but("author", outlet="harbour.example"),
    ),
    "Hugging Face cc_news": Sample(
        "cc_news.parquet",
        _parquet(title=[TITLE], text=[TEXT], domain=["harbour.example"], date=["2024-05-02 08:00:00"], description=["Short."], url=[URL], image_url=["x"]),
        _but("author", outlet="harbour.example"),
    ),
    "CSV": Sample("a.csv", (_CSV_HEAD + _CSV).encode(), ALL),
    "CSV, sep=;": Sample(
        "a.csv",
        ("\ufeffsep=;\r\noutlet;url;title;author;date;text\r\n" + f'{OUTLET};{URL};{TITLE};{AUTHOR};02.05.2024 08:00;"{TEXT}"\r\n').encode(),
        ALL,
    ),
    "CSV, carriage returns": Sample("a.csv", (_CSV_HEAD + _CSV.replace("\n\n", " ")).replace("\n", "\r").encode(), ALL),
    "CSV, UTF-16": Sample("a.csv", b"\xff\xfe" + "\t".join(["outlet", "url", "title", "author", "date", "text"]).encode("utf-16-le")
                          + ("\r\n" + "\t".join([OUTLET, URL, TITLE, AUTHOR, "2024-05-02 08:00:00", f'"{TEXT}"']) + "\r\n").encode("utf-16-le"), ALL),
    "CSV, backslashes": Sample(
        "a.csv",
        ("outlet,url,title,author,date,text\n" + f'"{OUTLET}","{URL}","{TITLE}","{AUTHOR}","2024-05-02 08:00:00","The mayor said: \\"{SAID[1:29]}\\" on Tuesday, they told.\\n{MORE}"\n').encode(),
        _but(words='"The ferry will run at night,'),
        ('\\"',),
    ),
    "CSV of pandas": Sample(
        "frame.csv",
        ("Unnamed: 0,outlet,url,title,author,date,text\n" + f'0,{OUTLET},{URL},{TITLE},NaN,2024-05-02 08:00:00.000 UTC,"{TEXT}"\n').encode(),
        _but(author=None),
    ),
    "TSV": Sample("a.tsv", ("outlet\turl\ttitle\tauthor\tdate\ttext\n" + "\t".join([OUTLET, URL, TITLE, AUTHOR, "Thursday, May 2, 2024", f"{SAID} {MORE}"]) + "\n").encode(), _but(published_at=DAY)),
    "Parquet": Sample("a.parquet", _parquet(**{name: [value] for name, value in ROW.items()}, date=[datetime(2024, 5, 2, 8, tzinfo=UTC)], text=[TEXT]), ALL),
    "Parquet, lists": Sample("a.parquet", _parquet(**{name: [value] for name, value in ROW.items()}, date=[WHEN], text=[[SAID, MORE]]), ALL),
    "Parquet, bytes": Sample("a.parquet", _parquet(**{name: [value.encode()] for name, value in ROW.items()}, date=[WHEN], text=[TEXT.encode()]), ALL),
    "Parquet, structs": Sample("a.parquet", _parquet(doc=[{**ROW, "date": "2024-05-02T08:00:00Z", "body": TEXT}]), ALL),
    "WARC": Sample("a.warc", _warc(), ALL, ("Home",)),
    "WARC of CC-NEWS": Sample("CC-NEWS-20240502.warc.gz", gzip.compress(_warc()), ALL),
    "WARC, bodies packed": Sample("a.warc", _warc("Content-Encoding: br\r\n", _brotli), ALL),
    "WARC, bodies deflated": Sample("a.warc", _warc("Content-Encoding: deflate\r\n", zlib.compress), ALL),
    "WARC, bodies packed twice": Sample("a.warc", _warc("Content-Encoding: gzip\r\n", lambda d: gzip.compress(gzip.compress(d))), ALL),
    "WARC, zstd": Sample("a.warc.zst", _zstd_with_words(_warc()), ALL),
    "gzip": Sample("export.jsonl", gzip.compress(_json({**ROW, "date": "2024-05-02T08:00:00Z", "text": TEXT})), ALL),
    "bzip2": Sample("a.jsonl.bz2", bz2.compress(_json({**ROW, "date": "2024-05-02T08:00:00Z", "text": TEXT})), ALL),
    "xz": Sample("a.jsonl.xz", lzma.compress(_json({**ROW, "date": "2024-05-02T08:00:00Z", "text": TEXT})), ALL),
    "Zstandard": Sample("a.jsonl.zst", _zstd(_json({**ROW, "date": "2024-05-02T08:00:00Z", "text": TEXT})), ALL),
    "zip": Sample("a.zip", _zip(a__eml=_mail()), ALL),
    "e-mail": Sample("a.eml", _mail(), _but("author"), ("See the web page",)),
    "mailbox": Sample("news.mbox", _mail(boxed=True), _but("author"), ("See the web page",)),
    "SubRip": Sample("a.srt", "1\r\n00:00:01,000 --> 00:00:04,000\r\n<i>“The ferry will run\r\nat night,”</i> the mayor\r\n\r\n2\r\n00:00:04,500 --> 00:00:06,000\r\nof Kessel said on Tuesday.\r\n".encode(), {}, ("-->", "<i>", "00:")),
    "WebVTT": Sample("a.vtt", "WEBVTT\nKind: captions\n\nNOTE made by hand\n\n1\n00:01.000 --> 00:04.000 align:start\n“The ferry will run\nat night,” the mayor\n\n00:04.500 --> 00:06.000\nof Kessel <c.yellow>said</c> on Tuesday.\n".encode(), {}, ("-->", "Kind", "NOTE", "<c")),
    "Word": Sample("a.docx", _docx(), {"title": TITLE}, (), "docx"),
    "PDF": Sample("a.pdf", pdf([TITLE, "", SAID[:40], SAID[40:].strip(), "", MORE[:52], MORE[52:].strip()]), {}, (), "pypdf"),
}  # fmt: skip
SAMPLES["zip"] = SAMPLES["zip"]._replace(told=_but("author"))

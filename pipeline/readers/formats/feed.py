"""RSS and Atom feeds: an entry an article, its content or else its summary as the text.

<item><title>Ferry to run at night</title><link>https://harbour.example/ferry</link>
  <pubDate>Thu, 02 May 2024 08:00:00 GMT</pubDate><description>The mayor said …</description></item>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.pipeline.core.address import host
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import parse_date
from onrecord.pipeline.readers.decode import decode, is_binary, repair
from onrecord.pipeline.readers.fields import short_line, web_address
from onrecord.pipeline.readers.formats.page import declared_charset
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import failed, is_fault

MEDIA_TYPE = "application/xml"
_MOST = 64 << 20
# Fullest first: a summary stands in only where the content is not given.
_TEXTS = ("encoded", "content", "description", "summary")
_FULL = ("encoded", "content")
# Some feeds call their full text a description.
_LONGEST_SUMMARY = 1_500
_DATES = ("pubDate", "published", "date", "updated", "issued")
_ENTITY = re.compile("<!ENTITY", re.I)
# The text is UTF-8 by then, whatever it says of itself.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# References to half a surrogate pair: the parser lets them through and cannot give them back.
_HALVES = re.compile(
    r"&#(?:x0*d[89a-f][0-9a-f]{2}|0*5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));",
    re.I,
)


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """A record or refusal for each entry. Entities are never expanded and nothing is fetched."""
    data = file.read(_MOST + 1)
    if not data.strip():
        yield refuse("empty")
    elif len(data) > _MOST:
        yield refuse("too_long", None, "A feed of more than 64 MB")
    elif is_binary(data):
        yield refuse("binary")
    elif (decoded := decode(data, declared_charset(data))) is None:
        yield refuse("wrong_encoding")
    elif _ENTITY.search(decoded.text):
        yield refuse("xml_entities")
    else:
        text = _HALVES.sub("\ufffd", _DECLARATION.sub("", decoded.text))
        yield from _entries(text.encode(), settings)


def _entries(data: bytes, settings: IngestSettings) -> Iterator[Record | Refusal]:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield refuse("damaged", None, str(error)[:120])
        return
    if root is None:
        yield refuse("damaged")
        return
    entries = list(root.iter("{*}item", "{*}entry"))
    outlet = short_line(_first(_channel(root), "title"))
    fatal = [error for error in parser.error_log if error.level_name == "FATAL"]
    if not entries:
        deep = any("depth" in str(error.message).lower() for error in fatal)
        reason = "nested_too_deep" if deep else "damaged" if fatal else "unknown_format"
        yield refuse(reason, None, "XML, but no feed")
        return
    for number, entry in enumerate(entries, 1):
        try:
            item = _record(entry, f"entry {number}", outlet, settings)
        except BaseException as error:
            if not is_fault(error):
                raise
            item = failed(error, f"entry {number}")
        yield item.keeping(_alone(entry, outlet)) if isinstance(item, Refusal) else item
    if fatal:
        yield refuse("truncated", f"line {fatal[-1].line}", str(fatal[-1].message)[:120])


def _record(
    entry: Any, place: str, outlet: str | None, settings: IngestSettings
) -> Record | Refusal:
    url = web_address(_link(entry))
    name, text = next(
        ((name, found) for name in _TEXTS if (found := _first(entry, name)).strip()), ("", "")
    )
    if not text and not (url and settings.fetch.allowed and settings.fetch.entries):
        return refuse("no_text", place)
    if len(text) > settings.max_article_chars * 8:
        return refuse("too_long", place, f"{len(text):,} characters")
    author = entry.find("{*}author")
    writer = _first(author, "name") or _first(entry, "creator") or _first(entry, "author")
    record = Record(
        title=short_line(_first(entry, "title")),
        outlet=outlet or host(url),
        url=url,
        partial=name not in _FULL and len(text) < _LONGEST_SUMMARY,
        author=short_line(writer),
        published_at=next(filter(None, (parse_date(_first(entry, date)) for date in _DATES)), None),
        updated_at=parse_date(_first(entry, "updated") or _first(entry, "modified")),
        media_type=MEDIA_TYPE,
        place=place,
    )
    if "<" in text:
        record.html = text
    else:
        record.text, record.repairs = repair(text)
    return record


def _alone(entry: Any, outlet: str | None) -> bytes:
    """An entry as a feed of its own."""
    from lxml import etree

    feed = etree.Element("feed")
    etree.SubElement(feed, "title").text = outlet
    return bytes(etree.tostring(feed)).replace(
        b"</feed>", bytes(etree.tostring(entry)) + b"</feed>"
    )


def _channel(root: Any) -> Any:
    return next(root.iter("{*}channel"), root)


def _first(element: Any, name: str) -> str:
    """The text of a child, markup of an XHTML child included; '' where there is none."""
    from lxml import etree

    if element is None:
        return ""
    for child in element.iterchildren("{*}" + name):
        if len(child):
            return "".join(etree.tostring(part, encoding="unicode") for part in child)
        return child.text or ""
    return ""


def _link(entry: Any) -> str:
    links = list(entry.iterchildren("{*}link"))
    for link in links:
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return str(link.get("href"))
    return _first(entry, "link").strip() or _first(entry, "guid").strip()

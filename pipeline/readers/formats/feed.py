"""RSS and Atom feeds: an entry an article, its content or else its summary as the text.

<item><title>Ferry to run at night</title><link>https://harbour.example/ferry</link>
  <pubDate>Thu, 02 May 2024 08:00:00 GMT</pubDate><description>The mayor said …</description></item>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from html.entities import html5
from typing import Any, BinaryIO
from urllib.parse import urljoin

from onrecord.pipeline.core.address import host
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import Moment, parse_date, read_moment
from onrecord.pipeline.readers.decode import decode, is_binary, repair
from onrecord.pipeline.readers.fields import short_line, web_address
from onrecord.pipeline.readers.formats import xml_texts
from onrecord.pipeline.readers.formats.page import declared_charset
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import failed, is_fault

MEDIA_TYPE = "application/xml"
_MOST = 64 << 20
# Fullest first: a summary stands in only where the content is not given.
_FEEDS = ("rss", "feed", "rdf", "channel")
_TEXTS = ("encoded", "content", "description", "summary")
_FULL = ("encoded", "content")
# Whose names count, by namespace or, where a feed forgot to declare it, by its prefix. Pictures and players have
# titles, texts and dates of their own.
_OURS = {
    "": None,
    "http://www.w3.org/2005/Atom": None,
    "http://purl.org/atom/ns#": None,
    "http://purl.org/rss/1.0/": None,
    "http://my.netscape.com/rdf/simple/0.9/": None,
    "http://backend.userland.com/rss2": None,
    "http://purl.org/rss/1.0/modules/content/": ("encoded",),
    "content": ("encoded",),
    "http://purl.org/dc/elements/1.1/": ("creator", "date", "title", "description"),
    "http://purl.org/dc/terms/": ("created", "issued", "modified"),
    "dc": ("creator", "date", "title", "description"),
    "dcterms": ("created", "issued", "modified"),
    "atom": ("link", "updated", "published"),
    "http://rssnamespace.org/feedburner/ext/1.0": ("origLink",),
    "feedburner": ("origLink",),
}
# Some feeds call their full text a description.
_LONGEST_SUMMARY = 1_500
_DATES = ("pubDate", "published", "date", "issued", "created", "updated")
# RSS: an address, the name behind it.
_WRITER = re.compile(r"^\s*[^\s@()]{1,100}@[^\s@()]{1,200}\s*\(([^()]{1,200})\)\s*$")
_ENTITY = re.compile("<!ENTITY", re.I)
_UNMARKED = re.compile(r"<!\[CDATA\[.*?\]\]>", re.S)
# What XML knows by itself stays; HTML's names are characters; a bare & is one.
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_ESCAPED_TAG = re.compile(r"&lt;/?[a-z][a-z0-9]{0,12}(?:\s[^<>&]{0,300})?/?&gt;", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
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
        yield from _entries(_referenced(text).encode(), settings)


def _referenced(text: str) -> str:
    """A feed's text with references that XML does not know as characters, but in what is marked as text."""
    if "&" not in text:
        return text
    made, reached = [], 0
    for unmarked in _UNMARKED.finditer(text):
        made.append(_REFERENCE.sub(_character, text[reached : unmarked.start()]))
        made.append(unmarked.group())
        reached = unmarked.end()
    made.append(_REFERENCE.sub(_character, text[reached:]))
    return "".join(made)


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    known = html5.get(f"{name};")
    return f"&amp;{name};" if known is None else "".join(f"&#{ord(one)};" for one in known)


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
    channel = _channel(root)
    outlet, home = _line(_first(channel, "title")), web_address(_link(channel, None))
    fatal = [error for error in parser.error_log if error.level_name == "FATAL"]
    if not entries or _line_name(root) not in _FEEDS:
        told = xml_texts.articles(root, settings)
        if told is not None:
            yield from told
            return
    if not entries:
        deep = any("depth" in str(error.message).lower() for error in fatal)
        reason = "nested_too_deep" if deep else "damaged" if fatal else "unknown_format"
        yield refuse(reason, None, "XML, but no feed")
        return
    for number, entry in enumerate(entries, 1):
        try:
            item = _record(entry, f"entry {number}", outlet, home, settings)
        except BaseException as error:
            if not is_fault(error):
                raise
            item = failed(error, f"entry {number}")
        yield item.keeping(_alone(entry, outlet)) if isinstance(item, Refusal) else item
    if fatal:
        yield refuse("truncated", f"line {fatal[-1].line}", str(fatal[-1].message)[:120])


def _line_name(root: Any) -> str:
    return str(root.tag).rpartition("}")[2].lower()


def _record(
    entry: Any, place: str, outlet: str | None, home: str | None, settings: IngestSettings
) -> Record | Refusal:
    url = web_address(_link(entry, home))
    name, text = next(
        ((name, found) for name in _TEXTS if (found := _first(entry, name)).strip()), ("", "")
    )
    if not text and not (url and settings.fetch.allowed and settings.fetch.entries):
        return refuse("no_text", place)
    if len(text) > settings.max_article_chars * 8:
        return refuse("too_long", place, f"{len(text):,} characters")
    text = _unescaped(text)
    writer = (
        _first(_child(entry, "author"), "name")
        or _first(entry, "creator")
        or _first(entry, "author")
    )
    told = (read_moment(_first(entry, date)) for date in _DATES)
    published = next((moment for moment in told if moment.at), Moment())
    record = Record(
        title=_line(_first(entry, "title")),
        outlet=outlet or host(url),
        url=url,
        partial=name not in _FULL and len(text) < _LONGEST_SUMMARY,
        author=short_line(_WRITER.sub(r"\1", writer)),
        published_at=published.at,
        published_offset=published.offset,
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


def _child(element: Any, name: str) -> Any:
    """The first child of a name that is the feed's own, and not a picture's; None where there is none."""
    if element is None:
        return None
    for child in element.iterchildren():
        if not isinstance(child.tag, str):
            continue
        space, _, local = child.tag.rpartition("}")
        prefix, colon, bare = local.rpartition(":")
        known = _OURS.get(prefix if colon else space.lstrip("{"), ())
        if (bare if colon else local) == name and (known is None or name in known):
            return child
    return None


def _first(element: Any, name: str) -> str:
    """The text of a child, with whatever markup stands in it; '' where there is none."""
    from lxml import etree

    child = _child(element, name)
    if child is None:
        return ""
    if not len(child):
        return child.text or ""
    inner = "".join(etree.tostring(part, encoding="unicode") for part in child)
    return escape(child.text or "", quote=False) + inner


def _unescaped(text: str) -> str:
    """A text whose tags were escaped twice, once more unescaped."""
    if "<" in text or not _ESCAPED_TAG.search(text):
        return text
    return unescape(text)


def _line(text: str) -> str | None:
    """A title on one line: without tags, its references as characters, also where they were escaped twice."""
    plain = _TAG.sub("", text)
    for _ in range(2):
        plain = unescape(plain)
    return short_line(_TAG.sub("", plain))


def _link(element: Any, home: str | None) -> str:
    """The address of an entry, or of the feed's site, in full."""
    told = ""
    for link in element.iterchildren("{*}link"):
        space = link.tag.rpartition("}")[0].lstrip("{")
        if (
            link.get("href")
            and link.get("rel", "alternate") == "alternate"
            and _OURS.get(space, ()) is None
        ):
            told = str(link.get("href"))
            break
    # A link through a counter leads to the one that it counts.
    told = _first(element, "origLink").strip() or told or _plain_link(element)
    if not told or told[:8].lower().startswith(("http://", "https://")):
        return told or _guid(element)
    try:
        return urljoin(element.base or home or "", told)
    except ValueError:
        return ""


def _plain_link(element: Any) -> str:
    """The text of the first link that has one: of Atom's it stands in an attribute."""
    for child in element.iterchildren("{*}link"):
        space = child.tag.rpartition("}")[0].lstrip("{")
        if _OURS.get(space, ()) is None and (child.text or "").strip():
            return str(child.text).strip()
    return ""


def _guid(element: Any) -> str:
    """The identity of an entry, unless it says that it is no address."""
    guid = _child(element, "guid")
    if guid is None or (guid.get("isPermaLink") or "true").lower() == "false":
        return ""
    return (guid.text or "").strip()

"""A row of somebody's table as a record: which of their columns is which of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from onrecord.pipeline.core.address import PLAIN_HOST, host, redacted
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import read_moment
from onrecord.pipeline.readers.decode import decode, repair
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import failed, is_fault

# Names that people give these columns, best first; upper case, blanks and hyphens do not matter.
GUESSES: Mapping[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "article_text",
        "full_text",
        "fulltext",
        "maintext",
        "articlebody",
        "article_body",
        "body_text",
        "plain_text",
        "plaintext",
        "content_text",
        "cleaned_text",
        "raw_text",
        "content",
        "contents",
        "article",
        "story",
        "document",
    ),
    "html": ("html", "raw_html", "body_html", "content_html", "html_content"),
    "url": (
        "url",
        "canonical_url",
        "link",
        "uri",
        "web_url",
        "article_url",
        "responded_url",
        "requested_url",
        "address",
        "source_url",
        "permalink",
        "href",
    ),
    "title": ("title", "headline", "article_title", "web_title", "header"),
    "outlet": (
        "outlet",
        "publisher",
        "publication",
        "source_name",
        "site_name",
        "sitename",
        "source_hostname",
        "source",
        "newspaper",
        "site",
        "source_domain",
        "domain",
        "media_name",
    ),
    "author": ("author", "authors", "byline", "creator", "writer"),
    "published_at": (
        "published_at",
        "published",
        "date_published",
        "datepublished",
        "publish_date",
        "published_date",
        "publication_date",
        "publishing_date",
        "web_publication_date",
        "date_publish",
        "pub_date",
        "pubdate",
        "date",
        "datetime",
        "timestamp",
    ),
    "updated_at": (
        "updated_at",
        "updated",
        "date_modified",
        "date_modify",
        "date_updated",
        "datemodified",
        "modified_at",
        "modified",
        "last_modified",
        "update_date",
        "updated_date",
    ),
    "language": ("language", "lang", "language_code"),
    "id": ("id", "doc_id", "article_id", "guid", "uuid", "_id"),
}
_MARKUP = re.compile(r"</?(?:p|div|br|html|body|article|span|h[1-6]|ul|li)\b[^<>]{0,300}>", re.I)
_SPACE = re.compile(r"\s+")
# publishedAt is published_at.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What exports write where there is nothing.
_NOTHING = frozenset({"nan", "none", "null", "n/a", "na", "-", "undefined", "unknown"})
# Objects of a row that tell of the article, and not of its author or its pictures.
_ABOUT = frozenset(
    {
        "fields",
        "html",
        "meta",
        "metadata",
        "article",
        "_source",
        "attributes",
        "data",
        "source_info",
    }
)
_CUT = re.compile(r"(?:\u2026|\.\.\.)?\s{0,9}\[\+\d{1,9} chars?\]\s{0,9}$")
_MAY_HOLD_KEYS = re.compile("[?#;]")
_LONGEST_FIELD = 2_000
_LONGEST_NOTE = 40
_DATES = ("published_at", "updated_at")
# Lists in lists: a header's aliases make few letters into any number of them.
_DEEPEST = 3
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# A page may be this many times as long as the longest article: real ones are mostly markup.
_MARKUP_A_CHAR = 8


class Columns(dict[str, str]):
    """Their name for each of ours that is known: {"text": "Body", ...}; `unused` are those that are none of ours."""

    unused: tuple[str, ...] = ()


def guess_columns(names: Iterable[str], settings: IngestSettings) -> Columns:
    """Which of their names are ours. config.yaml overrules the guess; `a.b` is field b of the object a."""
    return _guess(tuple(names), tuple(settings.columns.items()))


def guess_fields(row: Mapping[str, object], settings: IngestSettings) -> Columns:
    """Which of a row's names are ours; those in an object that tells of the article stand in where the row has none."""
    columns = guess_columns(row, settings)
    inner = tuple(
        f"{name}.{field}"
        for name, value in row.items()
        if isinstance(value, Mapping) and _folded(name) in _ABOUT
        for field in value
    )
    if inner:
        beside = _guess(inner, ())
        for ours, theirs in beside.items():
            told = _value(row, columns, ours)
            if told is None or isinstance(told, Mapping):
                columns = Columns({**columns, ours: theirs})
    return columns


def guess_inside(row: Mapping[str, object], settings: IngestSettings) -> Columns:
    """The same where the text lies in an object of the row, as in an export of a search engine."""
    inner = (
        f"{name}.{field}"
        for name, value in row.items()
        if isinstance(value, Mapping)
        for field in value
    )
    # An object may be an outlet or an author, {"name": ...}, but never a text.
    outer = (
        name
        for name, value in row.items()
        if not isinstance(value, Mapping) or _folded(name) not in GUESSES["text"]
    )
    return _guess((*outer, *inner), tuple(settings.columns.items()))


@lru_cache(maxsize=512)
def _guess(theirs: tuple[str, ...], told: tuple[tuple[str, str], ...]) -> Columns:
    folded = {_folded(name): name for name in reversed(theirs)}
    found = Columns(
        (ours, folded[guess])
        for ours, guesses in GUESSES.items()
        for guess in reversed(guesses)
        if guess in folded
    )
    outermost = {name.partition(".")[0] for name in theirs}
    found.update(
        {
            ours: name
            for ours, name in told
            if name in theirs or name.partition(".")[0] in outermost - {name}
        }
    )
    used = {name.partition(".")[0] for name in found.values()} | set(found.values())
    found.unused = tuple(name for name in theirs if name not in used)
    return found


def _folded(name: str) -> str:
    """A name as GUESSES has it: of a field inside an object, the field's."""
    plain = _HUMP.sub("_", name.rpartition(".")[2].strip())
    return re.sub(r"[\s_-]+", "_", plain.lower())


def record_of(
    row: Mapping[str, object],
    columns: Mapping[str, str],
    place: str,
    media_type: str,
    max_chars: int,
) -> Record | Refusal:
    """The row as a record, or why it is none."""
    try:
        found = _record_of(row, columns, place, media_type, max_chars)
    except BaseException as error:
        if not is_fault(error):
            raise
        found = failed(error, place)
    return found.keeping(row) if isinstance(found, Refusal) else found


def _record_of(
    row: Mapping[str, object],
    columns: Mapping[str, str],
    place: str,
    media_type: str,
    max_chars: int,
) -> Record | Refusal:
    markup, text = _value(row, columns, "html"), _whole(_value(row, columns, "text"))
    markup = None if isinstance(markup, Mapping) else markup
    identity = short_line(_value(row, columns, "id"))
    place = f"{place}, id {identity[:80]}" if identity else place
    given = text if text not in (None, "") else markup
    if given in (None, ""):
        found = None if "text" in columns or "html" in columns else _told(row)
        return refuse("no_text", place, found)
    if not isinstance(given, str):
        return refuse("wrong_type", place, f"Found {type(given).__name__}")
    html = given is markup or is_markup(given)
    if len(given) > max_chars * (_MARKUP_A_CHAR if html else 1):
        return refuse("too_long", place, f"{len(given):,} characters")
    told_outlet = _value(row, columns, "outlet")
    # Some exports call the address the source.
    url = web_address(_value(row, columns, "url")) or web_address(told_outlet)
    if url is None and "url" not in columns:
        url = web_address(row.get("source"))
    told_outlet = None if web_address(told_outlet) else told_outlet
    cut = None if html else _CUT.search(given, max(0, len(given) - _LONGEST_NOTE))
    given = given[: cut.start()].rstrip() if cut else given
    dates = {name: read_moment(_value(row, columns, name)) for name in _DATES}
    unusable = tuple(
        f"{name} left out: unusable"
        for name, taken in (("url", url), *((name, told.at) for name, told in dates.items()))
        if taken is None and _is_told(_value(row, columns, name))
    )
    record = Record(
        title=_told_line(_value(row, columns, "title")),
        outlet=_told_line(told_outlet) or host(url),
        url=url,
        author=_told_line(_value(row, columns, "author")),
        published_at=dates["published_at"].at,
        published_offset=dates["published_at"].offset,
        updated_at=dates["updated_at"].at,
        language=language_code(_value(row, columns, "language")),
        media_type=media_type,
        place=place,
        columns=columns,
    )
    if html:
        record.html = given
    else:
        record.text, record.repairs = repair(given)
    record.repairs += unusable + (("cut short by its source",) if cut else ())
    return record


def _whole(text: object) -> object:
    """A text that an export has as paragraphs or as bytes."""
    if isinstance(text, bytes):
        decoded = decode(text)
        return decoded.text if decoded is not None else text
    if isinstance(text, list | tuple) and text and all(isinstance(part, str) for part in text):
        return "\n\n".join(part for part in text if part.strip())
    return text


def _told_line(value: object) -> str | None:
    """A short field, unless it is what exports write where there is nothing."""
    line = short_line(value)
    return None if line is None or line.lower() in _NOTHING else line


def _is_told(value: object) -> bool:
    return value is not None and (not isinstance(value, str) or value.strip() != "")


def _value(row: Mapping[str, object], columns: Mapping[str, str], ours: str) -> object:
    theirs = columns.get(ours)
    if theirs is None:
        return None
    value = row.get(theirs)
    if value is None and "." in theirs:
        inner: object = row
        for name in theirs.split("."):
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        return inner
    return value


def is_markup(text: str) -> bool:
    """Whether a text is HTML: it begins with a tag and holds another, or holds many."""
    if "<" not in text[:5000]:
        return False
    found = len(_MARKUP.findall(text[:5000]))
    return found >= 4 or (found >= 2 and text.lstrip()[:1] == "<")


def web_address(value: object) -> str | None:
    """`value` where it is an http(s) address, else None."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    if not address[:8].lower().startswith(("http://", "https://")):
        return None
    if len(address) > _LONGEST_FIELD or _SPACE.search(address):
        return None
    if not (address.isascii() and address.isprintable()):
        address = _INVISIBLE.sub("", repair(address).text)
    if PLAIN_HOST.match(address):
        return redacted(address) if _MAY_HOLD_KEYS.search(address) else address
    try:
        parts = urlsplit(address)
        usable = parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return redacted(address) if usable else None


def language_code(value: object) -> str | None:
    """'en' for 'en' and 'EN-us'; None for what is no ISO 639-1 code."""
    if not isinstance(value, str):
        return None
    code = re.split(r"[-_]", value.strip().lower())[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def short_line(value: object, depth: int = 0) -> str | None:
    """A short field on one line: strings, numbers, lists of names and {"name": ...} objects; nothing invisible in it.

    What compares equal to the eye must do so in a key: zero-width and bidirectional marks stay in texts only.
    """
    if isinstance(value, str) and _is_plain(value):
        return value.strip() or None
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return short_line(value.get("name") or value.get("title"), depth + 1)
    if isinstance(value, list | tuple):
        parts = [part for part in (short_line(item, depth + 1) for item in value[:20]) if part]
        return ", ".join(parts)[:_LONGEST_FIELD] or None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    shown = _INVISIBLE.sub("", repair(str(value)[:_LONGEST_FIELD]).text)
    return _SPACE.sub(" ", shown).strip() or None


def _is_plain(value: str) -> bool:
    """Whether a short field is one line with nothing in it to mend, as nearly all are."""
    return (
        value.isascii()
        and value.isprintable()
        and "&" not in value
        and "  " not in value
        and len(value) <= _LONGEST_FIELD
    )


def _told(row: Mapping[str, object]) -> str:
    names = [
        f"{name}.{field}" if isinstance(value, Mapping) else str(name)
        for name, value in list(row.items())[:12]
        for field in (value if isinstance(value, Mapping) else [name])
    ]
    shown = ", ".join(name[:60] for name in names[:20])
    return f"Columns found: {shown}" if names else "An empty row"

"""A row of somebody's table as a record: its fields as ours, each as it is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType
from urllib.parse import urlsplit

from onrecord.pipeline.core.address import PLAIN_HOST, host, redacted
from onrecord.pipeline.readers.columns import DATES, is_told, value_of, whole
from onrecord.pipeline.readers.dates import read_moment
from onrecord.pipeline.readers.decode import repair
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import failed, is_fault

_MARKUP = re.compile(r"</?(?:p|div|br|html|body|article|span|h[1-6]|ul|li)\b[^<>]{0,300}>", re.I)
_SPACE = re.compile(r"\s+")
# What exports write where there is nothing.
_NOTHING = frozenset({"nan", "none", "null", "n/a", "na", "-", "undefined", "unknown"})
_CUT = re.compile(
    r"(?:(?:\u2026|\.\.\.)?\s{0,9}\[\+|(?:\u2026|\.\.\.)\s{0,9}\[)\d{1,9} chars?\]\s{0,9}$"
)
_LIST_LITERAL = re.compile(r"\s*\[.*\]\s*$", re.S)
_QUOTED = re.compile(r"'([^']{1,200})'|\"([^\"]{1,200})\"")
_BY = re.compile(r"^by:?\s+(?=[^\W\d_])", re.I)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ESCAPED_LINE = re.compile(r"(?:\\r)?\\n(?=[A-Z\u201c\u2018\"'(\\]|$)")
_LINE_BREAK = re.compile(r"<br\s{0,3}/?>", re.I)
# What an object is called that stands for a name or a title.
_NAMING = ("name", "title", "rendered", "main", "original")
_MAY_HOLD_KEYS = re.compile("[?#;@]")
_LONGEST_FIELD = 2_000
_LONGEST_NOTE = 40
# Lists in lists: a header's aliases make few letters into any number of them.
_DEEPEST = 3
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# A page may be this many times as long as the longest article: real ones are mostly markup.
_MARKUP_A_CHAR = 8


def record_of(
    row: Mapping[str, object],
    columns: Mapping[str, str],
    place: str,
    media_type: str,
    max_chars: int,
    day_first: Mapping[str, bool] = MappingProxyType({}),
) -> Record | Refusal:
    """The row as a record, or why it is none; `day_first` as `day_orders` tells it."""
    try:
        found = _record_of(row, columns, place, media_type, max_chars, day_first)
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
    day_first: Mapping[str, bool],
) -> Record | Refusal:
    markup, text = value_of(row, columns, "html"), whole(value_of(row, columns, "text"))
    markup = None if isinstance(markup, Mapping) else markup
    identity = short_line(value_of(row, columns, "id"))
    place = f"{place}, id {identity[:80]}" if identity else place
    given = text if text not in (None, "") else markup
    if given in (None, ""):
        found = None if "text" in columns or "html" in columns else _told(row)
        return refuse("no_text", place, found)
    if not isinstance(given, str):
        return refuse("wrong_type", place, f"Found {type(given).__name__}")
    given = as_meant(given)
    html = given is markup or is_markup(given)
    if len(given) > max_chars * (_MARKUP_A_CHAR if html else 1):
        return refuse("too_long", place, f"{len(given):,} characters")
    told_outlet = value_of(row, columns, "outlet")
    # Some exports call the address the source.
    url = web_address(value_of(row, columns, "url")) or web_address(told_outlet)
    url = url or web_address(_of_page(row.get("mainEntityOfPage")))
    if url is None and "url" not in columns:
        url = web_address(row.get("source"))
    told_outlet = None if web_address(told_outlet) else told_outlet
    cut = None if html else _CUT.search(given, max(0, len(given) - _LONGEST_NOTE))
    given = given[: cut.start()].rstrip() if cut else given
    dates = {name: read_moment(value_of(row, columns, name), day_first.get(name)) for name in DATES}
    unusable = tuple(
        f"{name} left out: unusable"
        for name, taken in (("url", url), *((name, told.at) for name, told in dates.items()))
        if taken is None and is_told(value_of(row, columns, name))
    )
    record = Record(
        title=_told_line(value_of(row, columns, "title")),
        outlet=_told_line(told_outlet) or host(url),
        url=url,
        author=_writer(value_of(row, columns, "author")),
        published_at=dates["published_at"].at,
        published_offset=dates["published_at"].offset,
        updated_at=dates["updated_at"].at,
        language=language_code(value_of(row, columns, "language")),
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


def _told_line(value: object) -> str | None:
    """A short field, unless it is what exports write where there is nothing."""
    line = short_line(value)
    return None if line is None or line.lower() in _NOTHING else line


def _writer(value: object) -> str | None:
    """Who wrote it: names, without the word that leads them; a number is nobody's name."""
    if isinstance(value, int | float):
        return None
    if isinstance(value, str) and _LIST_LITERAL.match(value):
        # A list as a table's cell has it: "['Ana Lind', 'Ben Rask']".
        value = [one or two for one, two in _QUOTED.findall(value[:_LONGEST_FIELD])]
    line = _told_line(value)
    return None if line is None else _BY.sub("", line) or None


def _of_page(value: object) -> object:
    return value.get("@id") if isinstance(value, Mapping) else value


def as_meant(text: str) -> str:
    """A text whose tags or characters were escaped once too often, as it was meant."""
    if (
        "&" in text
        and text.find("&lt;", 0, 5000) >= 0
        and "<" not in text
        and is_markup(unescape(text[:5000]))
    ):
        return unescape(text)
    if "\\" not in text:
        return text
    if len(_ESCAPED.findall(text[:5000])) >= 2:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\n" not in text:
        text = _ESCAPED_LINE.sub("\n", text)
    return text


def is_markup(text: str) -> bool:
    """Whether a text is HTML: it begins with a tag and holds another, or holds many."""
    if text.find("<", 0, 5000) < 0:
        return False
    found = len(_MARKUP.findall(text[:5000]))
    return (
        found >= 4
        or (found >= 2 and text.lstrip()[:1] == "<")
        or len(_LINE_BREAK.findall(text[:5000])) >= 2
    )


def web_address(value: object) -> str | None:
    """`value` where it is an http(s) address, else None."""
    if not isinstance(value, str):
        return None
    address = value.strip()
    if address.startswith("//") and "." in address[2:].partition("/")[0]:
        address = f"https:{address}"
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
        return short_line(next(filter(None, map(value.get, _NAMING)), None), depth + 1)
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

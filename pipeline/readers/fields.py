"""A row of somebody's table as a record: which of their columns is which of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from pipeline.readers.address import without_credentials
from pipeline.readers.dates import parse_date
from pipeline.readers.decode import repair
from pipeline.readers.record import Record, Refusal, refuse
from pipeline.settings import IngestSettings

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
        "source_url",
        "permalink",
        "href",
    ),
    "title": ("title", "headline", "article_title", "header"),
    "outlet": (
        "outlet",
        "publisher",
        "publication",
        "source_name",
        "site_name",
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
_PLAIN_HOST = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|$)")
_HOST_PREFIX = re.compile(r"^(?:www\d?|m|amp|mobile)\.")
_LONGEST_FIELD = 2_000
# A page may be this many times as long as the longest article: real ones are mostly markup.
_MARKUP_A_CHAR = 8


def guess_columns(names: Iterable[str], settings: IngestSettings) -> dict[str, str]:
    """Our column for each of theirs that is known: {"text": "Body", ...}; config.yaml overrules the guess."""
    return _guess(tuple(names), tuple(settings.columns.items()))


@lru_cache(maxsize=512)
def _guess(theirs: tuple[str, ...], told: tuple[tuple[str, str], ...]) -> dict[str, str]:
    folded = {re.sub(r"[\s-]+", "_", name.strip().lower()): name for name in reversed(theirs)}
    found = {
        ours: folded[guess]
        for ours, guesses in GUESSES.items()
        for guess in reversed(guesses)
        if guess in folded
    }
    found.update({ours: name for ours, name in told if name in theirs})
    return found


def record_of(
    row: Mapping[str, object],
    columns: Mapping[str, str],
    place: str,
    media_type: str,
    max_chars: int,
) -> Record | Refusal:
    """The row as a record, or why it is none."""
    found = _record_of(row, columns, place, media_type, max_chars)
    return found.keeping(row) if isinstance(found, Refusal) else found


def _record_of(
    row: Mapping[str, object],
    columns: Mapping[str, str],
    place: str,
    media_type: str,
    max_chars: int,
) -> Record | Refusal:
    markup = row.get(columns["html"]) if "html" in columns else None
    text = row.get(columns["text"]) if "text" in columns else None
    identity = _line(row.get(columns["id"])) if "id" in columns else None
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
    url = web_address(row.get(columns["url"])) if "url" in columns else None
    record = Record(
        title=_line(row.get(columns["title"])) if "title" in columns else None,
        outlet=(_line(row.get(columns["outlet"])) if "outlet" in columns else None) or host(url),
        url=url,
        author=_line(row.get(columns["author"])) if "author" in columns else None,
        published_at=parse_date(row.get(columns["published_at"]))
        if "published_at" in columns
        else None,
        updated_at=parse_date(row.get(columns["updated_at"])) if "updated_at" in columns else None,
        language=language_code(row.get(columns["language"])) if "language" in columns else None,
        media_type=media_type,
        place=place,
    )
    if html:
        record.html = given
    else:
        record.text, record.repairs = repair(given)
    return record


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
    if "@" in address:
        address = without_credentials(address)
    return address if address.isascii() and address.isprintable() else repair(address).text


def host(url: str | None) -> str | None:
    """The site of an address, without 'www.'; None where there is none."""
    if not url:
        return None
    if plain := _PLAIN_HOST.match(url):
        return _HOST_PREFIX.sub("", plain[1].lower())
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return _HOST_PREFIX.sub("", name) if name else None


def language_code(value: object) -> str | None:
    """'en' for 'en' and 'EN-us'; None for what is no ISO 639-1 code."""
    if not isinstance(value, str):
        return None
    code = re.split(r"[-_]", value.strip().lower())[0]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _line(value: object) -> str | None:
    """A short field on one line: strings, numbers, lists of names and {"name": ...} objects."""
    if isinstance(value, str) and _is_plain(value):
        return value.strip() or None
    if isinstance(value, Mapping):
        return _line(value.get("name") or value.get("title"))
    if isinstance(value, list | tuple):
        parts = [part for part in map(_line, value[:20]) if part]
        return ", ".join(parts)[:_LONGEST_FIELD] or None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return _SPACE.sub(" ", repair(str(value)[:_LONGEST_FIELD]).text).strip() or None


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
    names = ", ".join(str(name)[:40] for name in list(row)[:12])
    return f"Columns found: {names}" if names else "An empty row"

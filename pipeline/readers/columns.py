"""Columns: which of somebody's names is which of ours, and what a row has there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import order_of
from onrecord.pipeline.readers.decode import decode

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
        "text_content",
        "cleaned_text",
        "raw_text",
        "content",
        "contents",
        "article",
        "story",
        "document",
        "lead_paragraph",
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
        "page_url",
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
        "hostname",
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
        "published_time",
        "pub_date",
        "pubdate",
        "date_time",
        "date",
        "datetime",
        "timestamp",
        "seendate",
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
# publishedAt is published_at.
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
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
DATES = ("published_at", "updated_at")
_AS_THEY_ARE = frozenset({"text", "html"})


class Columns(dict[str, str]):
    """Their name for each of ours that is known: {"text": "Body", ...}.

    `unused` are those that are none of ours; `others` those that stand in where the first holds nothing.
    """

    unused: tuple[str, ...] = ()
    others: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def guess_columns(names: Iterable[str], settings: IngestSettings) -> Columns:
    """Which of their names are ours. config.yaml overrules the guess; `a.b` is field b of the object a."""
    return _guess(tuple(names), tuple(settings.columns.items()))


def guess_fields(row: Mapping[str, object], settings: IngestSettings) -> Columns:
    """Which of a row's names are ours; those in an object that tells of the article stand in where the row has none."""
    columns = guess_columns(row, settings)
    inner = tuple(_inside(row, 2))
    if inner:
        beside = _guess(inner, ())
        for ours, theirs in beside.items():
            told = value_of(row, columns, ours)
            if told is None or isinstance(told, Mapping):
                more = columns.others
                columns = Columns({**columns, ours: theirs})
                columns.others = more
    return columns


def _inside(row: Mapping[str, object], deep: int) -> Iterator[str]:
    """The names of fields in objects that tell of the article, by the way to them."""
    for name, value in row.items():
        if isinstance(value, Mapping) and _folded(name) in _ABOUT:
            for field in value:
                yield f"{name}.{field}"
            if deep > 1:
                yield from (f"{name}.{way}" for way in _inside(value, deep - 1))


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
    more = {
        ours: tuple(folded[guess] for guess in guesses if guess in folded)[1:]
        for ours, guesses in GUESSES.items()
    }
    outermost = {name.partition(".")[0] for name in theirs}
    found.update(
        {
            ours: name
            for ours, name in told
            if name in theirs or name.partition(".")[0] in outermost - {name}
        }
    )
    found.others = {ours: names for ours, names in more.items() if names and ours not in dict(told)}
    used = {name.partition(".")[0] for name in found.values()} | set(found.values())
    found.unused = tuple(name for name in theirs if name not in used)
    return found


def _folded(name: str) -> str:
    """A name as GUESSES has it: of a field inside an object, the field's."""
    plain = _HUMP.sub("_", name.rpartition(".")[2].strip())
    return re.sub(r"[\s_-]+", "_", plain.lower())


def value_of(row: Mapping[str, object], columns: Mapping[str, str], ours: str) -> object:
    """What a row has for one of our names; where that is nothing, what it has under another that means the same."""
    theirs = columns.get(ours)
    if theirs is None:
        return None
    value = row.get(theirs)
    if type(value) is str and value:
        return value
    value = _at(row, theirs)
    nothing = value is None or value == "" or (ours in _AS_THEY_ARE and isinstance(value, Mapping))
    if nothing and isinstance(columns, Columns):
        others = (_at(row, other) for other in columns.others.get(ours, ()))
        value = next((other for other in others if is_told(other)), value)
    if ours in _AS_THEY_ARE:
        return value
    if isinstance(value, bytes):
        return whole(value)
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    return value


def _at(row: Mapping[str, object], theirs: str) -> object:
    value = row.get(theirs)
    if value is None and "." in theirs:
        inner: object = row
        for name in theirs.split("."):
            inner = inner.get(name) if isinstance(inner, Mapping) else None
        return inner
    return value


def whole(text: object) -> object:
    """A text that an export has as paragraphs or as bytes."""
    if isinstance(text, bytes):
        decoded = decode(text)
        return decoded.text if decoded is not None else text
    if isinstance(text, list | tuple) and text and all(isinstance(part, str) for part in text):
        return "\n\n".join(part for part in text if part.strip())
    return text


def is_told(value: object) -> bool:
    """Whether a field holds anything."""
    return value is not None and (not isinstance(value, str) or value.strip() != "")


def day_orders(
    rows: Iterable[tuple[Mapping[str, object], Mapping[str, str]]],
) -> Mapping[str, bool]:
    """For each of our columns of dates whether theirs has the day first, where a date of it tells."""
    told: dict[str, list[object]] = {name: [] for name in DATES}
    for row, columns in rows:
        for name in DATES:
            told[name].append(value_of(row, columns, name))
    orders = ((name, order_of(values)) for name, values in told.items())
    return {name: first for name, first in orders if first is not None}

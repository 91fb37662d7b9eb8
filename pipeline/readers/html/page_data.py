"""Data: what a page's JSON tells of the article that it shows, and of that one alone.

JSON-LD lists other articles too (related ones, the newest ones); an application's data may hold the text that its page
shows by script.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from onrecord.pipeline.readers.fields import short_line

_MOST: Final = 4 << 20
_DEEPEST: Final = 12
_NODES: Final = 5_000
_ARTICLE: Final = ("Article", "BlogPosting", "Report", "Review", "WebPage")
_TEXTS: Final = frozenset(
    {"articlebody", "body", "bodyhtml", "content", "contenthtml", "html", "text", "bodytext"}
)
_WORD: Final = re.compile(r"\w+")
_LEAST_WORDS: Final = 40
# What hides a script from readers of old: "//<![CDATA[ … //]]>", "<!-- … -->".
_WRAPPED: Final = re.compile(
    r"^(?:(?://|/\*)?\s{0,9}<!\[CDATA\[(?:\s{0,9}\*/)?|<!--)|(?:(?://|/\*)?\s{0,9}\]\]>(?:\s{0,9}\*/)?|-->)\s{0,9};?$"
)
_STATE: Final = (
    "//script[@id='__NEXT_DATA__' or @id='__NUXT_DATA__' or (@type='application/json' and @id)]"
)


class ArticleData(NamedTuple):
    """What JSON-LD tells of the page's article; None or empty where it does not."""

    published: str | None = None
    modified: str | None = None
    author: str | None = None
    body: str = ""
    free: bool = True


def of_article(tree: Any, title: str | None, address: str | None) -> ArticleData | None:
    """The data of the article that the page shows: of its headline or at its address, else of the only one there is.

    None where there is none, or several of which none is known to be it.
    """
    nodes = list(_nodes(tree))
    articles = [node for node in nodes if _is_article(node)]
    telling = [node for node in articles if "WebPage" not in _types(node)] or articles
    wanted = _key(title)
    named = [
        node
        for node in telling
        if wanted and _key(node.get("headline") or node.get("name")) == wanted
    ]
    placed = [node for node in telling if address and address in _addresses(node)]
    found = named or placed or (telling if len(telling) == 1 else [])
    return _told(found[0], nodes) if found else None


def has_articles(tree: Any) -> bool:
    """Whether JSON-LD tells of any article."""
    return any(_is_article(node) for node in _nodes(tree))


def text_of_state(tree: Any) -> str:
    """The longest text of an application's data, markup and all; '' where there is none of an article's length."""
    longest = ""
    for script in tree.xpath(_STATE):
        value = _load(script.text)
        for name, text in _strings(value):
            if name.lower().replace("_", "") in _TEXTS and len(text) > len(longest):
                longest = text
    return longest if len(_WORD.findall(longest)) >= _LEAST_WORDS else ""


def _told(node: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]]) -> ArticleData:
    free = node.get("isAccessibleForFree")
    body = node.get("articleBody")
    return ArticleData(
        published=_text(node.get("datePublished")),
        modified=_text(node.get("dateModified")),
        author=_author(node.get("author"), nodes),
        body=body if isinstance(body, str) and len(_WORD.findall(body)) >= _LEAST_WORDS else "",
        free=str(free).lower() != "false" if free is not None else True,
    )


def _author(value: object, nodes: Sequence[Mapping[str, Any]]) -> str | None:
    """Names; of whoever is only pointed at, those that another node of the page has."""
    given = value[:_NODES] if isinstance(value, list) else [value]
    known = {str(node["@id"]): node for node in nodes if "@id" in node and "name" in node}
    told = [
        known.get(str(one.get("@id"))) if isinstance(one, dict) and "name" not in one else one
        for one in given
    ]
    names = [short_line(one) for one in told if one]
    return "; ".join(name for name in names if name) or None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= 80 else None


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        yield from _objects(_load(script.text))


def _load(text: str | None) -> object:
    if not text or len(text) > _MOST:
        return None
    try:
        return json.loads(_WRAPPED.sub("", text.strip()), strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The nodes of a graph; what a list of items holds tells of other pages."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value[:_NODES]:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity"):
            yield from _objects(value.get(name), depth + 1)


def _strings(value: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for item in value[:_NODES]:
            yield from _strings(item, name, depth + 1)
    elif isinstance(value, dict):
        for key, item in list(value.items())[:_NODES]:
            yield from _strings(item, str(key), depth + 1)


def _types(node: Mapping[str, Any]) -> list[str]:
    told = node.get("@type")
    return [str(one) for one in (told if isinstance(told, list) else [told]) if one]


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(one.endswith(_ARTICLE) for one in _types(node))


def _addresses(node: Mapping[str, Any]) -> set[str]:
    page = node.get("mainEntityOfPage")
    inner = page.get("@id") if isinstance(page, dict) else page
    return {str(one).rstrip("/") for one in (node.get("url"), node.get("@id"), inner) if one}


def _key(text: object) -> str:
    return " ".join(_WORD.findall(text.lower())) if isinstance(text, str) else ""

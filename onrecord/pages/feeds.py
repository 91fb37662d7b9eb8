"""What is new about a question, as an Atom feed (RFC 4287): a reader of feeds is told without e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from fastapi import Request

from onrecord.pages.asking import Asked
from onrecord.pages.charts import plain
from onrecord.pages.rendering import address, segment
from onrecord.warehouse.looking.finding import Arrival, Arrivals

NAMESPACE = "http://www.w3.org/2005/Atom"


def atom(request: Request, made: Arrivals, asked: Asked) -> bytes:
    """The feed: an entry a new statement, and one a new wording of it, the latest first."""
    ElementTree.register_namespace("", NAMESPACE)
    query = _query(asked)
    feed = ElementTree.Element(_named("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    _put(feed, "title", f"OnRecord: {asked.q}" if asked.q else "OnRecord: what is new")
    _put(feed, "id", _absolute(request, "/feed", **query))
    _put(
        feed,
        "updated",
        _moment(max((one.arrived_at for one in made.entries), default=made.published_at)),
    )
    _put(feed, "generator", "OnRecord", uri=_absolute(request, "/"))
    _put(
        feed,
        "link",
        rel="self",
        type="application/atom+xml",
        href=_absolute(request, "/feed", **query),
    )
    _put(
        feed, "link", rel="alternate", type="text/html", href=_absolute(request, "/search", **query)
    )
    for one in made.entries:
        _entry(request, feed, one)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(request: Request, feed: ElementTree.Element, one: Arrival) -> None:
    entry = ElementTree.SubElement(feed, _named("entry"))
    who = one.speaker or one.mention or "Nobody named"
    what = "new wording" if one.variant else "new"
    short = one.words if len(one.words) <= 120 else one.words[:118].rpartition(" ")[0] + " …"
    _put(entry, "title", f"{who} ({what}): {short}")
    # The same for ever, wherever the pages stand.
    _put(
        entry, "id", f"urn:onrecord:{'wording' if one.variant else 'statement'}:{one.quotation_id}"
    )
    _put(entry, "updated", _moment(one.arrived_at))
    if one.published_at:
        _put(entry, "published", _moment(one.published_at))
    author = ElementTree.SubElement(entry, _named("author"))
    _put(author, "name", who)
    path = (
        f"/statement/{segment(one.statement_id)}"
        if one.statement_id
        else f"/quotation/{segment(one.quotation_id)}"
    )
    _put(entry, "link", rel="alternate", type="text/html", href=_absolute(request, path))
    said = f"“{one.words}” {who}, {one.outlet or 'no outlet told'}"
    if one.variant:
        said += f". It was on record as: “{one.statement}”"
    _put(entry, "content", said, type="text")


def _query(asked: Asked) -> dict[str, Any]:
    told = asked.model_dump(exclude_defaults=True, exclude={"page", "sort"}, mode="json")
    return {name: value for name, value in told.items() if value}


def _absolute(request: Request, path: str, **query: Any) -> str:
    here = urlsplit(str(request.base_url))
    return f"{here.scheme}://{here.netloc}{address(request, path, **query)}"


def _put(parent: ElementTree.Element, tag: str, words: str | None = None, **values: str) -> None:
    made = ElementTree.SubElement(parent, _named(tag), values)
    if words is not None:
        made.text = plain(words)


def _named(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _moment(moment: datetime | None) -> str:
    return (moment or datetime(1970, 1, 1)).replace(tzinfo=UTC).isoformat(timespec="seconds")

"""Search: as a page, as the part of it that changes while somebody types, as JSON, as a file."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from onrecord.pages import asking, citations, exports, feeds
from onrecord.pages.asking import Question_, encode_of
from onrecord.pages.rendering import page
from onrecord.pages.view import Reading, Views
from onrecord.warehouse.looking import finding as looking

views = Views()


@views.pages.get("/search", response_class=HTMLResponse, include_in_schema=False)
def search(request: Request, reader: Reading, asked: Question_) -> Response:
    """What was said, by words, meaning or both."""
    found = looking.find(reader, asked.question(), encode_of(request))
    # What a script asks for while somebody types is what the page would show.
    part = request.query_params.get("part") == "found"
    template = "_found.html" if part else "search.html"
    return page(request, template, it=found, asking=asking)


@views.api.get("/search", summary="What was said, by words, meaning or both")
def search_as_json(request: Request, reader: Reading, asked: Question_) -> looking.Found:
    """A page of statements, each by the quotation of it that fits best, and the facets."""
    return looking.find(reader, asked.question(), encode_of(request))


def _file(form: str) -> Callable[..., Response]:
    def file(request: Request, reader: Reading, asked: Question_) -> Response:
        hits = looking.hits(reader, asked.question(), encode_of(request))
        return exports.answered(citations.table(hits, reader.generation), form, "onrecord")

    return file


for _form in exports.FORMS:
    views.pages.add_api_route(f"/search.{_form}", _file(_form), include_in_schema=False)


@views.pages.get("/search.txt", include_in_schema=False)
def cited(request: Request, reader: Reading, asked: Question_) -> Response:
    """What was found as citations."""
    hits = looking.hits(reader, asked.question(), encode_of(request))
    return PlainTextResponse(citations.cited(hits, reader.generation))


@views.pages.get("/feed", include_in_schema=False)
def feed(request: Request, reader: Reading, asked: Question_) -> Response:
    """New statements and new wordings of what is looked for, for a feed reader."""
    made = looking.arrived(reader, asked.question(), encode_of(request))
    return Response(
        feeds.atom(request, made, asked), media_type="application/atom+xml; charset=utf-8"
    )

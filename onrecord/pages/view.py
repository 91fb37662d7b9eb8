"""How a view is declared: one function, from which the page and its twin under /api are made.

    views = Views()

    @views.at("/speaker/{speaker_id}", "speaker.html")
    def speaker(reader: Reading, speaker_id: str, page: Number = 1) -> looking.Speaker:
        found = looking.speaker(reader, speaker_id, page)
        if found is None:
            raise NotOnRecord("no such speaker: the search finds them by name")
        return found

The template has what the function gives as `it`, and what `rendering.py` lends to all. A function that raises `Moved`
leads on.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from onrecord.pages.rendering import page
from onrecord.warehouse.shelf.reader import Reader

Number = Annotated[int, Query(ge=1, le=100_000)]
"""Which page of a list."""


class Moved(Exception):  # noqa: N818
    """What is asked for is at another address now: a path of ours, without the prefix."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def reading(request: Request) -> Iterator[Reader]:
    """The generation that a request sees, from its start to its end."""
    with request.app.state.record.reading() as reader:
        request.state.generation = reader.generation
        yield reader


Reading = Annotated[Reader, Depends(reading)]


class Views:
    """The views of one module: `pages` for people, `api` for machines."""

    def __init__(self) -> None:
        self.pages, self.api = APIRouter(), APIRouter(prefix="/api")

    def at(
        self, path: str, template: str, *, title: str = ""
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Show what the function gives at `path` by `template`, and as JSON at /api`path`."""

        def declared(function: Callable[..., Any]) -> Callable[..., Any]:
            signature = inspect.signature(function, eval_str=True)
            self.api.add_api_route(
                path if path != "/" else "",
                function,
                response_model=signature.return_annotation,
                summary=title or (inspect.getdoc(function) or "").split("\n")[0],
            )
            self.pages.add_api_route(
                path,
                _shown(function, signature, template),
                response_class=HTMLResponse,
                include_in_schema=False,
            )
            return function

        return declared


def _shown(
    function: Callable[..., Any], signature: inspect.Signature, template: str
) -> Callable[..., Response]:
    @functools.wraps(function)
    def shown(the_request: Request, **values: Any) -> Response:
        return page(the_request, template, it=function(**values))

    request = inspect.Parameter("the_request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    parameters = [
        given.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for given in signature.parameters.values()
    ]
    shown.__signature__ = inspect.Signature([request, *parameters])  # type: ignore[attr-defined]
    return shown

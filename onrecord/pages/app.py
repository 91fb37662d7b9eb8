"""The application: views, guard, files and what is said where something goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from onrecord.pages import guard
from onrecord.pages.rendering import address, page
from onrecord.pages.view import Moved
from onrecord.pages.views import (
    corrections,
    outlets,
    quotation,
    runs,
    search,
    speaker,
    sql,
    start,
    statement,
    theme,
)
from onrecord.pipeline.core.problems import OnRecordError
from onrecord.pipeline.machine import memory
from onrecord.warehouse.asking.apart import Apart
from onrecord.warehouse.errors import (
    DamagedRecord,
    NewerWarehouse,
    NotOnRecord,
    NoWarehouse,
    OtherVersion,
    QueryError,
    TooLong,
)
from onrecord.warehouse.looking import finding
from onrecord.warehouse.looking import outlets as outlet_figures
from onrecord.warehouse.looking import start as glance
from onrecord.warehouse.looking import theme as theme_map
from onrecord.warehouse.shelf import nearness
from onrecord.warehouse.shelf.matching import Across, Encode, Meaning
from onrecord.warehouse.shelf.reader import Reader, Record

VIEWS = (
    start.views,
    search.views,
    quotation.views,
    statement.views,
    speaker.views,
    theme.views,
    outlets.views,
    runs.views,
    sql.views,
    corrections.views,
)
"""Every view; a new one is a line here."""


AT_ONCE = 8
"""Requests that are answered at once; others wait."""

_STATUS: dict[type[Exception], HTTPStatus] = {
    NotOnRecord: HTTPStatus.NOT_FOUND,
    NoWarehouse: HTTPStatus.SERVICE_UNAVAILABLE,
    NewerWarehouse: HTTPStatus.SERVICE_UNAVAILABLE,
    OtherVersion: HTTPStatus.SERVICE_UNAVAILABLE,
    DamagedRecord: HTTPStatus.SERVICE_UNAVAILABLE,
    TooLong: HTTPStatus.GATEWAY_TIMEOUT,
    QueryError: HTTPStatus.BAD_REQUEST,
}
_TITLES: dict[type[Exception], str] = {
    NotOnRecord: "Not on record",
    NoWarehouse: "Nothing is on record yet",
    NewerWarehouse: "This record is of a newer OnRecord",
    OtherVersion: "This record is of another version of OnRecord",
    DamagedRecord: "The record's file is damaged",
    TooLong: "That takes too long",
    QueryError: "That cannot be answered",
}


def make(
    folder: Path,
    *,
    encode: Encode | None = None,
    across: Across | None = None,
    access: guard.Access | None = None,
    prefix: str = "",
    prefect: str | None = None,
) -> FastAPI:
    """The pages of the record in `folder`.

    `encode` makes the vector of words, for the search by meaning, and `across` gives multilingual models and what they
    are asked for them; `access` says who may what; behind a proxy all addresses begin with `prefix`. `prefect` is where
    Prefect's UI is, to which the page of runs leads.
    """
    access = access or guard.Access()
    app = FastAPI(
        title="OnRecord",
        version=version("onrecord"),
        description="A record of who said what. Every page is here as JSON.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.folder, app.state.access = folder, access
    app.state.record = Record(folder)
    app.state.apart = Apart()
    app.state.prefect = prefect
    app.state.encode = lru_cache(maxsize=256)(encode) if encode else None
    if encode and across:
        app.state.encode = Meaning(app.state.encode, lru_cache(maxsize=256)(across))
    for views in VIEWS:
        app.include_router(views.pages)
        app.include_router(views.api)
    app.mount("/static", StaticFiles(packages=[("onrecord.pages", "static")]), name="static")
    app.add_exception_handler(Moved, _moved)
    app.add_exception_handler(OnRecordError, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _other)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(guard.Guard, access=access, prefix=prefix.rstrip("/"))
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    record: Record = app.state.record

    def warm(reader: Reader) -> None:
        glance.start(reader)
        finding.warm(reader)
        outlet_figures.outlets(reader)
        if app.state.encode is not None:
            nearness.near(reader, app.state.encode("who said what"))
        theme_map.themes(reader)
        # Much was held only while it was made.
        memory.give_back()

    record.warm = warm
    # Each has memory in hand while it asks, and more at once would be no sooner done.
    to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
    with suppress(OnRecordError):
        # What is wrong is told to whoever asks.
        await run_in_threadpool(_open, record)
    yield
    app.state.apart.close()
    record.close()


def _open(record: Record) -> None:
    with record.reading():
        return


def _moved(request: Request, error: Moved) -> Response:
    api = "/api" if _of_api(request) else ""
    return RedirectResponse(address(request, api + error.path), status_code=301)


def _refused(request: Request, error: Exception) -> Response:
    kind = next((kind for kind in type(error).__mro__ if kind in _STATUS), None)
    status = _STATUS[kind] if kind else HTTPStatus.INTERNAL_SERVER_ERROR
    title = _TITLES[kind] if kind else "Something is wrong with the record"
    template = "empty.html" if kind is NoWarehouse else "problem.html"
    return told(request, status, title, str(error), template=template)


def _unreadable(request: Request, error: RequestValidationError) -> Response:
    said = [f"{_field(one['loc'])}: {_said(one)}" for one in error.errors()]
    return told(request, HTTPStatus.BAD_REQUEST, "That cannot be read", "; ".join(said))


def _said(error: Mapping[str, Any]) -> str:
    """What is wrong with a field; what has been made of it on the way is nobody's concern."""
    if error["type"] in ("too_long", "string_too_long"):
        return f"at most {error['ctx']['max_length']} characters or values"
    return str(error["msg"])


def _field(place: Sequence[str | int]) -> str:
    """What of the address cannot be read: its name, and not which of several."""
    return str(place[1] if len(place) > 1 else place[0])


def _other(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    words = error.detail
    if status is HTTPStatus.NOT_FOUND and words == status.phrase:
        words = "There is no such page. The search finds what was said, and by whom."
    return told(request, status, status.phrase, words, headers=error.headers)


def _broken(request: Request, error: Exception) -> Response:
    words = f"{type(error).__name__}: the log of the server tells more."
    return told(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke", words)


def told(
    request: Request,
    status: HTTPStatus,
    title: str,
    words: str,
    *,
    template: str = "problem.html",
    headers: Any = None,
) -> Response:
    """What went wrong, in words: a page, or JSON for the API."""
    made: Response
    if _of_api(request):
        made = JSONResponse({"error": title, "detail": words}, status_code=status)
    else:
        made = page(request, template, status=status, title=title, words=words)
    made.headers.update(headers or {})
    return made


def _of_api(request: Request) -> bool:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return path == "/api" or path.startswith("/api/")

"""What people corrected: listed, added, taken back, exported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from onrecord.pages.guard import Form, Sent
from onrecord.pages.rendering import address
from onrecord.pages.view import Number, Reading, Views
from onrecord.pipeline.core.problems import InputError
from onrecord.pipeline.corrections.entries import KINDS
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.looking import corrections as looking
from onrecord.warehouse.mending import store
from onrecord.warehouse.mending.gold import gold
from onrecord.warehouse.mending.making import Wish, make

views = Views()

State = Literal["", "pending", "applied", "does_not_fit", "overruled", "undone"]
Words = Annotated[str, Query(max_length=200)]


@views.at("/corrections", "corrections.html")
def corrections(
    reader: Reading, state: State = "", kind: Words = "", by: Words = "", page: Number = 1
) -> looking.Corrections:
    """What people corrected, the newest first, and how each stands."""
    return looking.corrections(reader, state, kind, by, page)


@views.pages.get("/corrections.jsonl", include_in_schema=False)
@views.api.get("/corrections.jsonl", summary="The lines of corrections.jsonl, to share or merge")
def lines(request: Request) -> Response:
    """All corrections as they stand in the file."""
    found = store.lines(request.app.state.folder)
    return _file(b"".join(one + b"\n" for one in found), "corrections.jsonl")


@views.pages.get("/corrections-gold.jsonl", include_in_schema=False)
@views.api.get("/corrections-gold.jsonl", summary="The corrected articles as gold")
def as_gold(request: Request) -> Response:
    """The corrected articles with what people said is right."""

    def told() -> Iterator[bytes]:
        for one in gold(request.app.state.folder):
            yield one.encode("utf-8", "surrogatepass") + b"\n"

    headers = {"content-disposition": 'attachment; filename="corrections-gold.jsonl"'}
    return StreamingResponse(told(), media_type="application/x-ndjson", headers=headers)


@views.pages.post("/corrections", include_in_schema=False)
@views.api.post("/corrections", summary="Correct something (a form, with the token of a page)")
def add(request: Request, sent: Sent) -> Response:
    """Keep what a form corrects, and lead back to the page that it came from."""
    try:
        made = make(request.app.state.folder, _wish(sent), sent.who, sent.get("because"))
        store.add(request.app.state.folder, [made])
    except InputError as error:
        raise QueryError(f"That cannot be corrected so: {error}. Go back and change it.") from None
    return _back(request, sent)


@views.pages.post("/corrections/undo", include_in_schema=False)
@views.api.post("/corrections/undo", summary="Take a correction back (a form)")
def undo(request: Request, sent: Sent) -> Response:
    """Take a correction back."""
    try:
        store.take_back(request.app.state.folder, [sent.get("id")], sent.who, sent.get("because"))
    except InputError as error:
        raise QueryError(f"That cannot be taken back: {error}.") from None
    return _back(request, sent)


def _wish(sent: Form) -> Wish:
    """What a form wants to correct. The values of other kinds, which it holds as well, are left."""
    kind = sent.get("kind")
    if kind == "nobody":
        return Wish("speaker", sent.get("of"))
    known = KINDS.get(kind)
    if known is None:
        raise QueryError("Say what is wrong: choose one of the kinds. Go back and choose.")
    other = _named(sent.get(f"other_{kind}") or sent.get("other")) if known.two else None
    if kind == "speaker":
        name = sent.get("speaker")
        if not name:
            raise QueryError("Say who said it: a name is missing. Go back and write it.")
        return Wish(kind, sent.get("of"), value=name, value_kind=sent.get("speaker_kind") or None)
    value = (
        sent.get("stance") if kind == "stance" else sent.get("name") if kind == "rename" else None
    )
    return Wish(kind, sent.get("of"), other=other or None, value=value)


def _named(told: str) -> str:
    """The identity that somebody pasted: itself, or the last part of the address of a page of ours."""
    if "/" not in told:
        return told
    return unquote(urlsplit(told).path.rstrip("/").rpartition("/")[2])


def _back(request: Request, sent: Form) -> Response:
    """To the page that the form was on, one of ours, or to the list."""
    back = sent.get("back")
    ours = any(back.startswith(f"/{view}/") for view in ("quotation", "statement", "speaker"))
    path = back if ours and "//" not in back and "\\" not in back else "/corrections"
    if _of_api(request):
        return Response(status_code=204)
    return RedirectResponse(address(request, path) + ("#mend" if ours else ""), status_code=303)


def _of_api(request: Request) -> bool:
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return str(path).startswith("/api/")


def _file(data: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/x-ndjson", headers=headers)

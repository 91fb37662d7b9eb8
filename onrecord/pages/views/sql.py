"""The SQL box: the same read-only door as `onrecord sql`."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from onrecord.pages import exports
from onrecord.pages.rendering import page
from onrecord.pages.view import Reading, Views
from onrecord.warehouse.errors import QueryError
from onrecord.warehouse.looking import asked
from onrecord.warehouse.looking.asked import EXPORT, LIMITS
from onrecord.warehouse.shelf.reader import Reader

views = Views()

MOST_CELL = 500
"""Characters shown of a value in the table; a file has all."""

Words = Annotated[str, Query(max_length=20_000)]
Form = Literal["", "csv", "json", "xlsx"]


@dataclass(frozen=True)
class Rows:
    """An answer: the names of its columns, its rows, and whether there are more."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool


@views.pages.get("/sql", response_class=HTMLResponse, include_in_schema=False)
def box(request: Request, reader: Reading, q: Words = "", format: Form = "") -> Response:
    """The box, and the answer where something is asked; or the answer as a file."""
    answer, problem, state = None, "", request.app.state
    # While somebody writes what they will ask.
    state.apart.start()
    if q.strip():
        try:
            answer = asked.ask(
                reader, q, state.apart, encode=state.encode, limits=EXPORT if format else LIMITS
            )
        except QueryError as error:
            problem = str(error)
    if answer is not None and format:
        return exports.answered(answer.frame, format, "answer")
    return page(
        request,
        "sql.html",
        status=HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK,
        sql=q,
        problem=problem,
        columns=answer.frame.columns if answer else [],
        rows=[[_cell(value) for value in row] for row in answer.frame.iter_rows()]
        if answer
        else [],
        answer=answer,
        examples=asked.EXAMPLES,
        relations=_relations(reader),
        limits=LIMITS,
        export=EXPORT,
    )


@views.api.get("/sql", summary="The answer to one SQL statement, read-only")
def answer(request: Request, reader: Reading, q: Words) -> Rows:
    """The answer to one SQL statement, read-only, within limits of time and rows."""
    found = asked.ask(reader, q, request.app.state.apart, encode=request.app.state.encode)
    rows = tuple(tuple(_plain(value) for value in row) for row in found.frame.iter_rows())
    return Rows(tuple(found.frame.columns), rows, found.more)


@views.api.get("/relations", summary="Every view and table with its columns and what they hold")
def relations(reader: Reading) -> tuple[asked.Relation, ...]:
    """Every view and table with its columns and what they hold."""
    return _relations(reader)


def _relations(reader: Reader) -> tuple[asked.Relation, ...]:
    return reader.kept("relations", asked.relations)


def _cell(value: object) -> str:
    told = "" if value is None else f"{value}"
    return told if len(told) <= MOST_CELL else told[:MOST_CELL] + "…"


def _plain(value: Any) -> Any:
    """A value as JSON has it: NaN and infinities as words."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value

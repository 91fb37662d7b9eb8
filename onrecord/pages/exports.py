"""Rows as a file for a spreadsheet or another tool: CSV, Excel, JSON; nothing in them is ever run."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any

import polars as pl
from polars import selectors as cs

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response

_FORMULA = r"^[=+\-@\t\r]"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def flattened(frame: pl.DataFrame, *, defused: bool = True) -> pl.DataFrame:
    """The rows with lists and structs as text, and, if `defused`, no text that a spreadsheet takes for a formula."""
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    flat = frame.with_columns(
        # NULL stays what it is: a list of nothing is another answer.
        pl.Series(
            name,
            [None if value is None else cell(value) for value in frame[name].to_list()],
            dtype=pl.String,
        )
        for name in nested
    )
    return flat.with_columns(cs.string().str.replace(_FORMULA, "'${0}")) if defused else flat


def cell(value: object) -> str:
    """A value as people read it: lists by commas, structs by their names."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(cell(part) for part in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {cell(part)}" for key, part in value.items())
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def csv(frame: pl.DataFrame, to: Path | IO[bytes]) -> None:
    """A line a row."""
    flattened(frame).write_csv(to)


def excel(frame: pl.DataFrame, to: Path | IO[bytes]) -> None:
    """One sheet. What looks like a formula or an address stays the text that it is."""
    import xlsxwriter

    as_text: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(to, {**as_text, "nan_inf_to_errors": True}) as book:
        flattened(frame, defused=False).write_excel(book, "OnRecord", autofit=frame.height < 10_000)


def json(frame: pl.DataFrame, to: Path | IO[bytes]) -> None:
    """A list of objects."""
    frame.write_json(to)


FORMS: Mapping[str, tuple[Callable[[pl.DataFrame, IO[bytes]], None], str]] = {
    "csv": (csv, "text/csv; charset=utf-8"),
    "xlsx": (excel, _XLSX),
    "json": (json, "application/json"),
}
"""How each kind of file is written, and its media type."""


def answered(frame: pl.DataFrame, form: str, name: str) -> Response:
    """The rows as a file that a browser keeps as `name` and the form's ending."""
    # The command line writes files too, and knows no server.
    from starlette.responses import Response

    write, kind = FORMS[form]
    held = io.BytesIO()
    write(frame, held)
    told = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(held.getvalue(), media_type=kind, headers=told)

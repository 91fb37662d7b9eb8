"""What one looks up: quotations by filters, what stands around one, a statement's wordings, speakers by name.

Each takes the folder of a record, or one file: a generation that is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.errors import NotOnRecord, QueryError


def quotes(
    path: Path,
    *,
    speaker: str | None = None,
    outlet: str | None = None,
    since: date | None = None,
    until: date | None = None,
    theme: str | None = None,
    statement: str | None = None,
    most: int | None = None,
    unsure: bool = False,
) -> pl.DataFrame:
    """Rows of the view quotes that pass the filters (see the macro matching), the newest first, or of all_quotes."""
    told = {"speaker": speaker, "outlet": outlet, "since": since, "until": until, "theme": theme}
    more = {"statement": statement, "most": most, "unsure": unsure}
    return _answer(path, "matching_quotes", told | more)


def context(path: Path, quotation_id: str, paragraphs: int) -> pl.DataFrame:
    """What stands around a quotation: see the macro context. Raises NotOnRecord."""
    found = _asked(
        path,
        "FROM context($quotation, paragraphs := $paragraphs)",
        {"quotation": quotation_id, "paragraphs": paragraphs},
    )
    if found.is_empty():
        raise NotOnRecord(
            f"no quotation {quotation_id!r} in {path}: search and quotes give their ids"
        )
    return found


def statement(path: Path, statement_id: str) -> pl.DataFrame:
    """The wordings of a statement, as the view statement_variants has them. Raises NotOnRecord."""
    found = _answer(path, "one_statement", {"statement": statement_id})
    if found.is_empty():
        raise NotOnRecord(
            f"no statement {statement_id!r} in {path}: search and quotes give their ids"
        )
    return found


def speakers(path: Path, name: str) -> pl.DataFrame:
    """The speakers whom a name means, with how much is theirs; none where nobody is called so."""
    return _answer(path, "called_speakers", {"speaker": name})


def _answer(path: Path, name: str, values: Mapping[str, Any]) -> pl.DataFrame:
    sql = (files("onrecord.warehouse") / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    return _asked(path, sql, values)


def _asked(path: Path, sql: str, values: Mapping[str, Any]) -> pl.DataFrame:
    try:
        return query(path, sql, values)
    except QueryError as error:
        if "does not exist" in str(error):
            raise QueryError(
                f"{path} was published by another version of OnRecord, which asks otherwise ({error});"
                " the next `onrecord run` that publishes makes it new"
            ) from error
        raise

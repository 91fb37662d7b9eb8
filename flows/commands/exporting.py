"""The command that writes an answer of the record to a file: export."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, told
from onrecord.flows.running.exits import FAILED, USAGE, Exit
from onrecord.flows.watching.escaping import count

if TYPE_CHECKING:
    import polars as pl

_NAME = re.compile(r"[A-Za-z_]\w*")
SHEET_ROWS = 1_048_575
"""Rows that a sheet of Excel takes beneath its head."""


def export(where: Where, asked: str, to: Path, *, force: bool) -> None:
    """Write a view, a table or the answer to one SQL query to `to`, whole or not at all."""
    write = WRITERS.get(to.suffix.lower())
    if write is None:
        known = ", ".join(WRITERS)
        raise Exit(USAGE, f"{to}: name a file that ends in one of {known}")
    if to.exists() and not force:
        raise Exit(USAGE, f"{to} exists; --force writes over it")
    from onrecord.warehouse.asking.query import query

    with told():
        frame = query(
            where.settings().warehouse, f"FROM {asked}" if _NAME.fullmatch(asked) else asked
        )
    aside = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        write(frame, aside)
        aside.replace(to)
    except OSError as error:
        raise Exit(FAILED, f"{to}: cannot be written: {error.strerror or error}") from None
    finally:
        aside.unlink(missing_ok=True)
    print(f"{count(frame.height, 'row')} in {to}")


def _csv(frame: pl.DataFrame, file: Path) -> None:
    from onrecord.pages import exports

    exports.csv(frame, file)


def _parquet(frame: pl.DataFrame, file: Path) -> None:
    frame.write_parquet(file)


def _json_lines(frame: pl.DataFrame, file: Path) -> None:
    frame.write_ndjson(file)


def _excel(frame: pl.DataFrame, file: Path) -> None:
    """One sheet. What looks like a formula or an address stays the text that it is: nothing of it is ever run."""
    from onrecord.pages import exports

    if frame.height > SHEET_ROWS:
        raise Exit(
            USAGE,
            f"{frame.height:,} rows, and a sheet takes {SHEET_ROWS:,}: narrow it down, or take .csv or .parquet",
        )
    exports.excel(frame, file)


WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".jsonl": _json_lines,
}
"""How each kind of file is written, by its suffix."""

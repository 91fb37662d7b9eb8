"""What a record says, less the names that depend on who came first: for records made in different orders.

A statement is named after the quotation that founded it and keeps that name for ever, since people's references rest
on it (and a theme likewise); so two records made in different orders name the same statement differently. Here every
statement is named by its quotations and every theme by its statements, and all else must be equal. The identities of
statements that were merged into another are history, as the moves that tell of them are.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse.checking.fingerprint import LEDGER, LEFT_OUT
from onrecord.warehouse.database import reader

DIGITS = 4
"""Digits of a likeness that count: a vector differs in its last ones with the batch it was computed in."""


def content(file: Path) -> dict[str, pl.DataFrame]:
    """The rows of every table but the ledger's, in order, with statements and themes named by what they hold."""
    names = [name for name in CONTRACTS if name not in LEDGER]
    with reader(file) as connection:
        tables = {name: connection.execute(f"FROM {name}").pl() for name in names}
    statements = _named(tables["statement_members"], "statement_id", "quotation_id")
    told = tables["theme_members"].with_columns(_renamed("statement_id", statements))
    themes = _named(told, "theme_id", "statement_id")
    # Of equally typical statements that one stands for a theme whose name comes first: its words are what counts.
    words = dict(tables["statements"].select("statement_id", "text").iter_rows())
    tables["themes"] = tables["themes"].with_columns(_renamed("statement_id", words))
    # A statement that went into another has no members.
    tables["statements"] = tables["statements"].filter(pl.col("quotations") > 0)
    return {name: _plain(name, frame, statements, themes) for name, frame in tables.items()}


def differing(one: Path, two: Path) -> str:
    """The tables in which two records differ, each with a row that only one has; empty where there is none."""
    told = []
    left, right = content(one), content(two)
    for name in left:
        if not left[name].equals(right[name]):
            rows = {str(row): None for row in left[name].rows(named=True)}
            other = {str(row): None for row in right[name].rows(named=True)}
            first = [row for row in rows if row not in other][:1]
            second = [row for row in other if row not in rows][:1]
            told.append(f"{name}: {' '.join(first)[:600]} | {' '.join(second)[:600]}")
    return "; ".join(told)


def _plain(
    name: str, frame: pl.DataFrame, statements: Mapping[str, str], themes: Mapping[str, str]
) -> pl.DataFrame:
    kept = frame.select(
        column for column in CONTRACTS[name].columns if column not in LEFT_OUT.get(name, set())
    )
    plain = kept.with_columns(
        *(
            _renamed(column, statements)
            for column in ("statement_id", "repeats_id")
            if column in kept.columns and name != "themes"
        ),
        *(
            _renamed(column, themes)
            for column in ("theme_id", "parent_id")
            if column in kept.columns
        ),
        pl.selectors.float().round(DIGITS),
    )
    return plain.sort(CONTRACTS[name].key)


def _named(members: pl.DataFrame, whole: str, part: str) -> dict[str, str]:
    """Each old name -> a hash of what it holds."""
    held = members.group_by(whole).agg(pl.col(part).sort())
    return {name: ids.digest(*parts) for name, parts in held.rows()}


def _renamed(column: str, names: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(names, default=None)

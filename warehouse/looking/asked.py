"""The SQL box: what one may ask of, examples that run, and the same read-only door as `onrecord sql`."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from onrecord.warehouse.asking.apart import Apart
from onrecord.warehouse.asking.query import Encode, Limits
from onrecord.warehouse.shelf.reader import Reader

LIMITS = Limits(seconds=10, memory="256MB", rows=1_000)
"""What an answer on the page may take."""
EXPORT = Limits(seconds=60, memory="256MB", rows=100_000)
"""What one to a file may."""


@dataclass(frozen=True)
class Column:
    """A column, and what it holds."""

    name: str
    type: str
    about: str | None


@dataclass(frozen=True)
class Relation:
    """A table or a view, with its columns."""

    name: str
    about: str | None
    view: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Example:
    """A question in words and the SQL that asks it."""

    words: str
    sql: str


@dataclass(frozen=True)
class Answer:
    """An answer: its columns, its rows, and whether there were more."""

    frame: pl.DataFrame
    more: bool


EXAMPLES = (
    Example(
        "Who is quoted most",
        "SELECT speaker, count(DISTINCT statement_id) AS statements, count(DISTINCT outlet) AS outlets\n"
        "FROM quotes\nWHERE speaker IS NOT NULL\nGROUP BY speaker\nORDER BY statements DESC\nLIMIT 20",
    ),
    Example(
        "Who was first with what several outlets carried, and who followed",
        "SELECT statement, place, outlet, published_at, after, difference, copied_from\nFROM carried\n"
        "WHERE statement_id IN (SELECT statement_id FROM statements WHERE outlets > 2)\n"
        "ORDER BY statement_id, place",
    ),
    Example(
        "Which outlets changed words said in marks, and how",
        "SELECT outlet, kind, text, other_text, speaker\nFROM variant_words\nORDER BY outlet, kind\nLIMIT 100",
    ),
    Example(
        "Who refused to answer",
        "SELECT day, coalesce(speaker, mention) AS who, what, told_by, outlet, link\nFROM no_comments\n"
        "ORDER BY day DESC",
    ),
    Example(
        "What was denied",
        "SELECT day, speaker, what, told_by, outlet, link\nFROM denials\nORDER BY day DESC",
    ),
    Example(
        "What one speaker said, day by day",
        "SELECT day, theme, statement, outlets\nFROM speaker_timeline\n"
        "WHERE speaker = (SELECT mode(speaker) FROM quotes)\nORDER BY day",
    ),
    Example(
        "Why nobody is named",
        "SELECT reason, kind, count(*) AS quotations\nFROM quotes\nWHERE speaker IS NULL\n"
        "GROUP BY ALL\nORDER BY quotations DESC",
    ),
    Example(
        "The paragraph around a quotation, and one on each side",
        "FROM context((SELECT min(quotation_id) FROM quotes), paragraphs := 1)",
    ),
    Example(
        "Links that open an article at the words",
        "SELECT speaker, words, url\nFROM quotes\nWHERE url IS NOT NULL\nORDER BY day DESC\nLIMIT 20",
    ),
    Example(
        "How many quotations there are of each kind, week by week",
        "SELECT date_trunc('week', day) AS week, type, count(*) AS quotations\nFROM quotes\n"
        "GROUP BY ALL\nORDER BY week, type",
    ),
    Example(
        "Whether every stage of every run adds up",
        "FROM accounting",
    ),
)


def relations(reader: Reader) -> tuple[Relation, ...]:
    """Every view and table with its columns and their comments, the views first."""
    return tuple(
        Relation(
            row["name"],
            row["about"],
            row["view"],
            tuple(Column(one["name"], one["type"], one["about"]) for one in row["columns"]),
        )
        for row in reader.rows("relations")
    )


def ask(
    reader: Reader, sql: str, apart: Apart, *, encode: Encode | None = None, limits: Limits = LIMITS
) -> Answer:
    """One statement's answer within limits, from a process of its own. Raises QueryError with what DuckDB says."""
    frame = apart.query(reader.folder, sql, encode=encode, limits=limits)
    most = limits.rows
    more = most is not None and frame.height > most
    return Answer(frame.head(most) if more and most is not None else frame, more)

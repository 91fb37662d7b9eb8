"""Every quotation in numbers and in memory, made once a generation: what search and all views find and count by.

It costs some hundred bytes a quotation; from the file each of these pages would read columns of it all. Identities are
their 64-bit hashes, what a row belongs to is a row of another table, -1 for none. Rows of one statement stand together,
the first to come on record first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.shelf.reader import Reader

Column = NDArray[Any]
Columns = dict[str, Column]

UNDATED = -(2**31)
NEVER = -(2**62)
CODES: dict[str, tuple[str, ...]] = {
    "kind": ("person", "organisation", "group", "unnamed"),
    "type": ("direct", "mixed", "indirect"),
    "stance": ("asserted", "denied", "unsaid", "supposed", "asked"),
    "confidence": ("sure", "likely", "unsure"),
    "difference": ("same", "cut", "extended", "altered", "translated"),
}
"""What there are few values of: a column holds the place of the value in its list, from 1."""


@dataclass(frozen=True)
class Index:
    """Where the values of a column stand."""

    column: Column
    order: NDArray[np.int32]

    def equal(self, value: int) -> NDArray[np.int32]:
        """The rows that have a value, in their order."""
        told = self.column.dtype.type(value)
        low = np.searchsorted(self.column, told, side="left", sorter=self.order)
        high = np.searchsorted(self.column, told, side="right", sorter=self.order)
        return self.order[low:high]

    def first(self, value: int) -> int:
        """The first row that has a value; -1 for none."""
        rows = self.equal(value)
        return int(rows[0]) if len(rows) else -1

    def found(self, values: Column) -> NDArray[np.int32]:
        """The first row of each of many values; -1 for none."""
        if not len(self.order):
            return np.full(len(values), -1, dtype=np.int32)
        many = len(values) * 8 > len(self.order)
        ordered = self.column[self.order] if many else None
        if ordered is not None:
            at = np.searchsorted(ordered, values)
        else:
            at = np.searchsorted(self.column, values, sorter=self.order)
        rows = self.order[np.minimum(at, len(self.order) - 1)]
        return np.where(self.column[rows] == values, rows, -1).astype(np.int32)

    def every(self, values: Column) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """All rows of many values, and of which value each row is."""
        low = np.searchsorted(self.column, values, side="left", sorter=self.order)
        count = np.searchsorted(self.column, values, side="right", sorter=self.order) - low
        which = np.repeat(np.arange(len(values)), count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return self.order[low[which] + within], which


def index_of(column: Column) -> Index:
    """The index of a column."""
    return Index(column, np.argsort(column, kind="stable").astype(np.int32))


@dataclass(frozen=True)
class Shelf:
    """The record in numbers: a column each, by name."""

    rows: Columns
    """Quotations: place, key, article, member, statement, said (the statement, or what stands for a quotation that
    has none), wording, speaker, outlet, theme, kind, type, stance, confidence, difference, similarity, day, outlets,
    outer, newest, copied, shown."""
    articles: Columns
    """Articles: place, key, original, supersedes, newest, outlet, arrived, published, day."""
    statements: Columns
    """Statements: place, key, outlets, quotations, first_said."""
    speakers: Columns
    themes: Columns
    in_themes: Columns
    """Statements in themes: theme, statement, similarity."""
    outlets: tuple[str, ...]
    """Names of the outlets; the first is that of none."""
    by: dict[str, Index]
    """Where values stand: of `rows` by the name of the column, of the other tables by what is looked for."""

    fresh: Mapping[int, str] = field(default_factory=dict)
    """Names of speakers who are not on record yet, by their number."""
    one_person: Mapping[int, int] = field(default_factory=dict)
    one_statement: Mapping[int, int] = field(default_factory=dict)
    """What is said to be one with another, and with which."""

    def statement_rows(self, statement: int) -> NDArray[np.int64]:
        """The rows that report a statement."""
        low, high = np.searchsorted(self.rows["said"], (statement, statement + 1))
        return np.arange(low, high)

    def fullest(self, statement: int) -> int:
        """Of the rows that report a statement the one that is likest to it."""
        own = self.statement_rows(statement)
        return int(own[np.lexsort((self.rows["key"][own], self.rows["similarity"][own]))[-1]])

    def family(self, articles: Column) -> NDArray[np.int32]:
        """Articles with all that they copy and follow, and all that copy and follow those."""
        held = np.unique(articles)
        while True:
            kin = [held]
            for link in ("original", "supersedes"):
                to = self.articles[link][held]
                kin += [to[to >= 0], self.by[link].every(held)[0]]
            more = np.unique(np.concatenate(kin))
            if len(more) == len(held):
                return more.astype(np.int32)
            held = more

    def places(self, rows: Any, table: str = "rows") -> Any:
        """Where rows, or one row, stand in the record's table."""
        columns: Columns = getattr(self, table)
        return columns["place"][rows].tolist()


def published(reader: Reader) -> Shelf:
    """The shelf as the reader's generation has it."""
    return reader.kept("shelf", _made)


def through(table: Column, places: Column) -> Column:
    """What stands at the places of a column; -1 where there is none."""
    there = (places >= 0) & (places < len(table))
    return np.where(there, np.append(table, -1)[np.where(there, places, -1)], -1)


def _made(reader: Reader) -> Shelf:
    # What `outlets` names none by comes first, so that a place in it tells whether there is one.
    articles = reader.columns("shelf_articles", never=NEVER, undated=UNDATED)
    names = sorted(set(articles["outlet"].tolist()) | {"-"}, key=lambda name: (name != "-", name))
    number = {name: place for place, name in enumerate(names)}
    articles["outlet"] = np.array([number[name] for name in articles["outlet"]], dtype=np.int32)
    of_articles = index_of(articles["key"])
    articles["copied"] = articles["original"] != 0
    for link in ("original", "supersedes"):
        articles[link] = of_articles.found(articles[link])
    statements = reader.columns("shelf_statements", never=NEVER)
    of_statements = index_of(statements["key"])
    speakers, themes = reader.columns("shelf_speakers"), reader.columns("shelf_themes")
    of_speakers, of_themes = index_of(speakers["key"]), index_of(themes["key"])
    in_themes = reader.columns("shelf_theme_members")
    in_themes["theme"] = of_themes.found(in_themes["theme"])
    in_themes["statement"] = of_statements.found(in_themes["statement"])
    themes["statement"] = of_statements.found(themes["statement"])
    broad = _broad(themes, in_themes, len(statements["key"]))
    rows = _rows(reader, articles, of_articles, of_statements, of_speakers)
    rows["theme"] = through(broad, rows["statement"]).astype(np.int32)
    rows["outlets"] = np.maximum(through(statements["outlets"], rows["statement"]), 1).astype(
        np.int32
    )
    by = {
        **{
            name: index_of(rows[name])
            for name in ("key", "article", "wording", "speaker", "outlet")
        },
        "statement": of_statements,
        "text": of_articles,
        "named": of_speakers,
        "theme": of_themes,
        "original": index_of(articles["original"]),
        "supersedes": index_of(articles["supersedes"]),
        "in_theme": index_of(in_themes["theme"]),
        "of_statement": index_of(in_themes["statement"]),
    }
    rows["outer"] = by["key"].found(rows["outer"])
    by["outer"] = index_of(rows["outer"])
    return Shelf(rows, articles, statements, speakers, themes, in_themes, tuple(names), by)


def _rows(
    reader: Reader, articles: Columns, of_articles: Index, of_statements: Index, of_speakers: Index
) -> Columns:
    codes = {name: list(CODES[name]) for name in ("kind", "type", "stance", "confidence")}
    rows = reader.columns("shelf_quotations", undated=UNDATED, **codes)
    rows["article"] = of_articles.found(rows["article"])
    members = reader.columns("shelf_members", difference=list(CODES["difference"]))
    member = index_of(members["key"]).found(rows["key"])
    reports = of_statements.found(members["statement"])
    rows["statement"] = through(reports, member).astype(np.int32)
    for name in ("member", "similarity", "difference"):
        column = np.append(members[name], members[name].dtype.type(0))
        rows[name] = column[member]
    rows["speaker"] = of_speakers.found(rows["speaker"])
    whole = rows["article"] >= 0
    rows = {name: column[whole] for name, column in rows.items()}
    alone = len(of_statements.column) + np.arange(len(rows["key"]))
    rows["said"] = np.where(rows["statement"] >= 0, rows["statement"], alone).astype(np.int32)
    within = rows["article"]
    order = np.lexsort(
        (rows["key"], articles["published"][within], articles["arrived"][within], rows["said"])
    )
    rows = {name: column[order] for name, column in rows.items()}
    within = rows["article"]
    for name in ("newest", "outlet", "copied"):
        rows[name] = articles[name][within]
    rows["day"] = np.where(rows["day"] == UNDATED, articles["day"][within], rows["day"]).astype(
        np.int32
    )
    rows["shown"] = shown(rows)
    return rows


def _broad(themes: Columns, in_themes: Columns, statements: int) -> NDArray[np.int32]:
    """The broad theme of each statement that it is likest to; -1 for none."""
    there = (in_themes["theme"] >= 0) & (in_themes["statement"] >= 0)
    there &= themes["broad"][in_themes["theme"]] if len(themes["broad"]) else False
    theme, statement = in_themes["theme"][there], in_themes["statement"][there]
    order = np.lexsort((theme, in_themes["similarity"][there], statement))
    broad = np.full(statements, -1, dtype=np.int32)
    broad[statement[order]] = theme[order]
    return broad


def shown(rows: Columns) -> NDArray[np.bool_]:
    """What counts as said: said or denied, sure enough to be shown, of the newest version."""
    said = np.isin(
        rows["stance"], [CODES["stance"].index(one) + 1 for one in ("asserted", "denied")]
    )
    sure = rows["confidence"] != CODES["confidence"].index("unsure") + 1
    return said & sure & rows["newest"]

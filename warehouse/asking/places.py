"""Where in the tables the rows stand that a search goes by, made once a generation: else DuckDB would look through
whole columns of identities.

Places are row ids; identities are their hashes, wordings what the kept lists call them. It costs some 110 bytes a
quotation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onrecord.warehouse.asking.standing import Asking, Column


@dataclass(frozen=True)
class Lookup:
    """Keys in order, and the place of each."""

    keys: Column
    places: NDArray[np.int32]

    def every(self, values: Column) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """All places of many values, and of which value each is."""
        order = np.argsort(values)
        # In order, so that one is looked up near the one before.
        low = np.searchsorted(self.keys, values[order], side="left")
        count = np.searchsorted(self.keys, values[order], side="right") - low
        which = np.repeat(np.arange(len(values)), count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return self.places[low[which] + within], order[which]


def lookup(keys: Column, places: Column) -> Lookup:
    """The lookup of a column."""
    order = np.argsort(keys)
    return Lookup(keys[order], places[order].astype(np.int32))


def _by_place(column: Column, places: Column, last: int) -> Column:
    made = np.zeros(last, dtype=column.dtype)
    made[places] = column
    return made


@dataclass(frozen=True)
class Table:
    """A table's columns of hashes by place, and lookups by some of them."""

    columns: dict[str, Column]
    by: dict[str, Lookup]


@dataclass(frozen=True)
class Documents:
    """Of each document of the full-text index, by its number: the place of the quotation (-1: none), and its words."""

    places: NDArray[np.int32]
    words: NDArray[np.int32]


@dataclass(frozen=True)
class Places:
    """The tables of one generation, each made by the first that asks."""

    asks: Asking

    def quotations(self) -> Table:
        """By key; with the rank of each identity."""
        return self._table("quotations", "key")

    def wordings(self) -> Lookup:
        """Where the quotations of wordings stand."""
        return self._table("wordings", "key").by["key"]

    def members(self) -> Table:
        """The reports of statements, by quotation and by statement."""
        return self._table("members", "quotation", "statement")

    def themed(self) -> Lookup:
        """Where the themes of statements stand."""
        return self._table("themed", "key").by["key"]

    def articles(self) -> Table:
        """By key, by what each copies and by what each follows."""
        return self._table("articles", "key", "copied", "followed")

    def _table(self, name: str, *by: str) -> Table:
        def make() -> Table:
            told = self.asks.columns(name)
            places = told.pop("place")
            last = int(places.max()) + 1 if len(places) else 0
            made = {key: lookup(told[key], places) for key in by}
            # By what it is looked up by alone nobody asks for it.
            kept = {} if name in ("wordings", "themed") else told
            return Table({key: _by_place(one, places, last) for key, one in kept.items()}, made)

        return self.asks.of.kept(name, make)

    def documents(self) -> Documents:
        """Those of the full-text index."""
        return self.asks.of.kept("documents", self._documents)

    def _documents(self) -> Documents:
        told = self.asks.columns("documents")
        last = int(told["document"].max()) + 1 if len(told["document"]) else 0
        places = np.full(last, -1, np.int32)
        found, which = self.quotations().by["key"].every(told["key"])
        places[told["document"][which]] = found
        words = _by_place(told["words"].astype(np.int32), told["document"], last)
        return Documents(places, words)

    def passing(self, filters: Mapping[str, object]) -> NDArray[np.bool_]:
        """Which quotations, by place, pass filters (see the macro matching)."""
        told = ", ".join(f"{name} := ${name}" for name in filters)

        def make() -> NDArray[np.bool_]:
            sql = f"SELECT hash(quotation_id) AS key FROM matching({told})"
            found = self.asks.connection.execute(sql, dict(filters) or None).fetchnumpy()["key"]
            return self._there(self.quotations().by["key"].every(found)[0])

        return self.asks.of.remembered(("passing", *sorted(filters.items())), make)

    def foreign(self, models: Sequence[str]) -> NDArray[np.bool_]:
        """Which quotations, by place, have vectors of some models."""

        def make() -> NDArray[np.bool_]:
            told: Any = self.asks.columns("foreign", models=list(models))
            return self._there(self.wordings().every(told["key"])[0])

        return self.asks.of.remembered(("foreign", *models), make)

    def _there(self, places: Column) -> NDArray[np.bool_]:
        made = np.zeros(len(self.quotations().columns["key"]), dtype=np.bool_)
        made[places] = True
        return made

"""What a contract is: a table's columns, each with type, meaning and rules. contracts.py declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

TIMESTAMP = pl.Datetime("us")


class ContractError(ValueError):
    """A frame does not have the columns or types that its contract asks for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract: polars type, meaning, and the rules its values obey.

    `values` is a closed set, `low` and `high` are inclusive bounds, `refers` names "table.column" that holds every
    value which is not null.
    """

    dtype: pl.DataType
    about: str
    nullable: bool = False
    values: tuple[str, ...] | None = None
    low: float | None = None
    high: float | None = None
    refers: str | None = None


class Demand(NamedTuple):
    """One thing that a contract asks of its rows, in the words by which gates and checks know it.

    `kind` is key, present, values, bounds, order (the first of two columns is not before the second) or reference.
    """

    kind: str
    columns: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Contract:
    """One boundary: the name of its table, what a row is, its key and its columns in order.

    `replaced` says that a generation holds this table as the last run made it, rather than adding to it.
    `renewed_with` names the table whose rows own these: where one of them is handed in, its rows here are those that
    are handed in with it and no others. The owner's key is part of this key. `empty_spans` says that a span may hold
    nothing, where one side has no words.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    replaced: bool = False
    renewed_with: str | None = None
    empty_spans: bool = False

    @property
    def schema(self) -> pl.Schema:
        """The polars schema, columns in the contract's order."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """A frame of this contract with no rows."""
        return pl.DataFrame(schema=self.schema)

    def demands(self) -> Iterator[Demand]:
        """What every row must obey: key, nulls, sets, bounds, references, and spans that end after they begin."""
        yield Demand("key", self.key, f"no two rows share {', '.join(self.key)}")
        for name, column in self.columns.items():
            yield from _column_demands(name, column)
        for start in self.columns:
            if start == "start" or start.endswith("_start"):
                end = f"{start.removesuffix('start')}end"
                how = "is not before" if self.empty_spans else "lies after"
                yield Demand("order", (end, start), f"{end} {how} {start}")

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with exactly the contract's columns, in order and strictly cast.

        A nullable column that is missing is filled with nulls. Raises ContractError, naming the contract and the
        column, where a required column is missing or a value does not fit its type.
        """
        if frame.schema == self.schema:
            return frame
        missing = [name for name in self.columns if name not in frame.columns]
        required = [name for name in missing if not self.columns[name].nullable]
        if required:
            raise ContractError(f"{self.name}: missing column(s) {', '.join(required)}")
        try:
            return frame.select(
                (pl.lit(None) if name in missing else pl.col(name)).cast(column.dtype).alias(name)
                for name, column in self.columns.items()
            )
        except pl.exceptions.PolarsError as error:
            raise ContractError(f"{self.name}: {error}") from error


def _column_demands(name: str, column: Column) -> Iterator[Demand]:
    if not column.nullable:
        yield Demand("present", (name,), f"{name} is never null")
    if column.values is not None:
        yield Demand("values", (name,), f"{name} is one of {', '.join(column.values)}")
    if column.low is not None or column.high is not None:
        yield Demand("bounds", (name,), f"{name} {_bounds(column)}")
    if column.refers is not None:
        yield Demand("reference", (name,), f"every {name} is known in {column.refers}")


def _bounds(column: Column) -> str:
    low = None if column.low is None else f"{column.low:g}"
    high = None if column.high is None else f"{column.high:g}"
    if high is None:
        return f"is {low} or more"
    return f"is {high} or less" if low is None else f"lies between {low} and {high}"


def contract(
    name: str,
    about: str,
    key: tuple[str, ...],
    /,
    *,
    replaced: bool = False,
    renewed_with: str | None = None,
    empty_spans: bool = False,
    **columns: Column,
) -> Contract:
    """A contract from its name, meaning, key and columns."""
    return Contract(
        name, about, key, MappingProxyType(columns), replaced, renewed_with, empty_spans
    )


def identity(about: str, *, nullable: bool = False, refers: str | None = None) -> Column:
    """An identity, its own or one of another table."""
    return Column(pl.String(), about, nullable=nullable, refers=refers)


def text(about: str, *, nullable: bool = False) -> Column:
    """A text."""
    return Column(pl.String(), about, nullable=nullable)


def data(about: str, *, nullable: bool = False) -> Column:
    """Bytes as they came."""
    return Column(pl.Binary(), about, nullable=nullable)


def offset(about: str, *, nullable: bool = False) -> Column:
    """A count of code points, from 0."""
    return Column(pl.Int64(), about, nullable=nullable, low=0)


def one_of(values: tuple[str, ...], about: str, *, nullable: bool = False) -> Column:
    """One of a closed set."""
    return Column(pl.String(), about, nullable=nullable, values=values)


def share(about: str, *, nullable: bool = False) -> Column:
    """A share from 0 to 1."""
    return Column(pl.Float64(), about, nullable=nullable, low=0.0, high=1.0)


def count(about: str) -> Column:
    """A count, from 0."""
    return Column(pl.Int64(), about, low=0)


def moment(about: str, *, nullable: bool = False) -> Column:
    """A time, UTC without a zone."""
    return Column(TIMESTAMP, about, nullable=nullable)


def flag(about: str) -> Column:
    """A truth."""
    return Column(pl.Boolean(), about)

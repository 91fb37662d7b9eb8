"""Rules: what must hold, in words, how grave a breach is, and which expectation tells.

The first rules of every suite are derived from pipeline/contracts.py, so that a column declared
there is gated without a word here. This module does not import Great Expectations (3 s): rules name
their expectation, and expectations/engine.py brings it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from expectations.material import Material
from pipeline.schema import Column, Contract

INFO, WARNING, CRITICAL = "info", "warning", "critical"

WHOLE = "whole"
"""The frame of what is told of a stage as a whole: one row, shown as what was found."""

Evidence = Callable[[Material], "pl.Series | pl.DataFrame"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of a suite.

    `expectation` is a class of Great Expectations ("ExpectColumnValuesToNotBeNull") or one of ours
    ("span.ExpectSpanVerbatim" in expectations/custom/span.py). `evidence` makes the columns that it
    looks at: a Series is handed over under the rule's own words as its `column`; a DataFrame as it
    is. Without it, our class makes its own (`evidence(material, table, **options)`). Rules of one
    `frame` have evidence of one height and are checked in one pass; the frame is the table unless
    told otherwise.
    """

    table: str
    says: str
    severity: str
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    evidence: Evidence | None = None
    frame: str = ""

    @property
    def words(self) -> str:
        """The rule as a person reads it, with its table."""
        return f"{self.table}: {self.says}"

    @property
    def batch(self) -> str:
        """Which frame of evidence it looks at."""
        return self.frame or self.table


def custom(
    table: str, says: str, severity: str, expectation: str, /, *, frame: str = "", **options: Any
) -> Rule:
    """A rule that one of our own expectations tells, with its options."""
    return Rule(table, says, severity, expectation, options=options, frame=frame)


def native(
    table: str, says: str, severity: str, expectation: str, /, *columns: str, **arguments: Any
) -> Rule:
    """A rule that an expectation of Great Expectations tells from columns as they are.

    Not for columns that hold text of articles, which stays in polars.
    """
    evidence = partial(_as_it_is, table, columns)
    return Rule(table, says, severity, expectation, arguments, evidence=evidence)


def at_least(table: str, rows: int, severity: str) -> Rule:
    """The row count, which stands first: every rule over rows holds on a table that has none."""
    return Rule(
        table,
        f"has at least {rows} {'row' if rows == 1 else 'rows'}",
        severity,
        "ExpectTableRowCountToBeBetween",
        {"min_value": rows},
        evidence=partial(_rows, table),
        frame=f"{table}, counted",
    )


def contract_rules(contract: Contract, references: Collection[str] = ()) -> tuple[Rule, ...]:
    """What the contract itself asks for: columns, types, key, nulls, sets, bounds, references.

    `references` names the tables that the gate is given; a reference to any other is for a later
    gate to check.
    """
    rules = [_columns_and_types(contract), _key(contract)]
    for name, column in contract.columns.items():
        rules.extend(_column_rules(contract, name, column, references))
    rules.extend(_span_rules(contract))
    return tuple(rules)


def reference(table: str, column: str, to: str, severity: str = CRITICAL) -> Rule:
    """Every value of a column that is not null stands in `to` ("table.column")."""
    return custom(
        table,
        f"every {column} is known in {to}",
        severity,
        "reference.ExpectReferenceKnown",
        column=column,
        to=to,
    )


def _columns_and_types(contract: Contract) -> Rule:
    return Rule(
        contract.name,
        "has every column of its contract, with its type",
        CRITICAL,
        "ExpectColumnValuesToBeBetween",
        {"min_value": 0, "max_value": 0},
        evidence=partial(_undeclared, contract),
        frame=WHOLE,
    )


def _key(contract: Contract) -> Rule:
    key = contract.key
    return custom(
        contract.name,
        f"no two rows share {key[0]}" if len(key) == 1 else f"no two rows share {', '.join(key)}",
        CRITICAL,
        "key.ExpectKeyUnique",
        key=key,
    )


def _column_rules(
    contract: Contract, name: str, column: Column, references: Collection[str]
) -> list[Rule]:
    table, rules = contract.name, []
    if not column.nullable:
        rules.append(
            Rule(
                table,
                f"{name} is never null",
                CRITICAL,
                "ExpectColumnValuesToNotBeNull",
                evidence=partial(_present, table, name),
            )
        )
    if column.values is not None:
        rules.append(
            native(
                table,
                f"{name} is one of {', '.join(column.values)}",
                CRITICAL,
                "ExpectColumnValuesToBeInSet",
                name,
                column=name,
                value_set=list(column.values),
            )
        )
    if column.low is not None or column.high is not None:
        rules.append(
            native(
                table,
                f"{name} {_bounds(column)}",
                CRITICAL,
                "ExpectColumnValuesToBeBetween",
                name,
                column=name,
                min_value=column.low,
                max_value=column.high,
            )
        )
    if column.refers and column.refers.split(".")[0] in references:
        rules.append(reference(table, name, column.refers))
    return rules


def _span_rules(contract: Contract) -> list[Rule]:
    pairs = [
        (start, start.removesuffix("start") + "end")
        for start in contract.columns
        if start == "start" or start.endswith("_start")
    ]
    return [
        native(
            contract.name,
            f"{end} {'is not before' if contract.empty_spans else 'lies after'} {start}",
            CRITICAL,
            "ExpectColumnPairValuesAToBeGreaterThanB",
            start,
            end,
            column_A=end,
            column_B=start,
            or_equal=contract.empty_spans,
            ignore_row_if="either_value_is_missing",
        )
        for start, end in pairs
    ]


def _bounds(column: Column) -> str:
    low = None if column.low is None else f"{column.low:g}"
    high = None if column.high is None else f"{column.high:g}"
    if high is None:
        return f"is {low} or more"
    return f"is {high} or less" if low is None else f"lies between {low} and {high}"


def _rows(table: str, material: Material) -> pl.DataFrame:
    return pl.DataFrame({"row": pl.repeat(True, material.table(table).height, eager=True)})


def _undeclared(contract: Contract, material: Material) -> pl.Series:
    found = material.table(contract.name).schema
    wrong = [name for name, column in contract.columns.items() if found.get(name) != column.dtype]
    return pl.Series([len(wrong)])


def _present(table: str, column: str, material: Material) -> pl.Series:
    # A number for a value and null for none: texts and lists never leave polars.
    values = material.table(table).get_column(column)
    missing = values.is_null() | values.is_nan() if values.dtype.is_float() else values.is_null()
    return missing.to_frame("missing").select(pl.when(~pl.col("missing")).then(1)).to_series()


def _as_it_is(table: str, columns: Sequence[str], material: Material) -> pl.DataFrame:
    return material.table(table).select(columns)

"""Rules: what must hold, in words, how grave a breach is, and which expectation tells.

The first rules of every suite are derived from pipeline/core/contracts.py, so that a column declared
there is gated without a word here. This module does not import Great Expectations (3 s): rules name
their expectation, and expectations/examining.py brings it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from onrecord.expectations.material import Material, NotHandedOverError
from onrecord.pipeline.core.schema import Contract, Demand

INFO, WARNING, CRITICAL = "info", "warning", "critical"

BREACHES, OF = "breaches", "of"
RECORD = "record"
"""The table of what the warehouse counted in the whole record: table, says, breaches."""

WHOLE = "whole"
"""The frame of what is told of a stage as a whole: one row, shown as what was found."""

COUNTED = "counted"
"""The frame of what is counted beforehand: one row a rule, breaches and of how many, and one expectation for all."""

Evidence = Callable[[Material], "pl.Series | pl.DataFrame"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of a suite.

    `expectation` is a class of Great Expectations ("ExpectColumnValuesToBeInSet") or one of ours
    ("texts.verbatim.ExpectSpanVerbatim" in expectations/custom/texts/verbatim.py). `evidence` makes the columns that it
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


def counted(table: str, says: str, severity: str) -> Rule:
    """A rule over the whole record, whose breaches the warehouse counted: handed over as the table `record`."""
    return _none_breaks(table, says, severity, partial(_breaches, table, says))


def contract_rules(contract: Contract, references: Collection[str] = ()) -> tuple[Rule, ...]:
    """What the contract itself asks for: columns, types, key, nulls, sets, bounds, references.

    `references` names the tables that the gate is given; a reference to any other is for a later
    gate to check.
    """
    demands = [
        demand
        for demand in contract.demands()
        if demand.kind != "reference" or _target(contract, demand) in references
    ]
    return (_columns_and_types(contract), *(_RULES[d.kind](contract, d) for d in demands))


def reference(table: str, column: str, to: str, severity: str = CRITICAL) -> Rule:
    """Every value of a column that is not null stands in `to` ("table.column")."""
    return custom(
        table,
        f"every {column} is known in {to}",
        severity,
        "tables.reference.ExpectReferenceKnown",
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


def _target(contract: Contract, demand: Demand) -> str:
    """The table that a reference points into."""
    return str(contract.columns[demand.columns[0]].refers).split(".")[0]


def _key(contract: Contract, demand: Demand) -> Rule:
    key = demand.columns
    return custom(contract.name, demand.says, CRITICAL, "tables.key.ExpectKeyUnique", key=key)


def _filled(contract: Contract, demand: Demand) -> Rule:
    evidence = partial(_missing, contract.name, demand.columns[0])
    return _none_breaks(contract.name, demand.says, CRITICAL, evidence)


def _one_of(contract: Contract, demand: Demand) -> Rule:
    (name,) = demand.columns
    return native(
        contract.name,
        demand.says,
        CRITICAL,
        "ExpectColumnValuesToBeInSet",
        name,
        column=name,
        value_set=list(contract.columns[name].values or ()),
    )


def _bounded(contract: Contract, demand: Demand) -> Rule:
    (name,) = demand.columns
    return native(
        contract.name,
        demand.says,
        CRITICAL,
        "ExpectColumnValuesToBeBetween",
        name,
        column=name,
        min_value=contract.columns[name].low,
        max_value=contract.columns[name].high,
    )


def _ordered(contract: Contract, demand: Demand) -> Rule:
    end, start = demand.columns
    return native(
        contract.name,
        demand.says,
        CRITICAL,
        "ExpectColumnPairValuesAToBeGreaterThanB",
        start,
        end,
        column_A=end,
        column_B=start,
        or_equal=contract.empty_spans,
        ignore_row_if="either_value_is_missing",
    )


def _known(contract: Contract, demand: Demand) -> Rule:
    (name,) = demand.columns
    return reference(contract.name, name, str(contract.columns[name].refers))


_RULES: Mapping[str, Callable[[Contract, Demand], Rule]] = {
    "key": _key,
    "present": _filled,
    "values": _one_of,
    "bounds": _bounded,
    "order": _ordered,
    "reference": _known,
}


def _none_breaks(table: str, says: str, severity: str, evidence: Evidence) -> Rule:
    return Rule(
        table,
        says,
        severity,
        "ExpectColumnValuesToBeBetween",
        {"column": BREACHES, "min_value": 0, "max_value": 0},
        evidence=evidence,
        frame=COUNTED,
    )


def _breaches(table: str, says: str, material: Material) -> pl.DataFrame:
    told = material.table(RECORD).filter(pl.col("table") == table, pl.col("says") == says)
    if told.is_empty():
        raise NotHandedOverError(f"count of breaches of {table}: {says}")
    return told.select(BREACHES, OF)


def _rows(table: str, material: Material) -> pl.DataFrame:
    return pl.DataFrame({"row": pl.repeat(True, material.height(table), eager=True)})


def _undeclared(contract: Contract, material: Material) -> pl.Series:
    found = material.schema(contract.name)
    wrong = [name for name, column in contract.columns.items() if found.get(name) != column.dtype]
    return pl.Series([len(wrong)])


def _missing(table: str, column: str, material: Material) -> pl.DataFrame:
    dtype = material.schema(table)[column]
    missing = pl.col(column).is_null()
    if dtype.is_float():
        missing |= pl.col(column).is_nan()
    if dtype.is_nested():
        told = material.by_slices(table, missing)
    else:
        told = material.columns(table, [column]).select(missing).to_series()
    return pl.DataFrame(
        {BREACHES: [told.sum()], OF: [told.len()]}, {BREACHES: pl.Int64, OF: pl.Int64}
    )


def _as_it_is(table: str, columns: Sequence[str], material: Material) -> pl.DataFrame:
    return material.columns(table, columns)

"""Four ways in which a rule goes wrong in any gate: it fails, it raises, its table is empty, its column is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from onrecord.expectations.material import Material
from onrecord.expectations.rules import CRITICAL, Rule, at_least, native
from onrecord.pipeline.core.contracts import CONTRACTS
from tests.unit.expectations.faults import with_table

FIRST_TABLE = {
    "ingest": "articles",
    "clean": "blocks",
    "embed": "utterances",
    "cluster": "speakers",
    "load": "articles",
}
"""A table that the gate of each stage is given."""

Kind = Callable[[str, str, Material], tuple[Rule, Material, str]]


def spoiled(kind: str, severity: str, given: Material) -> tuple[Rule, Material, str]:
    """A rule of this severity, material in which it goes wrong, and the severity that it must be given then."""
    rule, material, weighed = KINDS[kind](FIRST_TABLE[given.stage], severity, given)
    return replace(rule, says=f"{rule.says}, spoiled"), material, weighed


def _failing(table: str, severity: str, given: Material) -> tuple[Rule, Material, str]:
    key = CONTRACTS[table].key[0]
    rule = native(table, "is odd", severity, "ExpectColumnValuesToMatchRegex", key, column=key)
    return replace(rule, arguments={"column": key, "regex": "^never$"}), given, severity


def _raising(table: str, severity: str, given: Material) -> tuple[Rule, Material, str]:
    key = CONTRACTS[table].key[0]
    rule = native(table, "is odd", severity, "ExpectColumnValuesToMatchRegex", key, column=key)
    return replace(rule, arguments={"column": key, "regex": "("}), given, CRITICAL


def _empty(table: str, severity: str, given: Material) -> tuple[Rule, Material, str]:
    bare = with_table(given, table, given.tables[table].clear())
    return at_least(table, 1, severity), bare, severity


def _missing_column(table: str, severity: str, given: Material) -> tuple[Rule, Material, str]:
    column = next(name for name, found in CONTRACTS[table].columns.items() if not found.nullable)
    rule = native(table, "is there", severity, "ExpectColumnValuesToNotBeNull", column)
    bare = with_table(given, table, given.tables[table].drop(column))
    return rule, bare, CRITICAL


KINDS: dict[str, Kind] = {
    "failing": _failing,
    "raising": _raising,
    "empty": _empty,
    "missing_column": _missing_column,
}

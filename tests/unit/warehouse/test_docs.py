"""docs/warehouse.md is true: its SQL runs, and it names all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse import definitions
from onrecord.warehouse.asking.query import query
from tests.support import record

PAGE = (Path(__file__).parents[3] / "docs" / "warehouse.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
NOTHING = ("not_verbatim", "NOT balanced", "HAVING count(*) > 1", "n.supersedes", "c.duplicate_of")


@pytest.mark.parametrize("sql", BLOCKS)
def test_a_block_runs_and_finds_what_it_promises(repeating: Path, sql: str) -> None:
    rows = query(repeating, sql, encode=record.vector)
    if "not_verbatim" in sql:
        assert rows.item() == 0
    else:
        assert rows.is_empty() == any(mark in sql for mark in NOTHING)


@pytest.mark.parametrize("name", [*CONTRACTS, *definitions.OWN_TABLES])
def test_the_page_has_a_row_for_every_table_with_its_key(name: str) -> None:
    (row,) = re.findall(rf"^\| {name} \|.*\| (.+) \|$", PAGE, re.MULTILINE)
    if name in CONTRACTS:
        assert row == ", ".join(CONTRACTS[name].key)


@pytest.mark.parametrize(
    "name", [each.name for each in (*definitions.views(), *definitions.macros())]
)
def test_the_page_names_every_view_and_macro(name: str) -> None:
    assert re.search(rf"\*\*{name}\b", PAGE)

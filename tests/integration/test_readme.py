"""What the README says works: every SQL block runs on a record made from samples/."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onrecord.warehouse.asking.query import query

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", README, flags=re.DOTALL)


def test_there_are_queries() -> None:
    """The README has SQL to copy."""
    assert len(QUERIES) >= 5


@pytest.mark.parametrize("sql", QUERIES)
def test_every_query_answers(published: Path, sql: str) -> None:
    """Each block is one query, and the record has an answer."""
    rows = query(published, sql.strip().rstrip(";"))
    assert rows.width >= 1
    if "NOT passed" not in sql:
        assert rows.height >= 1


def test_every_link_leads_somewhere() -> None:
    """Every file that the README points at is there."""
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []

"""The record grouped anew: a new generation with the same identities, or only told what would move."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from onrecord.warehouse.asking.query import query
from onrecord.warehouse.publishing import publish
from tests.support.command import onrecord
from tests.support.tampering import unsealed

GROUPS = "SELECT quotation_id, statement_id FROM statement_members ORDER BY ALL"
THEMES = "SELECT theme_id, statement_id FROM theme_members ORDER BY ALL"


def test_the_record_grouped_anew_has_the_identities_that_it_had(
    published: Path, tmp_path: Path
) -> None:
    home = tmp_path / "record"
    shutil.copytree(published, home)
    before, themes = query(home, GROUPS), query(home, THEMES)
    number = publish.generation(home)

    said = onrecord("regroup", "--dry-run", warehouse=home, server=None)
    assert said.stderr.startswith("Nothing was changed: 0 statements join another")
    assert publish.generation(home) == number

    said = onrecord("regroup", warehouse=home, server=None)
    assert f"Generation {number + 1} is published: 0 statements" in said.stderr
    assert query(home, GROUPS).equals(before)
    assert query(home, THEMES).equals(themes)
    assert onrecord("verify", warehouse=home, server=None).returncode == 0


def test_what_is_grouped_otherwise_than_before_is_told_and_taken_back(
    published: Path, tmp_path: Path
) -> None:
    home = tmp_path / "record"
    shutil.copytree(published, home)
    before = query(home, GROUPS)
    one, other = before["statement_id"].unique().sort().to_list()[:2]
    spoilt = publish.published(home)
    assert spoilt is not None
    spoilt.chmod(0o644)
    with duckdb.connect(str(spoilt)) as connection:
        connection.execute(
            "UPDATE statement_members SET statement_id = ? WHERE statement_id = ?", [one, other]
        )
    # As an older version would have grouped them.
    unsealed(home)
    said = onrecord("regroup", "--dry-run", "--json", warehouse=home, server=None)
    assert "1 are split off" in said.stderr
    assert other in said.stdout
    onrecord("regroup", warehouse=home, server=None)
    assert query(home, GROUPS).equals(before)

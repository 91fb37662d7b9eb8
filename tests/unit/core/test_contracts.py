"""The contracts: schemas that hold, and frames that do not fit are refused by name."""

from __future__ import annotations

import polars as pl
import pytest

from onrecord.pipeline.core.contracts import CONTRACTS, SPEAKERS
from onrecord.pipeline.core.schema import ContractError


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.name)
def test_every_contract_is_whole(contract) -> None:
    """Keys and references name columns that exist, every column is explained, an empty frame conforms."""
    assert set(contract.key) <= set(contract.columns)
    for column in contract.columns.values():
        assert column.about
        if column.refers:
            table, _, name = column.refers.partition(".")
            assert name in CONTRACTS[table].columns
    assert not any(contract.columns[name].nullable for name in contract.key)
    assert contract.conform(contract.empty()).schema == contract.schema


def test_a_missing_column_is_named() -> None:
    """A required column that is missing is told by its name and its table."""
    with pytest.raises(ContractError, match=r"speakers: missing column\(s\) .*name"):
        SPEAKERS.conform(pl.DataFrame({"speaker_id": ["a"]}))


def test_a_value_that_does_not_fit_is_refused() -> None:
    """Casting is strict: text is no number."""
    rows = pl.DataFrame(
        {"article_id": ["a"], "start": ["one"], "end": [2], "kind": ["body"], "confidence": [1.0]}
    )
    with pytest.raises(ContractError, match="blocks"):
        CONTRACTS["blocks"].conform(rows)


def test_nullable_columns_are_filled() -> None:
    """What may be NULL need not be given."""
    row = pl.DataFrame(
        {
            "speaker_id": ["s"],
            "name": ["Ada"],
            "kind": ["person"],
            "aliases": [["Ada"]],
            "descriptors": [[]],
        },
        schema_overrides={"descriptors": pl.List(pl.String)},
    )
    assert SPEAKERS.conform(row)["last_seen"].to_list() == [None]

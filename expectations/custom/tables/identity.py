"""Identities are the hashes that they are said to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material
from onrecord.pipeline.core import ids

HASHES: dict[str, Callable[..., str]] = {
    "content_hash": ids.content_hash,
    "article_id": ids.article_id,
    "quotation_id": ids.quotation_id,
    "utterance_id": ids.utterance_id,
}


class ExpectIdentity(ExpectColumnValuesToBeInSet):
    """The column is the hash of the fields from which pipeline/core/ids.py makes it."""

    value_set: Any = (True,)

    @classmethod
    def evidence(
        cls, material: Material, table: str, *, column: str, fields: Sequence[str]
    ) -> pl.Series:
        """Whether the identity comes out the same when made again."""
        rows = material.columns(table, fields)
        made = [HASHES[column](*row) for row in rows.iter_rows()]
        told = material.columns(table, [column]).to_series()
        return told.eq_missing(pl.Series(made, dtype=pl.String))

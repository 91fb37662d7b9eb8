"""The words of a quotation are words of its span."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectContentSpoken(ExpectColumnValuesToBeInSet):
    """Every letter and digit of the content stands in the span's text, in the same order.

    Marks and blanks may differ: content is pieces joined, without marks and an editor's insertions.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether the content says nothing that the span does not."""
        rows = material.table(table).select("content", "text")
        whole = rows.select(
            pl.col("text").str.contains(pl.col("content"), literal=True).fill_null(value=False)
        ).to_series()
        # Most contents stand in the text as they are; the few others are compared by letters.
        rest = rows.filter(~whole)
        spoken = pl.Series([_spoken(*row) for row in rest.iter_rows()], dtype=pl.Boolean)
        return whole.scatter((~whole).arg_true(), spoken) if rest.height else whole


def _spoken(content: str | None, text: str | None) -> bool:
    if content is None or text is None:
        return False
    ahead = iter(text)
    return all(letter in ahead for letter in content if letter.isalnum())

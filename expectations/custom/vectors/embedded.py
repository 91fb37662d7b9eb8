"""Every wording has its vector."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material
from onrecord.pipeline.core.rejects import SPAN


class ExpectWordingEmbedded(ExpectColumnValuesToBeInSet):
    """The wording of every quotation has a vector, unless embed refused the quotation."""

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether the quotation's wording has a vector or the quotation a reject."""
        rows = material.table(table).select("article_id", "utterance_id", SPAN)
        refused = (
            material.table("rejects")
            .filter(pl.col("stage") == "embed")
            .select("article_id", "place", pl.lit(value=True).alias("refused"))
            .unique()
        )
        vectors = material.values("utterances", "utterance_id").implode()
        return (
            rows.join(refused, on=["article_id", "place"], how="left", maintain_order="left")
            .select(
                pl.col("refused").fill_null(value=False)
                | pl.col("utterance_id").is_in(vectors).fill_null(value=False)
            )
            .to_series()
        )

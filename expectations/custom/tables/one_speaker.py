"""A statement has one speaker."""

from __future__ import annotations

from typing import Any

import polars as pl
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)

from onrecord.expectations.material import Material


class ExpectOneSpeakerPerStatement(ExpectColumnValuesToBeInSet):
    """The known speakers of a statement's quotations, and of the statement itself, are one at most.

    Merging the words of two people puts words into the mouth of one of them: the gravest error
    that this record can make.
    """

    value_set: Any = (True,)

    @classmethod
    def evidence(cls, material: Material, table: str) -> pl.Series:
        """Whether the member's statement has one known speaker or none."""
        members = material.table(table).select("statement_id", "quotation_id")
        quotations = material.table("quotations").select("quotation_id", "speaker_id")
        said = pl.concat(
            [
                members.join(quotations, on="quotation_id").select("statement_id", "speaker_id"),
                material.table("statements").select("statement_id", "speaker_id"),
            ]
        ).drop_nulls()
        shared = (
            said.group_by("statement_id")
            .agg(pl.col("speaker_id").n_unique().alias("speakers"))
            .filter(pl.col("speakers") > 1)
        )
        return ~members.get_column("statement_id").is_in(
            shared.get_column("statement_id").implode()
        )

"""Quotations as they were read, and as people corrected them: two readings of one row, either made from the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import polars as pl

from onrecord.pipeline.core.contracts import QUOTATIONS, READING
from onrecord.pipeline.corrections.standing import Fix

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

FIELDS = tuple(field.name for field in READING.fields)
"""The columns that a correction may change."""

_FIX = pl.Schema(
    {
        "quotation_id": pl.String(),
        "_ids": pl.List(pl.String()),
        "_names": pl.Boolean(),
        "_name": pl.String(),
        "_kind": pl.String(),
        "_stance": pl.String(),
    }
)

BY_PEOPLE = "nobody_known"
"""Why no name is given where somebody says that nobody is known to have said it."""


def as_read(quotations: Frame) -> Frame:
    """Rows of QUOTATIONS as they were read, whatever people corrected."""
    corrected = pl.col("as_read").is_not_null()
    read = (
        pl.when(corrected).then(pl.col("as_read").struct.field(name)).otherwise(name).alias(name)
        for name in FIELDS
    )
    # One after the other they would read what was just set.
    restored = quotations.with_columns(*read)
    return restored.with_columns(
        pl.lit(None, QUOTATIONS.columns[name].dtype).alias(name)
        for name in ("corrected", "as_read")
    )


def fixed(quotations: Frame, fixes: Mapping[str, Fix]) -> Frame:
    """Rows of QUOTATIONS as they were read (see `as_read`) with `fixes`; `speaker_id` stays what was read.

    A name that a person gives is sure: its confidence is 1. The rest of a row stays what it was.
    """
    if not fixes:
        return quotations
    table = _table(fixes)
    joined = quotations.join(
        table.lazy() if isinstance(quotations, pl.LazyFrame) else table,
        on="quotation_id",
        how="left",
        maintain_order="left",
    )
    touched = pl.col("_ids").is_not_null()
    names = pl.col("_names").fill_null(value=False)
    kind = pl.coalesce(
        "_kind", pl.when(pl.col("speaker_kind") != "unnamed").then("speaker_kind"), pl.lit("person")
    )
    stance = pl.coalesce("_stance", "stance")
    keeps = pl.col("_stance").is_null() | pl.col("_stance").eq_missing(pl.col("stance"))
    new = {
        "name": pl.when(names).then("_name").otherwise("name"),
        "speaker_kind": pl.when(names & pl.col("_name").is_not_null())
        .then(kind)
        .otherwise("speaker_kind"),
        "unresolved": pl.when(names)
        .then(pl.when(pl.col("_name").is_null()).then(pl.lit(BY_PEOPLE)))
        .otherwise("unresolved"),
        "confidence": pl.when(names | pl.col("_stance").is_not_null())
        .then(1.0)
        .otherwise("confidence"),
        "stance": stance,
        # The words that told the one stance do not tell the other.
        "stance_start": pl.when(keeps).then("stance_start"),
        "stance_end": pl.when(keeps).then("stance_end"),
        "candidates": pl.when(~names).then("candidates"),
        "corrected": pl.col("_ids"),
        "as_read": pl.when(touched).then(pl.struct(FIELDS)),
    }
    return joined.with_columns(**new).drop(name for name in _FIX if name != "quotation_id")


def _table(fixes: Mapping[str, Fix]) -> pl.DataFrame:
    rows = []
    for fix in fixes.values():
        speaker, stance = fix.says.get("speaker"), fix.says.get("stance")
        rows.append(
            {
                "quotation_id": fix.quotation_id,
                "_ids": fix.ids,
                "_names": speaker is not None,
                "_name": speaker and speaker.value,
                "_kind": speaker and speaker.value_kind,
                "_stance": stance and stance.value,
            }
        )
    return pl.DataFrame(rows, schema=_FIX)


def dismissed(fixes: Mapping[str, Fix]) -> list[str]:
    """The quotations that are none, as somebody says."""
    return sorted(fix.quotation_id for fix in fixes.values() if "not_a_quotation" in fix.says)


def named(fixes: Mapping[str, Fix]) -> list[str]:
    """The quotations to which somebody gives a name."""
    return sorted(
        fix.quotation_id
        for fix in fixes.values()
        if (said := fix.says.get("speaker")) is not None and said.value is not None
    )

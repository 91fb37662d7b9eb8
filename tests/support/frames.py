"""Frames as every gate is given them: valid, invented, and of any size.

`handed(stage)` is what a sound run hands to the gate of a stage; tests break one thing in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CORRECTIONS, REJECTS
from onrecord.warehouse.checking.breaches import breaches
from onrecord.warehouse.publishing import building
from tests.support import record

RUN = record.RUN


def handed(stage: str, tables: Mapping[str, pl.DataFrame] | None = None) -> dict[str, pl.DataFrame]:
    """The tables of a sound run, with the rejects of the stage alone."""
    found = dict(tables or sound())
    if stage == "load":
        return {**found, "record": _breaches() if tables is None else counted(found)}
    refused = found["rejects"].filter(pl.col("stage") == stage)
    return {**found, "rejects": refused}


def counted(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the warehouse counts in a record that is built of these tables."""
    with TemporaryDirectory() as folder:
        return breaches(building.build(Path(folder), tables, run_id=RUN))


@cache
def _breaches() -> pl.DataFrame:
    return counted(sound())


def counts(stage: str, tables: Mapping[str, pl.DataFrame]) -> dict[str, int]:
    """The counts that belong to `tables`: one more duplicate than none, and exact."""
    taken = {"ingest": "articles", "clean": "articles"}.get(stage, "quotations")
    made = {
        "ingest": "articles",
        "clean": "quotations",
        "embed": "utterances",
        "cluster": "statements",
        "load": "articles",
    }[stage]
    out, rejected = tables[taken].height, tables["rejects"].height
    return {
        "rows_in": out + rejected + 1,
        "rows_out": out,
        "rejected": rejected,
        "duplicates": 1,
        "yielded": tables[made].height,
    }


def sound(articles: int = 0, quotations: int = 10, words: int = 900) -> dict[str, pl.DataFrame]:
    """The small invented record, or one of `articles` articles with `quotations` quotations each."""
    told = [_article(number, quotations, words) for number in range(articles)]
    tables = record.tables(articles=told) if articles else record.tables(articles=record.REPEATING)
    return {**tables, "quotations": _with_cues(tables)}


def reject(stage: str, place: str = "line 7") -> pl.DataFrame:
    """One refused input of a stage."""
    row = {"run_id": RUN, "stage": stage, "source": "a.txt", "place": place, "reason": "not_json"}
    return REJECTS.conform(pl.DataFrame([row]))


def correction() -> pl.DataFrame:
    """One thing that somebody corrected."""
    row = {
        "correction_id": ids.digest("correction", "first"),
        "kind": "speaker",
        "state": "does_not_fit",
        "says": "said by Ada Brandt",
        "made_at": datetime(2026, 3, 5, 9),
        "made_by": "ada",
        "because": "",
        "words": "The quay stays open.",
        "run_id": RUN,
        "line": "{}",
    }
    return CORRECTIONS.conform(pl.DataFrame([row]))


def _with_cues(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The record's cues have no place; give the cue that of the mention, and its words."""
    return tables["quotations"].with_columns(
        pl.col("mention").alias("cue"),
        pl.col("mention_start").alias("cue_start"),
        pl.col("mention_end").alias("cue_end"),
    )


def _article(number: int, quotations: int, words: int) -> dict[str, Any]:
    said = [
        f'"Pier {number} will be dredged before season {index}."' for index in range(quotations)
    ]
    filler = "the tide came in again and the gulls went on " * (words // 10 // max(quotations, 1))
    body = " ".join(
        f"Marrow of pier {place} said: {one} {filler}" for place, one in enumerate(said)
    )
    return {
        "outlet": f"Paper {number % 7}",
        "url": f"https://paper.example/{number}",
        "title": f"Dredging at pier {number}",
        "published_at": datetime(2026, 2, 27, 8),
        "text": f"Dredging at pier {number}\n\n{body}",
        "said": tuple(
            (one, f"Marrow of pier {place} ", record.MAYOR, False) for place, one in enumerate(said)
        ),
    }

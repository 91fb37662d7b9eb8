"""What people corrected, as a run finds it in its workplace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.stages.workplace import CORRECTIONS, FOUND

if TYPE_CHECKING:
    from onrecord.pipeline.core.asking import Known
    from onrecord.pipeline.corrections.entries import Told
    from onrecord.pipeline.corrections.mending import Mending
    from onrecord.pipeline.stages.workplace import Workplace


def mending(place: Workplace, known: Known) -> Mending | None:
    """What people corrected, where they did."""
    from onrecord.pipeline.corrections import places
    from onrecord.pipeline.corrections.mending import Handed, Mending

    told, before = corrections_told(place), _whole(place, "corrections")
    if told is None or not (told.corrections or before.height):
        return None
    clean = place.stage("clean")
    identities, urls = places.wanted(told.corrections)
    articles = (
        clean.scan("articles")
        .select(*places.ARTICLE)
        .filter(pl.col("article_id").is_in(identities) | pl.col("url").is_in(urls))
        .collect()
    )
    quotations = (
        clean.scan("quotations")
        .select(places.QUOTATION)
        .filter(pl.col("article_id").is_in(articles["article_id"].implode()))
        .collect()
    )
    found = places.find(told.corrections, articles, quotations)
    versions = [
        clean.read("articles", ["supersedes"]),
        place.known_frame("articles", ["supersedes"]),
    ]
    handed = Handed(
        told,
        pl.concat([pl.read_parquet(place.known / FOUND), found]),
        frozenset(pl.concat(versions)["supersedes"].drop_nulls()),
        before,
        _whole(place, "dismissed_quotations"),
    )
    return Mending(
        handed,
        known.scan("quotations"),
        known.scan("statement_members").collect(),
        place.run_id,
    )


def corrections_told(place: Workplace) -> Told | None:
    """What people corrected, as it was handed to the run; None where nothing was."""
    from onrecord.pipeline.corrections.entries import parse, together

    path = place.known / CORRECTIONS
    if not path.is_file():
        return None
    return together(map(parse, path.read_bytes().splitlines()))


def corrections_due(place: Workplace) -> bool:
    """Whether somebody corrected something, or took it back, since the record was made."""
    from onrecord.pipeline.corrections.mending import due

    told = corrections_told(place)
    return told is not None and due(told, _whole(place, "corrections"))


def _whole(place: Workplace, table: str) -> pl.DataFrame:
    return place.known_frame(table, list(CONTRACTS[table].columns))

"""What was found, to take along: rows of a table, and citations to paste."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from onrecord.pages.rendering import STANCES
from onrecord.warehouse.looking.finding import Hit

COLUMNS = (
    *("words", "speaker", "role", "mention", "stance", "type", "confidence", "unsure", "day"),
    *("published_at", "outlet", "title", "author", "link", "language", "outlets", "quotations"),
    *("quotation_id", "statement_id", "speaker_id", "article_id"),
)


def table(hits: tuple[Hit, ...], generation: int) -> pl.DataFrame:
    """A row a hit, and which generation of the record says so."""
    rows = {name: [getattr(hit, name) for hit in hits] for name in COLUMNS}
    return pl.DataFrame(rows, strict=False).with_columns(generation=pl.lit(generation))


def cited(hits: tuple[Hit, ...], generation: int) -> str:
    """A paragraph a hit: who, the words, where and when, and under which identity they are on record."""
    return "\n\n".join(_cited(hit, generation) for hit in hits) + "\n"


def _cited(hit: Hit, generation: int) -> str:
    def parts() -> Iterator[str]:
        yield hit.speaker or hit.mention or "Nobody named"
        told = "" if hit.stance == "asserted" else f" [{STANCES.get(hit.stance, hit.stance)}]"
        yield f"“{hit.words}”{told}"
        yield from filter(None, (hit.author, hit.title, hit.outlet))
        if hit.published_at:
            yield f"{hit.published_at.day} {hit.published_at:%B} {hit.published_at.year}"
        yield hit.link

    sure = " (unsure)" if hit.unsure else ""
    return f"{', '.join(parts())}{sure}. OnRecord, generation {generation}, quotation {hit.quotation_id}."

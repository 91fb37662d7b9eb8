"""The fourth stage: one speaker from many spellings, one statement from many reports, themes from
statements.

Takes QUOTATIONS, MENTIONS and UTTERANCES of a run and what the warehouse knows; gives SPEAKERS,
STATEMENTS and their members where new or changed, THEMES and theirs whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.corrections import people
from onrecord.pipeline.corrections.mending import Mending, all_speakers
from onrecord.pipeline.machine import memory
from onrecord.pipeline.machine.vectors import vectors_of
from onrecord.pipeline.names.compared import forget
from onrecord.pipeline.names.outlets import by_key
from onrecord.pipeline.speakers import Resolved, resolve
from onrecord.pipeline.statements.linked import NO_LINKS, Links
from onrecord.pipeline.statements.tables import (
    TOLD,
    WAS_SAID,
    Before,
    Made,
    make_statements,
)
from onrecord.pipeline.themes import Themed, find_themes

_SPOKEN = ("utterance_id", *TOLD)
_NAMED = ("quotation_id", "article_id", "name", "speaker_kind", "mention")
_NAMED_BEFORE = ("speaker_id", "article_id", "name", "mention")
"""What of QUOTATIONS is looked at, at a time: together they weigh more than the vectors."""

_IN_FULL = 50_000
"""Statements up to which themes are found by vectors in full: of half precision the last bit of one shows in every
likeness. In a larger record neighbours are searched by cells, which hang on every bit anyway, and halves take half."""


class Known(NamedTuple):
    """What the warehouse holds from the runs before; empty frames on a first run. What weighs stays in its file."""

    speakers: pl.DataFrame = contracts.SPEAKERS.empty()
    quotations: pl.LazyFrame = contracts.QUOTATIONS.empty().lazy()
    utterances: pl.LazyFrame = contracts.UTTERANCES.empty().lazy()
    statements: pl.DataFrame = contracts.STATEMENTS.empty()
    members: pl.DataFrame = contracts.STATEMENT_MEMBERS.empty()
    repeats: pl.DataFrame = contracts.STATEMENT_REPEATS.empty()
    themes: pl.DataFrame = contracts.THEMES.empty()
    theme_members: pl.DataFrame = contracts.THEME_MEMBERS.empty()


def cluster(
    quotations: pl.LazyFrame,
    mentions: pl.LazyFrame,
    utterances: pl.LazyFrame,
    articles: pl.DataFrame,
    known: Known,
    settings: ClusterSettings,
    mending: Mending | None = None,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Speakers, statements and themes of `quotations`, joined to what is `known`, by name as each is made.

    `articles` holds the articles of this run and of the known quotations. Vectors of several models
    may be among `utterances` and `known.utterances`: the one that has most of the wordings at hand
    is used.

    What was not said is nobody's statement; its speaker is told all the same. `mending` has what people corrected:
    `quotations` are as they corrected them, and what it changes on record is read again.

    Gives, new or changed rows only: "speakers"; "quotation_speakers", (quotation_id, speaker_id) of the quotations of
    this run that have a speaker; "statements"; "members", their STATEMENT_MEMBERS, and "changes", the VARIANT_CHANGES
    of these; "repeats", STATEMENT_REPEATS, whole; "retired", (statement_id, into) of statements that lost all their
    members to another, which stand in "statements" once more, with counts of 0, so that their identity still resolves,
    and of statements that were split off from another;
    "themes" and "theme_members", both whole; with `mending` "corrections", whole. What is not held by whoever takes it
    is let go before the themes, which take most memory.
    """
    articles = by_key(articles.unique("article_id", keep="first", maintain_order=True))
    on_record = known.quotations
    if mending is not None:
        quotations, on_record = mending.new(quotations), mending.now()
    both = _both(quotations, on_record).filter(WAS_SAID)
    fresh = quotations.filter(WAS_SAID).select("quotation_id").collect().to_series()
    links = NO_LINKS
    with ThreadPoolExecutor(1) as pool:
        # Read beside the names, which are Python's work.
        read = pool.submit(vectors_of, both["utterance_id"], [utterances, known.utterances])
        if mending is None:
            resolved = _resolved(quotations, mentions, articles, known)
        else:
            resolved = _mended(quotations, mentions, articles, known, mending)
            fresh = pl.concat([fresh, mending.again["quotation_id"], mending.unsettled()]).unique()
            links = Links(*mending.links)
        forget()
    vectors = read.result()
    memory.give_back()
    both = _spoken_by(both, resolved.quotation_speakers)
    made = make_statements(
        both,
        articles,
        vectors,
        Before(known.statements, known.members, known.repeats),
        settings,
        fresh,
        links,
    )
    spelled = pl.concat([known.speakers["aliases"], resolved.speakers["aliases"]])
    typical = _typical(both, made, known)
    tables = {**resolved._asdict(), **made._asdict()}
    wordings = both["utterance_id"].gather(typical["row"])
    del both, resolved, made, vectors, read
    spoken, unheld = tables.pop("spoken"), tables.pop("unheld")
    if mending is not None:
        tables["corrections"] = mending.settled(unheld)
    yield from tables.items()
    tables.clear()
    memory.give_back()
    themed = find_themes(
        typical,
        vectors_of(
            wordings,
            [utterances, known.utterances],
            np.float32 if len(wordings) <= _IN_FULL else np.float16,
        ),
        spoken,
        spelled.explode().drop_nulls().unique().sort(),
        Themed(known.themes, known.theme_members),
        settings,
    )
    yield "themes", themed.themes
    yield "theme_members", themed.theme_members


def _resolved(
    quotations: pl.LazyFrame,
    mentions: pl.LazyFrame,
    articles: pl.DataFrame,
    known: Known,
) -> Resolved:
    return resolve(
        quotations.select(_NAMED).collect(),
        mentions.drop_nulls("descriptor").collect(),
        articles,
        known.speakers,
        known.quotations.select(_NAMED_BEFORE).collect(),
    )


def _mended(
    quotations: pl.LazyFrame,
    mentions: pl.LazyFrame,
    articles: pl.DataFrame,
    known: Known,
    mending: Mending,
) -> Resolved:
    """Who says what, as people say over what was read."""
    read = people.as_read(known.speakers)
    renamed = mending.renamed(read)
    resolved = _resolved(
        pl.concat([quotations.select(_NAMED), renamed.lazy().select(_NAMED)]),
        mentions,
        articles,
        known._replace(speakers=read, quotations=mending.as_it_was_read(renamed)),
    )
    own = quotations.select("quotation_id", "name").collect()
    spoken, speakers = mending.spoken(
        own, resolved.quotation_speakers, all_speakers(read, resolved.speakers), known.speakers
    )
    return Resolved(speakers, spoken)


def _both(new: pl.LazyFrame, known: pl.LazyFrame) -> pl.DataFrame:
    """What is told of all quotations, sorted; what is new counts where a quotation is known, and nobody says it yet."""
    unnamed = new.with_columns(speaker_id=pl.lit(None, pl.String)).select(_SPOKEN).collect()
    return (
        pl.concat([known.select(_SPOKEN).collect(), unnamed])
        .unique("quotation_id", keep="last", maintain_order=True)
        .sort("quotation_id")
    )


def _spoken_by(quotations: pl.DataFrame, speakers: pl.DataFrame) -> pl.DataFrame:
    """Quotations with `speakers` (quotation_id, speaker_id) for those of this run."""
    return quotations.join(
        speakers, on="quotation_id", how="left", suffix="_now", maintain_order="left"
    ).select(
        pl.coalesce("speaker_id_now", name).alias(name) if name == "speaker_id" else name
        for name in _SPOKEN
    )


def _typical(quotations: pl.DataFrame, made: Made, known: Known) -> pl.DataFrame:
    """All statements (statement_id, row), each with the row of the first quotation of that text, by row.

    The names of statements hang on which report came first; the order of quotations does not.
    """
    whole = (
        pl.concat([known.statements.select(made.statements.columns), made.statements])
        .unique("statement_id", keep="last")
        .filter(pl.col("quotations") > 0)
    )
    wording = (
        quotations.select("quotation_id", "content")
        .with_row_index("row")
        .join(
            pl.concat([known.members.select(made.members.columns), made.members])
            .unique("quotation_id", keep="last")
            .select("quotation_id", "statement_id"),
            on="quotation_id",
        )
    )
    return (
        wording.join(whole.select("statement_id", "text"), on="statement_id")
        .filter(pl.col("content") == pl.col("text"))
        .sort("row")
        .unique("statement_id", keep="first", maintain_order=True)
        .select("statement_id", "row")
    )

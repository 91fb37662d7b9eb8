"""The fourth stage: one speaker from many spellings, one statement from many reports, themes from
statements.

Takes QUOTATIONS, MENTIONS and UTTERANCES of a run and what the warehouse knows; gives SPEAKERS,
STATEMENTS and THEMES and their members, where new or changed. What a run cannot touch is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import polars as pl

from onrecord.pipeline.core import contracts
from onrecord.pipeline.core.asking import Known
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.core.settings import ClusterSettings
from onrecord.pipeline.corrections import people
from onrecord.pipeline.corrections.mending import Mending, all_speakers
from onrecord.pipeline.machine import memory
from onrecord.pipeline.names.compared import forget
from onrecord.pipeline.names.outlets import by_key
from onrecord.pipeline.speakers import Resolved, names_in, resolve
from onrecord.pipeline.speakers.known import Before, known_by
from onrecord.pipeline.speakers.known import add as add_names
from onrecord.pipeline.stages.lists import nearest
from onrecord.pipeline.statements import Brought, make_statements, translated
from onrecord.pipeline.statements.linked import NO_LINKS, Links
from onrecord.pipeline.statements.record import TOLD, WAS_SAID
from onrecord.pipeline.statements.translated import Model
from onrecord.pipeline.themes.finding import News, themes_after
from onrecord.pipeline.themes.keeping import Kept as Subjects

_NAMED = ("quotation_id", "article_id", "name", "speaker_kind", "mention")
_NAMED_BEFORE = ("speaker_id", "article_id", "name", "mention")
"""What of QUOTATIONS is looked at, at a time: together they weigh more than the vectors."""


class Run(NamedTuple):
    """What a run brings: QUOTATIONS, MENTIONS, UTTERANCES and ARTICLES."""

    quotations: pl.LazyFrame
    mentions: pl.LazyFrame
    utterances: pl.LazyFrame
    articles: pl.DataFrame


def cluster(
    run: Run,
    known: Known,
    kept: Segments,
    settings: ClusterSettings,
    mending: Mending | None = None,
    across: Callable[[], Model | None] = lambda: None,
    *,
    whole: bool = False,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Speakers, statements and themes of what a `run` brings, joined to what is `known`, by name as each is made.

    Vectors of several models may be among those of the run and those known: the one that has most of the wordings
    is used. `kept` is what earlier runs kept to find things by, and is brought up to date.

    What was not said is nobody's statement; its speaker is told all the same. `mending` has what people corrected:
    the run's quotations are as they corrected them, and what it changes on record is read again. `across` loads the
    model that holds several languages against each other, if there is one.

    Gives, new or changed rows only: "speakers"; "quotation_speakers", (quotation_id, speaker_id) of the quotations of
    this run that have a speaker; "statements"; "members", their STATEMENT_MEMBERS, and "changes", the VARIANT_CHANGES
    of these; "repeats", STATEMENT_REPEATS, and "regrouped", the statements whose repeats these replace; "retired",
    (statement_id, into) of statements that lost all their members to another, which stand in "statements" once more,
    with counts of 0, so that their identity still resolves, and of statements that were split off from another;
    "themes" and "theme_members", "moved", the statements that are no longer in the themes where they were, and
    "ended", the themes that are no more; with `mending` "corrections", whole. What is not held by whoever takes it is
    let go before the themes. With `whole` all statements and themes are gathered anew from what is on record.
    """
    articles = by_key(run.articles.unique("article_id", keep="first", maintain_order=True))
    quotations = run.quotations if mending is None else mending.new(run.quotations)
    if mending is None:
        resolved, before = _resolved(quotations, run, articles, known, kept)
    else:
        resolved, before = _mended(quotations, run, articles, known, kept, mending)
    forget()
    model, near = nearest(run.utterances, known, kept)
    memory.give_back()
    brought, links = _brought(quotations, articles, resolved, mending)
    brought, held = _across(brought, links, before, known, across)
    del before
    made, said = make_statements(
        brought, known, kept, near, settings.window_days, held, whole=whole
    )
    news = News(
        made.statements,
        made.retired,
        run.utterances,
        resolved.speakers["aliases"].explode().drop_nulls(),
        said,
    )
    tables = {**resolved._asdict(), **made._asdict()}
    del brought, resolved, made
    unheld = tables.pop("unheld")
    if mending is not None:
        tables["corrections"] = mending.settled([one for one in unheld if one in links.same])
    yield from tables.items()
    tables.clear()
    memory.give_back()
    themed = themes_after(news, known, near, Subjects(kept, model), settings, whole=whole)
    yield "themes", themed.themes
    yield "theme_members", themed.theme_members
    yield "moved", themed.moved.to_frame()
    yield "ended", themed.ended.to_frame()


def _resolved(
    quotations: pl.LazyFrame, run: Run, articles: pl.DataFrame, known: Known, kept: Segments
) -> tuple[Resolved, Before]:
    """Who says what, as it was read, and what was known of them."""
    taken = quotations.select(_NAMED).collect()
    before = known_by(names_in(taken, articles), known, kept)
    return _joined(taken, run, articles, before, kept), before


def _joined(
    taken: pl.DataFrame, run: Run, articles: pl.DataFrame, before: Before, kept: Segments
) -> Resolved:
    """The speakers of some quotations, joined to those on record; their names are kept."""
    outlets = articles.select("article_id", "outlet", "published_at", "language")
    besides = before.articles.join(outlets, on="article_id", how="anti")
    every = pl.concat([outlets, besides], how="diagonal")
    resolved = resolve(
        taken,
        run.mentions.drop_nulls("descriptor").collect(),
        every,
        before.speakers,
        before.quotations,
    )
    add_names(resolved, taken, every, before, kept)
    return resolved


def _mended(
    quotations: pl.LazyFrame,
    run: Run,
    articles: pl.DataFrame,
    known: Known,
    kept: Segments,
    mending: Mending,
) -> tuple[Resolved, Before]:
    """Who says what, as people say over what was read, and what was known of them."""
    speakers = known.scan("speakers").select(list(contracts.SPEAKERS.columns)).collect()
    read = people.as_read(speakers)
    renamed = mending.renamed(read)
    outlets = known.scan("articles").select("article_id", "outlet", "language").collect()
    before = Before(
        read,
        mending.as_it_was_read(renamed).select(_NAMED_BEFORE).collect(),
        by_key(outlets),
    )
    taken = pl.concat([quotations.select(_NAMED), renamed.lazy().select(_NAMED)]).collect()
    resolved = _joined(taken, run, articles, before, kept)
    own = quotations.select("quotation_id", "name").collect()
    spoken, speakers = mending.spoken(
        own, resolved.quotation_speakers, all_speakers(read, resolved.speakers), speakers
    )
    return Resolved(speakers, spoken), before


def _brought(
    quotations: pl.LazyFrame, articles: pl.DataFrame, resolved: Resolved, mending: Mending | None
) -> tuple[Brought, Links]:
    """The reports of a run, with those on record that corrections touch; and what people say belongs together."""
    own = quotations.with_columns(speaker_id=pl.lit(None, pl.String)).select(TOLD).collect()
    fresh, links = own.filter(WAS_SAID)["quotation_id"], NO_LINKS
    gone = own.filter(~WAS_SAID)["quotation_id"]
    if mending is not None:
        own = pl.concat([mending.read_again().select(TOLD), own])
        own = own.unique("quotation_id", keep="last", maintain_order=True)
        fresh = pl.concat([fresh, mending.again["quotation_id"], mending.unsettled()]).unique()
        touched = pl.concat([mending.touched(), own["quotation_id"]]).unique()
        gone = touched.filter(~touched.is_in(own.filter(WAS_SAID)["quotation_id"].implode()))
        links = Links(*mending.links)
    said = own.filter(WAS_SAID).sort("quotation_id")
    return Brought(_spoken_by(said, resolved.quotation_speakers), articles, fresh, gone), links


def _across(
    brought: Brought,
    links: Links,
    before: Before,
    known: Known,
    across: Callable[[], Model | None],
) -> tuple[Brought, Links]:
    """What is brought, with what it says in another language on record; and links of both, but for what people part."""
    apart = {frozenset(pair) for pair in links.apart}
    same = [
        pair
        for pair in translated.links_of(brought, before, known.ask, across)
        if frozenset(pair) not in apart
    ]
    if not same:
        return brought, links
    fresh = pl.concat([brought.fresh, pl.Series(sum(same, ()), dtype=pl.String)]).unique()
    return brought._replace(fresh=fresh), links._replace(same=[*links.same, *same])


def _spoken_by(quotations: pl.DataFrame, speakers: pl.DataFrame) -> pl.DataFrame:
    """Quotations with `speakers` (quotation_id, speaker_id) for those of this run."""
    return quotations.join(
        speakers, on="quotation_id", how="left", suffix="_now", maintain_order="left"
    ).select(
        pl.coalesce("speaker_id_now", name).alias(name) if name == "speaker_id" else name
        for name in TOLD
    )

"""The five stages on paths: read parts, call the stage, write parts.

This is the unit that the flow schedules. Each step is done at most once: a batch or stage that is done already gives
its tally back, so that a killed run goes on where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, starmap
from typing import TYPE_CHECKING, Any

import polars as pl

from onrecord.pipeline.core.asking import Known
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.rejects import LACKS_VECTOR, SPAN
from onrecord.pipeline.core.settings import CleanSettings, EmbedSettings, Settings
from onrecord.pipeline.stages.corrected import mending
from onrecord.pipeline.stages.workplace import BULKY, REMADE, Workplace

if TYPE_CHECKING:
    from onrecord.pipeline.corrections.mending import Mending
    from onrecord.pipeline.stages.clean import Cleaned

Progress = Callable[[int], None]
Each = Callable[[Callable[..., Tally], Iterable[tuple[Any, ...]]], Iterator[Tally]]
"""Who does pieces of work: a step and what each call of it is given, to what each came to, as they are done."""

_MET = ("content_hash", "outlet", "url")
_TOLD_APART = ("article_id", "outlet", "url", "content_hash", "sketch")
_COMPARED = (*_TOLD_APART, "supersedes", "duplicate_of", "duplicate_share", "first_run_id")

_MADE = {
    "members": "statement_members",
    "changes": "variant_changes",
    "repeats": "statement_repeats",
    "retired": "statement_moves",
}
"""The tables of what cluster makes, where they have other names."""
_GONE = {
    "regrouped": ("statement_repeats", "statement_id"),
    "moved": ("theme_members", "statement_id"),
    "ended": ("themes", "theme_id"),
}
"""What cluster makes that tells which rows go, of which table, by which column."""


def ingest_step(
    place: Workplace,
    sources: Sequence[str],
    settings: Settings,
    progress: Progress = lambda _: None,
) -> Tally:
    """Read every source into batches of articles, after those that stand; `progress` hears of each batch's items.

    Articles on record whose quotations are put through again come first.
    """
    from onrecord.pipeline.stages.ingest import Batch, Before, ingest

    folder = place.stage("ingest")
    if done := folder.done():
        return done
    started, tally = time.perf_counter(), Tally()
    finished = 0
    while part := folder.batch(finished):
        tally, finished = tally.plus(part), finished + 1
    reread = list(place.reread("articles").collect().iter_slices(settings.ingest.batch_articles))
    before = Before(
        tally.rows_in - sum(articles.height for articles in reread[:finished]),
        [folder.part("articles", index, _MET) for index in range(finished)],
        [folder.part("rejects", index) for index in range(finished)],
    )
    batches = ingest(
        sources,
        settings.ingest,
        place.run_id,
        place.known_frame("articles", _MET),
        before,
        place.again(),
        place.refused_before(),
    )
    none = CONTRACTS["rejects"].empty()
    of_record = (Batch(articles, none, articles.height, 0) for articles in reread[finished:])
    for index, batch in enumerate(chain(of_record, batches), start=finished):
        folder.write("articles", index, batch.articles)
        folder.write("rejects", index, batch.rejects)
        made = batch.articles.height
        counts = Tally(
            batch.rows_in,
            made,
            batch.rejects.height,
            batch.duplicates,
            made,
            refused_before=batch.refused_before,
        )
        tally = tally.plus(folder.finish_batch(index, counts))
        progress(batch.rows_in)
    return folder.finish(tally._replace(seconds=time.perf_counter() - started))


def clean_step(place: Workplace, batch: int, settings: CleanSettings | None = None) -> Tally:
    """Clean one batch of articles."""
    from onrecord.pipeline.copies.sketches import bodies, sketches
    from onrecord.pipeline.stages.clean import clean

    folder = place.stage("clean")
    if done := folder.batch(batch):
        return done
    started = time.perf_counter()
    articles = place.stage("ingest").part("articles", batch)
    made = _asked(place, clean(articles, place.run_id, settings))
    kept = articles.filter(pl.col("article_id").is_in(made.articles.implode()))
    folder.write("articles", batch, kept.with_columns(sketches(bodies(kept, made.blocks))))
    folder.write("blocks", batch, made.blocks)
    folder.write("mentions", batch, made.mentions)
    folder.write("quotations", batch, made.quotations)
    rejects, known = place.refused_before().apart(made.rejects)
    folder.write("rejects", batch, rejects)
    tally = Tally(
        articles.height,
        articles.height - made.rejects.height,
        rejects.height,
        known,
        yielded=made.quotations.height,
        seconds=time.perf_counter() - started,
        refused_before=known,
    )
    return folder.finish_batch(batch, tally)


def _asked(place: Workplace, made: Cleaned) -> Cleaned:
    """What clean made; of an article on record the quotations alone that are put through again, the rest as it was."""
    here, again = place.on_record(), place.again()
    here = here.filter(here.is_in(made.articles.implode()))
    if again is None or here.is_empty():
        return made
    new = ~pl.col("article_id").is_in(here.implode())
    lacking = again.filter(LACKS_VECTOR).select("article_id", "place")
    asked = made.quotations.with_columns(SPAN).join(lacking, on=["article_id", "place"], how="semi")
    quotations = made.quotations.filter(
        new | pl.col("quotation_id").is_in(asked["quotation_id"].implode())
    )
    known = place.known_frame("quotations", ("quotation_id",))["quotation_id"]
    outer = pl.concat([quotations["quotation_id"], known]).implode()
    stood = [place.reread(table).filter(~new).collect() for table in ("blocks", "mentions")]
    return made._replace(
        blocks=pl.concat([made.blocks.filter(new), stood[0]]),
        mentions=pl.concat([made.mentions.filter(new), stood[1]]),
        quotations=quotations.with_columns(
            pl.when(pl.col("nested_in").is_in(outer)).then("nested_in")
        ),
    )


def finish_clean(place: Workplace, tallies: Sequence[Tally], seconds: float) -> Tally:
    """Link copies and versions and say that all is clean; `seconds` is the batches' time on the wall, not its sum."""
    folder = place.stage("clean")
    if done := folder.done():
        return done
    started, tally = time.perf_counter(), Tally()
    for part in tallies:
        tally = tally.plus(part)
    link(place)
    seconds += time.perf_counter() - started
    return folder.finish(tally._replace(seconds=seconds))


def link(place: Workplace) -> None:
    """Write into the articles that clean carried on what each one copies and which version it supersedes.

    Only these are held against each other and the record: what is linked to must be on record.
    """
    from onrecord.pipeline.copies.copying import find_copies
    from onrecord.pipeline.copies.versions import find_versions, first_versions

    folder = place.stage("clean")
    on_record = pl.col("article_id").is_in(place.on_record().implode())
    new = folder.read("articles", _TOLD_APART).filter(~on_record)
    before = place.ask("articles", _COMPARED)
    known = before.select(*_TOLD_APART, "supersedes").collect()
    versions = find_versions(new, known)
    first = first_versions(pl.concat([known.select(versions.columns), versions]))
    copies = find_copies(new, before, first)
    links = copies.join(versions, on="article_id", how="full", coalesce=True)
    for batch in folder.batches():
        told = folder.batch(batch)
        articles = folder.part("articles", batch)
        if told and articles["article_id"].is_in(links["article_id"].implode()).any():
            linked = articles.drop("duplicate_of", "duplicate_share", "supersedes")
            folder.write("articles", batch, linked.join(links, on="article_id", how="left"))
            folder.finish_batch(batch, told)


def embed_step(
    place: Workplace,
    settings: Settings,
    progress: Progress = lambda _: None,
    each: Each = starmap,
) -> Tally:
    """One vector for each wording that the model has not seen; `each` does the parts, here or elsewhere.

    Then one for each that earlier runs brought and whose file was lost since.
    """
    from onrecord.pipeline.stages.embed import embed, lost, parts

    folder = place.stage("embed")
    if done := folder.done():
        return done
    started, tally = time.perf_counter(), Tally()
    quotations = place.stage("clean").read(
        "quotations", ("quotation_id", "article_id", "start", "end", "content")
    )
    told = place.stage("clean").read("articles", ("article_id", "language"))
    quotations = _in_language(quotations, told)
    known = place.known_frame("utterances", ("utterance_id", "model"))
    made = parts(quotations, settings.embed, known)
    jobs = ((place, index, part, settings.embed) for index, part in enumerate(made))
    for one in each(embed_part, jobs):
        tally = tally.plus(one)
        progress(one.rows_in)
    again = 0
    missing = lost(place.known_frame, known, folder, place.segments("embed"))
    if missing.height:
        missing = _in_language(missing, place.known_frame("articles", ("article_id", "language")))
    for index, part in enumerate(parts(missing, settings.embed), start=REMADE.start):
        again += (remade := embed(part, settings.embed).utterances).height
        folder.write("utterances", index, remade)
    duplicates, seconds = quotations.height - tally.rows_in, time.perf_counter() - started
    progress(duplicates)
    whole = tally._replace(
        rows_in=quotations.height,
        duplicates=duplicates,
        yielded=tally.yielded + again,
        seconds=seconds,
    )
    return folder.finish(whole)


def _in_language(quotations: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Quotations with the language of their articles."""
    told = articles.unique("article_id")
    return quotations.join(told, on="article_id", how="left", maintain_order="left")


def embed_part(place: Workplace, index: int, part: pl.DataFrame, settings: EmbedSettings) -> Tally:
    """The vectors of one part."""
    from onrecord.pipeline.stages.embed import embed

    folder = place.stage("embed")
    if done := folder.batch(index):
        return done
    made = embed(part, settings, place.run_id)
    folder.write("utterances", index, made.utterances)
    folder.write("rejects", index, made.rejects)
    new, refused = made.wordings, made.rejects.height
    counts = Tally(new + refused, new, refused, yielded=made.utterances.height)
    return folder.finish_batch(index, counts)


def cluster_step(place: Workplace, settings: Settings, *, whole: bool = False) -> Tally:
    """One speaker from many spellings, one statement from many reports, themes from statements.

    With `whole` statements and themes are gathered anew from all that is on record.
    """
    from onrecord.pipeline.embedders import beside, load_across
    from onrecord.pipeline.stages.cluster import Run, cluster
    from onrecord.pipeline.stages.lists import of_own_model

    folder = place.stage("cluster")
    if done := folder.done():
        return done
    started = time.perf_counter()
    others = beside(settings.embed)
    clean, segments = place.stage("clean"), place.segments("cluster")
    record = place.record()
    brought = place.stage("embed").scan("utterances", range(REMADE.start))
    known, embedded = of_own_model(record, brought, others)
    kept = ~pl.col("utterance_id").is_in(_without_vector(place, record).implode())
    columns = [name for name in CONTRACTS["articles"].columns if name not in BULKY]
    corrected = mending(place, known)
    made = cluster(
        Run(
            clean.scan("quotations").filter(kept),
            clean.scan("mentions"),
            embedded,
            clean.read("articles", columns),
        ),
        known,
        segments,
        settings.cluster,
        corrected,
        partial(load_across, settings.embed),
        whole=whole,
    )
    heights = {name: _write_made(place, name, frame, kept, corrected) for name, frame in made}
    segments.write()
    count = heights["quotation_speakers"]
    tally = Tally(
        count,
        count,
        yielded=heights["statements"],
        seconds=time.perf_counter() - started,
    )
    return folder.finish(tally)


def _without_vector(place: Workplace, known: Known) -> pl.Series:
    """The wordings of this run that no model has a vector for."""
    wordings = place.stage("clean").scan("quotations").select("utterance_id").unique()
    embedded = place.stage("embed").scan("utterances").select("utterance_id")
    left = wordings.join(embedded, on="utterance_id", how="anti").collect()
    found = known.ask("utterances", ("utterance_id",), left).collect()
    return left.join(found, on="utterance_id", how="anti").to_series()


def _write_made(
    place: Workplace, name: str, frame: pl.DataFrame, kept: pl.Expr, mending: Mending | None
) -> int:
    """Write what cluster made under a name, as parts of its table; how many rows that are."""
    folder = place.stage("cluster")
    if name == "quotation_speakers":
        return _write_quotations(place, frame, kept, mending)
    if name == "retired":
        frame = frame.select(
            pl.lit(place.run_id).alias("run_id"), "statement_id", pl.col("into").alias("into_id")
        )
    if name in _GONE:
        table, column = _GONE[name]
        told = frame.select(pl.lit(column).alias("column_name"), pl.col(column).alias("value"))
        folder.gone(table, told)
        return frame.height
    folder.write(_MADE.get(name, name), 0, frame)
    return frame.height


def _write_quotations(
    place: Workplace, speakers: pl.DataFrame, kept: pl.Expr, mending: Mending | None
) -> int:
    """Write the quotations with their speakers; how many there are, those that are none among them."""
    folder, clean = place.stage("cluster"), place.stage("clean")
    count, none = 0, [CONTRACTS["dismissed_quotations"].empty()]
    # The other columns pass through memory a batch at a time.
    for batch, path in enumerate(clean.paths("quotations")):
        part = CONTRACTS["quotations"].conform(pl.read_parquet(path)).filter(kept)
        count += part.height
        if mending is None:
            spoken = part.drop("speaker_id").join(speakers, on="quotation_id", how="left")
        else:
            none.append(mending.none_of(part))
            spoken = mending.spelled(mending.new(part.lazy()).collect())
        folder.write("quotations", batch, spoken)
    if mending is not None:
        folder.write("quotations", len(clean.paths("quotations")), mending.again)
        folder.write("dismissed_quotations", 0, mending.none(pl.concat(none)))
        count += mending.again.height
    return count

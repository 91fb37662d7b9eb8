"""The five stages on paths: read parts, call the stage, write parts.

This is the unit that the flow schedules. Each step is done at most once: a batch or stage that is done already gives
its tally back, so that a killed run goes on where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from pipeline.contracts import CONTRACTS
from pipeline.parts import StageFolder, Tally
from pipeline.settings import Settings

Progress = Callable[[int], None]

_BULKY = ("text", "layout")
_KNOWN = {
    "speakers": "speakers",
    "quotations": "quotations",
    "utterances": "utterances",
    "statements": "statements",
    "members": "statement_members",
    "themes": "themes",
    "theme_members": "theme_members",
}


class Workplace(NamedTuple):
    """Where one run works: its folder and its identity. What the warehouse knows lies in `known/`, a file a table."""

    folder: Path
    run_id: str

    @property
    def known(self) -> Path:
        """The folder of what the warehouse knows."""
        return self.folder / "known"

    def stage(self, name: str) -> StageFolder:
        """The folder of a stage."""
        return StageFolder(self.folder, name)

    def known_frame(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of what the warehouse holds of a table."""
        return pl.read_parquet(self.known / f"{table}.parquet", columns=list(columns))


def ingest_step(
    place: Workplace,
    sources: Sequence[str],
    settings: Settings,
    progress: Progress = lambda _: None,
) -> Tally:
    """Read every source into batches of articles; `progress` hears of the items of each batch."""
    from pipeline.ingest import ingest

    folder = place.stage("ingest")
    if done := folder.done():
        return done
    started, tally = time.perf_counter(), Tally()
    known = place.known_frame("articles", ("article_id", "content_hash"))
    batches = ingest(
        sources,
        settings.ingest,
        place.run_id,
        known=known["article_id"],
        known_texts=known,
    )
    for index, batch in enumerate(batches):
        folder.write("articles", index, batch.articles)
        folder.write("rejects", index, batch.rejects)
        made = batch.articles.height
        part = Tally(batch.rows_in, made, batch.rejects.height, batch.duplicates, made)
        tally = tally.plus(folder.finish_batch(index, part))
        progress(batch.rows_in)
    return folder.finish(tally._replace(seconds=time.perf_counter() - started))


def clean_step(place: Workplace, batch: int) -> Tally:
    """Clean one batch of articles."""
    from pipeline.clean import clean

    folder = place.stage("clean")
    if done := folder.batch(batch):
        return done
    started = time.perf_counter()
    articles = pl.read_parquet(place.stage("ingest").path / f"articles-{batch:05d}.parquet")
    made = clean(articles, place.run_id)
    folder.write(
        "articles", batch, articles.filter(pl.col("article_id").is_in(made.articles.implode()))
    )
    folder.write("blocks", batch, made.blocks)
    folder.write("mentions", batch, made.mentions)
    folder.write("quotations", batch, made.quotations)
    folder.write("rejects", batch, made.rejects)
    rejected = made.rejects.height
    tally = Tally(
        articles.height,
        articles.height - rejected,
        rejected,
        yielded=made.quotations.height,
        seconds=time.perf_counter() - started,
    )
    return folder.finish_batch(batch, tally)


def finish_clean(place: Workplace, tallies: Sequence[Tally], seconds: float) -> Tally:
    """Say that every batch is clean; `seconds` is the time on the wall, not the sum over processes."""
    tally = Tally()
    for part in tallies:
        tally = tally.plus(part)
    return place.stage("clean").finish(tally._replace(seconds=seconds))


def embed_step(place: Workplace, settings: Settings) -> Tally:
    """One vector for each wording that the model has not seen."""
    from pipeline.embed import embed

    folder = place.stage("embed")
    if done := folder.done():
        return done
    started = time.perf_counter()
    quotations = place.stage("clean").read(
        "quotations", ("quotation_id", "article_id", "start", "end", "content")
    )
    known = place.known_frame("utterances", ("utterance_id", "model"))
    made = embed(quotations, settings.embed, known, run_id=place.run_id)
    folder.write("utterances", 0, made.utterances)
    folder.write("rejects", 0, made.rejects)
    new = made.utterances.height
    tally = Tally(
        quotations.height,
        new,
        made.rejects.height,
        made.duplicates,
        yielded=new,
        seconds=time.perf_counter() - started,
    )
    return folder.finish(tally)


def cluster_step(place: Workplace, settings: Settings) -> Tally:
    """One speaker from many spellings, one statement from many reports, themes from statements."""
    from pipeline.cluster import Known, cluster

    folder = place.stage("cluster")
    if done := folder.done():
        return done
    started = time.perf_counter()
    clean, utterances = place.stage("clean"), place.stage("embed").read("utterances")
    embedded = pl.concat(
        [
            utterances["utterance_id"],
            place.known_frame("utterances", ("utterance_id",))["utterance_id"],
        ]
    )
    quotations = clean.read("quotations").filter(pl.col("utterance_id").is_in(embedded.implode()))
    columns = [name for name in CONTRACTS["articles"].columns if name not in _BULKY]
    made = cluster(
        quotations,
        clean.read("mentions"),
        utterances,
        pl.concat([clean.read("articles", columns), place.known_frame("articles", columns)]),
        Known(**{name: _whole(place, table) for name, table in _KNOWN.items()}),
        settings.cluster,
    )
    for table, frame in (
        ("speakers", made.speakers),
        ("statements", made.statements),
        ("statement_members", made.members),
        ("variant_changes", made.changes),
        ("statement_repeats", made.repeats),
        (
            "statement_moves",
            made.retired.select(
                pl.lit(place.run_id).alias("run_id"),
                "statement_id",
                pl.col("into").alias("into_id"),
            ),
        ),
        ("themes", made.themes),
        ("theme_members", made.theme_members),
        (
            "quotations",
            quotations.drop("speaker_id").join(
                made.quotation_speakers, on="quotation_id", how="left"
            ),
        ),
    ):
        folder.write(table, 0, frame)
    tally = Tally(
        quotations.height,
        quotations.height,
        yielded=made.statements.height,
        seconds=time.perf_counter() - started,
    )
    return folder.finish(tally)


def _whole(place: Workplace, table: str) -> pl.DataFrame:
    return place.known_frame(table, list(CONTRACTS[table].columns))

"""The five stages on paths: read parts, call the stage, write parts.

This is the unit that the flow schedules. Each step is done at most once: a batch or stage that is done already gives
its tally back, so that a killed run goes on where it stood.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import polars as pl

from onrecord.pipeline.core.asking import Known
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import StageFolder, Tally, write_atomic
from onrecord.pipeline.core.rejects import LACKS_VECTOR, SPAN, RefusedBefore
from onrecord.pipeline.core.segments import Segments
from onrecord.pipeline.core.settings import CleanSettings, EmbedSettings, Settings
from onrecord.pipeline.core.stores import Store

if TYPE_CHECKING:
    from onrecord.pipeline.corrections.entries import Told
    from onrecord.pipeline.corrections.mending import Mending
    from onrecord.pipeline.stages.clean import Cleaned

Progress = Callable[[int], None]
Each = Callable[[Callable[..., Tally], Iterable[tuple[Any, ...]]], Iterator[Tally]]
"""Who does pieces of work: a step and what each call of it is given, to what each came to, as they are done."""

_BULKY = ("text", "layout", "sketch")
_UNRESOLVED = {"first_run_id": pl.String(), "part": pl.Int64(), "whole": pl.Int64()}
_AGAIN = range(90_000, 100_000)
"""Parts of wordings that earlier runs brought and whose files were lost: none of this run's."""
_MET = ("content_hash", "outlet", "url")
_TOLD_APART = ("article_id", "outlet", "url", "content_hash", "sketch")
_COMPARED = (*_TOLD_APART, "supersedes", "duplicate_of", "duplicate_share", "first_run_id")
AGAIN = "again.parquet"
REFUSED = "refused.parquet"
CORRECTIONS = "corrections.jsonl"
FOUND = "corrections-found.parquet"
"""What people corrected, and where the record has the words of it; only where there is something."""
REREAD = {name: f"reread-{name}.parquet" for name in ("articles", "blocks", "mentions")}
"""What the record holds of articles that have quotations without a vector, where a run puts those through again."""

_SHARED = ("ingest", "clean", "embed")
"""The stages whose parts workers read or write. What cluster makes is read by load alone, on the same machine."""
_HANDED_OUT = (REFUSED, AGAIN, *REREAD.values())
_KNOWN_TO_ALL = "known"

_KNOWN = (
    "speakers",
    "statements",
    "statement_members",
    "statement_repeats",
    "themes",
    "theme_members",
)

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


class Answer(Protocol):
    """Whoever opens the record for a run: writes columns of a table into a file, of rows with some keys or of all."""

    def __call__(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None, file: Path
    ) -> None: ...


class Workplace(NamedTuple):
    """Where one run works: its folder and its identity. What the warehouse knows lies in `known/`, a file a table.

    What is too large to be handed over whole is asked of `answer`; without one there is nothing on record. `parts` is
    the address of a store for the parts of the stages whose work may be done on other machines.
    """

    folder: Path
    run_id: str
    answer: Answer | None = None
    parts: str | None = None

    @property
    def known(self) -> Path:
        """The folder of what the warehouse knows."""
        return self.folder / "known"

    def stage(self, name: str) -> StageFolder:
        """The folder of a stage."""
        return StageFolder(self.folder, name, self.store() if name in _SHARED else None)

    def store(self) -> Store | None:
        """Where parts lie for other machines too; None where they lie in the folder alone."""
        return Store(self.parts).below(self.run_id) if self.parts else None

    def hand_out(self) -> None:
        """Put into the store what clean asks of the known: little, and nothing at all in most runs."""
        store = self.store()
        if store is None:
            return
        if self.again() is not None:
            # Not into `known` here, where it would stand for all that the record has of them.
            outer, file = self.ask("quotations", ("quotation_id",)).collect(), io.BytesIO()
            outer.write_parquet(file)
            store.put(f"{_KNOWN_TO_ALL}/quotations.parquet", file.getvalue())
        for name in _HANDED_OUT:
            if (self.known / name).is_file():
                store.put(f"{_KNOWN_TO_ALL}/{name}", (self.known / name).read_bytes())

    def take_in(self) -> None:
        """Bring here what was put into the store of the known."""
        if store := self.store():
            for name in store.names(_KNOWN_TO_ALL):
                write_atomic(self.known / name.rpartition("/")[2], store.get(name))

    def forget(self) -> None:
        """Remove what is here of parts whose truth is in a store: it is fetched again, and held against its hashes."""
        for stage in _SHARED if self.parts else ():
            shutil.rmtree(self.folder / stage, ignore_errors=True)

    def clear(self) -> None:
        """Remove all that the run has made, there and here."""
        if store := self.store():
            store.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def record(self) -> Known:
        """What is on record, to be asked for."""
        return Known(self._ask_whole, lambda table: self._ask_whole(table, _columns(table)))

    def _ask_whole(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None = None
    ) -> pl.LazyFrame:
        """The same as `ask`, with what this run has made anew of the record in its place."""
        rows = self.ask(table, columns, keys)
        if table != "utterances":
            return rows
        again = self.stage("embed").scan(table, _AGAIN)
        if keys is not None:
            again = again.join(keys.lazy(), on=keys.columns, how="semi")
        return pl.concat([rows, again.select(columns)])

    def segments(self, stage: str) -> Segments:
        """What the record keeps in segments, for a stage to add to."""
        return Segments(self.known, self.stage(stage))

    def again(self) -> pl.DataFrame | None:
        """The rejects that this run puts through again; None for a run that reads its sources whole."""
        path = self.known / AGAIN
        return pl.read_parquet(path) if path.is_file() else None

    def refused_before(self) -> RefusedBefore:
        """What is known to be refused; nothing where a run puts that through again."""
        path = self.known / REFUSED
        return RefusedBefore(pl.read_parquet(path) if path.is_file() else None)

    def reread(self, table: str) -> pl.LazyFrame:
        """Rows of a table of REREAD."""
        path = self.known / REREAD[table]
        return pl.scan_parquet(path) if path.is_file() else CONTRACTS[table].empty().lazy()

    def on_record(self) -> pl.Series:
        """The articles of REREAD, by identity."""
        return self.reread("articles").select("article_id").collect()["article_id"]

    def unresolved_before(self) -> pl.DataFrame:
        """How many quotations each earlier run brought (`whole`) and how many without a name (`part`), oldest first."""
        return self.ask("unresolved_before", tuple(_UNRESOLVED)).collect()

    def known_frame(self, table: str, columns: Sequence[str]) -> pl.DataFrame:
        """Columns of what the warehouse holds of a table."""
        return self.ask(table, columns).collect()

    def ask(
        self, table: str, columns: Sequence[str], keys: pl.DataFrame | None = None
    ) -> pl.LazyFrame:
        """Columns of what the warehouse holds of a table: of all its rows, or of those with one of the `keys`.

        The columns of `keys` are columns of the table. What was asked is kept with the run, so that one that is taken
        up again is told the same.
        """
        columns, whole = list(columns), self.known / f"{table}.parquet"
        if whole.is_file():
            rows = pl.scan_parquet(whole)
            if keys is not None:
                rows = rows.join(keys.lazy(), on=keys.columns, how="semi")
            return rows.select(columns)
        if self.answer is None:
            empty = (
                CONTRACTS[table].empty() if table in CONTRACTS else pl.DataFrame(schema=_UNRESOLVED)
            )
            return empty.lazy().select(columns)
        told = hashlib.sha256("\x1f".join(columns).encode())
        if keys is not None:
            told.update(keys.write_ipc(None, compat_level=pl.CompatLevel.oldest()).getvalue())
        file = self.known / "asked" / f"{table}-{told.hexdigest()[:16]}.parquet"
        if not file.is_file():
            self.answer(table, columns, keys, file)
        return pl.scan_parquet(file)

    def scan(self, table: str) -> pl.LazyFrame:
        """All that the warehouse holds of a table, less what weighs in `articles`, written out once it is asked for."""
        return self.ask(table, _columns(table))


def _columns(table: str) -> list[str]:
    """The columns of a table, less what weighs in `articles`."""
    columns = list(CONTRACTS[table].columns)
    return [name for name in columns if name not in _BULKY] if table == "articles" else columns


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
    for index, part in enumerate(parts(missing, settings.embed), start=_AGAIN.start):
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
    brought = place.stage("embed").scan("utterances", range(_AGAIN.start))
    known, embedded = of_own_model(record, brought, others)
    kept = ~pl.col("utterance_id").is_in(_without_vector(place, record).implode())
    columns = [name for name in CONTRACTS["articles"].columns if name not in _BULKY]
    mending = _mending(place, known)
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
        mending,
        partial(load_across, settings.embed),
        whole=whole,
    )
    heights = {name: _write_made(place, name, frame, kept, mending) for name, frame in made}
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


def _mending(place: Workplace, known: Known) -> Mending | None:
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


def _whole(place: Workplace, table: str) -> pl.DataFrame:
    return place.known_frame(table, list(CONTRACTS[table].columns))

"""What happens at each stage of a run: its tasks, its line in the ledger, its artifacts, its gate."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from prefect.futures import PrefectFuture

from onrecord.expectations import report
from onrecord.flows import tasks
from onrecord.flows.running import interrupts, progress, workers
from onrecord.flows.running.damaged import through_damage
from onrecord.flows.running.imports import import_ahead
from onrecord.flows.running.outcome import Outcome, nothing_new, outcome
from onrecord.flows.running.runs import GateFailed, NothingUsable, Run
from onrecord.flows.showing import artifacts, events
from onrecord.flows.watching import logs, traces
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.contracts import CONTRACTS, GONE, REJECTS, SEGMENTS
from onrecord.pipeline.core.parts import Tally, write_atomic
from onrecord.pipeline.core.rejects import marked
from onrecord.pipeline.core.segments import VECTORS
from onrecord.pipeline.embedders import beside, family_of, unload_embedders
from onrecord.pipeline.machine import memory
from onrecord.pipeline.readers.items import NOTHING_THERE
from onrecord.pipeline.readers.sources import changed_since
from onrecord.pipeline.stages.corrected import corrections_due
from onrecord.pipeline.stages.load import load as parts_of
from onrecord.pipeline.stages.workplace import AGAIN, REFUSED, REREAD
from onrecord.warehouse import ledger, quarantine
from onrecord.warehouse.checking.breaches import breaches
from onrecord.warehouse.mending.fitting import hand_over
from onrecord.warehouse.publishing import building, candidate, publish
from onrecord.warehouse.publishing.snapshot import SMALL, let_go, snapshot


@contextmanager
def known(run: Run) -> Iterator[None]:
    """Write out what is small of what is on record; the rest is asked for by whoever needs it."""
    home, into = run.warehouse, run.place.known
    snapshot(home, into, SMALL, memory_limit=run.settings.publish.memory_limit)
    hand_over(home, into)
    yield


@traces.span
def ingest(run: Run) -> None:
    """Read the sources. Raises NothingUsable where they hold nothing that could be an article."""
    progress.listener.stage("ingest", None, "items")
    import_ahead()
    _tell_refused_before(run)
    tally = tasks.read_sources(run.place, run.settings, told=_told(run.settings.sources)).result()
    _staged(run, "ingest", tally)
    refused = tally.rejected + tally.refused_before
    if tally.rows_in == refused and not run.entry.again:
        before = "" if tally.rejected else ", as before"
        raise NothingUsable(
            f"nothing usable in {_told(run.settings.sources)}: {refused} refused{before}{_reasons(run, 'ingest')}",
            _refused(run),
        )


def _tell_refused_before(run: Run) -> None:
    """Hand over what is known to be refused, or the rejects that the run puts through again and what the record holds
    of their articles.
    """
    if not run.entry.again:
        before = quarantine.refused_before(run.warehouse, run.entry.sources, run.place.run_id)
        # Of what was kept in part, the rest may be another: the time of the file's change tells.
        cut = before.filter("cut").select("source", "run_id").unique()
        changed = changed_since(run.settings.sources, dict(cut.sort("run_id").iter_rows()))
        before = before.remove(pl.col("cut") & pl.col("source").is_in(changed))
        marked(before).write_parquet(run.place.known / REFUSED)
    else:
        chosen = quarantine.rejects(run.warehouse, quarantine.Filters(tuple(run.entry.again)))
        REJECTS.conform(chosen).write_parquet(run.place.known / AGAIN)
        for name, rows in quarantine.on_record(run.warehouse, chosen, REREAD).items():
            rows.write_parquet(run.place.known / REREAD[name])


def look_ahead(run: Run) -> None:
    """Load the model beside the gate and the cleaning of a single batch, which is cleaned in this process."""
    from onrecord.pipeline.stages.embed import load_ahead

    alone = run.settings.workers.engine == "processes"
    if alone and len(run.place.stage("ingest").batches()) == 1:
        load_ahead(run.settings.embed)


@traces.span
def clean(run: Run) -> None:
    """Find blocks and quotations, a task a batch. Raises NothingUsable where no article holds a quotation."""
    from onrecord.pipeline.stages.steps import finish_clean

    batches = run.place.stage("ingest").batches()
    articles = int(run.entry.stages["ingest"]["rows_out"])
    progress.listener.stage("clean", articles, "articles")
    started = time.perf_counter()
    tallies: list[Tally] = []
    with workers.pool(len(batches), run.place, run.settings.workers) as at_once:
        waiting: deque[PrefectFuture[Tally]] = deque()
        for number, batch in enumerate(batches, start=1):
            # A thread a batch would be ten thousand of them on a large day.
            while len(waiting) >= at_once():
                tallies.append(waiting.popleft().result())
            told = f"batch {number} of {len(batches)}"
            waiting.append(tasks.clean_batch.submit(run.place, batch, run.settings, told=told))
        tallies += [future.result() for future in waiting]
    tally = finish_clean(run.place, tallies, time.perf_counter() - started)
    _staged(run, "clean", tally)
    read = run.entry.stages["ingest"]
    known = read["duplicates"] - read["refused_before"]
    if tally.rows_out == 0 and not known and not run.entry.again:
        raise NothingUsable(
            f"nothing usable in {_told(run.settings.sources)}: no article holds a quotation{_reasons(run, 'clean')}",
            _refused(run),
        )


@traces.span
def embed(run: Run) -> None:
    """One vector for each new wording."""
    quotations = int(run.entry.stages.get("clean", {}).get("yielded", 0))
    progress.listener.stage("embed", quotations, "quotations")
    tally = tasks.embed_wordings(run.place, run.settings, told=f"{quotations} quotations").result()
    others = beside(run.settings.embed)
    models = run.place.stage("embed").read("utterances", ("model",))["model"].unique().sort()
    own = [model for model in models if family_of(model) not in others]
    run.entry.model = own[0] if own else run.entry.model
    # With what it worked in, the model weighs up to 0.6 GB, and no later stage needs it.
    unload_embedders()
    _staged(run, "embed", tally)


@traces.span
def cluster(run: Run) -> None:
    """Speakers, statements and themes."""
    quotations = int(run.entry.stages.get("clean", {}).get("yielded", 0))
    progress.listener.stage("cluster", quotations, "quotations")
    told = "all that is on record" if run.entry.whole else f"{quotations} quotations"
    tally = tasks.cluster_quotations(
        run.place, run.settings, told=told, whole=run.entry.whole
    ).result()
    progress.listener.advance(tally.rows_in)
    _staged(run, "cluster", tally)


@traces.span
def load(run: Run) -> Path:
    """Build the next generation, unseen by anybody; returns its file."""
    parts = parts_of(run.place.stage)
    # What earlier runs refused, and no generation holds, is loaded with what this one did.
    kept = ledger.kept_rejects(run.warehouse, besides=run.place.run_id)
    tables = {**parts, "rejects": [*kept, *parts["rejects"]]}
    rows = {name: paths for name, paths in tables.items() if name not in (SEGMENTS.name, GONE.name)}
    handed = sum(
        pl.scan_parquet(paths).select(pl.len()).collect().item() for paths in rows.values() if paths
    )
    progress.listener.stage("load", handed, "rows")
    started = time.perf_counter()
    built = tasks.build_generation(
        run.place,
        run.settings,
        told=f"generation {publish.following(run.warehouse)}",
    ).result()
    changed = building.changes(built).filter(pl.col("table_name").is_in(list(rows)))
    written = int(changed["added"].sum() + changed["changed"].sum())
    tally = Tally(
        handed,
        written,
        duplicates=handed - written,
        yielded=written,
        seconds=time.perf_counter() - started,
    )
    progress.listener.advance(handed)
    _staged(run, "load", tally)
    return built


def gate(run: Run, stage: str, built: Path | None = None) -> None:
    """Hold a stage's output against its suite. Raises GateFailed where something critical does not hold."""
    interrupts.heed()
    started = time.perf_counter()
    tally = Tally(**{name: run.entry.stages[stage].get(name, 0) for name in Tally._fields})
    limit, failure = run.settings.publish.memory_limit, None
    try:
        results = tasks.hold_against(
            stage,
            {"record": breaches(built, limit)} if built else _made(run, stage),
            tally,
            run.settings,
            run.place.run_id,
            run.place.known_frame("stage_runs", CONTRACTS["stage_runs"].columns),
        ).result()
    except GateFailed as failed:
        results, failure = failed.results, failed
    memory.give_back()
    run.entry.gated(results)
    seconds = time.perf_counter() - started
    run.staged(stage, tally, seconds)
    _tell_gate(stage, results, seconds)
    _write_page(run)
    run.shown[f"{stage}-gate"] = artifacts.gate(stage, results)
    if failure is not None:
        named = {article for articles in failure.articles.values() for article in articles}
        raise failure.located(run.places(named))


def publish_record(run: Run, built: Path) -> Outcome:
    """Give the built generation the ledger's last words and put it into place."""
    number = publish.following(run.warehouse)
    with interrupts.held_off():
        run.entry.generation = number
        run.entry.rejected_then = run.entry.rejected + run.entry.refused_before
        run.entry.ended("published")
        candidate.amend(built, ledger.tables([run.entry]), run.settings.publish.memory_limit)
        number = tasks.publish_generation(built, run.settings, told=f"generation {number}")
        run.ended("published", generation=number)
        made = outcome(run)
        events.published(made)
        artifacts.published(made, run.shown)
    return made


def settled(run: Run) -> Outcome:
    """End a run in which nothing new is left: published only where it was to settle what was refused before, or where
    somebody corrected something since."""
    if corrections_due(run.place):
        return _of_what_is_on_record(run)
    if not run.entry.again:
        return nothing_new(run)
    return publish_record(run, _loaded(run))


def regrouped(run: Run) -> Outcome:
    """Group all that is on record anew, and publish that."""
    with known(run):
        pass
    return _of_what_is_on_record(run)


def _of_what_is_on_record(run: Run) -> Outcome:
    return publish_record(run, through_damage(run, _grouped_with_all_vectors))


def _grouped_with_all_vectors(run: Run) -> Path:
    if not run.place.segments("embed").is_whole(VECTORS):
        embed(run)
    return grouped(run)


def grouped(run: Run) -> Path:
    """Who spoke, statements and themes, and the next generation with them, unseen by anybody; its file."""
    cluster(run)
    gate(run, "cluster")
    return _loaded(run)


def _loaded(run: Run) -> Path:
    built = load(run)
    gate(run, "load", built)
    return built


def nothing_left(run: Run) -> bool:
    """Whether nothing that the last stage carried on is new to the record."""
    return int(list(run.entry.stages.values())[-1]["rows_out"]) == 0


def _staged(run: Run, stage: str, tally: Tally) -> None:
    let_go()
    memory.give_back()
    run.staged(stage, tally)
    logs.tell("stage ended", stage=stage, **logs.counts(tally))
    traces.note(stage=stage, **logs.counts(tally))
    if tally.rejected:
        rejects = run.place.stage(stage).read("rejects")
        _tell_refused(stage, rejects)
        run.shown[f"{stage}-refused"] = artifacts.refused(stage, rejects)


def _tell_refused(stage: str, rejects: pl.DataFrame) -> None:
    for reason, count in rejects["reason"].value_counts(sort=True).rows():
        logs.tell("refused", stage=stage, reason=reason, count=count)
    for source, place, reason in rejects.select("source", "place", "reason").rows():
        logs.tell(
            "refused one", logging.DEBUG, stage=stage, source=source, place=place, reason=reason
        )


def _tell_gate(stage: str, results: pl.DataFrame, seconds: float) -> None:
    held = int(results["passed"].sum())
    logs.tell("gate ended", stage=stage, rules=results.height, held=held, seconds=round(seconds, 3))
    for severity, rule, found in (
        results.filter(~pl.col("passed")).select("severity", "expectation", "observed").rows()
    ):
        level = logging.ERROR if severity == "critical" else logging.WARNING
        logs.tell("rule failed", level, stage=stage, severity=severity, rule=rule, found=found)


def _write_page(run: Run) -> None:
    """Write the page of the run's gates so far; the pages of the newest runs are kept."""
    gates = ledger.tables([run.entry])["gate_results"]
    write_atomic(run.gate_page, report.page(gates, run.place.run_id).encode())
    for old in sorted(run.gate_page.parent.glob("*.html"))[:-PAGES_KEPT]:
        old.unlink()


PAGES_KEPT = 30


MADE = {
    "ingest": {"articles": "ingest", "rejects": "ingest"},
    "clean": {
        "articles": "clean",
        "blocks": "clean",
        "quotations": "clean",
        "mentions": "clean",
        "rejects": "clean",
    },
    "embed": {"quotations": "clean", "utterances": "embed", "rejects": "embed"},
    "cluster": {
        "quotations": "cluster",
        "speakers": "cluster",
        "statements": "cluster",
        "statement_members": "cluster",
        "variant_changes": "cluster",
        "statement_repeats": "cluster",
        "statement_moves": "cluster",
        "themes": "cluster",
        "theme_members": "cluster",
        "corrections": "cluster",
    },
}
"""What each gate is given: table -> the stage whose parts they are."""


def _made(run: Run, stage: str) -> dict[str, pl.DataFrame | pl.LazyFrame]:
    # Vectors stay in their files: the gate looks at some thousands at once.
    tables: dict[str, pl.DataFrame | pl.LazyFrame] = {
        name: folder.scan(name) if name == "utterances" else folder.read(name)
        for name, maker in MADE[stage].items()
        for folder in [run.place.stage(maker)]
    }
    known = {
        f"known_{name}": run.place.ask(name, keys.columns, keys).collect()
        for name, keys in _referred(tables).items()
    }
    if stage == "clean":
        known["unresolved_before"] = run.place.unresolved_before()
    return {**tables, **known}


def _referred(
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame],
) -> dict[str, pl.DataFrame]:
    """The keys that rows of these tables refer to in each of them: of the record, no others are looked at."""
    found: dict[str, list[pl.Series]] = {}
    for name, frame in tables.items():
        for column, declared in CONTRACTS[name].columns.items():
            refers = declared.refers or _WORDED.get((name, column))
            if refers and refers.partition(".")[0] in tables:
                values = frame.lazy().select(column).collect().to_series()
                found.setdefault(refers, []).append(values)
    return {
        table: pl.concat(values).drop_nulls().unique().sort().alias(key).to_frame()
        for refers, values in found.items()
        for table, _, key in [refers.partition(".")]
    }


_WORDED = {("quotations", "utterance_id"): "utterances.utterance_id"}
"""References that no contract declares: an utterance has another key besides."""


def _told(sources: tuple[str, ...]) -> str:
    first = ", ".join(map(shown, sources[:3]))
    return f"{first} and {len(sources) - 3} more" if len(sources) > 3 else first


def _refused(run: Run) -> int:
    """How many inputs were refused, sources in which nothing lay left out."""
    return run.rejects().filter(~pl.col("reason").is_in(NOTHING_THERE)).height


def _reasons(run: Run, stage: str) -> str:
    rejects = run.place.stage(stage).read("rejects", ("reason", "source", "place"))
    if rejects.is_empty():
        return ""
    counts = rejects.group_by("reason").len().sort("len", descending=True)
    told = ", ".join(f"{count} {reason}" for reason, count in counts.rows())
    example = rejects.row(0, named=True)
    return f" ({told}; the first: {example['source']} {example['place']}".rstrip() + ")"

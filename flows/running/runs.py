"""One run from its start to its end: the lock, the ledger, the folder, and what is left of a run that died."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import polars as pl

from onrecord.flows.running import interrupts
from onrecord.flows.watching import logs
from onrecord.pipeline.core import additions
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.problems import OnRecordError
from onrecord.pipeline.core.rejects import HELD_BACK, refused_articles
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.core.values import STAGES
from onrecord.pipeline.machine import faults, memory
from onrecord.pipeline.readers.sources import find
from onrecord.pipeline.stages.load import MADE_BY
from onrecord.pipeline.stages.workplace import Workplace
from onrecord.warehouse import history, lake, ledger, upgrade
from onrecord.warehouse.answers import Answers
from onrecord.warehouse.mending import store
from onrecord.warehouse.publishing import publish


class NothingUsable(OnRecordError):  # noqa: N818
    """The sources hold nothing that could be read as an article; nothing was published.

    `refused` counts the inputs that were refused, sources in which nothing lay left out.
    """

    def __init__(self, message: str, refused: int = 0) -> None:
        super().__init__(message)
        self.refused = refused


class NothingToStartFrom(NothingUsable):
    """No unfinished run stands to start from, or not so far."""


class GateFailed(OnRecordError):  # noqa: N818
    """A gate found something critical; nothing was published.

    `headline` says so in a line, the message names every rule and where it does not hold first. `results` are all
    that the gate found, `articles` the first articles in which a rule does not hold, by the rule's words.
    """

    def __init__(
        self,
        stage: str,
        failed: list[str],
        results: pl.DataFrame,
        articles: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self.stage = stage
        self.headline = f"gate {stage}: {len(failed)} critical, nothing published"
        super().__init__(f"{self.headline}: {'; '.join(failed)}")
        self.results = results
        self.articles = articles

    def located(self, places: Mapping[str, str]) -> GateFailed:
        """The same, its message with the `places` of the articles that it names."""
        told = [
            f"{rule}: {', '.join(places.get(article, article) for article in articles)}"
            for rule, articles in self.articles.items()
        ]
        self.args = ("\n  first in ".join([str(self), *told]),)
        return self


@dataclass
class Run:
    """A run under way: what it works on, where, and its entry in the ledger."""

    settings: Settings
    place: Workplace
    entry: ledger.Entry
    previous: ledger.Entry | None
    shown: dict[str, UUID | None] = field(default_factory=dict)
    """What the UI shows of it: key -> artifact."""

    @property
    def gate_page(self) -> Path:
        """The page of all its gates."""
        return self.warehouse / "gates" / f"{self.place.run_id}.html"

    @property
    def warehouse(self) -> Path:
        """The folder where the record lives."""
        return self.settings.warehouse

    @property
    def unchanged(self) -> bool:
        """Whether the last run over these sources found them as they are, and what it published stands."""
        return not self.entry.stages and _unchanged(self.settings, self.previous, self.entry)

    def rejects(self) -> pl.DataFrame:
        """Everything that the run has refused so far."""
        return pl.concat(self.place.stage(stage).read("rejects") for stage in MADE_BY["rejects"])

    def places(self, articles: Iterable[str]) -> dict[str, str]:
        """Where articles of this run stand, by identity: the address, else the source and the place in it."""
        told = self.place.stage("ingest").read("articles", ("article_id", "url", "source"))
        found = told.filter(pl.col("article_id").is_in(list(articles))).rows()
        return {article: shown(url or source) for article, url, source in found}

    def held_back(self) -> pl.DataFrame:
        """The articles that a critical gate stopped with the run, as rejects with what they say."""
        failed = [
            row for row in self.entry.gates if row["severity"] == "critical" and not row["passed"]
        ]
        if not failed:
            return CONTRACTS["rejects"].empty()
        carried = [self.place.stage(stage).read("articles") for stage in ("clean", "ingest")]
        articles = next((frame for frame in carried if frame.height), carried[0])
        told = f"The gate after {failed[0]['stage']} stopped the run: {failed[0]['expectation']}"
        return refused_articles(
            articles, self.place.run_id, failed[0]["stage"], HELD_BACK, told
        ).unique(CONTRACTS["rejects"].key, maintain_order=True)

    def staged(self, stage: str, tally: Tally, gate_seconds: float = 0.0) -> None:
        """Note a stage in the ledger."""
        self.entry.staged(stage, tally, gate_seconds)
        ledger.write(self.warehouse, self.entry)

    def undo(self, start: str) -> None:
        """Take away what was made at the stage `start` and after it."""
        _take_back(self.place, self.entry, start)

    def begun(self) -> None:
        """Say in the log what is begun or taken up again."""
        logs.tell(
            "run taken up again" if self.entry.stages else "run started",
            sources=self.entry.sources,
            version=self.entry.version,
            model=self.entry.model,
            base=self.entry.base,
        )

    def ended(self, status: str, detail: str | None = None, generation: int | None = None) -> None:
        """Note the end in the ledger, then in the log and the metrics."""
        self.entry.generation = generation if generation is not None else self.entry.generation
        self.entry.ended(status, detail)
        # What was published was sealed on the way, in the entry as it lies on the disk.
        for written in ledger.read(self.warehouse, [self.entry.run_id]):
            self.entry.seals = written.seals
        ledger.write(self.warehouse, self.entry)
        well = status in ("published", "unchanged")
        logs.tell(
            "run ended",
            logging.INFO if well else logging.ERROR,
            status=status,
            generation=self.entry.generation,
            refused=self.entry.rejected,
            reason=None if well else self.entry.detail,
        )
        self._measured()

    def _measured(self) -> None:
        if self.settings.metrics.file is None:
            return
        from onrecord.flows.watching import metrics

        try:
            metrics.write(self.warehouse, self.settings.metrics.file)
        except OSError as error:
            # Whoever scrapes it will see that it is old.
            logs.tell("metrics not written", logging.WARNING, reason=str(error))


def code_version() -> str:
    """OnRecord's version."""
    return version("onrecord")


def fingerprint(sources: tuple[str, ...], warehouse: Path | None = None) -> str:
    """A hash of the sources as they stand: names, sizes and times of change, not contents; and of corrections.

    It is to a run what a time stamp is to make: where it has not changed, nothing is read again. What other packages
    add counts too: with a new reader, the same sources are more than they were.
    """
    told = hashlib.sha256(additions.stamp().encode())
    for found in find(sources):
        told.update(
            f"{found.name}\0{found.path}\0{found.state}\n".encode("utf-8", "surrogateescape")
        )
    if warehouse is not None:
        told.update(store.stamp(warehouse).encode())
    return told.hexdigest()


@contextmanager
def open_run(
    settings: Settings,
    wait: float = 0.0,
    again: Sequence[str] = (),
    start: str | None = None,
    *,
    whole: bool = False,
) -> Iterator[Run]:
    """Hold the warehouse for one run; `wait` is how many seconds to wait for another to let go of it.

    `again` names rejects that it puts through again; it then reads their sources only. With `whole` it reads none, and
    groups all that is on record anew. A run that died before is
    marked so in the ledger; where an unfinished run was doing the very same work, it is taken up again under its own
    identity with every part that it had finished, or with those of the stages before `start`, a stage, whatever the
    settings were then. Whatever raises inside ends the run as failed, or as stopped where somebody asked it to end,
    with the reason in the ledger. Raises WarehouseBusy where another run holds the lock, NothingToStartFrom.
    """
    memory.settle()
    home = settings.warehouse
    home.mkdir(parents=True, exist_ok=True)
    with publish.lock(home, wait=wait), lake.writing(settings.publish, wait):
        lake.follow(settings.publish, home)
        _recover(settings)
        entry = _take_up(settings, _entry(settings, again, whole=whole), start)
        place = _workplace(settings, entry.run_id)
        place.folder.mkdir(parents=True, exist_ok=True)
        ledger.write(home, entry)
        run = Run(settings, place, entry, history.last(home, entry.sources))
        stopped = interrupts.at_last(lambda: _broken_off(run, KeyboardInterrupt()))
        with logs.written(home, entry.run_id, settings.logs), stopped:
            run.begun()
            try:
                yield run
            except (NothingUsable, GateFailed) as refusal:
                run.ended("refused", str(refusal))
                raise
            except BaseException as error:
                if isinstance(error, Exception) or not faults.is_fault(error):
                    _broken_off(run, error)
                    raise
                # A library's panic is no Exception: nobody further up would take it for a failure.
                failure = RuntimeError(f"a library panicked: {error}")
                _broken_off(run, failure)
                raise failure from error
            finally:
                _settle(run)


def _broken_off(run: Run, error: BaseException) -> None:
    # So is it written before the generation is put into place.
    told_so = run.entry.status == "published"
    if told_so and publish.published_run(run.warehouse) == run.entry.run_id:
        run.ended("published")
    elif interrupts.heard() or not isinstance(error, Exception):
        # Ctrl-C, a cancel in the UI, the machine going down.
        run.ended("stopped", "stopped before its end")
    else:
        run.ended("failed", f"{type(error).__name__}: {error}")


def _settle(run: Run) -> None:
    """Keep what the run refused until a generation holds it, and clear away its folder where it is done with."""
    if run.entry.status == "published":
        for kept in (*ledger.kept_rejects(run.warehouse), *ledger.kept_closings(run.warehouse)):
            kept.unlink()
    else:
        refused = pl.concat([run.rejects(), run.held_back()])
        ledger.keep_rejects(run.warehouse, run.place.run_id, refused)
    if run.entry.status in ("published", "unchanged"):
        run.place.clear()


def _workplace(settings: Settings, run_id: str) -> Workplace:
    # Workers have another working directory.
    home = settings.warehouse.absolute()
    answers = Answers(home, settings.publish.memory_limit)
    return Workplace(home / "work" / run_id, run_id, answers, settings.parts.at)


def is_unchanged(settings: Settings) -> bool:
    """Whether a run would find the sources as the last one over them left them."""
    entry = _entry(settings)
    return _unchanged(settings, history.last(settings.warehouse, entry.sources), entry)


def _unchanged(settings: Settings, previous: ledger.Entry | None, entry: ledger.Entry) -> bool:
    return (
        previous is not None
        and not entry.again
        and not entry.whole
        # What stands on the web can only be told by asking.
        and not settings.ingest.fetch.allowed
        and all(
            getattr(previous, name) == getattr(entry, name)
            for name in ("settings_hash", "version", "fingerprint")
        )
        # Runs over other sources may have built on it since; after a rollback it may be gone.
        and publish.holds(settings.warehouse, previous.generation)
    )


def _entry(settings: Settings, again: Sequence[str] = (), *, whole: bool = False) -> ledger.Entry:
    model = settings.embed
    return ledger.Entry(
        run_id=ledger.new_run_id(),
        started_at=ledger.now().isoformat(),
        sources=[shown(source) for source in settings.sources],
        settings_hash=settings.digest,
        version=code_version(),
        model=f"{model.model}@{model.revision}" if model.revision else model.model,
        base=publish.generation(settings.warehouse),
        fingerprint=fingerprint(settings.sources, settings.warehouse),
        again=list(again),
        whole=whole,
    )


def _recover(settings: Settings) -> None:
    """Set right what a killed run or an older version left."""
    home, kept = settings.warehouse, settings.publish
    published = publish.published_run(home)
    may_run = history.open_runs(home)
    for late in ledger.read(home, may_run, set_aside=True):
        # Killed between the rename that published it and this ledger's last line.
        if late.status == "running" and late.run_id == published:
            late.generation = publish.generation(home)
            late.ended("published")
            ledger.write(home, late)
            publish.finish(home, kept.keep_generations)
    ledger.mark_dead(home, may_run)
    upgrade.carry_forward(home, kept.keep_generations, kept.memory_limit)


def _take_up(settings: Settings, entry: ledger.Entry, start: str | None) -> ledger.Entry:
    """The entry to run under: an unfinished one that was doing the same work, or the new one; the rest is cleared."""
    home = settings.warehouse
    unfinished = _unfinished(home, entry, start)
    if start is not None:
        _undo(settings, unfinished[-1] if unfinished else None, start)
    for folder in (home / "work").glob("*"):
        place = _workplace(settings, folder.name)
        if not unfinished or folder.name != unfinished[-1].run_id:
            place.clear()
        else:
            place.forget()
    if not unfinished:
        return entry
    unfinished[-1].taken_up(entry)
    return unfinished[-1]


def _unfinished(home: Path, entry: ledger.Entry, start: str | None) -> list[ledger.Entry]:
    """The runs whose parts stand and can serve the one of `entry`, oldest first."""
    ends = {"died", "failed", "stopped", "refused" if start else "failed"}
    but_for = ("settings_hash", "fingerprint") if start else ()
    return [
        old
        for old in ledger.read(home, sorted(path.name for path in (home / "work").glob("*")))
        if old.status in ends and old.same_work(entry, but_for)
    ]


def _undo(settings: Settings, old: ledger.Entry | None, start: str) -> None:
    """Take away what a run made at the stage `start` and after it. Raises NothingToStartFrom."""
    home = settings.warehouse
    before = STAGES[: STAGES.index(start)]
    if old is None:
        raise NothingToStartFrom(
            f"nothing to start from: no run over these sources was left unfinished on generation"
            f" {publish.generation(home)}; `onrecord run` without --from reads them"
        )
    place = _workplace(settings, old.run_id)
    undone = [stage for stage in before if place.stage(stage).done() is None]
    if undone:
        raise NothingToStartFrom(
            f"nothing to start {start} from: run {old.run_id} did not finish {undone[0]}; --from {undone[0]} does"
        )
    _take_back(place, old, start)
    # What it refused is told again by the parts that stand, or made anew.
    for kept in ledger.kept_rejects(home):
        if kept.name.startswith(old.run_id):
            kept.unlink()


def _take_back(place: Workplace, entry: ledger.Entry, start: str) -> None:
    for stage in STAGES[STAGES.index(start) :]:
        place.stage(stage).clear()
        entry.stages.pop(stage, None)
        entry.gates = [row for row in entry.gates if row["stage"] != stage]

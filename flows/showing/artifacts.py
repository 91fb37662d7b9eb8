"""What a person sees of a run in the Prefect UI: how far it is, what each gate found, what is new, the sum of it.

What comes from sources (places, names, wordings) is shown as words alone, whatever it holds (watching/escaping.py).
What cannot be shown stops no run. One call to the API takes 10 to 20 ms.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec
from uuid import UUID

import polars as pl
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from onrecord.flows.running.progress import listener
from onrecord.flows.running.runs import GateFailed, Run
from onrecord.flows.showing import pictures
from onrecord.flows.watching import logs, traces
from onrecord.flows.watching.escaping import count, words
from onrecord.pipeline.core.address import shown
from onrecord.pipeline.core.problems import OnRecordError
from onrecord.warehouse.asking.overview import Bulletin, bulletin

if TYPE_CHECKING:
    from onrecord.flows.running.outcome import Outcome

REJECTS_SHOWN = 50
HEADING_SHOWN, PLACE_SHOWN, WORDING_SHOWN = 120, 200, 400
SOURCES_TAGGED = 5
_NEXT = (
    "What was published stands. The articles are kept: `onrecord rejects` shows them, once what the rule names or its"
    " bound in config.yaml is mended, `onrecord retry` puts them through again."
)
MOVED_EVERY = 2.0
"""Seconds between two moves of a progress bar."""

_Given = ParamSpec("_Given")


def _shown(show: Callable[_Given, UUID | None]) -> Callable[_Given, UUID | None]:
    """Let a run go on, and stay published, whatever goes wrong in showing it; the log says what did."""

    @wraps(show)
    def tried(*args: _Given.args, **kwargs: _Given.kwargs) -> UUID | None:
        try:
            return show(*args, **kwargs)
        except Exception as error:
            name, reason = getattr(show, "__name__", ""), type(error).__name__
            logs.tell("not shown in the UI", logging.WARNING, artifact=name, reason=reason)
            return None

    return tried


@_shown
def tags(sources: tuple[str, ...], warehouse: Path) -> None:
    """Tag the run with what it reads and where its record lives."""
    told = {*flow_run.tags, "onrecord", f"warehouse: {warehouse}"}
    told |= {f"source: {shown(source)}" for source in sources[:SOURCES_TAGGED]}
    get_client(sync_client=True).update_flow_run(UUID(flow_run.id), tags=sorted(told))


@contextmanager
def watched(run: Run) -> Iterator[None]:
    """Tag a run; let its stages move their bars, and their spans be sent, while the block runs."""
    tags(run.settings.sources, run.warehouse)
    bars = Bars()
    endpoint = run.settings.traces.endpoint
    with (
        listener.joined_by(bars),
        traces.exported(endpoint, run.entry.run_id, run.entry.version),
    ):
        yield
    bars.end()


class Bars:
    """A progress bar a stage, moved now and then: hears what onrecord.flows.running.progress tells."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bar: UUID | None = None
        self._name, self._unit, self._total, self._done = "", "", 0, 0
        self._moved = 0.0

    def stage(self, name: str, total: int | None, unit: str) -> None:
        """The bar of the stage before is full; the one of this stage begins."""
        self.end()
        self._name, self._unit, self._total, self._done = name, unit, total or 0, 0
        self._moved = time.monotonic()
        self._bar = self._begin()

    def advance(self, done: int) -> None:
        """Move the bar where it has stood for a while; heard from many threads."""
        with self._lock:
            self._done += done
            now = time.monotonic()
            if now - self._moved < MOVED_EVERY:
                return
            self._moved = now
        # Nobody knows how much the sources hold before they are read: that bar tells numbers, and is full at the end.
        self._move(100.0 * min(self._done / self._total, 1.0) if self._total else 0.0)

    def end(self) -> None:
        """Fill the bar of the last stage."""
        if self._bar is not None:
            self._move(100.0)
        self._bar = None

    @_shown
    def _begin(self) -> UUID | None:
        made = create_progress_artifact(
            key=f"{self._name}-progress", progress=0.0, description=self._told()
        )
        return made if isinstance(made, UUID) else None

    @_shown
    def _move(self, progress: float) -> None:
        if self._bar is not None:
            update_progress_artifact(self._bar, progress, description=self._told())

    def _told(self) -> str:
        of = f" of {self._total:,}" if self._total else ""
        return f"{self._name}: {self._done:,}{of} {self._unit}"


@_shown
def refused(stage: str, rejects: pl.DataFrame) -> UUID | None:
    """What a stage refused, by reason, and the first of it by place."""
    counts = rejects.group_by("reason").len().sort("len", "reason", descending=[True, False])
    first = rejects.head(REJECTS_SHOWN)
    lines = [f"- {many:,} {words(reason)}" for reason, many in counts.rows()]
    lines += ["", "The first of them:" if rejects.height > first.height else "All of them:", ""]
    for source, place, reason, detail in first.select("source", "place", "reason", "detail").rows():
        where = words(f"{source} {place}", PLACE_SHOWN)
        lines.append(f"- **{where}**: {words(reason)}; {words(detail, PLACE_SHOWN)}")
    if rejects.height > first.height:
        lines.append(f"\nand {rejects.height - first.height:,} more: `onrecord rejects`")
    return _markdown(f"{stage}-refused", lines, f"{stage}: {rejects.height:,} refused")


@_shown
def gate(name: str, results: pl.DataFrame) -> UUID | None:
    """Every expectation of a gate, failures first. It holds counts and words of our own.

    The rule stands last: the older UI cuts off what is wider than the page.
    """
    failed = results.filter(~pl.col("passed"))
    told = "all hold" if failed.is_empty() else f"{failed.height} do not hold"
    made = create_table_artifact(
        key=f"{name}-gate",
        table=results.sort("passed", maintain_order=True)
        .select("passed", "severity", pl.col("observed").alias("found"), "expectation")
        .to_dicts(),
        description=f"gate {name}: {results.height} expectations, {told}",
    )
    return made if isinstance(made, UUID) else None


@_shown
def published(outcome: Outcome, shown: dict[str, UUID | None]) -> UUID | None:
    """What a generation brought, and the run that made it at a glance."""
    seen = bulletin(outcome.warehouse)
    shown["news"] = news(outcome.generation, seen)
    return run(outcome, seen, shown)


@_shown
def news(generation: int, seen: Bulletin) -> UUID | None:
    """What a generation brought: statements by the number of outlets that carry them."""
    lines = []
    for row in seen.news.to_dicts():
        outlets = ", ".join(outlet for outlet in row["outlets"] if outlet)
        many = count(row["carried_by"], "outlet")
        day = f", {row['day']:%-d %B %Y}" if row["day"] else ""
        lines += [
            f"**{words(row['speaker'] or 'Unresolved')}**, {many}{day}:",
            "",
            f"> {words(row['wording'], WORDING_SHOWN)}",
            "",
            words(outlets, WORDING_SHOWN),
            "",
            "---",
            "",
        ]
    return _markdown("news", lines, f"What generation {generation} brought, by number of outlets")


@_shown
def run(
    outcome: Outcome,
    seen: Bulletin | None,
    shown: dict[str, UUID | None],
    refusal: OnRecordError | None = None,
) -> UUID | None:
    """The run at a glance; `seen` where it has published, `shown` the artifacts of its parts by their keys.

    `refusal` is why nothing was published: what failed, where first, and what to do.
    """
    lines = [
        f"## {words(outcome.sentence[:1].upper() + outcome.sentence[1:], HEADING_SHOWN)}",
        "",
        *_stages(outcome, shown),
        "",
        *_refusal(refusal),
    ]
    if seen is not None and shown.get("news"):
        lines += [f"[What is new](./{shown['news']})", ""]
    if seen is not None and seen.periods.height:
        lines += [
            f"![Quotations over time]({pictures.data_uri(pictures.periods(seen.periods))})",
            "",
        ]
    if seen is not None and seen.landscape.height > 1:
        lines += [f"![Themes]({pictures.data_uri(pictures.landscape(seen.landscape))})", ""]
    if outcome.gate_page.is_file():
        lines.append(f"- All gates on one page: {words(str(outcome.gate_page.resolve()))}")
    lines += [
        f"- The record: {words(str(outcome.warehouse.resolve() / 'onrecord.duckdb'))}",
        f"- Run {words(outcome.run_id)}, {outcome.seconds:.1f} s",
    ]
    return _markdown("record", lines, "The run at a glance")


def _refusal(refusal: OnRecordError | None) -> list[str]:
    if refusal is None:
        return []
    first, *more = str(refusal).split("\n")
    told = [
        words(first, WORDING_SHOWN),
        "",
        *(f"- {words(one, WORDING_SHOWN)}" for one in more),
        "",
    ]
    return [*told, _NEXT, ""] if isinstance(refusal, GateFailed) else told


def _stages(outcome: Outcome, shown: dict[str, UUID | None]) -> list[str]:
    held = {
        stage: f"{int(rows['passed'].sum())} of {rows.height}"
        for (stage,), rows in outcome.gates.group_by("stage")
    }
    rows = [
        (
            row["stage"],
            f"{row['rows_in']:,}",
            f"{row['rows_out']:,}",
            _link(f"{row['rejected']:,}", shown.get(f"{row['stage']}-refused")),
            f"{row['duplicates']:,}",
            f"{row['yielded']:,}",
            f"{row['seconds']:.1f}",
            _link(held.get(row["stage"], "–"), shown.get(f"{row['stage']}-gate")),
            f"{row['gate_seconds']:.1f}",
        )
        for row in outcome.stages.to_dicts()
    ]
    head = ("stage", "in", "out", "refused", "known", "made", "s", "rules held", "gate s")
    return _table(head, rows)


def _link(told: str, artifact: UUID | None) -> str:
    # Relative, so that it holds in both of Prefect's UIs.
    return f"[{told}](./{artifact})" if artifact else told


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table of cells that are Markdown."""
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return [lines[0], f"|{'---|' * len(head)}", *lines[1:]]


def _markdown(key: str, lines: list[str], description: str) -> UUID | None:
    made = create_markdown_artifact(key=key, markdown="\n".join(lines), description=description)
    return made if isinstance(made, UUID) else None

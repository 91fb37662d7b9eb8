"""Measure 1: a run killed at any instant of any stage is finished by the next, as if nothing had happened.

The command is forked from a warmed process (see `commands`) and works on a few invented articles in batches of two,
on one processor, so that the batches are cleaned in the process that is killed; every tenth repetition has two
processors and thereby the pool of cleaning processes. Half of the repetitions begin with no record, half with one.
"""

from __future__ import annotations

import functools
import json
import random
import shutil
import signal
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query
from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing import publish
from tests.reliability import corpus
from tests.reliability.commands import record
from tests.reliability.deeds import AFTER, BEFORE, WHILE, Instant, clock, kill
from tests.reliability.score import Case, Failure

_WRITE, _BATCH, _STAGE = (
    f"onrecord.pipeline.core.parts:StageFolder.{name}"
    for name in ("write", "finish_batch", "finish")
)
_GATE = "onrecord.expectations.gate:check"

INSTANTS: dict[str, tuple[Instant, ...]] = {
    "ingest": (
        Instant(WHILE, "onrecord.flows.stages:snapshot"),
        Instant(BEFORE, "onrecord.pipeline.stages.steps:ingest_step"),
        Instant(WHILE, _WRITE, "ingest"),
        Instant(BEFORE, _BATCH, "ingest"),
        Instant(BEFORE, _STAGE, "ingest"),
        Instant(WHILE, _GATE, "ingest"),
    ),
    "clean": (
        Instant(WHILE, "onrecord.pipeline.stages.clean:clean"),
        Instant(WHILE, _WRITE, "clean"),
        Instant(AFTER, _WRITE, "clean"),
        Instant(AFTER, _BATCH, "clean"),
        Instant(BEFORE, _STAGE, "clean"),
        Instant(WHILE, _GATE, "clean"),
    ),
    "embed": (
        Instant(BEFORE, "onrecord.pipeline.stages.steps:embed_step"),
        Instant(WHILE, "onrecord.pipeline.embedders.onnx:OnnxEmbedder.encode"),
        Instant(WHILE, _WRITE, "embed"),
        Instant(BEFORE, _STAGE, "embed"),
        Instant(AFTER, _STAGE, "embed"),
        Instant(WHILE, _GATE, "embed"),
    ),
    "cluster": (
        Instant(WHILE, "onrecord.pipeline.stages.cluster:cluster"),
        Instant(WHILE, _WRITE, "cluster"),
        Instant(AFTER, _WRITE, "cluster"),
        Instant(BEFORE, _STAGE, "cluster"),
        Instant(AFTER, _STAGE, "cluster"),
        Instant(WHILE, _GATE, "cluster"),
        Instant(AFTER, "onrecord.pipeline.stages.cluster:nearest"),
        Instant(WHILE, "onrecord.pipeline.statements.making:_traces"),
        Instant(AFTER, "onrecord.pipeline.stages.cluster:make_statements"),
        Instant(AFTER, "onrecord.pipeline.core.segments:Segments.write"),
    ),
    "load": (
        Instant(WHILE, "onrecord.warehouse.publishing.building:_load"),
        Instant(AFTER, "onrecord.warehouse.publishing.segments:put"),
        Instant(WHILE, "onrecord.warehouse.publishing.wordings:Wordings.add"),
        Instant(AFTER, "onrecord.warehouse.publishing.wordings:Wordings.add"),
        Instant(WHILE, "onrecord.warehouse.publishing.fulltext:Follower.follow"),
        Instant(BEFORE, "onrecord.warehouse.publishing.segments:prune"),
        Instant(AFTER, "onrecord.warehouse.definitions:define"),
        Instant(AFTER, "onrecord.warehouse.publishing.building:build"),
        Instant(WHILE, _GATE, "load"),
        Instant(BEFORE, "onrecord.warehouse.publishing.publish:_into_place"),
        Instant(AFTER, "onrecord.warehouse.publishing.publish:_into_place"),
    ),
}
"""Six instants of every stage, and those at which what runs keep is half written. After `define`: the transaction
stands, the checkpoint does not."""

_IN_POOL = ("onrecord.pipeline.stages.clean", _WRITE, _BATCH)
"""Functions that a process of the pool calls for the run, which then cannot be killed in them."""


class Calm(NamedTuple):
    """An undisturbed run: where it began, what it ended with, and how long each call took."""

    start: Path
    fingerprint: str
    told: dict[str, list[dict[str, Any]]]
    clock: dict[str, list[float]]


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` kills, spread over all instants; repetition by repetition, so that a short form sees every stage."""
    points = [one for told in zip_longest(*INSTANTS.values()) for one in told if one is not None]
    undisturbed: list[Calm] = []
    for number in range(count):
        instant, repetition = points[number % len(points)], number // len(points)
        if len(undisturbed) < min(repetition + 1, 2):
            undisturbed.append(calm(folder / f"calm-{repetition}", earlier=repetition == 1))
        name = f"kill-{number:03d}"
        chance = random.Random(f"{seed} {name}")
        yield Case(
            f"{name}: {instant}, repetition {repetition}",
            functools.partial(
                _killed, folder / name, instant, undisturbed[repetition % 2], chance, repetition
            ),
            folder / name,
        )


def calm(place: Path, *, earlier: bool) -> Calm:
    """An undisturbed run in a place of its own, with an earlier generation to begin from or without."""
    place.mkdir()
    if earlier:
        corpus.write(place / "news", range(4), "earlier")
        record(place)
    corpus.write(place / "news", [*range(4, 9), 8], "new")
    start = place.with_name(f"{place.name}-start")
    shutil.copytree(place, start)
    times = place / "clock.json"
    instants = tuple(instant for told in INSTANTS.values() for instant in told)
    record(place, functools.partial(clock, instants, times))
    return Calm(
        start,
        fingerprint(publish.require(place / "record")),
        _told(place / "record"),
        json.loads(times.read_text()),
    )


def _killed(
    place: Path, instant: Instant, undisturbed: Calm, chance: random.Random, repetition: int
) -> None:
    """Kill a run at the instant, let the next finish it, and hold what there is against the undisturbed one."""
    shutil.copytree(undisturbed.start, place)
    calls = undisturbed.clock[f"{instant.function} {instant.stage}"]
    call = chance.randrange(len(calls))
    death = functools.partial(kill, instant, call + 1, chance.random() * calls[call])
    pooled = repetition % 10 == 9 and not any(name in instant.function for name in _IN_POOL)
    record(place, death, processors=2 if pooled else 1, expected=(-signal.SIGKILL,))
    record(place)
    as_calm(place, undisturbed)


def as_calm(place: Path, undisturbed: Calm) -> None:
    """Hold the record of a place against that of the undisturbed run: content, counts, what lies about."""
    home = place / "record"
    if fingerprint(publish.require(home)) != undisturbed.fingerprint:
        raise Failure("the logical hash is not that of the undisturbed run")
    if (told := _told(home)) != undisturbed.told:
        raise Failure(f"the ledger tells {told}, not {undisturbed.told}")
    if problems := verify(home):
        raise Failure(f"verify: {'; '.join(map(str, problems))}")
    if left := [path.name for path in (home / "work").iterdir()]:
        raise Failure(f"left behind in work/: {left}")
    if any(entry.status not in ("published", "unchanged") for entry in ledger.entries(home)):
        raise Failure(f"statuses: {[entry.status for entry in ledger.entries(home)]}")


def _told(home: Path) -> dict[str, list[dict[str, Any]]]:
    """What the record says of its runs that does not differ between two right ones: counts and rejects."""
    return {
        "stages": query(
            home,
            """SELECT generation, stage, rows_in, rows_out, rejected, duplicates, yielded
               FROM stage_runs JOIN generations USING (run_id) ORDER BY ALL""",
        ).to_dicts(),
        "rejects": query(
            home,
            """SELECT generation, stage, rejects.source, place, reason
               FROM rejects JOIN generations USING (run_id) ORDER BY ALL""",
        ).to_dicts(),
        "gates": query(
            home,
            """SELECT generation, stage, expectation, passed
               FROM gate_results JOIN generations USING (run_id) ORDER BY ALL""",
        ).to_dicts(),
        "generations": query(home, "SELECT generation FROM generations ORDER BY 1").to_dicts(),
    }

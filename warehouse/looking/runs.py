"""Runs and gates: the ledger, the accounting, what was refused and how to put it through again, the gates' history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from onrecord.warehouse import history, ledger, quarantine
from onrecord.warehouse.looking.listed import paged
from onrecord.warehouse.looking.making import every, made
from onrecord.warehouse.shelf.reader import Reader

PAGE = 50
"""Rows of a page of runs or rejects."""
MOST_PAYLOAD = 20_000
"""Characters shown of what was refused."""


@dataclass(frozen=True)
class Run:
    """A run: when, of what, how it ended, what it carried and refused."""

    run_id: str
    started_at: datetime
    seconds: float | None
    status: str
    generation: int | None
    sources: tuple[str, ...]
    version: str
    model: str
    detail: str | None
    articles: int | None
    quotations: int | None
    rejected: int
    balanced: bool


@dataclass(frozen=True)
class Stage:
    """A stage of a run: rows in = rows out + rejected + duplicates."""

    stage: str
    rows_in: int
    rows_out: int
    rejected: int
    duplicates: int
    yielded: int
    balanced: bool
    seconds: float
    gate_seconds: float


@dataclass(frozen=True)
class Rule:
    """An expectation at a gate, and what was found."""

    stage: str
    expectation: str
    severity: str
    passed: bool
    observed: str


@dataclass(frozen=True)
class Reject:
    """Something refused: where, why, and the command that puts it through again."""

    id: str
    run_id: str
    stage: str
    source: str
    place: str
    reason: str
    detail: str | None
    resolution: str | None
    because: str | None
    retry: str


@dataclass(frozen=True)
class Payload:
    """What was refused, as it came, as far as it is text."""

    reject: Reject
    text: str | None
    cut: bool


@dataclass(frozen=True)
class Reason:
    """How many open rejects have one reason."""

    stage: str
    reason: str
    rejects: int


@dataclass(frozen=True)
class Gate:
    """A gate over all runs: how many rules it held in how many runs, and how many did not hold."""

    stage: str
    runs: int
    rules: int
    failed: int


@dataclass(frozen=True)
class Failure:
    """A rule that has failed, and the last time that it did."""

    stage: str
    expectation: str
    severity: str
    times: int
    last_run: str
    observed: str


@dataclass(frozen=True)
class Runs:
    """A page of the runs, the newest first, and what is open."""

    runs: tuple[Run, ...]
    page: int
    pages: int
    count: int
    reasons: tuple[Reason, ...]
    gates: tuple[Gate, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class OneRun:
    """One run, stage by stage, with its gates and what it refused."""

    run: Run
    stages: tuple[Stage, ...]
    gates: tuple[Rule, ...]
    rejects: tuple[Reject, ...]


@dataclass(frozen=True)
class Rejects:
    """A page of what was refused."""

    rejects: tuple[Reject, ...]
    count: int
    page: int
    pages: int
    reason: str | None
    stage: str | None
    run_id: str | None
    settled: bool


def runs(reader: Reader, page: int = 1) -> Runs:
    """A page of the runs, the newest first."""
    told = history.told(reader.folder)
    newest = told.runs.sort("run_id", descending=True)
    page, pages = paged(page, newest.height, PAGE)
    shown = newest.slice((page - 1) * PAGE, PAGE)
    counts = Counter(quarantine.rejects(reader.folder).select("stage", "reason").iter_rows())
    return Runs(
        _runs(shown, told.stages),
        page,
        pages,
        newest.height,
        tuple(Reason(*key, count) for key, count in counts.most_common()),
        every(Gate, reader.rows("gates")),
        every(Failure, reader.rows("gate_failures")),
    )


def run(reader: Reader, run_id: str) -> OneRun | None:
    """One run; None where neither record nor ledger knows of it."""
    told = history.told(reader.folder)
    mine = told.runs.filter(pl.col("run_id") == run_id)
    if mine.is_empty():
        return None
    stages = told.stages.filter(pl.col("run_id") == run_id)
    gates = reader.rows("run_gates", run=run_id)
    if not gates:
        # One that published nothing: the ledger alone has what its gates found.
        gates = [row for entry in ledger.read(reader.folder, [run_id]) for row in entry.gates]
    ordered = sorted(gates, key=lambda rule: (rule["passed"], rule["stage"], rule["expectation"]))
    refused = quarantine.rejects(reader.folder, quarantine.Filters(run=run_id), settled=True)
    return OneRun(
        _runs(mine, told.stages)[0],
        tuple(made(Stage, row, balanced=_balanced(row)) for row in stages.to_dicts()),
        every(Rule, ordered),
        _rejects(refused.head(PAGE)),
    )


def rejects(
    reader: Reader,
    reason: str | None = None,
    stage: str | None = None,
    run_id: str | None = None,
    page: int = 1,
    *,
    settled: bool = False,
) -> Rejects:
    """A page of what was refused and is open, or of all that ever was."""
    filters = quarantine.Filters(reason=reason, stage=stage, run=run_id)
    found = quarantine.rejects(reader.folder, filters, settled=settled)
    page, pages = paged(page, found.height, PAGE)
    shown = _rejects(found.slice((page - 1) * PAGE, PAGE))
    return Rejects(shown, found.height, page, pages, reason, stage, run_id, settled)


def reject(reader: Reader, reject_id: str) -> Payload | None:
    """One reject with what was refused; None for one that is not there."""
    found = quarantine.rejects(reader.folder, quarantine.Filters(ids=(reject_id,)), settled=True)
    if found.is_empty() or len(reject_id) < len(found["id"][0]):
        return None
    row = found.row(0, named=True)
    payload: bytes | None = row["payload"]
    text = None if payload is None else payload.decode("utf-8", "replace").replace("\x00", "�")
    long = text is not None and len(text) > MOST_PAYLOAD
    return Payload(_rejects(found)[0], text and text[:MOST_PAYLOAD], bool(row["cut"]) or long)


def _runs(shown: pl.DataFrame, stages: pl.DataFrame) -> tuple[Run, ...]:
    by_run: dict[str, list[dict[str, Any]]] = {}
    for row in stages.filter(pl.col("run_id").is_in(shown["run_id"].implode())).to_dicts():
        by_run.setdefault(row["run_id"], []).append(row)
    return tuple(_run(row, by_run.get(row["run_id"], [])) for row in shown.to_dicts())


def _run(row: Mapping[str, Any], stages: list[dict[str, Any]]) -> Run:
    of = {stage["stage"]: stage for stage in stages}
    return made(
        Run,
        row,
        articles=of["ingest"]["rows_out"] if "ingest" in of else None,
        quotations=of["clean"]["yielded"] if "clean" in of else None,
        rejected=sum(stage["rejected"] for stage in stages),
        balanced=all(map(_balanced, stages)),
    )


def _balanced(row: Mapping[str, Any]) -> bool:
    carried: int = row["rows_out"] + row["rejected"] + row["duplicates"]
    return bool(row["rows_in"] == carried)


def _rejects(found: pl.DataFrame) -> tuple[Reject, ...]:
    return tuple(
        made(Reject, row, retry=f"onrecord retry {row['id']}")
        for row in found.drop("payload").to_dicts()
    )

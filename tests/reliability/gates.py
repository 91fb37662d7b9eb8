"""Measure 7: whatever goes wrong in a gate is told and weighed rightly, and nothing critical is published.

The command runs the whole flow; in the gate of one stage one rule is added to the suite, and what it looks at is
spoiled for it alone: it fails, it raises, its table is empty, or its column is missing.
"""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from onrecord.pipeline.core.values import SEVERITIES, STAGES
from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query_file
from onrecord.warehouse.publishing import publish
from tests.reliability import corpus
from tests.reliability.commands import WELL, record
from tests.reliability.score import Case, Failure
from tests.support import frames
from tests.unit.expectations.kinds import KINDS, spoiled

FAILED = 1


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` of the sixty: four kinds of failure, three severities, five stages."""
    start = folder / "start"
    start.mkdir()
    corpus.write(start / "news", range(2), "earlier")
    record(start)
    corpus.write(start / "news", range(2, 6), "new")
    sixty = [
        (stage, severity, kind) for kind in KINDS for severity in SEVERITIES for stage in STAGES
    ]
    # Seven and sixty share no factor, so that a short form sees every stage, severity and kind.
    for number in range(count):
        stage, severity, kind = sixty[(seed + 7 * number) % len(sixty)]
        place = folder / f"gate-{stage}-{severity}-{kind}"
        yield Case(
            place.name, functools.partial(_judged, start, place, stage, severity, kind), place
        )


def spoil(stage: str, severity: str, kind: str) -> None:
    """Add a rule to the gate of a stage that goes wrong in this way (in the process of the command)."""
    from onrecord.expectations import gate

    true = gate.judge

    def judge(rules: Any, material: Any, run_id: str) -> Any:
        verdict = true(rules, material, run_id)
        if material.stage != stage:
            return verdict
        # The gate of load is given counts of breaches, no tables: its rule looks at an invented one.
        tables = {**frames.handed(stage), **material.tables}
        rule, given, _ = spoiled(kind, severity, replace(material, tables=tables))
        added = true([rule], given, run_id)
        return gate.Verdict(stage, verdict.results.vstack(added.results))

    gate.judge = judge


def _judged(start: Path, place: Path, stage: str, severity: str, kind: str) -> None:
    shutil.copytree(start, place)
    home = place / "record"
    before = _hash(home)
    # What cannot be checked is critical, whatever the rule says of itself.
    weighed = "critical" if kind in ("raising", "missing_column") else severity
    critical = weighed == "critical"
    ended = record(
        place,
        functools.partial(spoil, stage, severity, kind),
        expected=(FAILED,) if critical else WELL,
    )
    entry = list(ledger.entries(home))[-1]
    failed = [(row["stage"], row["severity"]) for row in entry.gates if not row["passed"]]
    if (stage, weighed) not in failed:
        raise Failure(f"the ledger tells of {failed}, not of ({stage}, {weighed})")
    if critical:
        if _hash(home) != before or publish.generation(home) != 1:
            raise Failure("the published file has changed")
        if entry.status != "refused" or f"gate {stage}" not in ended.printed:
            raise Failure(f"{entry.status}: {ended.printed[-300:]}")
    else:
        told = query_file(
            publish.require(home), "SELECT stage, severity FROM gate_results WHERE NOT passed"
        )
        if publish.generation(home) != 2 or (stage, weighed) not in told.rows():
            raise Failure(f"generation {publish.generation(home)} tells of {told.rows()}")


def _hash(home: Path) -> str:
    return hashlib.sha256((home / "onrecord.duckdb").read_bytes()).hexdigest()

"""Prometheus metrics from the ledger."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from prometheus_client.parser import text_string_to_metric_families

from onrecord.flows.watching import metrics
from onrecord.pipeline.core.contracts import GATE_RESULTS
from onrecord.pipeline.core.parts import Tally
from onrecord.warehouse import ledger


def entry(run_id: str, status: str, **counts: int) -> ledger.Entry:
    made = ledger.Entry(
        run_id=run_id,
        started_at="2026-03-01T05:00:00",
        sources=["news/"],
        settings_hash="0" * 64,
        version="0",
        model="tiny@1",
        base=0,
        fingerprint="",
    )
    made.staged("clean", Tally(10, 8, rejected=2, yielded=40, seconds=1.5), gate_seconds=0.5)
    made.gated(
        pl.DataFrame(
            [(run_id, "clean", "a rule", "warning", False, "2 of 9")],
            schema=GATE_RESULTS.schema,
            orient="row",
        )
    )
    made.ended(status)
    made.ended_at = "2026-03-01T05:01:00"
    made.generation = counts.get("generation")
    return made


def read(told: bytes) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(told.decode())
        for sample in family.samples
    }


def test_counters_are_sums_over_the_ledger(tmp_path: Path) -> None:
    for made in (
        entry("a", "published", generation=1),
        entry("b", "refused"),
        entry("c", "published", generation=2),
    ):
        ledger.write(tmp_path, made)
    told = read(metrics.exposition(tmp_path))
    assert told["onrecord_runs_total", "published"] == 2
    assert told["onrecord_runs_total", "refused"] == 1
    # What a refused run made is in no record, but what it refused was refused.
    assert told["onrecord_quotations_total", ""] == 80
    assert told["onrecord_refused_total", "clean"] == 6
    assert told["onrecord_stage_seconds_total", "clean"] == 4.5
    assert told["onrecord_gate_seconds_total", "clean"] == 1.5
    assert told["onrecord_generation", ""] == 2
    assert told["onrecord_last_run_seconds", ""] == 60
    assert told["onrecord_last_success_timestamp_seconds", ""] == 1772341260
    assert told["onrecord_rules_failed", "warning"] == 1


def test_an_empty_ledger_has_metrics_too(tmp_path: Path) -> None:
    told = read(metrics.exposition(tmp_path))
    assert told["onrecord_articles_total", ""] == 0
    assert ("onrecord_generation", "") not in told


def test_the_file_is_written_whole(tmp_path: Path) -> None:
    ledger.write(tmp_path, entry("a", "published", generation=1))
    file = tmp_path / "deep" / "onrecord.prom"
    metrics.write(tmp_path, file)
    assert read(file.read_bytes())["onrecord_generation", ""] == 1
    assert [path.name for path in file.parent.iterdir()] == ["onrecord.prom"]

"""Prometheus metrics of a record, counted from its ledger whenever they are asked for.

Runs come and go, the ledger stays: counters from it never fall, whichever process is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from onrecord.pipeline.core.parts import write_atomic
from onrecord.pipeline.core.values import STAGES
from onrecord.warehouse import history, ledger

SUCCEEDED = ("published", "unchanged")


class Ledger:
    """Collects the metrics of the record in a folder."""

    def __init__(self, warehouse: Path) -> None:
        self._warehouse = warehouse

    def collect(self) -> Iterator[Metric]:
        """Every metric, from the ledger as it stands."""
        runs, stages = history.told(self._warehouse)
        yield _counter(
            "runs", "Runs, by how they ended", "status", Counter(runs["status"].to_list())
        )
        # What a run that published nothing made is in no record.
        published = stages.join(runs.filter(status="published"), on="run_id", how="semi")
        yield _total("articles", "Articles taken into the record", published, "clean", "rows_out")
        yield _total(
            "quotations", "Quotations taken into the record", published, "clean", "yielded"
        )
        yield _total("statements", "Statements made or added to", published, "cluster", "yielded")
        yield _by_stage("refused", "Inputs refused", stages, "rejected")
        yield _by_stage("stage_seconds", "Seconds that stages took", stages, "seconds")
        yield _by_stage("gate_seconds", "Seconds that gates took", stages, "gate_seconds")
        yield from self._now(runs.drop_nulls("ended_at"))

    def _now(self, ended: pl.DataFrame) -> Iterator[Metric]:
        well = ended.filter(pl.col("status").is_in(SUCCEEDED)).tail(1)
        for last in well.rows(named=True):
            yield _gauge(
                "generation",
                "The generation that the last good run left",
                last["generation"] or 0,
            )
            yield _gauge(
                "last_success_timestamp_seconds",
                "When the last good run ended",
                _seconds(last["ended_at"]),
            )
        for last in ended.tail(1).rows(named=True):
            took = _seconds(last["ended_at"]) - _seconds(last["started_at"])
            yield _gauge("last_run_seconds", "How long the last run took", took)
            # The newest run's entry holds what its gates found, on record or not.
            gates = [row for e in ledger.read(self._warehouse, [last["run_id"]]) for row in e.gates]
            failed = Counter(rule["severity"] for rule in gates if not rule["passed"])
            rules = GaugeMetricFamily(
                "onrecord_rules_failed",
                "Rules of the last run's gates that failed",
                labels=["severity"],
            )
            for severity in ("critical", "warning", "info"):
                rules.add_metric([severity], failed[severity])
            yield rules


def exposition(warehouse: Path) -> bytes:
    """The metrics as Prometheus reads them."""
    return generate_latest(_registry(warehouse))


def write(warehouse: Path, file: Path) -> None:
    """Write them for node_exporter's textfile collector, whole or not at all."""
    write_atomic(file, exposition(warehouse))


def serve(warehouse: Path, host: str, port: int) -> None:
    """Answer Prometheus until stopped. Raises OSError where the port is taken."""
    _, thread = start_http_server(port, addr=host, registry=_registry(warehouse))
    thread.join()


def _registry(warehouse: Path) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Ledger(warehouse))
    return registry


def _total(name: str, told: str, stages: pl.DataFrame, stage: str, column: str) -> Metric:
    value = stages.filter(stage=stage)[column].sum()
    return CounterMetricFamily(f"onrecord_{name}", told, value=value)


def _by_stage(name: str, told: str, stages: pl.DataFrame, column: str) -> Metric:
    sums = {stage: float(stages.filter(stage=stage)[column].sum()) for stage in STAGES}
    return _counter(name, told, "stage", sums)


def _counter(name: str, told: str, label: str, values: dict[str, float] | Counter[str]) -> Metric:
    family = CounterMetricFamily(f"onrecord_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"onrecord_{name}", told, value=value)


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()

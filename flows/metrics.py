"""Prometheus metrics of a record, counted from its ledger whenever they are asked for.

Runs come and go, the ledger stays: counters from it never fall, whichever process is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pipeline.contracts import STAGES
from pipeline.parts import write_atomic
from warehouse import ledger

SUCCEEDED = ("published", "unchanged")


class Ledger:
    """Collects the metrics of the record in a folder."""

    def __init__(self, warehouse: Path) -> None:
        self._warehouse = warehouse

    def collect(self) -> Iterator[Metric]:
        """Every metric, from the ledger as it stands."""
        entries = list(ledger.entries(self._warehouse))
        yield _counter(
            "runs", "Runs, by how they ended", "status", Counter(e.status for e in entries)
        )
        # What a run that published nothing made is in no record.
        published = [entry for entry in entries if entry.status == "published"]
        yield _total("articles", "Articles taken into the record", published, "clean", "rows_out")
        yield _total(
            "quotations", "Quotations taken into the record", published, "clean", "yielded"
        )
        yield _total("statements", "Statements made or added to", published, "cluster", "yielded")
        yield _by_stage("refused", "Inputs refused", entries, "rejected")
        yield _by_stage("stage_seconds", "Seconds that stages took", entries, "seconds")
        yield _by_stage("gate_seconds", "Seconds that gates took", entries, "gate_seconds")
        yield from _now(entries)


def _now(entries: list[ledger.Entry]) -> Iterator[Metric]:
    well = [entry for entry in entries if entry.status in SUCCEEDED and entry.ended_at]
    if well:
        last = well[-1]
        yield _gauge(
            "generation", "The generation that the last good run left", last.generation or 0
        )
        yield _gauge("last_success_timestamp_seconds", "When the last good run ended", _end(last))
    ended = [entry for entry in entries if entry.ended_at]
    if ended:
        took = _end(ended[-1]) - _seconds(ended[-1].started_at)
        yield _gauge("last_run_seconds", "How long the last run took", took)
        failed = Counter(rule["severity"] for rule in ended[-1].gates if not rule["passed"])
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


def _total(name: str, told: str, entries: list[ledger.Entry], stage: str, column: str) -> Metric:
    value = sum(entry.stages.get(stage, {}).get(column, 0) for entry in entries)
    return CounterMetricFamily(f"onrecord_{name}", told, value=value)


def _by_stage(name: str, told: str, entries: list[ledger.Entry], column: str) -> Metric:
    sums = {
        stage: sum(entry.stages.get(stage, {}).get(column, 0) for entry in entries)
        for stage in STAGES
    }
    return _counter(name, told, "stage", sums)


def _counter(name: str, told: str, label: str, values: dict[str, float] | Counter[str]) -> Metric:
    family = CounterMetricFamily(f"onrecord_{name}", told, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"onrecord_{name}", told, value=value)


def _end(entry: ledger.Entry) -> float:
    return _seconds(entry.ended_at or entry.started_at)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()

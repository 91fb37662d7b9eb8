"""What cannot run here, measured in pieces: `python -m tests.cluster.simulation --batches 10000`.

Batches of nothing through clusters of 1, 2 and 4 nodes of this machine: what handing one over takes on the wall, and of
a processor: the flow's own (which is what saturates, however many nodes there are), and that of the cluster's daemons.
Then the flow's threads: Prefect's tasks that wait for such batches.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import psutil

from onrecord.flows.running.cluster import Cluster, disconnect
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import WorkerSettings
from onrecord.pipeline.stages.workplace import Workplace
from tests.cluster.raylets import Raylets, spent


def nothing(place: Workplace, batch: int) -> Tally:
    """A batch of nothing."""
    return Tally(1)


def measure(nodes: int, batches: int, ahead: int) -> None:
    """One cluster."""
    raylets = Raylets({}, nodes)
    try:
        cluster = Cluster(WorkerSettings(engine="ray", address=raylets.address, ahead=ahead))
        with tempfile.TemporaryDirectory() as folder:
            place = Workplace(Path(folder), "simulation")
            list(cluster.each(nothing, ((place, at) for at in range(8 * nodes))))
            own, theirs, started = _own(), sum(spent(raylets.address)), time.perf_counter()
            done = sum(
                tally.rows_in
                for tally in cluster.each(nothing, ((place, at) for at in range(batches)))
            )
            wall = time.perf_counter() - started
        assert done == batches
        print(
            f"{nodes} nodes, {ahead} ahead: {batches} batches, each {wall / batches * 1e3:.2f} ms on the wall,"
            f" {(_own() - own) / batches * 1e3:.2f} ms of the flow's processor,"
            f" {(sum(spent(raylets.address)) - theirs) / batches * 1e3:.2f} ms of raylets and workers;"
            f" the flow's memory {psutil.Process().memory_info().rss >> 20} MB",
            flush=True,
        )
    finally:
        disconnect()
        raylets.stop()


def threads(batches: int) -> None:
    """Prefect's tasks, a thread each, that wait for batches of nothing, with a server of its own."""
    from prefect import flow, task
    from prefect.cache_policies import NO_CACHE

    raylets = Raylets({}, 2)
    try:
        cluster = Cluster(WorkerSettings(engine="ray", address=raylets.address))
        place = Workplace(Path("/nowhere"), "simulation")

        @task(cache_policy=NO_CACHE, persist_result=False)
        def wait(batch: int) -> int:
            return cluster.result(cluster.submit(nothing, place, batch)).rows_in

        @flow
        def waits(count: int) -> None:
            pending = []
            for batch in range(count):
                if len(pending) >= cluster.most:
                    pending.pop(0).result()
                pending.append(wait.submit(batch))
            for future in pending:
                future.result()

        waits(8)
        own, started = _own(), time.perf_counter()
        waits(batches)
        wall = time.perf_counter() - started
        print(
            f"Prefect's threads: {batches} batches, each {wall / batches * 1e3:.1f} ms on the wall,"
            f" {(_own() - own) / batches * 1e3:.1f} ms of the flow's processor",
            flush=True,
        )
    finally:
        disconnect()
        raylets.stop()


def _own() -> float:
    told = resource.getrusage(resource.RUSAGE_SELF)
    return told.ru_utime + told.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=300)
    parser.add_argument("--nodes", type=int, nargs="*", default=[1, 2, 4])
    told = parser.parse_args()
    for nodes in told.nodes:
        measure(nodes, told.batches, 2)
    if told.threads:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        threads(told.threads)


if __name__ == "__main__":
    main()

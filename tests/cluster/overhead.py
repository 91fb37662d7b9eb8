"""What Ray and a store cost beside processes and files: `python -m tests.cluster.overhead ARTICLES ADDRESS s3://bucket/prefix`.

Clean and embed of the same articles, one engine after the other, so many rounds. Told are processor seconds: of this
process, its children and the workers; Ray's daemons cost by the clock, two seconds a minute for two nodes, and are told
apart, as is the S3 server, which elsewhere is somebody else's. Both begin with workers that have loaded nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from onrecord.flows.running import cluster, workers
from onrecord.pipeline.core.settings import PartSettings, Settings, WorkerSettings
from onrecord.pipeline.embedders import unload_embedders
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.workplace import Workplace
from tests.cluster.raylets import spent


def once(articles: str, settings: Settings) -> tuple[float, float, float]:
    """Processor seconds, those of a cluster's daemons, and those on the wall, of clean and embed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workplace(Path(folder), f"overhead-{time.time_ns()}", parts=settings.parts.at)
        steps.ingest_step(place, [articles], settings)
        before, wall = _spent(settings), time.perf_counter()
        batches = place.stage("ingest").batches()
        with (
            workers.pool(len(batches), place, settings.workers),
            ThreadPoolExecutor(len(batches)) as threads,
        ):
            done = threads.map(
                lambda batch: workers.clean_batch(place, batch, settings.clean), batches
            )
            steps.finish_clean(place, list(done), 0.0)
        tally = steps.embed_step(place, settings, each=workers.each(settings.workers))
        now = _spent(settings)
        found = now[0] - before[0], now[1] - before[1], time.perf_counter() - wall
        print(f"  {len(batches)} batches, {tally.rows_in} quotations, {tally.rows_out} vectors")
        place.clear()
        unload_embedders()
        return found


def _spent(settings: Settings) -> tuple[float, float]:
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    mine = sum(told.ru_utime + told.ru_stime for told in own)
    if settings.workers.engine != "ray":
        return mine, 0.0
    there = spent(settings.workers.address)
    return mine + there.workers, there.daemons


def _of_s3() -> float:
    """Processor seconds of the S3 server of the tests."""
    server = [os.environ["AWS_ENDPOINT_URL"].rpartition(":")[2], "tests.cluster.s3"]
    return sum(
        sum(process.info["cpu_times"][:2])
        for process in psutil.process_iter(["cmdline", "cpu_times"])
        if all(mark in (process.info["cmdline"] or ()) for mark in server)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles")
    parser.add_argument("address")
    parser.add_argument("parts")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    told = parser.parse_args()
    here = Settings().model_copy(
        update={"ingest": Settings().ingest.model_copy(update={"batch_articles": told.batch})}
    )
    there = here.model_copy(
        update={
            "workers": WorkerSettings(engine="ray", address=told.address),
            "parts": PartSettings(at=told.parts),
        }
    )
    for _ in range(told.rounds):
        cost = {}
        for name, settings in (("processes", here), ("ray", there)):
            if settings is there:
                # Before the clock starts, as a run does it before its first stage.
                cluster.connect(there.workers)
            s3 = _of_s3()
            cost[name], daemons, wall = once(told.articles, settings)
            print(f"{name:10} {cost[name]:8.1f} processor s {wall:8.1f} s on the wall", end="")
            print(f", daemons {daemons:.1f} processor s", end="")
            print(f", S3 {_of_s3() - s3:.1f} processor s", flush=True)
            cluster.disconnect()
        print(f"ray / processes {cost['ray'] / cost['processes']:.3f}", flush=True)


if __name__ == "__main__":
    main()

"""What Ray and a store cost beside processes and files: `python -m tests.cluster.overhead 300`.

Clean and embed of so many invented articles, one engine after the other, so many rounds. Told are processor seconds: of
this process, its children and the workers, from before a cluster is joined, so that its workers' start counts as that
of processes does. Ray's daemons cost by the clock and are told apart, as is the S3 server, which elsewhere is somebody
else's. Both begin with workers that have loaded nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil

from onrecord.flows.running import cluster, workers
from onrecord.pipeline.core.settings import PartSettings, Settings, WorkerSettings
from onrecord.pipeline.embedders import unload_embedders
from onrecord.pipeline.stages import steps
from onrecord.pipeline.stages.workplace import Workplace
from tests.bench import corpus
from tests.cluster.bucket import serving
from tests.cluster.raylets import Raylets, spent


def once(articles: str, settings: Settings) -> tuple[float, float, float]:
    """Processor seconds, those of a cluster's daemons, and those on the wall, of clean and embed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workplace(Path(folder), f"overhead-{time.time_ns()}", parts=settings.parts.at)
        steps.ingest_step(place, [articles], settings)
        before, wall = _spent(settings), time.perf_counter()
        if settings.workers.engine == "ray":
            cluster.connect(settings.workers)
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
    parser.add_argument("articles", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    told = parser.parse_args()
    here = Settings().model_copy(
        update={"ingest": Settings().ingest.model_copy(update={"batch_articles": told.batch})}
    )
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        news, switches = folder / "news.jsonl", folder / "switches"
        switches.mkdir()
        corpus.write(news, told.articles)
        bucket = stack.enter_context(serving(switches))
        raylets = Raylets({})
        stack.callback(raylets.stop)
        there = here.model_copy(
            update={
                "workers": WorkerSettings(engine="ray", address=raylets.address),
                "parts": PartSettings(at=bucket.address),
            }
        )
        for _ in range(told.rounds):
            compare(str(news), here, there)


def compare(articles: str, here: Settings, there: Settings) -> None:
    """One engine after the other."""
    cost, daemons = dict[str, float](), dict[str, float]()
    for name, settings in (("processes", here), ("ray", there)):
        s3 = _of_s3()
        cost[name], daemons[name], wall = once(articles, settings)
        print(f"{name:10} {cost[name]:8.1f} processor s {wall:8.1f} s on the wall", end="")
        print(f", daemons {daemons[name]:.1f} processor s", end="")
        print(f", S3 {_of_s3() - s3:.1f} processor s", flush=True)
        cluster.disconnect()
    own, whole = cost["ray"], cost["ray"] + daemons["ray"]
    base = cost["processes"]
    print(f"ray / processes {own / base:.3f}, daemons with it {whole / base:.3f}", flush=True)


if __name__ == "__main__":
    main()

"""The nodes of a Ray cluster as workers: batches are Ray's tasks, started from the flow's threads.

Ray keeps the queue, the nodes and who is alive; a batch that was lost with its node is done again on another one. What
goes over the wire is a name, a path and a tally, and some kilobytes of wordings: batches are read and written where
their parts lie. With Prefect's own way (prefect-ray's RayTaskRunner) every worker has to reach the API and start an
engine for each batch, at twelve times the time; so the flow's threads wait, as they do for processes.

Here alone Ray is known, and imported once somebody asks for it.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.pipeline.core.parts import Tally, write_atomic
from onrecord.pipeline.core.problems import NotReady
from onrecord.pipeline.core.settings import Settings, WorkerSettings
from onrecord.pipeline.core.stores import EXTRA, Store
from onrecord.pipeline.stages.workplace import Workplace

TRIES = 5
"""How often a batch is begun again elsewhere before it is taken for what brings workers down."""
SECONDS_TO_ANSWER = 60.0

Step = Callable[..., Tally]


class Node(NamedTuple):
    """A node of the cluster, and what keeps it from working: nothing where all is well."""

    name: str
    processors: int
    fault: str


def connect(settings: WorkerSettings) -> Any:
    """Ray, connected to the cluster. Raises NotReady."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise NotReady(f"workers.engine ray needs a package more: {EXTRA}") from None
    if ray.is_initialized():
        return ray
    try:
        _knock(settings.address)
        ray.init(
            address=settings.address,
            log_to_driver=False,
            logging_level=logging.ERROR,
            configure_logging=False,
        )
    except Exception as error:
        raise NotReady(
            f"no Ray cluster at {settings.address}: {_in_short(error)}; `ray start --head` on one machine and"
            " `ray start --address=HEAD:6379` on every other one, this one included: docs/cluster.md"
        ) from None
    return ray


def _knock(address: str) -> None:
    """Ask whether anybody is there: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host.strip("[]"), int(port)), timeout=5).close()


def disconnect() -> None:
    """Leave the cluster, where it was joined; what this run still has under way there is ended by it."""
    if ray := sys.modules.get("ray"):
        ray.shutdown()


def survey(settings: Settings) -> list[Node]:
    """The nodes of the cluster, each asked whether it could work for this record. Raises NotReady."""
    ray = connect(settings.workers)
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy as On

    nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
    if not nodes:
        raise NotReady(f"the Ray cluster at {settings.workers.address} has no processor")
    look, name = ray.remote(num_cpus=0, max_retries=1)(_look), f"probe-{secrets.token_hex(8)}"
    at = settings.parts.at or str(settings.warehouse.absolute())
    _place_probe(settings, name)
    try:
        asked = [
            look.options(scheduling_strategy=On(node["NodeID"], soft=False)).remote(
                at, name, version("onrecord"), is_store=settings.parts.at is not None
            )
            for node in nodes
        ]
        ray.wait(asked, num_returns=len(asked), timeout=SECONDS_TO_ANSWER)
        return [_answered(ray, node, task) for node, task in zip(nodes, asked, strict=True)]
    finally:
        _remove_probe(settings, name)


def _place_probe(settings: Settings, name: str) -> None:
    if settings.parts.at:
        Store(settings.parts.at).put(f"{name}/flow", b"")
    else:
        write_atomic(settings.warehouse / name, b"")


def _remove_probe(settings: Settings, name: str) -> None:
    if settings.parts.at:
        Store(settings.parts.at).remove(name)
    else:
        (settings.warehouse / name).unlink()


def _look(at: str, name: str, code: str, *, is_store: bool) -> str:
    """On a node: what keeps it from working."""
    if (here := version("onrecord")) != code:
        return f"has OnRecord {here}, not {code}"
    if is_store:
        try:
            store = Store(at).at_first()
            store.get(f"{name}/flow")
            store.put(f"{name}/{secrets.token_hex(8)}", b"")
        except Exception as error:
            return f"cannot read and write {at} (its keys are those of `ray start`'s environment): {error}"
    elif not Path(at, name).is_file():
        return f"does not see {at}: set parts.at to what all of them see"
    return ""


def _answered(ray: Any, node: dict[str, Any], task: Any) -> Node:
    name = f"{node['NodeManagerAddress']} ({node['NodeID'][:8]})"
    try:
        fault = ray.get(task, timeout=0.1)
    except Exception as error:
        fault = f"does not answer: {_in_short(error)}"
    return Node(name, int(node["Resources"]["CPU"]), fault)


def _in_short(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


class Cluster:
    """Steps as tasks of a cluster. So many are handed over at once as the settings say for each processor: names and
    paths; a batch's rows are in memory only where it is worked at."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._ray = connect(settings)
        self._task = self._ray.remote(
            num_cpus=1, max_retries=TRIES, retry_exceptions=False, scheduling_strategy="SPREAD"
        )(_work)
        self._ahead = settings.ahead

    @property
    def most(self) -> int:
        """How many steps may be handed over: what waits tells an autoscaler that more could be done."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1))) * self._ahead

    def submit(self, step: Step, place: Workplace, *given: Any) -> Any:
        """Hand over one step; the name of what it comes to."""
        return self._task.remote(
            step, place._replace(answer=None) if place.parts else place, *given
        )

    def result(self, task: Any) -> Tally:
        """What a step came to. Raises what it raised there."""
        made: Tally = self._ray.get(task)
        return made

    def call_off(self, tasks: Iterable[Any]) -> None:
        """End what was handed over: what waits is dropped, what is under way leaves nothing that counts."""
        for task in tasks:
            self._ray.cancel(task, recursive=False)

    def each(self, step: Step, jobs: Iterable[tuple[Any, ...]]) -> Iterator[Tally]:
        """What each call of a step came to, as they are done."""
        pending: list[Any] = []
        try:
            for job in jobs:
                while len(pending) >= self.most:
                    done, pending = self._ray.wait(pending)
                    yield from map(self.result, done)
                pending.append(self.submit(step, *job))
            while pending:
                done, pending = self._ray.wait(pending)
                yield from map(self.result, done)
        finally:
            self.call_off(pending)


def _work(step: Step, place: Workplace, *given: Any) -> Tally:
    """On a node: one step, in a folder that is gone with it where parts lie elsewhere."""
    if not place.parts:
        return step(place, *given)
    with tempfile.TemporaryDirectory(prefix=_scratch()) as folder:
        here = place._replace(folder=Path(folder))
        here.known.symlink_to(_known(place.parts, place.run_id))
        return step(here, *given)


@lru_cache(maxsize=1)
def _known(parts: str, run_id: str) -> Path:
    """What is known to a run, fetched once by each worker."""
    folder = Path(tempfile.mkdtemp(prefix=_scratch()))
    place = Workplace(folder, run_id, parts=parts)
    place.known.mkdir()
    place.take_in()
    return place.known


@lru_cache(maxsize=1)
def _scratch() -> str:
    """What the names of this worker's folders begin with; those of workers that were killed are removed."""
    import psutil

    mark, home = "onrecord-worker-", Path(tempfile.gettempdir())
    for left in home.glob(f"{mark}*"):
        pid = left.name.removeprefix(mark).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            # Another user's stays: it cannot be removed.
            shutil.rmtree(left, ignore_errors=True)
    return f"{mark}{os.getpid()}-"

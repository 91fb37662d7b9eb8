"""Who cleans and embeds: each worker loads its models once and keeps them for as long as the run needs it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import starmap
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import BoundedSemaphore, get_ident
from typing import TYPE_CHECKING, Any, Protocol

from onrecord.flows.running.children import die_with_parent
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import CleanSettings, WorkerSettings
from onrecord.pipeline.machine.cores import cores
from onrecord.pipeline.stages.steps import Each, clean_step
from onrecord.pipeline.stages.workplace import Workplace

if TYPE_CHECKING:
    from onrecord.flows.running.cluster import Cluster

_crew: _Crew | None = None


class _Process(SpawnProcess):
    """A process that imports nothing of whoever calls OnRecord.

    The standard one imports the caller's main module again: a script that has no `if __name__ == "__main__"` would run
    in every process once more, and start processes of its own.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the standard library's name
        main = sys.modules["__main__"]
        kept = main.__spec__, main.__dict__.pop("__file__", None)
        main.__spec__ = None
        try:
            return SpawnProcess._Popen(process_obj)  # type: ignore[attr-defined]
        finally:
            main.__spec__ = kept[0]
            if kept[1] is not None:
                main.__file__ = kept[1]


class _Spawning(SpawnContext):
    # Spawned, not forked: forking a process that has threads (Prefect, ONNX Runtime) can lock up.
    Process = _Process


class CalledOff(Exception):  # noqa: N818
    """The run ends before this batch was done."""


class _Crew(Protocol):
    """Who does batches, each for a thread of the flow that waits for it: for so many of them at once."""

    @property
    def most(self) -> int: ...

    def do(self, step: Callable[..., Tally], *given: Any) -> Tally: ...

    def close(self) -> None: ...


class _Processes:
    """Processes of this machine."""

    def __init__(self, count: int) -> None:
        self._pool = ProcessPoolExecutor(count, mp_context=_Spawning(), initializer=_begin)
        self._idle, self._closing = BoundedSemaphore(count), False
        # As many again wait, so that none is idle while the oldest takes its time.
        self.most = 2 * count

    def do(self, step: Callable[..., Tally], *given: Any) -> Tally:
        # What is handed to a pool before a process is idle can no longer be called off.
        with self._idle:
            if self._closing:
                raise CalledOff
            return self._pool.submit(step, *given).result()

    def close(self) -> None:
        self._closing = True
        self._pool.shutdown()


class _Nodes:
    """The nodes of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._closing = cluster, False
        self._pending: dict[int, Any] = {}

    @property
    def most(self) -> int:
        return self._cluster.most

    def do(self, step: Callable[..., Tally], *given: Any) -> Tally:
        if self._closing:
            raise CalledOff
        me = get_ident()
        task = self._pending[me] = self._cluster.submit(step, *given)
        try:
            return self._cluster.result(task)
        except Exception:
            if self._closing:
                raise CalledOff from None
            raise
        finally:
            del self._pending[me]

    def close(self) -> None:
        self._closing = True
        self._cluster.call_off(list(self._pending.values()))


@contextmanager
def pool(batches: int, place: Workplace, settings: WorkerSettings) -> Iterator[Callable[[], int]]:
    """Whoever the settings name, for so many batches; a single batch is cleaned in this process, which saves the start
    of others. Yields what tells how many batches may be handed over at once: a thread of the flow waits for each.

    Where the run is broken off, batches that wait are dropped; those under way are finished by processes (seconds) and
    left by nodes.
    """
    global _crew
    crew = _crew = _hired(batches, place, settings)
    try:
        yield lambda: crew.most if crew else 1
    finally:
        if _crew:
            _crew.close()


def _hired(batches: int, place: Workplace, settings: WorkerSettings) -> _Crew | None:
    if settings.engine == "ray":
        from onrecord.flows.running.cluster import Cluster

        place.hand_out()
        return _Nodes(Cluster(settings))
    return _Processes(min(batches, cores())) if batches > 1 and cores() > 1 else None


def clean_batch(place: Workplace, batch: int, settings: CleanSettings) -> Tally:
    """Clean a batch where the pool does it, or here where there is none. Raises CalledOff."""
    if _crew is None:
        return clean_step(place, batch, settings)
    return _crew.do(clean_step, place, batch, settings)


def each(settings: WorkerSettings) -> Each:
    """Who does the parts of a stage that this process does not do alone: this process, on all its cores, or nodes."""
    if settings.engine == "ray":
        from onrecord.flows.running.cluster import Cluster

        return Cluster(settings).each
    return starmap


def _begin() -> None:
    # Ctrl-C and a cancel in the UI, which reach them too, are for the run: it lets them end the batch they are at.
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, signal.SIG_IGN)
    if parent := parent_process():
        # It may have been killed in the seconds in which this one imported its modules.
        die_with_parent(parent.pid or 0, signal.SIGKILL)
    # One process a core: threads inside them would only contend.
    os.environ["OMP_NUM_THREADS"] = "1"

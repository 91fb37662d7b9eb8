"""The processes that clean: each loads its models once and keeps them for as long as the run needs it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import BoundedSemaphore
from typing import Any

from onrecord.flows.running.children import die_with_parent
from onrecord.pipeline.core.parts import Tally
from onrecord.pipeline.core.settings import CleanSettings
from onrecord.pipeline.machine.cores import cores
from onrecord.pipeline.stages.steps import Workplace, clean_step

_pool: ProcessPoolExecutor | None = None
_idle = BoundedSemaphore()
_closing = False


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
    """The run ends before this batch was begun."""


@contextmanager
def pool(batches: int) -> Iterator[None]:
    """Processes for so many batches; a single batch is cleaned in this process, which saves their start.

    Where the run is broken off, batches that wait are dropped and those under way are finished: seconds.
    """
    global _pool, _idle, _closing
    _pool, _closing = None, False
    if batches < 2 or cores() < 2:
        yield
        return
    processes = min(batches, cores())
    _pool = ProcessPoolExecutor(processes, mp_context=_Spawning(), initializer=_begin)
    _idle = BoundedSemaphore(processes)
    try:
        yield
    finally:
        _closing = True
        _pool.shutdown()


def clean_batch(place: Workplace, batch: int, settings: CleanSettings) -> Tally:
    """Clean a batch in a process of the pool, or here where there is none. Raises CalledOff."""
    if _pool is None:
        return clean_step(place, batch, settings)
    # What is handed to a pool before a process is idle can no longer be called off.
    with _idle:
        if _closing:
            raise CalledOff
        return _pool.submit(clean_step, place, batch, settings).result()


def _begin() -> None:
    # Ctrl-C and a cancel in the UI, which reach them too, are for the run: it lets them end the batch they are at.
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, signal.SIG_IGN)
    if parent := parent_process():
        # It may have been killed in the seconds in which this one imported its modules.
        die_with_parent(parent.pid or 0, signal.SIGKILL)
    # One process a core: threads inside them would only contend.
    os.environ["OMP_NUM_THREADS"] = "1"

"""Imports without the garbage collector.

It would walk all that has been imported again and again, for the run's every new object and once more at the end of the
process, and find none of it to be garbage: a fifth of the time that imports take, and a second and a half at the end.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from threading import Thread


@contextmanager
def uncollected() -> Iterator[None]:
    """Import inside the block without the collector; what stands at its end is never looked at again.

    For once a process: what is garbage by then stays.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def import_ahead() -> None:
    """Import what the gates and the later stages need beside other work: it takes longer than all else together."""
    # No daemon: one that is cut off inside an import can take the process down with it.
    Thread(target=_later).start()


def _later() -> None:
    # What cannot be imported is told where it is needed.
    with uncollected(), suppress(ImportError):
        from onrecord.expectations.gate import warm

        warm()
        for name in _STAGES:
            import_module(name)


_STAGES = (
    "onrecord.pipeline.stages.clean",
    "onrecord.pipeline.stages.embed",
    "onrecord.pipeline.stages.cluster",
    "faiss",
    "leidenalg",
)
"""What the stages import when they begin, and what of that takes a tenth of a second."""

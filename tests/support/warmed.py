"""The command line in processes forked from a warmed one: the real thing, without its five seconds of imports.

A server (multiprocessing's "forkserver") imports packages of others, none of ours, and starts no thread of work, so
forking it is safe; every command then is a process of its own that imports OnRecord and loads the real models.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path

HEAVY = [
    "great_expectations",
    "trafilatura",
    "faiss",
    "igraph",
    "leidenalg",
    "scipy.sparse",
    "rich.progress",
    "typer",
    # What Prefect stands on.
    "coolname",
    "fastapi",
    "griffe",
    "httpx",
    "humanize",
    "pendulum",
    "pydantic_settings",
    "websockets",
]
"""Not Prefect: its settings are read as it is imported, and every command has its own. Nor what starts threads as it is
imported: polars, DuckDB, ONNX Runtime."""

_CONTEXT = get_context("forkserver")

Deed = Callable[[], None]
"""Something that is done in the process of a command before it begins."""


def start(more: Sequence[str] = (), **environment: str) -> None:
    """Start the process that commands are forked from, unless it runs: it imports HEAVY, and `more`."""
    before = dict(os.environ)
    _CONTEXT.set_forkserver_preload([*HEAVY, *more])
    # Great Expectations decides as it is imported; OnRecord says so too, but comes later here.
    os.environ.update(environment, GX_ANALYTICS_ENABLED="false")
    try:
        ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


def onrecord(
    arguments: Sequence[str],
    place: Path,
    environment: Mapping[str, str],
    told: tuple[Path, Path],
    deeds: Sequence[Deed] = (),
) -> BaseProcess:
    """Start `onrecord ARGUMENTS` in the folder `place`; `told` are the files of what it prints and of its errors."""
    start()
    process: BaseProcess = _CONTEXT.Process(
        target=_be, args=(tuple(arguments), place, dict(environment), told, tuple(deeds))
    )
    process.start()
    return process


def _be(
    arguments: tuple[str, ...],
    place: Path,
    environment: dict[str, str],
    told: tuple[Path, Path],
    deeds: tuple[Deed, ...],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for number, path in enumerate(told, 1):
        output = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(place)
    sys.argv = ["onrecord", *arguments]
    for deed in deeds:
        deed()
    from onrecord.flows.commands.cli import main

    try:
        main()
    finally:
        # A process of multiprocessing ends without what others want done at its end.
        atexit._run_exitfuncs()

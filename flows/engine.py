"""The engine of a run for which no Prefect server is configured: a temporary one of its own.

Prefect's built-in temporary server shares the run's process group, so that Ctrl-C kills the server first and the run
then waits for it in vain; and it outlives a run that is killed. This one hears no Ctrl-C, and dies with its run.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

START_SECONDS = 180
_PR_SET_PDEATHSIG = 1
_SERVER = """
import os, sys
from flows.engine import die_with_parent
die_with_parent()
os.execv(sys.executable, [sys.executable, "-m", "uvicorn", "--factory",
    "prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", sys.argv[1],
    "--log-level", "error", "--lifespan", "on"])
"""


class EngineError(RuntimeError):
    """The temporary server does not start; the message says why."""


def die_with_parent() -> None:
    """See to it that this process ends when its parent does, however that ends (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def engine() -> Iterator[None]:
    """A Prefect API for what runs inside: the one that is configured, else a temporary one on loopback.

    Raises EngineError where it does not start.
    """
    from prefect.logging.handlers import APILogHandler
    from prefect.settings import PREFECT_API_URL, temporary_settings

    if PREFECT_API_URL.value():
        yield
        return
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", _SERVER, str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "PREFECT_UI_ENABLED": "0", "PREFECT_SERVER_UI_ENABLED": "0"},
        )
        try:
            address = f"http://127.0.0.1:{port}/api"
            _await(process, address, log)
            with temporary_settings({PREFECT_API_URL: address}):
                try:
                    yield
                finally:
                    APILogHandler().flush()
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _await(process: subprocess.Popen[bytes], address: str, log: IO[bytes]) -> None:
    import httpx

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log.seek(0)
            last = log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise EngineError(
                f"the temporary Prefect server ended while it started: {' '.join(last)}"
            )
        try:
            if httpx.get(f"{address}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise EngineError(f"the temporary Prefect server did not answer within {START_SECONDS} s")

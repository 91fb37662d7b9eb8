"""The engine of a run for which no Prefect server is configured: a temporary one of its own.

Prefect's built-in temporary server shares the run's process group, so that Ctrl-C kills the server first and the run
then waits for it in vain; and it outlives a run that is killed. This one hears no Ctrl-C, and dies with its run.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from onrecord.flows.running import children
from onrecord.pipeline.core.problems import OnRecordError

START_SECONDS = 180
_TEMPORARY = {
    # As Prefect says it to its own: no UI, and none of the services that look after schedules and workers.
    "PREFECT__SERVER_EPHEMERAL": "1",
    # A quarter of its start. Whoever makes a block registers its type.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
}
REACH_SECONDS = 20


class EngineError(OnRecordError, RuntimeError):
    """A Prefect server does not start; the message says why."""


@contextmanager
def engine() -> Iterator[Callable[[], None]]:
    """A Prefect API for what runs inside: the one that is configured, else a temporary one on loopback.

    A temporary one takes three seconds of one core to start. Until it is needed something else can be done, or found
    not to need it: what is given waits for it, and raises EngineError where it does not start, or where the one that
    is configured does not answer.
    """
    if address := os.environ.get("PREFECT_API_URL"):
        yield lambda: reach(address)
        return
    if "prefect" in sys.modules and _turned_to():
        yield lambda: None
        return
    port = _free_port()
    with ExitStack() as held:
        log = held.enter_context(tempfile.NamedTemporaryFile())
        # Before Prefect is imported, which takes a second itself; in vain where a profile of Prefect names a server.
        process = start_server("127.0.0.1", port, log.file, **_TEMPORARY)
        held.callback(children.stop, process)
        try:
            yield lambda: _use(process, f"http://127.0.0.1:{port}/api", Path(log.name), held)
        except Exception as error:
            if children.killed_by(process) and _unanswered(error):
                raise EngineError(
                    f"{_ENDED.format(children.killed_by(process))} amid the run. Nothing was published; `onrecord run`"
                    f" again goes on from here.{_MEMORY}"
                ) from error
            raise


_ENDED = "the temporary Prefect server of this run was ended from outside, by {},"
_MEMORY = " If nobody did that, the system may be short of memory: `dmesg` says what it has ended for that."


def _unanswered(error: BaseException | None) -> bool:
    """Whether it began with a server that does not answer."""
    import httpx

    while error is not None and not isinstance(error, httpx.TransportError):
        error = error.__cause__ or error.__context__
    return error is not None


def _use(process: subprocess.Popen[bytes], address: str, log: Path, held: ExitStack) -> None:
    """Let Prefect turn to a temporary server, when it answers, until `held` ends."""
    from prefect import settings
    from prefect.logging.handlers import APILogHandler

    if _turned_to():
        children.stop(process)
        return
    await_server(process, address, log)
    told = {
        settings.PREFECT_API_URL: address,
        # Nobody listens for them, and the flow would wait for their thread a second at its end.
        settings.PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        # A password that servers here ask for is asked for by this one too.
        settings.PREFECT_API_AUTH_STRING: settings.PREFECT_SERVER_API_AUTH_STRING.value(),
    }
    held.enter_context(settings.temporary_settings(told))
    held.callback(lambda: APILogHandler().flush())


def _turned_to() -> str | None:
    """The address of the API that Prefect turns to: of a profile, or of an engine that runs already."""
    from prefect import settings

    return settings.PREFECT_API_URL.value()


def reach(address: str) -> None:
    """Ask a server for a sign of life. Raises EngineError, with what to do, where it gives none."""
    import httpx

    try:
        httpx.get(f"{address}/health", timeout=REACH_SECONDS).raise_for_status()
    except httpx.HTTPError as error:
        raise EngineError(
            f"no Prefect server answers at {address} ({error}): start it (`onrecord up`, `onrecord ui`), or unset"
            " PREFECT_API_URL"
        ) from None


def start_server(
    host: str, port: int, log: IO[bytes], **environment: str
) -> subprocess.Popen[bytes]:
    """Start a Prefect server that hears no Ctrl-C and dies with this process."""
    return children.start(
        ["-m", "onrecord.flows.serving.server", host, str(port)], log, **environment
    )


def await_server(
    process: subprocess.Popen[bytes],
    address: str,
    log: Path,
    waiting: Callable[[float], None] = lambda _: None,
) -> None:
    """Wait until a server answers; `waiting` hears the seconds. Raises EngineError, with its last words."""
    import httpx

    began = time.monotonic()
    # One client for all: to make one takes as long as half the time between two questions.
    with httpx.Client(timeout=5) as client:
        while (seconds := time.monotonic() - began) < START_SECONDS:
            waiting(seconds)
            if signal := children.killed_by(process):
                raise EngineError(
                    f"the Prefect server was ended from outside, by {signal}, while it started; try again.{_MEMORY}"
                )
            if process.poll() is not None:
                told = children.last_lines(log)
                raise EngineError(f"the Prefect server ended while it started:\n{told}")
            try:
                if client.get(f"{address}/health").is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
    raise EngineError(f"the Prefect server did not answer within {START_SECONDS} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

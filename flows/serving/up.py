"""Everything that a day's work needs, under one command: a Prefect server, the deployments on it, a worker, the pages.

DIR/prefect/            the server's home (its SQLite database), unless PREFECT_HOME names another
DIR/prefect/server.log  what the server says, worker.log the worker, pages.log the pages: those of the last start
DIR/prefect/up.lock     held while it is up
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from onrecord.flows.running import children
from onrecord.flows.running.exits import BUSY, FAILED, USAGE, Exit, usable
from onrecord.flows.serving.exposure import AUTH, guard, may_be_exposed
from onrecord.pipeline.core.settings import Settings

DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_POSTGRES = re.compile(r"^postgres(ql)?://")
"""As most give it; Prefect has one driver for it, which it wants named."""

WORKER_SECONDS = 120
STOP_SECONDS = 40.0
"""What a run under way gets to finish its batches in: seconds, for the most part."""


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int
    pages: int
    """The port of the pages."""

    @property
    def ui(self) -> str:
        """The address of the UI, as this machine reaches it."""
        return f"http://{_named(self.host)}:{self.port}"

    @property
    def pages_host(self) -> str:
        """Where the pages listen: others reach them only where it is told who may."""
        return self.host if may_be_exposed() else "127.0.0.1"

    @property
    def looked_at(self) -> str:
        """The address of the pages."""
        return f"http://{_named(self.pages_host)}:{self.pages}/"

    @property
    def api(self) -> str:
        """The address of the API."""
        return f"{self.ui}/api"


def up(settings: Settings, config: Path | None, address: Address, *, show: bool) -> None:
    """Start server, deployments, automations and a worker; stay until stopped; stop all of them.

    Ends the command where one is up already, where the port is taken, and where anything does not start or dies,
    with the last words of what died. `show` opens the UI in a browser.
    """
    guard(address.host)
    home = _home(settings)
    with _only_one(home, address), ExitStack() as started:
        _heed(signal.default_int_handler)
        try:
            _free(address.host, address.port)
            _free(address.pages_host, address.pages, "--pages-port")
            _environment(home, address)
            watched = _start(settings, config, address, home, started)
            _tell(settings, address, home)
            if show:
                _open(address)
            _watch(watched)
        except KeyboardInterrupt:
            _say("stopping: a run under way ends its batches, and the next one goes on from there")
        finally:
            _heed(signal.SIG_IGN)
    _say("stopped")


def _start(
    settings: Settings, config: Path | None, address: Address, home: Path, started: ExitStack
) -> dict[str, Child]:
    from onrecord.flows.serving.temporary import EngineError, await_server, start_server

    log = home / "server.log"
    with _step("Prefect server") as waiting:
        with log.open("wb") as file:
            server = Child(start_server(address.host, address.port, file), log)
        started.callback(children.stop, server.process)
        # While it starts. Prefect reads its settings when it is imported, and it is not before here.
        from onrecord.flows import record  # noqa: F401
        from onrecord.flows.serving import automations, deployments

        try:
            await_server(server.process, address.api, log, waiting)
        except EngineError as error:
            raise Exit(FAILED, f"{error}\n(all it said: {log})") from None
    with _step("deployments and automations"):
        _bury()
        deployments.deploy(settings, config)
        try:
            automations.apply(settings)
        except automations.NobodyToTell as error:
            _say(f"nobody is told: {error}")
    log = home / "worker.log"
    with _step("worker") as waiting:
        arguments = ["-m", "prefect", "worker", "start", "--pool", deployments.POOL]
        arguments += ["--type", "process", "--limit", "1", "--name", _worker_name()]
        with log.open("wb") as file:
            worker = Child(children.start(arguments, file), log)
        started.callback(children.stop, worker.process, STOP_SECONDS)
        _await_worker(worker, waiting)
    with _step("pages") as waiting:
        pages = _pages(settings, config, address, home, started)
        _await_pages(pages, address, waiting)
    return {"server": server, "worker": worker, "pages": pages}


def _pages(
    settings: Settings, config: Path | None, address: Address, home: Path, started: ExitStack
) -> Child:
    log = home / "pages.log"
    arguments = ["-m", "onrecord", "--warehouse", str(settings.warehouse)]
    arguments += ["--config", str(config)] if config else []
    arguments += ["browse", "--no-open", "--host", address.pages_host, "--port", str(address.pages)]
    with log.open("wb") as file:
        pages = Child(children.start(arguments, file), log)
    started.callback(children.stop, pages.process)
    return pages


def _await_pages(pages: Child, address: Address, waiting: Callable[[float], None]) -> None:
    import httpx

    began = time.monotonic()
    while (seconds := time.monotonic() - began) < WORKER_SECONDS:
        waiting(seconds)
        pages.check("server of the pages")
        try:
            # Whatever they answer, they answer.
            httpx.get(f"{address.looked_at}static/style.css", timeout=5, trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise Exit(FAILED, f"the pages did not answer within {WORKER_SECONDS} s (see {pages.log})")


@dataclass(frozen=True)
class Child:
    """A process that this one started, and what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def check(self, name: str) -> None:
        """End the command where the process has ended by itself."""
        if self.process.poll() is not None:
            raise Exit(
                FAILED,
                f"the {name} ended by itself (code {self.process.returncode}):\n"
                f"{children.last_lines(self.log)}\n(all it said: {self.log})",
            )


def _bury() -> None:
    """Say of the runs that were under way when the server last went down that they crashed: nobody works at them.

    Else they would hold the one place that there is for a run.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        FlowRunFilter,
        FlowRunFilterState,
        FlowRunFilterStateType,
    )
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    under_way = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    filtered = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=under_way)))
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=filtered):
            reason = Crashed(message="it was under way when the server went down")
            client.set_flow_run_state(run.id, reason, force=True)


def _watch(watched: dict[str, Child]) -> None:
    """Stay as long as all of them live."""
    while True:
        for name, child in watched.items():
            child.check(name)
        time.sleep(1)


def _await_worker(worker: Child, waiting: Callable[[float], None]) -> None:
    from prefect.client.orchestration import get_client

    from onrecord.flows.serving.deployments import POOL

    began, since = time.monotonic(), datetime.now(UTC).isoformat()
    with get_client(sync_client=True) as client:
        while (seconds := time.monotonic() - began) < WORKER_SECONDS:
            waiting(seconds)
            worker.check("worker")
            there = client.request(
                "POST",
                "/work_pools/{work_pool_name}/workers/filter",
                path_params={"work_pool_name": POOL},
            ).json()
            # An earlier worker of this name may still be listed as online.
            if any(each["last_heartbeat_time"] > since for each in there):
                return
            time.sleep(0.3)
    raise Exit(FAILED, f"the worker did not report within {WORKER_SECONDS} s (see {worker.log})")


def _home(settings: Settings) -> Path:
    if os.environ.get("PREFECT_API_URL"):
        raise Exit(
            USAGE,
            f"PREFECT_API_URL names a server already ({os.environ['PREFECT_API_URL']}): `onrecord serve` runs the"
            " schedules there; unset it to start one of your own",
        )
    home = Path(os.environ.get("PREFECT_HOME") or settings.warehouse / "prefect").resolve()
    usable(home, "set PREFECT_HOME, or --warehouse")
    return home


def _environment(home: Path, address: Address) -> None:
    """What the server, the worker and its runs must know; a setting of the user's own stays."""
    os.environ["PREFECT_API_URL"] = address.api
    os.environ["PREFECT_HOME"] = str(home)
    os.environ.setdefault("PREFECT_UI_URL", address.ui)
    os.environ.setdefault("PREFECT_UI_API_URL", address.api)
    if password := os.environ.get(AUTH):
        os.environ.setdefault("PREFECT_API_AUTH_STRING", password)
    if database := os.environ.get(DATABASE):
        os.environ[DATABASE] = _POSTGRES.sub("postgresql+asyncpg://", database)


@contextmanager
def _only_one(home: Path, address: Address) -> Iterator[None]:
    """Hold the home of the server. Ends the command where another process does, with the address it said."""
    from filelock import FileLock, Timeout

    held, about = FileLock(home / "up.lock", timeout=0), home / "up.address"
    try:
        held.acquire()
    except Timeout:
        where = about.read_text("utf-8") if about.exists() else "an address it has not told yet"
        raise Exit(
            BUSY, f"it is up already, at {where}; stop that one first (Ctrl-C there)"
        ) from None
    try:
        about.write_text(f"{address.ui} (process {os.getpid()})", "utf-8")
        yield
    finally:
        about.unlink(missing_ok=True)
        held.release()


def _free(host: str, port: int, option: str = "--port") -> None:
    """End the command where something else listens at the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the server will: a port that was left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Exit(
                FAILED,
                f"cannot listen at {host}:{port}: {error.strerror}; name another port, such as"
                f" `onrecord up {option} {port + 1}`",
            ) from None


def beside(host: str, port: int) -> int:
    """The first port after another at which nobody listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for other in range(port + 1, min(port + 100, 65_536)):
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, other))
            except OSError:
                continue
            return other
    return port + 1


def _heed(how: signal.Handlers | Callable[[int, FrameType | None], None]) -> None:
    """What Ctrl-C, SIGTERM and a closed terminal do: interrupt it, or nothing while it is stopping."""
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, how)


@contextmanager
def _step(what: str) -> Iterator[Callable[[float], None]]:
    """Show that something is under way and for how long, then how long it took."""
    from rich.console import Console

    console, began = Console(stderr=True, highlight=False), time.monotonic()
    if not console.is_terminal:
        yield lambda _: None
    else:
        with console.status(f"{what} ...") as status:
            yield lambda seconds: status.update(f"{what} ... {seconds:.0f} s")
    console.print(f"{what}: {time.monotonic() - began:.1f} s")


def _tell(settings: Settings, address: Address, home: Path) -> None:
    from onrecord.flows.serving.deployments import told

    print(f"OnRecord is up: {address.ui}")
    print(f"Look at the record: {address.looked_at}")
    for line in told(settings):
        print(line)
    print(f"Run it at once: PREFECT_API_URL={address.api} onrecord run")
    print(f"Logs: {home}/server.log, worker.log, pages.log. Ctrl-C ends all of it.")
    sys.stdout.flush()
    if service := os.environ.get("NOTIFY_SOCKET"):
        # systemd (Type=notify) waits for this word.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(b"READY=1", service.replace("@", "\0", 1))


def _open(address: Address) -> None:
    import webbrowser

    if not webbrowser.open(address.ui):
        _say("no browser to open here; go to the address above")


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _named(host: str) -> str:
    """A host as this machine reaches it."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    return anywhere.get(host, host)


def _worker_name() -> str:
    return socket.gethostname()

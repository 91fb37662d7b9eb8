"""One writer at a time: an advisory lock of Postgres, which lets go of it when the session that took it ends.

Sessions of DuckDB come and go from a pool, so the lock has one for itself, by the driver that Prefect brings.
A writer that dies loses its connection, and a machine that goes is found out by Postgres within two minutes.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Any

from onrecord.pipeline.core.problems import NotReady
from onrecord.warehouse.errors import WarehouseBusy
from onrecord.warehouse.lake.catalog import EXTRA, Lake, words

_KEY = 0x6F6E7265636F7264
"""The number of the lock: of a database, one lake's."""
_PATIENCE = 8.0
_KEEPALIVE = {
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "15",
    "tcp_keepalives_count": "4",
}


class Session:
    """A session of Postgres, in a thread of its own: who calls may have a loop that runs."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._thread = ThreadPoolExecutor(1, "onrecord-lake")
        self._runner = asyncio.Runner()
        try:
            self._connection = self._run(self._connect)
        except BaseException:
            self.close()
            raise

    async def _connect(self) -> Any:
        try:
            import asyncpg
        except ImportError:
            raise NotReady(f"publish.store: ducklake needs asyncpg: {EXTRA}") from None
        name = f"onrecord {os.getpid()} on {socket.gethostname()}"
        try:
            return await asyncpg.connect(
                self._lake.catalog,
                timeout=_PATIENCE,
                command_timeout=30,
                server_settings={"application_name": name[:63], **_KEEPALIVE},
            )
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise NotReady(
                f"{self._lake.shown} cannot be reached: {words(error)}; {_remedy(error)}"
            ) from None

    def ask(self, sql: str, *values: object) -> Any:
        """The first value of an answer. Raises NotReady where the connection is lost, or what is asked is refused."""
        import asyncpg

        try:
            return self._run(lambda: self._connection.fetchval(sql, *values))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise NotReady(
                f"{self._lake.shown}: the connection does not answer: {words(error)}; {_remedy(error)}"
            ) from None

    def close(self) -> None:
        """End it, and with it whatever it held."""
        connection = getattr(self, "_connection", None)
        if connection is not None:
            with suppress(Exception):
                self._run(lambda: connection.close(timeout=2))
        with suppress(Exception):
            self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _run(self, call: Callable[[], Awaitable[Any]]) -> Any:
        async def awaited() -> Any:
            return await call()

        return self._thread.submit(lambda: self._runner.run(awaited())).result()


_held: dict[Lake, list[Any]] = {}
"""What this process holds: the session, and how many asked for it."""
_one = RLock()


@contextmanager
def writing(lake: Lake, wait: float = 0.0) -> Iterator[None]:
    """Be the lake's only writer. Raises WarehouseBusy.

    A process may ask again for what it holds: that sees whether it still does. A session that was lost (Postgres
    started anew) is taken up again, unless another writer has come meanwhile.
    """
    with _one:
        held = _held.setdefault(lake, [None, 0])
        held[1] += 1
    try:
        with _one:
            _assure(lake, held, wait)
        yield
    finally:
        with _one:
            held[1] -= 1
            if not held[1]:
                _held.pop(lake, None)
                if held[0] is not None:
                    held[0].close()


def _assure(lake: Lake, held: list[Any], wait: float) -> None:
    if held[0] is not None:
        with suppress(Exception):
            held[0].ask("SELECT 1")
            return
        held[0].close()
        held[0] = None
    session = Session(lake)
    try:
        until = time.monotonic() + wait
        while not session.ask("SELECT pg_try_advisory_lock($1)", _KEY):
            if time.monotonic() >= until:
                raise WarehouseBusy(
                    f"{lake.shown} is being written by {_holder(session)}; try again later"
                )
            time.sleep(min(1.0, max(until - time.monotonic(), 0.0)))
    except BaseException:
        session.close()
        raise
    held[0] = session


def _holder(session: Session) -> str:
    told = session.ask(
        "SELECT application_name || ', since ' || date_trunc('second', backend_start)"
        " FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = $1",
        _KEY,
    )
    return str(told or "another process")


def _remedy(error: Exception) -> str:
    kind = type(error).__name__
    if kind == "InvalidCatalogNameError":
        return "make that database (createdb), or mend publish.catalog"
    if "Password" in kind or "Authorization" in kind:
        return "give PGPASSWORD, or a line in ~/.pgpass"
    return "start Postgres, or mend publish.catalog"

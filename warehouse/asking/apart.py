"""Questions in SQL of anybody, each in a process of its own: what it exhausts or breaks ends that one alone.

The processes are forked, in some milliseconds, from one that has imported what they need and done nothing besides:
`python -m onrecord.warehouse.asking.apart`, which ends with whoever started it. It is handed one end of a pair of
sockets a question; over the other come the answer, or the words whose vector is wanted. What goes over them is JSON,
numbers and Arrow, none of it code: who asks does not trust who answers.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import weakref
from array import array
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

import polars as pl

from onrecord.pipeline.machine import memory
from onrecord.pipeline.machine.cores import cores
from onrecord.warehouse import errors
from onrecord.warehouse.asking.query import Encode, Limits, query
from onrecord.warehouse.errors import QueryError, TooLong, WarehouseError

MARGIN = 384 << 20
"""Bytes that a question may take beyond what DuckDB is allowed: what it does not count, and the answer itself."""
_A_CORE = 32 << 20
"""And so many more for the threads of each core, which set them aside and hardly use them."""
_LATE = 5.0
"""Seconds after which a process is ended that does not hear that its time is over."""
_LONGEST = 1 << 30
"""Bytes of an answer."""

USUAL = Limits()
_ANSWER, _REFUSED, _WORDS = b"a", b"r", b"w"
_LIMITED = {
    # No threads of allocators and of OpenBLAS, and no address space set aside for each thread there is.
    "_RJEM_MALLOC_CONF": "background_thread:false",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class Apart:
    """Who answers in processes of their own; the one that they are forked from starts with the first question."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forking: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        # Also where nobody closes it.
        self._end = weakref.finalize(self, dict)

    def start(self) -> None:
        """Have the process ready that others are forked from; it imports in its own time."""
        with self._lock:
            self._ready()

    def close(self) -> None:
        """End it."""
        with self._lock:
            self._end()
            self._line = None

    def query(
        self, folder: Path, sql: str, *, encode: Encode | None = None, limits: Limits = USUAL
    ) -> pl.DataFrame:
        """What `query` answers, and raises; QueryError too where the process that was asked ended without an answer."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._hand_over(theirs)
        with Connection(ours.detach()) as asked:
            try:
                return _heard(asked, folder, sql, encode, limits)
            except (EOFError, ConnectionError) as error:
                raise QueryError(
                    f"it took more memory than the {limits.memory} that a query may take here and what goes with"
                    " them, or broke DuckDB: narrow it down"
                ) from error

    def _hand_over(self, end: socket.socket) -> None:
        with self._lock:
            try:
                socket.send_fds(self._ready(), [b"?"], [end.fileno()])
            except OSError:
                # It was ended from outside meanwhile.
                self._end()
                self._line = None
                socket.send_fds(self._ready(), [b"?"], [end.fileno()])

    def _ready(self) -> socket.socket:
        if self._line is None or self._forking is None or self._forking.poll() is not None:
            self._end()
            self._line, theirs = socket.socketpair()
            with theirs:
                self._forking = subprocess.Popen(
                    [sys.executable, "-m", "onrecord.warehouse.asking.apart"],
                    stdin=theirs,
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, **_LIMITED, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            self._end = weakref.finalize(self, _ended, self._line, self._forking)
        return self._line


def _ended(line: socket.socket, forking: subprocess.Popen[bytes]) -> None:
    line.close()
    forking.wait()


def _heard(
    asked: Connection, folder: Path, sql: str, encode: Encode | None, limits: Limits
) -> pl.DataFrame:
    told = {
        "folder": str(folder.absolute()),
        "sql": sql,
        "encodes": encode is not None,
        "seconds": limits.seconds,
        "memory": limits.memory,
        "rows": limits.rows,
    }
    asked.send_bytes(json.dumps(told).encode())
    until = None if limits.seconds is None else time.monotonic() + limits.seconds + 2 * _LATE
    while True:
        if until is not None and not asked.poll(max(0.0, until - time.monotonic())):
            raise TooLong(f"it took longer than {limits.seconds:g} s: narrow it down")
        kind = asked.recv_bytes(1)
        body = asked.recv_bytes(_LONGEST)
        if kind == _WORDS and encode is not None:
            asked.send_bytes(array("d", encode(body.decode())).tobytes())
        elif kind == _REFUSED:
            raise _refusal(*json.loads(body))
        else:
            return pl.read_ipc_stream(body) if body else pl.DataFrame()


def _refusal(name: str, words: str) -> WarehouseError:
    kind = getattr(errors, name, None)
    is_ours = isinstance(kind, type) and issubclass(kind, WarehouseError)
    return kind(words) if is_ours else QueryError(words)


def _answer(asking: Connection) -> None:
    """Answer one question, in the process that was forked for it."""
    told = json.loads(asking.recv_bytes())
    limits = Limits(told["seconds"], told["memory"], told["rows"])
    if limits.seconds is not None:
        # Nobody handles it: it ends the process even where DuckDB never looks up.
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _LATE)
    memory.allow(memory.parsed(limits.memory) + MARGIN + cores() * _A_CORE)

    def encode(words: str) -> list[float]:
        _say(asking, _WORDS, words.encode())
        return list(array("d", asking.recv_bytes()))

    try:
        made = query(
            Path(told["folder"]),
            told["sql"],
            encode=encode if told["encodes"] else None,
            limits=limits,
        )
        body = made.write_ipc_stream(None).getvalue() if made.width else b""
    except (WarehouseError, MemoryError) as error:
        words = str(error) or f"it took more memory than the {limits.memory} that a query may take"
        _say(asking, _REFUSED, json.dumps([type(error).__name__, words]).encode())
    else:
        _say(asking, _ANSWER, body)


def _say(to: Connection, kind: bytes, body: bytes) -> None:
    to.send_bytes(kind)
    to.send_bytes(body)


def _fork(line: socket.socket) -> None:
    """Fork for each question until whoever asks is gone."""
    # DuckDB would import it with the first answer of each.
    import pyarrow.dataset  # noqa: F401

    # Ctrl-C is for whoever started this; that ends it, too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The system takes away what has ended.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        _, handed, _, _ = socket.recv_fds(line, 1, 1)
        if not handed:
            return
        if os.fork():
            os.close(handed[0])
            continue
        try:
            line.close()
            # Who asked may have gone.
            with suppress(EOFError, ConnectionError):
                _answer(Connection(handed[0]))
        finally:
            sys.stderr.flush()
            os._exit(0)


if __name__ == "__main__":
    _fork(socket.socket(fileno=0))

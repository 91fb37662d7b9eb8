"""Processes of our own that take the text out of HTML pages, all cores at work, none able to hang the run.

A worker is `python -m onrecord.pipeline.readers.html.page_workers`: it reads a page a message and answers with its
text. An item that takes longer than it may costs its worker, which is started anew. Plain pipes, because the standard
pools import the caller's main module again, cannot kill one task, and are refused to daemons.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, TypeVar

from onrecord.pipeline.machine.ahead import in_order
from onrecord.pipeline.machine.cores import cores
from onrecord.pipeline.readers.html.extraction import Page, extract

Item = TypeVar("Item")
# Of a core's time, so that a busy machine does not refuse what an idle one reads.
SECONDS_A_PAGE = 2.0
_WALL_SECONDS = 30.0
# The first answer waits for the imports too.
_SECONDS_TO_START = 60.0
_LENGTHS = struct.Struct(">II")
_PIPE_BYTES = 1 << 20


class _Worker:
    """One process; used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, html: str, url: str | None, seconds: float) -> Page:
        """The page's text, or a refusal as too_slow or damaged where the worker hung or died."""
        process = self._start()
        try:
            _send(process.stdin, {"url": url, "seconds": seconds}, html)
            answer, text = _receive(process.stdout, _WALL_SECONDS)
        except (BrokenPipeError, EOFError):
            ended = process.wait()
            self.stop()
            return Page(refused="too_slow" if ended == -signal.SIGPROF else "damaged")
        except TimeoutError:
            self.stop()
            return Page(refused="too_slow")
        return Page(text, **answer)

    def stop(self) -> None:
        """Ends the process, at once."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "onrecord.pipeline.readers.html.page_workers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            _widen(self._process.stdin)
            _receive(self._process.stdout, _SECONDS_TO_START)
        return self._process


class Pages:
    """A pool of workers, one a core unless told; `extract_all` keeps the order. Use it as a context."""

    def __init__(self, workers: int | None = None, seconds: float = SECONDS_A_PAGE) -> None:
        self._count = workers or cores()
        self._seconds = seconds
        self._workers: list[_Worker] = []
        self._local = threading.local()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    def extract_all(
        self, items: Iterable[Item], page_of: Callable[[Item], tuple[str, str | None] | None]
    ) -> Iterator[tuple[Item, Page | None]]:
        """Each item with its page, in order; None beside an item of which `page_of` gives no (html, url).

        Reads ahead by a few pages only, so that memory stays flat.
        """
        return in_order(
            items,
            lambda item: self._submit(*page) if (page := page_of(item)) else None,
            4 * self._count,
        )

    def _submit(self, html: str, url: str | None) -> Future[Page]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._count, "pages")
        return self._threads.submit(self._ask, html, url)

    def _ask(self, html: str, url: str | None) -> Page:
        worker: _Worker | None = getattr(self._local, "worker", None)
        if worker is None:
            worker = self._local.worker = _Worker()
            self._workers.append(worker)
        return worker.ask(html, url, self._seconds)


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a whole page wait in the pipe, where the system can do that; else it goes in pieces."""
    if pipe is not None and hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _send(pipe: IO[bytes] | None, message: object, text: str = "") -> None:
    """A message and a text, which goes as it is: a page would spend a millisecond on its way into JSON and out."""
    head, body = json.dumps(message).encode(), text.encode("utf-8", "surrogatepass")
    rest = memoryview(b"".join((_LENGTHS.pack(len(head), len(body)), head, body)))
    while rest and pipe is not None:
        rest = rest[pipe.write(rest) :]


def _receive(pipe: IO[bytes] | None, seconds: float | None = None) -> tuple[dict[str, Any], str]:
    """The next message and its text. Raises TimeoutError after `seconds`, EOFError where the other end is gone."""
    until = None if seconds is None else time.monotonic() + seconds
    head, body = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size, until))
    told: dict[str, Any] = json.loads(_exactly(pipe, head, until))
    return told, _exactly(pipe, body, until).decode("utf-8", "surrogatepass")


def _exactly(pipe: IO[bytes] | None, size: int, until: float | None) -> bytes:
    data = bytearray()
    while pipe is not None and len(data) < size:
        left = None if until is None else max(0.0, until - time.monotonic())
        if not select.select([pipe], [], [], left)[0]:
            raise TimeoutError
        part = pipe.read(size - len(data))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def serve() -> None:
    """The worker's life: announce itself, then a page a message until the pipe closes."""
    import logging
    import warnings

    # The answers go where print would; nothing else may.
    answers = open(os.dup(1), "wb", buffering=0)  # noqa: PTH123, SIM115
    os.dup2(2, 1)
    questions = open(0, "rb", buffering=0, closefd=False)  # noqa: SIM115
    logging.disable(logging.CRITICAL)
    # Libraries warn of what pages hold, such as a zone that nobody knows.
    warnings.simplefilter("ignore")
    # Paid here, and not by the first page's time limit: what an article needs to be read.
    extract(
        f"<html><body><article>{'<p>Ready to read what is said.</p>' * 20}</article></body></html>"
    )
    _send(answers, {})
    while True:
        try:
            question, html = _receive(questions)
        except EOFError:
            return
        # The timer ends this process, even inside a library that never looks up.
        signal.setitimer(signal.ITIMER_PROF, question["seconds"])
        page = extract(html, question["url"])
        signal.setitimer(signal.ITIMER_PROF, 0)
        told = page._asdict()
        text = told.pop("text")
        _send(answers, told, text)


if __name__ == "__main__":
    serve()

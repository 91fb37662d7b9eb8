"""What every hostile case runs under: nothing may reach out, and a server on loopback hears what tries.

Python's own connections are stopped by an audit hook, in this process and, by a `sitecustomize` on the path, in every
process that it starts. Libraries in C do not pass that hook, so whatever the corpus points at is the canary's address.
`python -m pytest tests/hostile` runs every case; the number of those that passed is the number that were held.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

_HOOK = """
import os, sys
def _refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        if isinstance(address, (str, bytes)) and event.startswith(("socket.connect", "socket.sendto")):
            return  # a socket in the file system
        with open(os.environ["ONRECORD_TEST_REACHED"], "a") as told:
            told.write(f"{event} {address}\\n")
        raise PermissionError(f"nothing may reach out: {event} {address}")
sys.addaudithook(_refuse)
"""


class Canary:
    """A server on loopback that notes who asks for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """Where hostile content points, to see whether anything goes there."""
    made = Canary()
    yield made
    made.stop()


_armed = False
_hooked = False


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if _armed and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        if event == "socket.connect" and isinstance(address, str | bytes):
            return
        raise PermissionError(f"nothing may reach out: {event} {address}")


@pytest.fixture(autouse=True)
def nothing_reaches_out(
    canary: Canary, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """No connection during the case, by this process or by those that it starts."""
    global _armed, _hooked
    if not _hooked:
        sys.addaudithook(_audit)
        _hooked = True
    home = tmp_path_factory.mktemp("guard")
    reached = home / "reached"
    (home / "sitecustomize.py").write_text(_HOOK, encoding="utf-8")
    monkeypatch.setenv("ONRECORD_TEST_REACHED", str(reached))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(home), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.syspath_prepend(str(home))
    asked = len(canary.asked)
    _armed = True
    try:
        yield
    finally:
        _armed = False
    assert canary.asked[asked:] == []
    assert not reached.exists(), reached.read_text()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file that nothing may read."""
    path = tmp_path / "secret" / "password.txt"
    path.parent.mkdir()
    path.write_text("SECRET-WORD “I am the secret,” said Sam Vault.", encoding="utf-8")
    return path

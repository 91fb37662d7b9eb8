"""The pages as a server: who is let in where, and how it is started."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from onrecord.flows.running.exits import FAILED, USAGE, Exit
from onrecord.flows.serving.exposure import MEND_TOKEN, READ_TOKEN, USER_HEADER, is_loopback
from onrecord.pipeline.core.settings import Settings
from onrecord.pipeline.machine import memory

if TYPE_CHECKING:
    from fastapi import FastAPI

    from onrecord.pages.guard import Access

PROXIES = "ONRECORD_PAGES_PROXIES"
MENDERS = "ONRECORD_PAGES_MENDERS"
SHORTEST = 16
"""Signs of a token: a shorter one is guessed."""


def serve(settings: Settings, host: str, port: int, prefix: str = "", *, show: bool) -> None:
    """Serve the pages until Ctrl-C. Ends the command where the address is taken, or others could come unasked."""
    import uvicorn

    memory.settle()
    made = application(settings, host, prefix)
    taken = listening(host, port)
    address = f"http://{_named(host)}:{taken.getsockname()[1]}{prefix.rstrip('/')}/"
    server = uvicorn.Server(
        uvicorn.Config(
            made,
            log_level="warning",
            access_log=False,
            server_header=False,
            # The guard looks at who is at the other end itself.
            proxy_headers=False,
            timeout_graceful_shutdown=5,
            lifespan="on",
        )
    )
    print(f"OnRecord: {address} (Ctrl-C ends it)", flush=True)
    if show:
        _open(address)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: setattr(server, "should_exit", True))
    try:
        server.run(sockets=[taken])
    except KeyboardInterrupt:
        return


def application(settings: Settings, host: str, prefix: str = "") -> FastAPI:
    """The pages of the record that `settings` name, for whoever reaches `host`."""
    from onrecord.pages.app import make

    def encode(words: str) -> Sequence[float]:
        from onrecord.pipeline.embedders.questions import vector_of

        return vector_of(words, settings.embed)

    def across(words: str) -> dict[str, list[float]]:
        from onrecord.pipeline.embedders import load_finders
        from onrecord.pipeline.statements.translated import questions

        return questions(words, load_finders(settings.embed))

    return make(
        settings.warehouse,
        encode=encode,
        across=across,
        access=access_at(host),
        prefix=prefix,
        prefect=_prefect(),
    )


def _prefect() -> str | None:
    """Where Prefect's UI is, as its own settings in the environment tell; None where they do not."""
    told = os.environ.get("PREFECT_UI_URL")
    api = os.environ.get("PREFECT_API_URL", "")
    return told or (api.removesuffix("/api") if api.endswith("/api") else None)


def access_at(host: str) -> Access:
    """Who may what, by the environment. Ends the command where others could come and nothing tells who may."""
    import getpass

    from onrecord.pages.guard import Access

    def listed(name: str) -> tuple[str, ...]:
        return tuple(filter(None, map(str.strip, os.environ.get(name, "").split(","))))

    read, mend = os.environ.get(READ_TOKEN, ""), os.environ.get(MEND_TOKEN, "")
    for name, token in ((READ_TOKEN, read), (MEND_TOKEN, mend)):
        if token and len(token) < SHORTEST:
            raise Exit(
                USAGE,
                f"{name}: give it {SHORTEST} signs or more; `openssl rand -hex 24` makes some",
            )
    made = Access(
        read_token=read,
        mend_token=mend,
        user_header=os.environ.get(USER_HEADER, ""),
        proxies=listed(PROXIES) or Access.proxies,
        menders=listed(MENDERS),
        local_user=getpass.getuser(),
    )
    if not is_loopback(host) and not made.exposed:
        raise Exit(
            USAGE,
            f"--host {host}: others can reach that, and could read and mend the record. Say first who may:\n"
            f"  export {READ_TOKEN}=...       # a token to read with\n"
            f"  export {MEND_TOKEN}=...  # one to mend with\n"
            f"  export {USER_HEADER}=X-Forwarded-User  # or the header in which your proxy names its user",
        )
    return made


def listening(host: str, port: int) -> socket.socket:
    """A socket at the address, at a free port where `port` is 0. Ends the command where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host.strip("[]"), port))
        # Who comes before the server is up waits for it.
        made.listen()
    except OSError as error:
        made.close()
        raise Exit(
            FAILED, f"cannot listen at {host}:{port}: {error.strerror}; name another --port"
        ) from None
    return made


def _named(host: str) -> str:
    """The host as this machine's browser reaches it."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104
    return anywhere.get(host, f"[{host.strip('[]')}]" if ":" in host else host)


def _open(address: str) -> None:
    def show() -> None:
        if not webbrowser.open(address):
            print("no browser to open here; go to the address above", file=sys.stderr, flush=True)

    threading.Timer(0.5, show).start()

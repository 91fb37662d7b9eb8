"""A real server on loopback that plays a news site, and wires that lead public addresses to it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore

PUBLIC = "93.184.215.14"
TEXT = "“The lock will open at dawn,” the harbour master of Orlen told the council on Friday."
PAGE = (
    "<html><head><title>Lock opens</title></head><body><article>"
    + "".join(f"<p>{TEXT} It was part {at} of a long and windy morning.</p>" for at in range(5))
    + "</article></body></html>"
)
Answer = tuple[int, Mapping[str, str], bytes]


class Site:
    """A server whose answers a test lays out by path; it remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[Any], None]] = {}
        self.asked: list[tuple[str, str, Mapping[str, str], float]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(
                    (self.headers["Host"], self.path, dict(self.headers), time.monotonic())
                )
                answer = site.answers.get(self.path.partition("?")[0], (404, {}, b""))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                etag = headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    status, body = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def lay(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": kind, **headers}, data)

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked if path != "/robots.txt"]


class Wires(httpcore.SyncBackend):
    """Leads public addresses to the test's server; remembers which address each connection asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reached: list[str] = []

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *args: Any, **options: Any
    ) -> httpcore.NetworkStream:
        self.reached.append(host)
        return super().connect_tcp("127.0.0.1", self.port, timeout)

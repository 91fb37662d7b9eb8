"""A mail server on loopback that keeps what it is handed."""

from __future__ import annotations

from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer


class MailServer(ThreadingTCPServer):
    """Takes every message; `told` are their subjects and plain texts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.told = list[str]()

    @property
    def address(self) -> str:
        """Where mail to the desk goes, as the notifier takes it."""
        return f"mailto://127.0.0.1:{self.server_address[1]}?from=onrecord@news.example&to=desk@news.example"


class _Session(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while command := self.rfile.readline()[:4].upper():
            if command == b"DATA":
                self._say("354 go on")
                self._keep(b"".join(iter(self.rfile.readline, b".\r\n")))
            self._say("221 bye" if command == b"QUIT" else "250 well")
            if command == b"QUIT":
                return

    def _keep(self, message: bytes) -> None:
        read = message_from_bytes(message, policy=policy.default)
        body = read.get_body(("plain",))
        self.server.told.append(f"{read['subject']}\n{body.get_content() if body else ''}")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

"""A headless Chromium that opens pages, says what they show and takes their picture, over its DevTools protocol.

What a page shows is asked for until it shows what is expected: Prefect's UI builds itself in the browser, and how long
that takes depends on the machine.
"""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--window-size=1400,1000",
)
SECONDS = 90


def find() -> str:
    """Chromium's path. Raises FileNotFoundError, saying how to get it."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError(
        "no Chromium on this machine: `apt install chromium` on Debian and Ubuntu, or put one of"
        f" {', '.join(NAMES)} on the PATH"
    )


class Seen(NamedTuple):
    """A page as it was seen: its words, how wide it is, what the console complained of, what it asked for."""

    words: str
    wide: int
    complaints: list[str]
    asked: list[str]


class Page:
    """One tab, and the folder that its pictures go to."""

    def __init__(self, connection: ClientConnection, shots: Path) -> None:
        self._connection, self._shots, self._sent = connection, shots, 0
        self._told: list[dict[str, Any]] = []

    def open(self, address: str, *expected: str, shot: str) -> str:
        """What the page says once it says all that is expected; its picture is `shot`.png."""
        self._ask("Page.navigate", url=address)
        deadline = time.monotonic() + SECONDS
        while True:
            said = self.run("document.body ? document.body.innerText : ''")
            missing = [words for words in expected if words not in said]
            if not missing or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        # Fonts and pictures settle.
        time.sleep(0.7)
        self._shoot(shot)
        assert not missing, f"{address} does not show {missing}; it shows:\n{said}"
        return said

    def look(self, address: str, shot: str, *, width: int, dark: bool = False) -> Seen:
        """Open a page of ours in a window of a width, in light or dark; its picture is `shot`.png."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._window(width, 1000)
        self._told.clear()
        self._ask("Page.navigate", url=address)
        self.until("document.readyState == 'complete'")
        tall = int(self.run("document.documentElement.scrollHeight"))
        wide = int(self.run("document.documentElement.scrollWidth"))
        self._window(width, min(tall, 5000))
        picture = self._ask("Page.captureScreenshot", format="png")["data"]
        (self._shots / f"{shot}.png").write_bytes(base64.b64decode(picture))
        self._window(width, 1000)
        return Seen(self.run("document.body.innerText"), wide, *self.told())

    def told(self) -> tuple[list[str], list[str]]:
        """What the console complained of, and every address that was asked for, since the page was opened."""
        complaints, asked = [], []
        for event in self._told:
            method, told = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                complaints.append(str(told["exceptionDetails"].get("exception", told)))
            elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning"):
                complaints.append(str(told["args"]))
            elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
                complaints.append(told["entry"]["text"])
            elif method == "Network.requestWillBeSent":
                asked.append(told["request"]["url"])
        return complaints, asked

    def until(self, script: str) -> None:
        """Wait until a script in the page gives something true."""
        deadline = time.monotonic() + SECONDS
        while not self.run(script):
            assert time.monotonic() < deadline, f"never true: {script}"
            time.sleep(0.05)

    def press(self, key: str, text: str = "") -> None:
        """A key of the keyboard: its name, and the character that it writes."""
        code = {"Enter": 13, "Tab": 9, "Escape": 27, " ": 32}.get(key, 0)
        written = {"Enter": "\r"}.get(key, text)
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self._ask("Input.dispatchKeyEvent", type="keyDown", text=written, **common)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def write(self, words: str) -> None:
        """Words, as somebody types them."""
        self._ask("Input.insertText", text=words)

    def _window(self, width: int, height: int) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def run(self, script: str) -> Any:
        """What a script gives in the page."""
        made = self._ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return made["result"].get("value")

    def _shoot(self, name: str) -> None:
        size = self._ask("Page.getLayoutMetrics")["cssContentSize"]
        # The UI scrolls within itself; a tall window shows all of it.
        tall = self.run(
            "Math.max(...[...document.querySelectorAll('*')].filter(e => e.checkVisibility())"
            ".map(e => e.scrollHeight), 1000)"
        )
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=max(int(size["width"]), 1400),
            height=min(int(tall), 4000),
            deviceScaleFactor=1,
            mobile=False,
        )
        time.sleep(0.3)
        picture = self._ask("Page.captureScreenshot", format="png")["data"]
        (self._shots / f"{name}.png").write_bytes(base64.b64decode(picture))
        self._ask("Emulation.clearDeviceMetricsOverride")

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._sent += 1
        self._connection.send(
            json.dumps({"id": self._sent, "method": method, "params": parameters})
        )
        while True:
            answer = json.loads(self._connection.recv(timeout=SECONDS))
            if "method" in answer:
                self._told.append(answer)
            if answer.get("id") == self._sent:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: dict[str, Any] = answer["result"]
                return result


@contextmanager
def chromium(profile: Path, shots: Path) -> Iterator[Page]:
    """A fresh browser with one tab; it ends with the block."""
    process = subprocess.Popen(
        [find(), *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _port(profile / "DevToolsActivePort", process)
        tabs = httpx.get(f"http://127.0.0.1:{port}/json/list").raise_for_status().json()
        address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
        with connect(address, max_size=None, open_timeout=SECONDS) as connection:
            yield Page(connection, shots)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _port(told: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "Chromium ended while it started"
        if told.is_file() and (lines := told.read_text().split()):
            return int(lines[0])
        time.sleep(0.1)
    raise AssertionError(f"Chromium did not start within {SECONDS} s")

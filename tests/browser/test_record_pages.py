"""The pages of a record in a real browser: every view, light, dark, narrow and wide, with axe-core, by keyboard."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from onrecord.pages.app import make
from tests.browser.chromium import SECONDS, Page
from tests.support.command import SAMPLES, onrecord

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1400)
LISTS = ("/", "/search?q=tunnel", "/themes", "/outlets", "/runs", "/silences", "/rejects", "/sql")
VIEWS = {
    "quotation": r"/quotation/\w+",
    "statement": r"/statement/\w+",
    "speaker": r"/speaker/\w+",
    "theme": r"/theme/\w+",
    "outlet": r"/outlet\?name=[^\"#]+",
    "run": r"/runs/[\w-]+",
    "reject": r"/rejects/\w+",
}
PER_VIEW = 4
"""How many of each view are walked; the first of each has its picture taken in both widths, light and dark."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of a record made of samples/ and of a file that is refused: their address."""
    folder = tmp_path_factory.mktemp("browsed")
    shutil.copytree(SAMPLES, folder / "news")
    (folder / "news" / "<img src=x onerror=alert(1)>.txt").write_bytes(b"")
    onrecord("run", "news", warehouse=folder / "record", server=None, expect=3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        config = uvicorn.Config(make(folder / "record"), log_level="warning")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + SECONDS
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def addresses(home: str) -> dict[str, list[str]]:
    """Addresses of every view, by its name, as the pages themselves link to them."""
    found: dict[str, list[str]] = {name: [] for name in VIEWS}
    todo, seen = list(LISTS), set[str]()
    while todo:
        address = todo.pop(0)
        if address in seen:
            continue
        seen.add(address)
        told = httpx.get(home + address)
        assert told.status_code == 200, address
        links = [one.replace("&amp;", "&") for one in re.findall(r'href="(/[^"#]*)', told.text)]
        for name, pattern in VIEWS.items():
            for link in links:
                few = len(found[name]) < PER_VIEW
                if few and link not in found[name] and re.fullmatch(pattern, link):
                    found[name].append(link)
                    todo.append(link)
    assert all(found.values()), {name: len(links) for name, links in found.items()}
    return found | {re.split(r"[/?]", one)[1] or "start": [one] for one in LISTS}


def barriers(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds on the page that is open: serious and critical."""
    if not AXE.is_file():
        pytest.fail("axe-core is not here: `make browser` gets it (npm ci in tests/browser)")
    # By the tool, not by the page: the page's policy lets no script of others in.
    page.run(AXE.read_text(encoding="utf-8") + "; 0")
    told = page.run("axe.run(document).then(found => JSON.stringify(found.violations))")
    return [
        {"rule": one["id"], "at": [node["html"][:160] for node in one["nodes"][:3]]}
        for one in json.loads(told)
        if one["impact"] in ("serious", "critical")
    ]


def test_every_view_is_whole(page: Page, home: str, addresses: dict[str, list[str]]) -> None:
    """No complaint in the console, nothing asked of anybody else, nothing wider than the window, no barrier."""
    wrong: list[str] = []
    for name, links in addresses.items():
        for number, link in enumerate(links):
            for width in WIDTHS:
                for dark in (False, True) if number == 0 else (False,):
                    look = f"{name}-{number}-{width}{'-dark' if dark else ''}"
                    seen = page.look(home + link, f"record-{look}", width=width, dark=dark)
                    # A browser draws its own date fields from data.
                    elsewhere = [
                        one for one in seen.asked if not one.startswith((home + "/", "data:"))
                    ]
                    found = barriers(page) if number < 2 else []
                    wrong += [
                        f"{look} {link}: {what}"
                        for what in (seen.complaints, elsewhere, found)
                        if what
                    ]
                    if seen.wide > width:
                        wrong.append(f"{look} {link}: {seen.wide} wide")
    assert not wrong, "\n".join(wrong)


def test_the_words_that_are_meant_are_in_view(
    page: Page, home: str, addresses: dict[str, list[str]]
) -> None:
    page.look(home + addresses["quotation"][0] + "#meant", "record-meant", width=1400)
    box = "document.querySelector('mark.meant').getBoundingClientRect()"
    assert page.run(f"{box}.top >= 0 && {box}.bottom <= innerHeight")


def test_by_keyboard_alone(page: Page, home: str) -> None:
    """Past the links to the content, to a statement, to its wordings, to a quotation in its place."""
    page.look(home + "/", "record-keyboard", width=1400)
    page.press("Tab")
    assert page.run("document.activeElement.className") == "skip"
    page.press("Enter")
    assert page.run("location.hash") == "#main"
    for pattern in ("/statement/", "/quotation/", "/speaker/"):
        _tab_to(page, pattern)
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.run(outline) != "none"
        page.press("Enter")
        page.until(
            f"location.pathname.startsWith('{pattern}') && document.readyState == 'complete'"
        )


def test_asking_in_sql_by_keyboard(page: Page, home: str) -> None:
    page.look(home + "/sql", "record-sql-keyboard", width=1400)
    for _ in range(40):
        page.press("Tab")
        if page.run("document.activeElement.id") == "sql":
            break
    page.write("SELECT 6 * 7 AS answer")
    page.press("Tab")
    page.press("Enter")
    page.until("document.body.innerText.includes('42')")
    assert "q=SELECT" in page.run("location.search")


def _tab_to(page: Page, path: str) -> None:
    for _ in range(200):
        page.press("Tab")
        if page.run(f"(document.activeElement.pathname || '').startsWith('{path}')"):
            return
    raise AssertionError(f"no link to {path} within 200 tabs")

"""A Prefect server with its UI, a browser, and two runs to show: one that published, one that a gate stopped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from tests.browser.chromium import Page, chromium
from tests.support.command import SAMPLES, onrecord
from tests.support.server import ask, prefect_server

EVIDENCE = Path(__file__).parent / "shots"
HOSTILE = "![x](evil.png)<img src=x onerror=alert(1)>.txt"


class Run(NamedTuple):
    """A run on the server: its id, and the ids of its artifacts by their keys."""

    id: str
    artifacts: dict[str, str]
    page: Path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say where the pictures are."""
    terminalreporter.write_line(f"What the browser showed: {EVIDENCE}")


@pytest.fixture(scope="session")
def ui(prefect_home: Path) -> Iterator[str]:
    """A real Prefect server with its UI on loopback: the UI's address."""
    with prefect_server(prefect_home, ui=True) as address:
        yield address.removesuffix("/api")


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tab of a headless Chromium; its pictures are kept."""
    shutil.rmtree(EVIDENCE, ignore_errors=True)
    EVIDENCE.mkdir(parents=True)
    with chromium(tmp_path_factory.mktemp("profile"), EVIDENCE) as tab:
        yield tab


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory, ui: str) -> Run:
    """A run over samples/ and a file whose name would like to be more."""
    folder = tmp_path_factory.mktemp("published")
    shutil.copytree(SAMPLES, folder / "news")
    (folder / "news" / HOSTILE).write_bytes(b"")
    return _run(folder, ui, expect=3)


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory, ui: str) -> Run:
    """A run that finds in a changed source what the one before it has read."""
    folder = tmp_path_factory.mktemp("unchanged")
    (folder / "news").mkdir()
    shutil.copy(SAMPLES / "wire.jsonl", folder / "news")
    _run(folder, ui, expect=0)
    os.utime(folder / "news" / "wire.jsonl")
    return _run(folder, ui, expect=0)


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory, ui: str) -> Run:
    """A run on a record that somebody has tampered with, which the last gate stops."""
    folder = tmp_path_factory.mktemp("stopped")
    (folder / "news").mkdir()
    shutil.copy(SAMPLES / "wire.jsonl", folder / "news")
    _run(folder, ui, expect=0)
    file = folder / "record" / "onrecord.duckdb"
    file.chmod(0o644)
    with duckdb.connect(file) as record:
        record.execute("UPDATE quotations SET text = 'never printed' WHERE in_headline = false")
    shutil.copy(SAMPLES / "kessel-observer-dam.txt", folder / "news")
    return _run(folder, ui, expect=1)


def _run(folder: Path, ui: str, expect: int) -> Run:
    onrecord("run", "news", warehouse=folder / "record", server=f"{ui}/api", expect=expect)
    run = max(ask(f"{ui}/api", "flow_runs"), key=lambda run: run["start_time"])
    made = ask(f"{ui}/api", "artifacts", flow_runs={"id": {"any_": [run["id"]]}})
    gates = max((folder / "record" / "gates").glob("*.html"))
    return Run(run["id"], {artifact["key"]: artifact["id"] for artifact in made}, gates)

"""A record and a Prefect server that the integration tests share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.command import SAMPLES, onrecord


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record made from samples/ by the command line, with no server configured, once for all."""
    home = tmp_path_factory.mktemp("record") / "record"
    done = onrecord("run", str(SAMPLES), warehouse=home, server=None)
    assert "Generation 1 is published" in done.stdout
    return home


@pytest.fixture(scope="session")
def server(prefect_home: Path) -> Iterator[str]:
    """A real Prefect server on loopback; its API's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", str(port), "--no-ui"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            "PREFECT_HOME": str(prefect_home),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "0",
        },
    )
    address = f"http://127.0.0.1:{port}/api"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, "the Prefect server ended while it started"
        try:
            if httpx.get(f"{address}/health", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError("the Prefect server did not answer within three minutes")

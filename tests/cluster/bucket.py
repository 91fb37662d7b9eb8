"""A bucket of a real S3 server of the tests' own, as a process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx

from onrecord.flows.running.children import die_with_parent

NAME = "onrecord"


class Bucket:
    """A bucket, and a prefix in it for parts; its faults are files in a folder (see `s3`)."""

    def __init__(self, switches: Path) -> None:
        self.address, self.switches = f"s3://{NAME}/parts", switches

    def switch(self, fault: str, told: str | None = "") -> None:
        """Begin a fault, or end it with None."""
        if told is None:
            (self.switches / fault).unlink(missing_ok=True)
        else:
            (self.switches / fault).write_text(told)

    def heal(self) -> None:
        """End every fault."""
        for switch in self.switches.iterdir():
            switch.unlink()


@contextmanager
def serving(switches: Path) -> Iterator[Bucket]:
    """An S3 server with one bucket; the environment names it from here on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.s3", str(port), str(switches)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=partial(die_with_parent, os.getpid()),
        cwd=Path(__file__).parents[2],
    )
    endpoint = f"http://127.0.0.1:{port}"
    os.environ.update(
        AWS_ENDPOINT_URL=endpoint,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_REGION="us-east-1",
    )
    try:
        _made(f"{endpoint}/{NAME}")
        yield Bucket(switches)
    finally:
        server.kill()
        server.wait()


def _made(bucket: str) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            httpx.put(bucket, timeout=10).raise_for_status()
            return
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "the S3 server did not come up"
            time.sleep(0.2)

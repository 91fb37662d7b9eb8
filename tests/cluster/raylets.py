"""A Ray cluster of some nodes as processes of this machine, started as a data engineer starts it: `ray start`."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

RAY = (sys.executable, "-m", "ray.scripts.scripts")
SMALL = ("--object-store-memory=80000000", "--disable-usage-stats", "--num-cpus=1")
TRIES = 4
"""On a busy machine a raylet gives up when its agent is late by 15 seconds."""


class Spent(NamedTuple):
    """Processor seconds of a cluster's processes on this machine: workers by what they do, daemons by the clock."""

    workers: float
    daemons: float


def spent(address: str) -> Spent:
    """What the cluster at an address has spent so far: raylets, agents and the head's store are daemons."""
    port, found = re.compile(rf"[:=]{address.rpartition(':')[2]}\b"), dict[int, psutil.Process]()
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if "/ray/" in line and port.search(line):
            found |= {one.pid: one for one in [process, *process.children(recursive=True)]}
    workers = daemons = 0.0
    for process in found.values():
        with suppress(psutil.NoSuchProcess):
            line, seconds = " ".join(process.cmdline()), sum(process.cpu_times()[:2])
            if "default_worker" in line or re.match("ray::(_|IDLE|nothing)", line):
                workers += seconds
            else:
                daemons += seconds
    return Spent(workers, daemons)


class Raylets:
    """A head, and nodes that may be killed and started again, in this environment. All have one processor, but for a
    head that is told to keep batches off: then whatever is at work may be killed.
    """

    def __init__(
        self, environment: Mapping[str, str], nodes: int = 2, *, is_idle_head: bool = False
    ) -> None:
        # A socket's path may have 107 characters, and Ray's own are long.
        self._folder = Path(tempfile.mkdtemp(prefix="r-", dir="/tmp"))
        self._environment = {**os.environ, **environment, "RAY_USAGE_STATS_ENABLED": "0"}
        self._before = {process.pid for process in psutil.process_iter()}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        head = ("--head", f"--port={port}", "--include-dashboard=false")
        # The last one counts.
        processors = ["--num-cpus=0"] if is_idle_head else []
        self._start(*head, f"--temp-dir={self._folder}", *processors)
        self._mark = str(self._folder)
        self.head = self._raylets()[0]
        for _ in range(nodes - 1):
            self.add()

    def add(self, **environment: str) -> psutil.Process:
        """Start one more node, with more in its environment; its raylet."""
        known = {raylet.pid for raylet in self._raylets()}
        self._start(f"--address={self.address}", **environment)
        return next(raylet for raylet in self._raylets() if raylet.pid not in known)

    def fill(self, nodes: int) -> None:
        """Have so many nodes besides the head."""
        while len(self.others()) < nodes:
            self.add()

    def others(self) -> list[psutil.Process]:
        """The raylets that may be killed: all but the head's."""
        return [raylet for raylet in self._raylets() if raylet.pid != self.head.pid]

    def at_work(self) -> list[psutil.Process]:
        """Those of the raylets that may be killed that have a worker at a batch."""
        return [raylet for raylet in self.others() if _working(raylet)]

    def workers(self) -> list[psutil.Process]:
        """The workers of all nodes that are at a batch."""
        return [worker for raylet in self._raylets() for worker in _working(raylet)]

    def stop(self) -> None:
        """End every process of this cluster, and no other."""
        # Agents and workers go by names of their own.
        mine = {below for one in self._mine() for below in [one, *one.children(recursive=True)]}
        for process in mine:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(list(mine), timeout=20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _raylets(self) -> list[psutil.Process]:
        return [process for process in self._mine() if process.name() == "raylet"]

    def _mine(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter(["cmdline", "pid"]):
            line = " ".join(process.info["cmdline"] or ())
            named = str(self._folder) in line or self.address.split(":")[1] in line
            if named and ("ray" in line) and process.info["pid"] not in self._before:
                found.append(process)
        return found

    def _start(self, *arguments: str, **environment: str) -> None:
        for attempt in range(TRIES):
            done = subprocess.run(
                [*RAY, "start", *SMALL, *arguments],
                env={**self._environment, **environment},
                capture_output=True,
                text=True,
                timeout=180,
            )
            if done.returncode == 0:
                return
            time.sleep(2 * attempt)
        raise AssertionError(done.stdout + done.stderr)


def _working(raylet: psutil.Process) -> list[psutil.Process]:
    """The workers of a raylet that are at a batch: Ray names a process by what it does."""
    found = []
    with suppress(psutil.NoSuchProcess):
        for one in raylet.children():
            with suppress(psutil.NoSuchProcess):
                if "ray::_work" in " ".join(one.cmdline()):
                    found.append(one)
    return found

"""What a command costs, by phase: time on the wall, processor time, memory and bytes written of its process tree."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TICK = 0.2
STAGES = ("ingest", "clean", "embed", "cluster", "load")
PHASES = (
    "start",
    *(name for stage in STAGES for name in (stage, f"gate {stage}")),
    "publish",
    "end",
)
"""What `ledger_phase` tells, in order."""
MEGABYTE = 1 << 20


@dataclass
class Cost:
    """Seconds on the wall, seconds of processor time, the most memory held at once and what was written, in MB.

    Memory is the sum of the processes' resident sets, so pages that several share count several times.
    """

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    written: float = 0.0

    @property
    def cores(self) -> float:
        """Share of the machine's processor time that was used."""
        return self.cpu / self.wall / len(os.sched_getaffinity(0)) if self.wall else 0.0


@dataclass
class Measured:
    """What a command cost in all and in each of its phases, and how it ended."""

    code: int
    whole: Cost
    phases: dict[str, Cost] = field(default_factory=dict)


class CommandError(RuntimeError):
    """A command that is being measured failed."""


def measure(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    log: Path,
    phase: Callable[[], str] = lambda: "",
    cores: int | None = None,
    good: Sequence[int] = (0, 3),
) -> Measured:
    """Run a command to its end. `phase` names what it is doing now; `cores` binds it to so many processors.

    Raises CommandError, with the end of its output, where its exit code is not one of `good`.
    """
    bound = sorted(os.sched_getaffinity(0))[:cores]
    started = last = time.monotonic()
    spent = written = 0.0
    done = Measured(0, Cost())
    with log.open("wb") as output:
        child = psutil.Popen(
            [str(part) for part in command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.sched_setaffinity(0, bound),
        )
        while child.poll() is None:
            time.sleep(TICK)
            now, (cpu, memory, wrote) = time.monotonic(), _tree(child)
            part = done.phases.setdefault(phase(), Cost())
            part.wall += now - last
            # What a process that ends has used is its parent's a moment later: never count backwards.
            part.cpu += max(cpu - spent, 0.0)
            part.peak = max(part.peak, memory)
            part.written += max(wrote - written, 0.0)
            last, spent, written = now, max(spent, cpu), max(written, wrote)
    done.code = child.returncode
    done.whole = Cost(
        time.monotonic() - started,
        spent,
        max((part.peak for part in done.phases.values()), default=0),
        written,
    )
    if done.code not in good:
        said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise CommandError(f"{' '.join(map(str, command))}: exit code {done.code}\n{said}")
    return done


def ledger_phase(warehouse: Path) -> Callable[[], str]:
    """What the newest run of a record is doing, from its ledger: "clean", "gate clean", "publish", "start"."""

    def phase() -> str:
        entry = newest(warehouse)
        if entry is None or entry["status"] != "running":
            return "start" if entry is None else "end"
        done = entry["stages"]
        if not done:
            return STAGES[0]
        last = list(done)[-1]
        if not done[last]["gate_seconds"]:
            return f"gate {last}"
        return STAGES[STAGES.index(last) + 1] if last != STAGES[-1] else "publish"

    before = newest(warehouse)
    if before is None:
        return phase

    def later() -> str:
        entry = newest(warehouse)
        return "start" if entry is None or entry["run_id"] == before["run_id"] else phase()

    return later


def newest(warehouse: Path) -> dict[str, object] | None:
    """The newest entry of a record's ledger, None where there is none yet."""
    for path in sorted((warehouse / "runs").glob("*.json"), reverse=True):
        with suppress(FileNotFoundError, json.JSONDecodeError):
            entry: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
            return entry
    return None


def _tree(child: psutil.Process) -> tuple[float, float, float]:
    """Processor seconds and megabytes written of a process and all that it started, the ended ones included; and
    megabytes of memory now.
    """
    cpu = memory = written = 0.0
    with suppress(psutil.NoSuchProcess):
        for process in [child, *child.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess), process.oneshot():
                cpu += sum(process.cpu_times()[:4])
                memory += process.memory_info().rss
                # What an ended child wrote is its parent's by then, as its time is.
                written += process.io_counters().write_bytes
    return cpu, memory / MEGABYTE, written / MEGABYTE

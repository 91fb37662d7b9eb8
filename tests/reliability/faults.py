"""Measure 8: where the system refuses a stage something, the run fails in a sentence, and the next one goes on.

What is refused is refused for real where that needs nothing beyond an account of one's own: "no space" is the
largest file that the process may write (setrlimit: EFBIG, which a full disk's ENOSPC differs from in name alone),
"no permission" is a folder without the right to write (root gives up its right to overrule that), and "truncated" is
half a file. "I/O error" is raised by the call with which a disk tells one, fsync.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import resource
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.warehouse import ledger
from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.publishing import publish
from tests.reliability.commands import WELL, record
from tests.reliability.deeds import around
from tests.reliability.kills import Calm, as_calm, calm
from tests.reliability.score import Case, Failure

FAILED = 1

BEGINS = {
    "ingest": "onrecord.pipeline.stages.steps:ingest_step",
    "clean": "onrecord.pipeline.stages.steps:clean_step",
    "embed": "onrecord.pipeline.stages.steps:embed_step",
    "cluster": "onrecord.pipeline.stages.steps:cluster_step",
    "load": "onrecord.warehouse.publishing.building:build",
}
"""The function with which the work of a stage begins."""

TAKES = {
    "ingest": "known/refused.parquet",
    "clean": "ingest/articles-00000.parquet",
    "embed": "clean/quotations-00000.parquet",
    "cluster": "embed/utterances-00000.parquet",
    "load": "cluster/statements-00000.parquet",
}
"""A part that each stage is given."""


def cases(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """`count` of the twenty: four faults in five stages."""
    undisturbed = calm(folder / "calm", earlier=True)
    twenty = [(stage, fault) for fault in FAULTS for stage in BEGINS]
    for number in range(count):
        stage, fault = twenty[(seed + 7 * number) % len(twenty)]
        place = folder / f"fault-{stage}-{fault}"
        yield Case(
            place.name, functools.partial(_survived, place, stage, fault, undisturbed), place
        )


def befall(stage: str, fault: str) -> None:
    """Let a fault befall a stage when its work begins (in the process of the command)."""
    seen: list[None] = []

    @contextmanager
    def faulty(*_: Any, **__: Any) -> Iterator[None]:
        if not seen:
            seen.append(None)
            home = Path("record")
            run = next(folder for folder in (home / "work").iterdir() if folder.is_dir())
            FAULTS[fault](home, run, stage)
        yield

    if fault == "no_permission":
        _obey_permissions()
    around(BEGINS[stage], faulty)


def _no_space(home: Path, run: Path, stage: str) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))


def _io_error(home: Path, run: Path, stage: str) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    os.fsync = fsync


def _no_permission(home: Path, run: Path, stage: str) -> None:
    folder = run if stage == "load" else run / stage
    folder.mkdir(exist_ok=True)
    folder.chmod(0o555)


def _truncated(home: Path, run: Path, stage: str) -> None:
    part = run / TAKES[stage]
    os.truncate(part, part.stat().st_size // 2)


FAULTS: dict[str, Callable[[Path, Path, str], None]] = {
    "no_space": _no_space,
    "io_error": _io_error,
    "no_permission": _no_permission,
    "truncated": _truncated,
}


def _survived(place: Path, stage: str, fault: str, undisturbed: Calm) -> None:
    shutil.copytree(undisturbed.start, place)
    home = place / "record"
    before = fingerprint(publish.require(home))
    ended = record(place, functools.partial(befall, stage, fault), expected=(FAILED,))
    if "Traceback" in ended.printed or "onrecord: " not in ended.printed:
        raise Failure(f"did not say in a sentence what was wrong: {ended.printed[-600:]}")
    if publish.generation(home) != 1 or fingerprint(publish.require(home)) != before:
        raise Failure("the old generation is not what it was")
    if any(
        entry.status not in ("published", "failed", "running") for entry in ledger.entries(home)
    ):
        raise Failure(f"statuses: {[entry.status for entry in ledger.entries(home)]}")
    _give_permissions_back(home)
    record(place, expected=WELL)
    as_calm(place, undisturbed)


def _give_permissions_back(home: Path) -> None:
    for folder in (home / "work").rglob("*"):
        if folder.is_dir():
            folder.chmod(folder.stat().st_mode | stat.S_IWUSR)


_VERSION_3 = 0x20080522
_OVERRULE = 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


def _obey_permissions() -> None:
    """Give up root's right to overrule permissions, for this process (Linux; elsewhere nobody should be root)."""
    if os.geteuid() != 0 or sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    rights = (ctypes.c_uint32 * 6)()
    libc.capget(header, rights)
    for place in range(6):
        rights[place] &= 0xFFFFFFFF if place > 2 else ~_OVERRULE
    if libc.capset(header, rights) != 0:
        raise OSError(ctypes.get_errno(), "capset")

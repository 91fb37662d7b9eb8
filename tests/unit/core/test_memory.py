"""Memory that a process has freed is the system's again."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import psutil
import pytest

from onrecord.pipeline.machine import memory

SPENDTHRIFT = """
import onrecord.flows
import polars, psutil
held = polars.DataFrame({"a": range(2_000_000)}).with_columns(polars.format("told {} times over", "a"))
del held
print(psutil.Process().memory_info().rss)
"""


def resident() -> int:
    return int(psutil.Process().memory_info().rss)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc alone it is asked")
def test_what_lies_between_pieces_in_use_is_given_back() -> None:
    pieces = [b"x" * 100_000 for _ in range(1_000)]
    kept = pieces[::100]
    before = resident()
    del pieces
    memory.give_back()
    assert before - resident() > 80_000_000
    assert len(kept) == 10


def test_what_polars_has_freed_is_given_back() -> None:
    told = {**os.environ}
    told.pop("_RJEM_MALLOC_CONF", None)
    rss = int(subprocess.check_output([sys.executable, "-c", SPENDTHRIFT], env=told, text=True))
    kept = {**told, "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1"}
    more = int(subprocess.check_output([sys.executable, "-c", SPENDTHRIFT], env=kept, text=True))
    assert more - rss > 50_000_000

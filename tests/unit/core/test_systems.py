"""What only Linux has is asked for, not taken for granted: macOS goes without."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from onrecord.pipeline.machine.cores import cores
from onrecord.warehouse.database import writer

ROOT = Path(__file__).parents[3]
LINUX_ONLY = re.compile(
    r"\b(?:sched_[gs]etaffinity|copy_file_range|posix_fadvise|splice|memfd_create|pidfd_open|eventfd|fdatasync"
    r"|syncfs|F_SETPIPE_SZ|O_DIRECT|O_TMPFILE|O_NOATIME|prctl|mallopt|malloc_trim)\b|/proc/"
)
GUARDED = {
    "flows/running/children.py": 'sys.platform == "linux"',
    "pipeline/machine/cores.py": 'hasattr(os, "sched_getaffinity")',
    "pipeline/machine/memory.py": 'hasattr(library, "malloc_trim")',
    "pipeline/readers/html/page_workers.py": 'hasattr(fcntl, "F_SETPIPE_SZ")',
    "warehouse/ledger.py": "except OSError:\n        return None",
}
"""Where such calls stand, and what asks whether the system has them."""


def test_what_only_linux_has_is_guarded_wherever_it_is_used() -> None:
    used = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for room in ("pipeline", "warehouse", "flows", "expectations")
        for path in (ROOT / room).rglob("*.py")
        if LINUX_ONLY.search(path.read_text(encoding="utf-8"))
    }
    assert sorted(used) == sorted(GUARDED)
    assert [name for name, guard in GUARDED.items() if guard not in used[name]] == []


def test_cores_are_counted_and_the_record_opened_where_there_is_no_affinity(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert cores() == os.cpu_count()
    with writer(tmp_path / "a.duckdb") as connection:
        assert connection.execute("SELECT current_setting('threads')").fetchone() == (cores(),)

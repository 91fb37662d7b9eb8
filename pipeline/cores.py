"""How many pieces of work are under way at once in this process."""

from __future__ import annotations

import os


def at_once() -> int:
    """As many as OMP_NUM_THREADS says, else one a processor that this process may use."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

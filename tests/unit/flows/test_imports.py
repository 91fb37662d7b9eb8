"""What is imported without the collector is not looked at again; all that comes later is."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc
from flows.imports import uncollected

with uncollected():
    assert not gc.isenabled()
    import statistics
kept = gc.get_freeze_count()
loop = []
loop.append(loop)
del loop
print(gc.isenabled(), kept > 10_000, gc.collect() > 0, gc.get_freeze_count() == kept)
"""


def test_imports_are_kept_and_garbage_is_found_afterwards() -> None:
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True"] * 4

"""What is imported without the collector is not looked at again; all that comes later is."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc
from onrecord.flows.running.imports import uncollected

with uncollected():
    assert not gc.isenabled()
    import http.server, statistics, unittest
kept = gc.get_freeze_count()
loop = []
loop.append(loop)
del loop
print(gc.isenabled(), kept > 5_000, gc.collect() > 0, gc.get_freeze_count() == kept)
"""


def test_imports_are_kept_and_garbage_is_found_afterwards() -> None:
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True"] * 4


AHEAD = """
import gc, sys, threading
from onrecord.flows.running.imports import import_ahead

import_ahead()
import_ahead()
print(sum(not thread.daemon for thread in threading.enumerate()))
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join()
needed = ("great_expectations", "onrecord.expectations.custom.texts.verbatim", "onrecord.pipeline.stages.cluster")
print(all(name in sys.modules for name in needed), gc.isenabled(), gc.get_freeze_count() > 10_000)
import onrecord.flows.record
# What is there for more than one machine waits until somebody asks for more than one.
print({"ray", "obstore", "moto"}.isdisjoint(sys.modules))
"""


def test_what_is_needed_later_is_imported_beside_other_work_once() -> None:
    told = subprocess.run([sys.executable, "-c", AHEAD], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["2", "True", "True", "True", "True"]

"""`import onrecord` costs next to nothing, and offers what it says."""

from __future__ import annotations

import subprocess
import sys

import pytest

import onrecord

SCRIPT = """
import sys, time
began = time.process_time()
import onrecord
told = time.process_time() - began
held = [line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(told, int(held[0]) / 1024)
heavy = ("polars", "pydantic", "prefect", "numpy", "duckdb")
print(sorted(name for name in sys.modules if name.split(".")[0] in heavy))
print(onrecord.__version__, "extract" in dir(onrecord))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_it_is_imported_in_no_time_and_imports_nothing() -> None:
    """At most 0.1 s of processor time and 40 MB, Python itself included."""
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    seconds, megabytes = map(float, told[0].split())
    assert seconds <= 0.1
    assert megabytes <= 40
    assert told[1] == "[]"
    assert told[2].endswith("True")


def test_every_name_is_there_with_its_docstring() -> None:
    for name in onrecord.__all__:
        assert getattr(onrecord, name).__doc__, name
    assert set(onrecord._HOMES) == set(onrecord.__all__) - {"__version__"}


def test_every_error_is_caught_as_one() -> None:
    errors = [
        found
        for name in onrecord.__all__
        if isinstance(found := getattr(onrecord, name), type) and issubclass(found, Exception)
    ]
    assert len(errors) >= 10
    assert all(issubclass(error, onrecord.OnRecordError) for error in errors)


def test_the_module_is_the_command_line() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "onrecord", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout == f"onrecord {onrecord.__version__}\n"

"""Measures 3 and 6: what the test suite itself holds, counted: the hostile corpus, and the accounts of every run."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tests.reliability.score import Case, Failure
from tests.support.accounting import accounts
from tests.support.polling import ROOT

HOSTILE = "tests/hostile"
ALONE = ("unshare", "--user", "--map-current-user", "--net", "--")


def hostile(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """Every case of the hostile corpus, and one that there are at least `count`.

    Beside the guard of the tests, where the system permits it, in a network namespace without an interface that is up:
    whatever does not pass the guard cannot reach out either.
    """
    found = list(_tests(folder, HOSTILE, alone=_permitted()))
    yield Case(f"at least {count} cases", functools.partial(_at_least, count, len(found)))
    yield from found


def accounting(folder: Path, seed: int, count: int) -> Iterator[Case]:
    """Every run that any test makes; they are counted by the ledgers that they leave."""
    list(_tests(folder, "tests", "--ignore", "tests/reliability"))
    made = accounts(folder)
    yield Case(f"{made.runs} runs of all tests", functools.partial(_add_up, count, made))


def _permitted() -> bool:
    """Whether this system lets anybody make a network namespace."""
    return (
        bool(shutil.which(ALONE[0]))
        and not subprocess.run([*ALONE, "true"], stderr=subprocess.DEVNULL, check=False).returncode
    )


def _tests(folder: Path, *arguments: str, alone: bool = False) -> Iterator[Case]:
    """A case for each test that pytest runs for these arguments, `alone` without a network."""
    report = folder / "report.xml"
    told = subprocess.run(
        [
            *(ALONE if alone else ()),
            *(sys.executable, "-m", "pytest", *arguments),
            *(f"--junitxml={report}", f"--basetemp={folder / 'tests'}"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if not report.is_file():
        raise Failure(told.stdout[-1000:] + told.stderr[-1000:])
    for test in ElementTree.parse(report).iter("testcase"):
        fault = next(
            (found for found in test if found.tag in ("failure", "error", "skipped")), None
        )
        name = f"{test.get('classname')}.{test.get('name')}"
        yield Case(name, functools.partial(_passed, fault))


def _passed(fault: ElementTree.Element | None) -> None:
    if fault is not None:
        raise Failure(f"{fault.tag}: {fault.get('message')}")


def _at_least(wanted: int, found: int) -> None:
    if found < wanted:
        raise Failure(f"there are {found}")


def _add_up(wanted: int, made: tuple[int, list[str]]) -> None:
    runs, wrong = made
    _at_least(wanted, runs)
    if wrong:
        raise Failure("; ".join(wrong))

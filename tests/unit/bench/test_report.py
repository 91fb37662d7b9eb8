"""What is measured is told in tables that find their place in a page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench.machine import embedding_work
from tests.bench.measure import CommandError, measure
from tests.bench.report import growth, percent, put, table


def test_growth_is_the_exponent() -> None:
    assert growth({1000: 10.0, 3000: 30.0, 10_000: 100.0}) == pytest.approx(1.0)
    assert growth({10: 1.0, 100: 100.0}) == pytest.approx(2.0)


def test_tables_stand_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "a\n<!-- bench: one -->\nold\n<!-- end -->\nb\n<!-- bench: two -->\n<!-- end -->\n"
    )
    put("two", table(["x", "y"], [["z", 1234.5]]), page)
    put("one", "new \\1", page)
    assert page.read_text() == (
        "a\n<!-- bench: one -->\nnew \\1\n<!-- end -->\nb\n<!-- bench: two -->\n"
        "| x | y |\n| --- | ---: |\n| z | 1,234 |\n<!-- end -->\n"
    )
    with pytest.raises(ValueError, match="three"):
        put("three", "", page)
    assert (percent(0.031), percent(0.5)) == ("3.1%", "50%")


def test_a_command_is_measured_with_all_that_it_starts(tmp_path: Path) -> None:
    work = "import time; begun = time.process_time()\nwhile time.process_time() < begun + 0.5: pass"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    log = tmp_path / "log"
    made = measure([sys.executable, "-c", script], environment={}, log=log, phase=lambda: "all")
    assert made.phases["all"].cpu > 0.3
    assert made.whole.wall > 0.5
    assert made.whole.peak > 10
    with pytest.raises(CommandError, match="exit code 7"):
        measure([sys.executable, "-c", "print('why'); exit(7)"], environment={}, log=log)


def test_the_model_asks_for_half_a_gigaflop_a_quotation() -> None:
    pieces, work = embedding_work(
        ["The harbour will be dredged before winter, and nobody in the town " * 2]
    )
    assert pieces == 32
    assert work == pytest.approx(0.69, abs=0.01)

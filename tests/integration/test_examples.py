"""What docs/python.md and examples/ show is what happens."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from tests.support import notebook
from tests.support.command import environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
SCRIPTS = {
    "quotations_of_a_text.py": "%: The last rail was put down this morning",
    "what_outlets_changed.py": "  altered   The Daily Beacon: The last rail was laid this morning",
    "search_with_context.py": "\nTomas Reyes-Okoro, 2026-",
}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, server: str) -> Iterator[None]:
    """Runs of this process go to the server that the tests share, and their logs before it ends."""
    from prefect.logging.handlers import APILogHandler

    monkeypatch.setenv("PREFECT_API_URL", server)
    yield
    APILogHandler().flush()


def test_every_example_is_known() -> None:
    there = {path.name for path in (ROOT / "examples").iterdir() if path.is_file()}
    assert there == {*SCRIPTS, "who_said_what.ipynb"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_runs_as_it_stands(published: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "record").symlink_to(published)
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / name)],
        cwd=tmp_path,
        env=environment(None),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert SCRIPTS[name] in done.stdout


@pytest.mark.usefixtures("here")
def test_the_notebook_shows_what_its_cells_give() -> None:
    """By the first line of each output; `python -m tests.support.notebook FILE` writes them anew."""
    told = json.loads((ROOT / "examples" / "who_said_what.ipynb").read_text(encoding="utf-8"))
    kept = [cell["outputs"] for cell in notebook.cells(told)]
    assert sum(map(bool, kept)) == len(kept) - 1
    with notebook.beside_samples():
        for outputs, now in zip(kept, notebook.run(told), strict=True):
            assert [first_line(output) for output in now] == [first_line(one) for one in outputs]


def first_line(output: dict[str, Any]) -> str:
    lines: list[str] = output["text"] if "text" in output else output["data"]["text/plain"]
    return lines[0]


@pytest.mark.usefixtures("here")
def test_the_page_is_true() -> None:
    """Its Python runs from its beginning to its end, and it names everything that there is."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) >= 8
    names: dict[str, Any] = {}
    with notebook.beside_samples():
        for block in blocks:
            exec(compile(block, "docs/python.md", "exec"), names)
    assert names["outcome"].status == "published"
    assert names["hit"].height == 1
    offered = set(onrecord.__all__) - {"Outcome", "Record", "Rows", "__version__"}
    assert [name for name in sorted(offered) if f"{name}" not in PAGE] == []

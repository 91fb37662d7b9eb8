"""Generations that grow by one article each, published by processes that are killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from onrecord.warehouse.publishing import building, publish
from tests.support import killed_publish, record
from tests.support.polling import ROOT, Polled


def write_run(folder: Path, number: int) -> Path:
    """The parts of the run that makes generation `number`: the first `number` articles, a quotation each."""
    parts = folder / f"run-{number:02d}"
    parts.mkdir(parents=True)
    articles = [_article(each) for each in range(number)]
    for name, frame in record.tables(parts.name, articles).items():
        frame.write_parquet(parts / f"{name}.parquet")
    return parts


def killed(folder: Path, parts: Path, change: int, milliseconds: int) -> None:
    """Publish in a process that dies (see killed_publish)."""
    made = subprocess.run(
        [
            sys.executable,
            killed_publish.__file__,
            *(str(folder), str(parts), str(change), str(milliseconds)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (made.returncode, made.stderr) == (-signal.SIGKILL, "")


def finish(folder: Path, parts: Path, keep: int = 2) -> None:
    """What the next run does: go on with the work of one that died, unless that had been published."""
    with publish.lock(folder, parts.name):
        if publish.published_run(folder) == parts.name:
            publish.finish(folder, keep)
        else:
            candidate = building.build(folder, tables(parts), run_id=parts.name)
            publish.publish(folder, candidate, keep)


def tables(parts: Path) -> dict[str, list[Path]]:
    """The parts of a run by table."""
    return {file.stem: [file] for file in parts.glob("*.parquet")}


def amiss(polled: Polled) -> list[str]:
    """What a reader met that it must not: an error, a mixture, an older generation after a newer one."""
    mixed = [str(row) for row in polled.seen if len(set(row)) > 1]
    backward = [] if polled.seen == sorted(polled.seen) else ["a generation went back"]
    return [*polled.errors, *mixed, *backward]


def _article(number: int) -> dict[str, object]:
    text = f'Tide table {number}\n\nThe pilot said: "Tide number {number} comes early."'
    return {
        "outlet": "Tide Gazette",
        "url": f"https://tide.example/{number}",
        "title": f"Tide table {number}",
        "published_at": None,
        "text": text,
        "said": ((f'"Tide number {number} comes early."', "The pilot", None, False),),
    }

"""A run that is killed anywhere leaves the old record or the new one, and readers never notice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.support import killed_publish, record
from warehouse import publish
from warehouse.database import reader
from warehouse.errors import NoWarehouse
from warehouse.fingerprint import fingerprint
from warehouse.verify import verify

KILLS = [(change, 0) for change in (1, 2, 3, 5, 6, 7)] + [(0, 100)]
"""Where each run is killed: at which change to the file system, or after how many milliseconds."""


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


def _write_runs(folder: Path) -> None:
    """A folder of Parquet a run: the first n articles in the n-th."""
    for number in range(1, len(KILLS) + 1):
        parts = folder / f"run-{number:02d}"
        parts.mkdir(parents=True)
        for name, frame in record.tables(
            parts.name, [_article(each) for each in range(number)]
        ).items():
            frame.write_parquet(parts / f"{name}.parquet")


class _Reader(threading.Thread):
    """Asks again and again for the generation and what it holds, each time of a new connection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder, self.done = folder, threading.Event()
        self.seen: list[tuple[int, int, int]] = []
        self.errors: list[str] = []

    def run(self) -> None:
        while not self.done.is_set():
            try:
                with reader(publish.require(self.folder)) as connection:
                    row = connection.execute(
                        "SELECT (SELECT max(generation) FROM generations),"
                        " (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)"
                    ).fetchone()
                assert row is not None
                self.seen.append(row)
                self.done.wait(0.05)
            except NoWarehouse as error:
                if self.seen:
                    self.errors.append(str(error))
                self.done.wait(0.05)
            except Exception as error:
                self.errors.append(repr(error))


def _killed(folder: Path, parts: Path, change: int, milliseconds: int) -> int:
    root = Path(__file__).parents[2]
    made = subprocess.run(
        [
            sys.executable,
            killed_publish.__file__,
            *(str(folder), str(parts), str(change), str(milliseconds)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert made.stderr == ""
    return made.returncode


def _finish(folder: Path, parts: Path) -> None:
    """What the next run does: go on with the work of one that died, unless that had been published."""
    with publish.lock(folder, parts.name):
        if publish.published_run(folder) != parts.name:
            candidate = publish.build(folder, _tables(parts), run_id=parts.name)
            publish.publish(folder, candidate, 2)


def _tables(parts: Path) -> dict[str, list[Path]]:
    return {file.stem: [file] for file in parts.glob("*.parquet")}


def test_a_run_killed_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    folder, runs = tmp_path / "record", tmp_path / "runs"
    folder.mkdir()
    _write_runs(runs)
    readers = [_Reader(folder) for _ in range(2)]
    for each in readers:
        each.start()
    seen = set()
    for number, (change, milliseconds) in enumerate(KILLS, start=1):
        parts = runs / f"run-{number:02d}"
        killed = _killed(folder, parts, change, milliseconds)
        # A publish makes fewer changes than the last kill waits for, and then is not killed.
        assert killed == -signal.SIGKILL or (killed == 0 and change > 6)
        after = publish.generation(folder)
        seen.add(after - number)
        assert not (folder / "onrecord.duckdb.wal").exists()
        _finish(folder, parts)
        assert publish.generation(folder) == number
    for each in readers:
        each.done.set()
        each.join()
    # Both sides of the rename were seen: the old record, and the new one.
    assert seen == {-1, 0}

    for each in readers:
        assert each.errors == []
        assert len(each.seen) > len(KILLS)
        assert each.seen == sorted(each.seen)
        # Generation n holds n articles with a quotation each, and nothing in between is ever seen.
        assert all(generation == articles == quotes for generation, articles, quotes in each.seen)

    assert verify(folder) == []
    assert len(publish.kept(folder)) == 2
    calm = publish.build(
        tmp_path / "calm", _tables(runs / f"run-{len(KILLS):02d}"), run_id="undisturbed"
    )
    assert fingerprint(folder / "onrecord.duckdb") == fingerprint(calm)

"""A run that is killed anywhere leaves the old record or the new one, and readers never notice."""

from __future__ import annotations

import json
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

RUNS = 12


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
    for number in range(1, RUNS + 1):
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
            except NoWarehouse as error:
                if self.seen:
                    self.errors.append(str(error))
            except Exception as error:
                self.errors.append(repr(error))


def test_a_run_killed_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    folder, runs = tmp_path / "record", tmp_path / "runs"
    folder.mkdir()
    _write_runs(runs)
    readers = [_Reader(folder) for _ in range(2)]
    for each in readers:
        each.start()
    made = subprocess.run(
        [sys.executable, killed_publish.__file__, str(folder), str(runs)],
        capture_output=True,
        text=True,
        timeout=240,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
    )
    for each in readers:
        each.done.set()
        each.join()
    attempts = [json.loads(line) for line in made.stdout.splitlines()]

    assert made.stderr == ""
    assert [each["finished"] for each in attempts] == [0] * RUNS
    assert [each["generation"] for each in attempts] == list(range(1, RUNS + 1))
    # A publish has fewer changes than the last plans of that kind ask for, and every build lasts
    # longer than the shortest wait, so both ends of the range are seen.
    killed = [each["killed"] == signal.SIGKILL for each in attempts]
    assert all(killed[:5])
    assert killed[8]
    assert {each["after"] - before for before, each in enumerate(attempts)} == {0, 1}
    assert not any(each["log"] for each in attempts)

    for each in readers:
        assert each.errors == []
        assert len(each.seen) > RUNS
        assert each.seen == sorted(each.seen)
        # Generation n holds n articles with a quotation each, and nothing in between is ever seen.
        assert all(generation == articles == quotes for generation, articles, quotes in each.seen)

    assert verify(folder) == []
    assert len(publish.kept(folder)) == 2
    calm = publish.build(
        tmp_path / "calm",
        {file.stem: [file] for file in (runs / f"run-{RUNS:02d}").glob("*.parquet")},
        run_id="calm",
    )
    # Themes are carried whole by each run, so an undisturbed run of the last parts is the measure.
    assert fingerprint(folder / "onrecord.duckdb") == fingerprint(calm)

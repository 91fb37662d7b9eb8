"""An analyst who never rests: asks a record again and again, each time of a new connection, until told to stop.

Run as a process of its own: `python polling.py RECORD STOP TOLD`. It ends when the file STOP is there, and leaves in
TOLD, as JSON, what it saw (generation, articles, quotations) and every error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAUSE_SECONDS = 0.02


class Polled(NamedTuple):
    """What a reader saw: (generation, articles, quotations) of every read, in order, and every error."""

    seen: list[list[int]]
    errors: list[str]


class Poller:
    """A reader of a record under way."""

    def __init__(self, record: Path, told: Path) -> None:
        self._stop, self._told = told.with_suffix(".stop"), told
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(record), str(self._stop), str(told)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def ended(self) -> Polled:
        """Tell it to stop; what it saw."""
        self._stop.touch()
        assert self._process.wait(timeout=120) == 0
        return Polled(**json.loads(self._told.read_text(encoding="utf-8")))


def poll(record: Path, stop: Path) -> Polled:
    """Ask until `stop` is there; a record that was never published yet is no error."""
    from onrecord.warehouse.errors import NoWarehouse

    polled = Polled([], [])
    while not stop.exists():
        try:
            polled.seen.append(_read(record))
        except NoWarehouse as error:
            if polled.seen:
                polled.errors.append(str(error))
        except Exception as error:
            polled.errors.append(repr(error))
        time.sleep(PAUSE_SECONDS)
    return polled


def _read(record: Path) -> list[int]:
    """Three questions of one connection: what they answer must belong together."""
    from onrecord.warehouse.database import reader
    from onrecord.warehouse.publishing.publish import require

    with reader(require(record)) as connection:
        return [
            row[0]
            for row in (
                connection.execute(f"SELECT {what}").fetchone() or (-1,)
                for what in (
                    "max(generation) FROM generations",
                    "count(*) FROM articles",
                    "count(*) FROM quotes",
                )
            )
        ]


def main(record: Path, stop: Path, told: Path) -> None:
    """Ask, and tell."""
    told.write_text(json.dumps(poll(record, stop)._asdict()), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

"""Build and publish one generation and be killed on the way; test_killed_publish.py runs it.

The process dies by SIGKILL, either at its n-th change to the file system after the build, just
before that change is made, or some milliseconds into the build; where it is done sooner, right
before it would let go of the record.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from onrecord.warehouse.publishing import building, publish

CHANGES = {"os.rename", "os.link", "os.remove", "os.chmod"}


def kill_at(change: int) -> None:
    """Die just before the `change`-th change to the file system from now on."""
    seen = 0

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in CHANGES:
            seen += 1
            if seen == change:
                die()

    sys.addaudithook(watch)


def kill_after(milliseconds: int) -> None:
    """Die so much later, whatever is going on then."""

    def wait() -> None:
        time.sleep(milliseconds / 1000)
        die()

    threading.Thread(target=wait, daemon=True).start()


def die() -> None:
    """Die at once, with nothing put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, parts: Path, change: int, milliseconds: int) -> None:
    """Publish the run that `parts` is named after, or finish that where it was killed right after; die on the way."""
    tables = {file.stem: [file] for file in sorted(parts.glob("*.parquet"))}
    with publish.lock(folder, parts.name):
        if milliseconds:
            kill_after(milliseconds)
        done = publish.published_run(folder) == parts.name
        candidate = None if done else building.build(folder, tables, run_id=parts.name, threads=1)
        if change:
            kill_at(change)
        if candidate is None:
            publish.finish(folder, 2)
        else:
            publish.publish(folder, candidate, 2)
        die()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

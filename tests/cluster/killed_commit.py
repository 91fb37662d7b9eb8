"""Commit a candidate to a lake and be killed on the way; or read the lake again and again.

`python -m tests.cluster.killed_commit commit FOLDER CATALOG DATA CANDIDATE MILLISECONDS` dies by SIGKILL so long after
the commit was begun; with a negative number it says how long one takes. `read CATALOG DATA` prints a line a read: the
generation, its run, and what the tables say of both.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import duckdb

from onrecord.warehouse.database import writer
from onrecord.warehouse.lake import catalog, commits
from onrecord.warehouse.publishing import publish

ROWS = 20_000


def candidate(folder: Path, run: str) -> Path:
    """The published file again as the next generation, of which many rows are of its run alone."""
    file = folder / "work" / run / publish.FILE
    file.parent.mkdir(parents=True)
    shutil.copy(publish.require(folder), file)
    file.chmod(0o644)
    number = publish.following(folder)
    with writer(file) as connection:
        connection.execute("INSERT INTO generations VALUES (?, ?, now()::TIMESTAMP)", [number, run])
        connection.execute("DELETE FROM statement_moves")
        connection.execute(
            f"INSERT INTO statement_moves SELECT ?, ? || n, NULL FROM range({ROWS}) t(n)",
            [run, run],
        )
        connection.execute(
            f"INSERT INTO statement_repeats SELECT ? || n, '', 1 FROM range({ROWS}) t(n)", [run]
        )
        connection.execute("CHECKPOINT")
    return file


def commit(folder: Path, lake: catalog.Lake, file: Path, milliseconds: int) -> None:
    """Commit, and die on the way, or say how long it took."""
    if milliseconds >= 0:
        threading.Thread(target=_die, args=[milliseconds], daemon=True).start()
    started = time.perf_counter()
    commits.commit(lake, folder, file)
    print(f"done {time.perf_counter() - started:.3f}", flush=True)
    if milliseconds >= 0:
        time.sleep(600)


def _die(milliseconds: int) -> None:
    time.sleep(milliseconds / 1000)
    os.kill(os.getpid(), signal.SIGKILL)


def read(lake: catalog.Lake) -> None:
    """One connection, kept; each read is one statement, and so of one snapshot."""
    with catalog.opened(lake) as connection:
        while True:
            try:
                told = connection.execute(
                    f"""
                    SELECT generation, run_id,
                        (SELECT max(generation) FROM {catalog.LAKE}.main.generations),
                        (SELECT count(*) FROM {catalog.LAKE}.main.statement_moves AS m WHERE m.run_id = n.run_id),
                        (SELECT count(*) FROM {catalog.LAKE}.main.statement_moves),
                        (SELECT count(*) FROM {catalog.LAKE}.main.statement_repeats) % {ROWS}
                    FROM (FROM {catalog.COMMITS} ORDER BY number DESC LIMIT 1) AS n"""
                ).fetchone()
                print(*(told or ()), flush=True)
            except duckdb.Error as error:
                print("error", str(error).splitlines()[0], flush=True)
            time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "read":
        read(catalog.Lake(sys.argv[2], sys.argv[3]))
    else:
        place, where, data, file, late = sys.argv[2:]
        commit(Path(place), catalog.Lake(where, data), Path(file), int(late))

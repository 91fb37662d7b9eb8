"""A run that is killed anywhere leaves the old record or the new one, and readers never notice."""

from __future__ import annotations

from pathlib import Path

from onrecord.warehouse.checking.fingerprint import fingerprint
from onrecord.warehouse.checking.verify import verify
from onrecord.warehouse.publishing import building, publish
from tests.support.polling import Poller
from tests.support.publishing import amiss, finish, killed, tables, write_run

KILLS = [(change, 0) for change in (1, 2, 3, 5, 6, 7)] + [(0, 100)]
"""Where each run is killed: at which change to the file system, or after how many milliseconds."""


def test_a_run_killed_anywhere_is_finished_by_the_next(tmp_path: Path) -> None:
    folder, runs = tmp_path / "record", tmp_path / "runs"
    folder.mkdir()
    pollers = [Poller(folder, tmp_path / f"polled-{number}.json") for number in range(2)]
    seen = set()
    for number, (change, milliseconds) in enumerate(KILLS, start=1):
        parts = write_run(runs, number)
        killed(folder, parts, change, milliseconds)
        after = publish.generation(folder)
        seen.add(after - number)
        assert not (folder / "onrecord.duckdb.wal").exists()
        finish(folder, parts)
        assert publish.generation(folder) == number
    # Both sides of the rename were seen: the old record, and the new one.
    assert seen == {-1, 0}

    for polled in [poller.ended() for poller in pollers]:
        # Generation n holds n articles with a quotation each, and nothing in between is ever seen.
        assert amiss(polled) == []
        assert len(polled.seen) > len(KILLS)

    assert verify(folder) == []
    assert len(publish.kept(folder)) == 2
    calm = building.build(tmp_path / "calm", tables(parts), run_id="undisturbed")
    assert fingerprint(folder / "onrecord.duckdb") == fingerprint(calm)

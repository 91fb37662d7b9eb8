"""The ledger tells how runs stand, whatever they last said of themselves."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onrecord.warehouse import ledger


def entry(**more: object) -> ledger.Entry:
    told = {
        "run_id": "20260301T060000-aaaa",
        "started_at": "2026-03-01T06:00:00",
        "sources": ["news"],
        "settings_hash": "0123456789abcdef",
        "version": "0.1.0",
        "model": "m@1",
        "base": 0,
        "fingerprint": "f",
    }
    return ledger.Entry(**{**told, **more})  # type: ignore[arg-type]


def status(told: ledger.Entry) -> str:
    return str(ledger.readable([told])["status"].item())


def test_a_run_under_way_is_shown_as_such() -> None:
    assert status(entry()) == "running"


def test_a_run_whose_process_is_gone_is_shown_as_died() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    shown = ledger.readable([entry(pid=process.pid)]).row(0, named=True)
    assert shown["status"] == "died"
    assert "its process is gone" in shown["detail"]


def test_a_process_that_has_the_number_of_a_dead_run_is_another() -> None:
    assert status(entry(pid=os.getpid(), begun="1")) == "died"
    assert status(entry(pid=1, begun="1")) in ("died", "running")


def test_a_run_on_another_machine_cannot_be_told_from_here() -> None:
    assert status(entry(pid=2**22 - 1, host="elsewhere")) == "running"


def test_the_time_that_a_run_lay_dead_is_not_worked() -> None:
    dead = entry(status="died", ended_at="2026-03-01T06:00:20")
    assert dead.seconds == 20
    dead.taken_up(entry(started_at="2026-03-01T07:00:20", pid=os.getpid()))
    assert dead.status == "running"
    dead.ended_at = "2026-03-01T07:00:30"
    assert dead.seconds == 30
    assert "taken up again at 2026-03-01T07:00:20" in str(dead.detail)


def test_a_dead_run_ended_with_its_last_sign_of_life(tmp_path: Path) -> None:
    ledger.write(tmp_path, entry())
    (written,) = ledger.entries(tmp_path)
    ledger.mark_dead(tmp_path, [written.run_id])
    (marked,) = ledger.entries(tmp_path)
    assert marked.status == "died"
    assert marked.ended_at == written.told_at


def test_what_a_run_ran_with_is_shown() -> None:
    shown = ledger.readable([entry(status="published", generation=7)]).row(0, named=True)
    assert (shown["version"], shown["model"], shown["settings"]) == ("0.1.0", "m@1", "01234567")
    assert shown["generation"] == 7


def test_an_entry_of_the_first_version_is_read(tmp_path: Path) -> None:
    ledger.write(tmp_path, entry(status="published", ended_at="2026-03-01T06:00:09"))
    (path,) = (tmp_path / "runs").glob("*.json")
    import json

    told = json.loads(path.read_text())
    for name in ("again", "idle", "told_at", "begun"):
        del told[name]
    path.write_text(json.dumps(told))
    (old,) = ledger.entries(tmp_path)
    assert (old.seconds, old.again) == (9, [])


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_room_to_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    """Where there is room for no second file, the end of a run is written over what stands."""
    told = entry()
    ledger.write(tmp_path, told)
    full = OSError(reason, os.strerror(reason))

    def no_room(file: Path, data: bytes) -> None:
        raise full

    monkeypatch.setattr(ledger, "write_atomic", no_room)
    told.ended("failed", f"OSError: {full}")
    ledger.write(tmp_path, told)
    (read,) = ledger.read(tmp_path, [told.run_id])
    assert (read.status, read.detail) == ("failed", f"OSError: {full}")
    # What needs more room than there is leaves the entry as it was.
    told.detail = "x" * 100_000
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        ledger.write(tmp_path, told)
    (read,) = ledger.read(tmp_path, [told.run_id])
    assert read.detail == f"OSError: {full}"


def test_another_failure_to_write_is_no_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = entry()
    ledger.write(tmp_path, told)
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(5, "I/O")))
    with pytest.raises(OSError, match="I/O"):
        ledger.write(tmp_path, told)
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [f"{told.run_id}.json"]

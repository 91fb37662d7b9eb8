"""Runs and gates, and what was refused."""

from __future__ import annotations

from onrecord.pages.view import Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import runs as looking

views = Views()


@views.at("/runs", "runs.html")
def runs(reader: Reading, page: Number = 1) -> looking.Runs:
    """A page of the runs, the newest first, with what is open and how the gates held."""
    return looking.runs(reader, page)


@views.at("/runs/{run_id}", "run.html")
def run(reader: Reading, run_id: str) -> looking.OneRun:
    """One run, stage by stage, with its gates and what it refused."""
    found = looking.run(reader, run_id)
    if found is None:
        raise NotOnRecord("No run has this name: see the list of runs.")
    return found


@views.at("/rejects", "rejects.html")
def rejects(
    reader: Reading,
    reason: str | None = None,
    stage: str | None = None,
    run: str | None = None,
    settled: bool = False,
    page: Number = 1,
) -> looking.Rejects:
    """A page of what was refused and is open; with `settled`, of all that ever was."""
    return looking.rejects(reader, reason, stage, run, page, settled=settled)


@views.at("/rejects/{reject_id}", "reject.html")
def reject(reader: Reading, reject_id: str) -> looking.Payload:
    """One reject with what was refused."""
    found = looking.reject(reader, reject_id)
    if found is None:
        raise NotOnRecord("Nothing refused has this name: see what was refused.")
    return found

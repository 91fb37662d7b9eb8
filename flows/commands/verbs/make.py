"""Commands that make the record: how they are called, and what their help says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from onrecord.flows.commands import backfilling, recording, starting
from onrecord.flows.commands.options import Day, Sources, Stage, Verbose


def run(
    context: typer.Context,
    sources: Sources = None,
    day: Day = None,
    start: Annotated[
        Stage | None,
        typer.Option("--from", help="Start from this stage, with what an unfinished run made."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    verbose: Verbose = False,
) -> None:
    """Read articles and publish a new generation of the record.

    Exit codes: 0 all went in; 3 published, but some inputs were refused (see
    `onrecord rejects`); 2 nothing usable, or the command or configuration is
    wrong; 4 another run holds the record; 1 it failed. Nothing is published
    unless the code is 0 or 3.

    Examples:

        onrecord run samples

        onrecord run 'crawl/*.jsonl' feeds/ -w /data/record
    """
    recording.run(
        context.obj,
        sources or [],
        day=day.date() if day else None,
        start=start.value if start else None,
        quiet=quiet,
        verbose=verbose,
    )


def demo(context: typer.Context) -> None:
    """Make a record of the articles that come with OnRecord, and say what to try.

    Where a record stands already, it goes into a new folder of the system's
    temporary ones.

    Example: onrecord demo
    """
    starting.demo(context.obj)


def backfill(
    context: typer.Context,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    sources: Sources = None,
    verbose: Verbose = False,
) -> None:
    """Run over a range of days, in order: sources that name the day, such as 'crawl/{date}/*.jsonl'.

    One run a day, each published before the next begins. A day that was done is
    not done again, so that the same command goes on where one was broken off; a
    day on which there is nothing to read is passed over, and one that fails ends
    it. The exit codes are those of `onrecord run`.

    Example:

        onrecord backfill --from 2026-01-01 --to 2026-01-31 'crawl/{date:%Y/%m/%d}'
    """
    backfilling.backfill(context.obj, sources or [], first.date(), last.date(), verbose=verbose)

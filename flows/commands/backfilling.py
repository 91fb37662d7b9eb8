"""The command that makes the record over a range of days: backfill."""

from __future__ import annotations

from datetime import date
from functools import partial

from onrecord.flows.commands import Where
from onrecord.flows.running.exits import REFUSED_SOME, USAGE, Exit


def backfill(where: Where, sources: list[str], first: date, last: date, *, verbose: bool) -> None:
    """Run the flow once for each day that was not done yet, in order, and tell of each in a line."""
    from onrecord.pipeline.core.days import between, is_dated

    settings = where.settings(sources)
    if not is_dated(settings.sources):
        raise Exit(
            USAGE,
            "no source names the day; write one as 'crawl/{date}/*.jsonl' (docs/operations.md)",
        )
    if last < first:
        raise Exit(USAGE, f"--to {last} is before --from {first}")
    from onrecord.flows.commands.recording import run_flow
    from onrecord.flows.running.runs import is_unchanged
    from onrecord.flows.serving.once import import_flow, quieten

    days = [day for day in between(first, last) if not is_unchanged(settings.on(day))]
    done = (last - first).days + 1 - len(days)
    if done:
        print(f"{done} of {done + len(days)} days were done before")
    if not days:
        return
    quieten(verbose)
    from onrecord.flows.serving.temporary import engine

    refused, read = 0, done
    with engine() as answering:
        import_flow()
        answering()
        for day in days:
            try:
                outcome = run_flow(where, partial(settings.on, day), quiet=True, verbose=verbose)
            except Exit as ended:
                if ended.code != USAGE:
                    raise Exit(
                        ended.code, f"{day}: {ended.message}\nThe same command goes on from there."
                    ) from None
                refused += ended.refused
                print(f"{day}  {ended.message}", flush=True)
                continue
            read, refused = read + 1, refused + outcome.rejected
            print(f"{day}  {outcome.sentence}", flush=True)
    if not read:
        raise Exit(USAGE, "nothing usable on any of these days")
    if refused:
        raise Exit(REFUSED_SOME)

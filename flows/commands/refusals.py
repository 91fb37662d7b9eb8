"""The commands about what was refused: rejects and retry."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, show_rows, told
from onrecord.flows.running.exits import REFUSED_SOME, USAGE, Exit

if TYPE_CHECKING:
    import polars as pl

    from onrecord.warehouse.quarantine import Filters

SHOWN = ("id", "stage", "reason", "source", "place", "detail", "run_id")
CLOSED = ("closed_at", "closed_by", "because")
SETTLED = ("resolution", "resolved_by", *CLOSED)


def chosen(
    ids: list[str], reason: str | None, stage: str | None, run: str | None, source: str | None
) -> Filters:
    """Which rejects the command line means."""
    from onrecord.warehouse.quarantine import Filters

    return Filters(tuple(ids), reason, stage, run, source)


def narrowed(filters: Filters) -> bool:
    """Whether the command line chose some of what was refused."""
    from onrecord.warehouse.quarantine import Filters

    return filters != Filters()


def rejects(
    where: Where,
    filters: Filters,
    form: str,
    *,
    settled: bool,
    closed: bool,
    count: bool,
    payload: bool,
) -> None:
    """What was refused: row by row, one row a reason, or the payload of one."""
    from onrecord.warehouse import quarantine

    with told():
        found = quarantine.rejects(
            where.settings().warehouse, filters, settled=settled, closed=closed
        )
    if found.is_empty() and not payload:
        print(
            f"onrecord: no {'closed ' if closed else '' if settled else 'open '}reject fits",
            file=sys.stderr,
        )
    if payload:
        _show_payload(found)
    elif count:
        show_rows(_by_reason(found), form)
    else:
        more = SETTLED if settled else CLOSED if closed else ()
        show_rows(found.select(*SHOWN, *more), form)


def close(where: Where, filters: Filters, because: str | None) -> None:
    """Close open rejects for a reason, or open closed ones again without one."""
    from onrecord.warehouse import quarantine

    home = where.settings().warehouse
    if not narrowed(filters):
        raise Exit(USAGE, "say which: give ids, or --reason, --stage, --run, --source")
    with told():
        found = quarantine.rejects(home, filters, closed=because is None)
        if found.is_empty():
            raise Exit(USAGE, f"no {'open' if because else 'closed'} reject fits")
        quarantine.close(home, found, because)
    print(f"{found.height} {'closed' if because else 'open again'}")


def _by_reason(found: pl.DataFrame) -> pl.DataFrame:
    """One row a reason: how many, of how many sources, and an example with what to do."""
    import polars as pl

    return (
        found.group_by("stage", "reason")
        .agg(
            pl.len().alias("rejects"),
            pl.col("source").n_unique().alias("sources"),
            pl.col("id").first().alias("example"),
            pl.col("detail").first(),
        )
        .sort(["rejects", "stage", "reason"], descending=[True, False, False])
    )


def _show_payload(found: pl.DataFrame) -> None:
    """The bytes of one reject as they came; on a terminal without what could command it."""
    if found.height != 1:
        raise Exit(USAGE, f"--payload shows one reject, and {found.height} fit; give its id")
    (data,) = found["payload"]
    if data is None:
        raise Exit(USAGE, "nothing was kept of it: it is settled, or there was nothing to keep")
    if sys.stdout.isatty():
        from onrecord.flows.showing.summary import printable

        print(printable(data.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(data)
    if found["cut"].item():
        print("onrecord: this is the beginning only", file=sys.stderr)


def retry(where: Where, filters: Filters, addresses: list[str]) -> None:
    """Put open rejects through again, a run for each list of sources that they came from, and tell what came of it.

    `addresses` are sources with the keys that the ledger does not hold.
    """
    from onrecord.flows.commands.recording import run_flow
    from onrecord.flows.running import handover
    from onrecord.warehouse import quarantine

    settings = where.settings()
    home = settings.warehouse
    with told():
        fitting = quarantine.rejects(home, filters)
    chosen = fitting.join(quarantine.waiting(home, fitting), on="id", how="anti")
    if chosen.is_empty():
        raise Exit(USAGE, _why_none(fitting.height))
    kept = [*settings.sources, *(s for named in settings.schedule.values() for s in named.sources)]
    done: list[str] = []
    shut: Counter[str] = Counter()
    for names, day, of_these in _by_sources(home, chosen):
        sources = handover.with_keys(handover.with_keys(names, addresses, day), kept, day)
        locked = _out_of_reach(of_these, sources)
        shut.update(locked["source"].to_list())
        ids = of_these.join(locked, on="id", how="anti")["id"].to_list()
        if ids:
            run_flow(where, partial(where.settings, sources), again=ids)
            done += ids
    if done:
        _tell(quarantine.rejects(home, replace(filters, ids=done), settled=True), shut)
    elif shut:
        raise Exit(USAGE, _how_to_reach(shut))


def _why_none(waiting: int) -> str:
    if not waiting:
        return "no open reject fits; `onrecord rejects` lists what there is"
    return (
        f"{waiting} fit, all of them quotations without a vector in articles that are not on record:"
        " `onrecord run` over their sources brings in both"
    )


def _by_sources(
    home: Path, chosen: pl.DataFrame
) -> Iterator[tuple[tuple[str, ...], date, pl.DataFrame]]:
    """What the runs of some rejects read, by name, the day of the newest of those runs, and their rejects."""
    import polars as pl

    from onrecord.warehouse import history

    asked: dict[tuple[str, ...], list[str]] = {}
    theirs = chosen["run_id"].unique(maintain_order=True).to_list()
    known = history.sources_of(home, theirs)
    for run in theirs:
        asked.setdefault(known.get(run, ()), []).append(run)
    for names, runs in asked.items():
        day = datetime.strptime(max(runs)[:8], "%Y%m%d").date()
        yield names, day, chosen.filter(pl.col("run_id").is_in(runs))


def _out_of_reach(chosen: pl.DataFrame, sources: Sequence[str]) -> pl.DataFrame:
    """Those of which there is nothing to read: no key for their address, and not kept whole."""
    import polars as pl

    from onrecord.pipeline.core.address import lacks_key
    from onrecord.pipeline.core.rejects import KEPT_WHOLE

    locked = [source for source in sources if lacks_key(source)]
    return chosen.filter(pl.col("source").is_in(locked), ~KEPT_WHOLE)


def _how_to_reach(shut: Mapping[str, int]) -> str:
    """What to do about rejects of addresses whose key nobody told."""
    first = next(iter(shut))
    return (
        f"{sum(shut.values())} not put through: the record does not hold the key of {', '.join(shut)}, and config.yaml"
        " names no such source. Name it there, or give the whole address:"
        f" onrecord retry --source '{first}' --address 'the same with its key'"
    )


def _tell(found: pl.DataFrame, shut: Mapping[str, int]) -> None:
    """What became of those that were put through; exit code 3 where some are refused still, or were not reached."""
    counts = dict(found["resolution"].value_counts().rows())
    refused = counts.get("repeated", 0) + counts.get(None, 0)
    print(
        f"{found.height} put through again: {counts.get('recorded', 0)} on record,"
        f" {refused} refused again, {counts.get('gone', 0)} gone or known already"
    )
    if refused or shut:
        raise Exit(REFUSED_SOME, _how_to_reach(shut) if shut else "")

"""The commands about what was refused: rejects and retry."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from flows.commands import REFUSED_SOME, USAGE, Exit, Where, show_rows, told

if TYPE_CHECKING:
    import polars as pl

    from warehouse.quarantine import Filters

SHOWN = ("id", "stage", "reason", "source", "place", "detail", "run_id")
SETTLED = ("resolution", "resolved_by")


def chosen(
    ids: list[str], reason: str | None, stage: str | None, run: str | None, source: str | None
) -> Filters:
    """Which rejects the command line means."""
    from warehouse.quarantine import Filters

    return Filters(tuple(ids), reason, stage, run, source)


def rejects(
    where: Where, filters: Filters, form: str, *, settled: bool, count: bool, payload: bool
) -> None:
    """What was refused: row by row, one row a reason, or the payload of one."""
    from warehouse import quarantine

    with told():
        found = quarantine.rejects(where.settings().warehouse, filters, settled=settled)
    if payload:
        _show_payload(found)
    elif count:
        show_rows(_by_reason(found), form)
    else:
        show_rows(found.select(*SHOWN, *(SETTLED if settled else ())), form)


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
        from flows.summary import printable

        print(printable(data.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(data)
    if found["cut"].item():
        print("onrecord: this is the beginning only", file=sys.stderr)


def retry(where: Where, filters: Filters) -> None:
    """Put open rejects through again, a run for each list of sources that they came from, and tell what came of it."""
    import polars as pl

    from flows.commands.recording import run_flow
    from pipeline.quarantine import HELD_BACK
    from warehouse import ledger, quarantine

    home = where.settings().warehouse
    with told():
        open_now = quarantine.rejects(home, filters)
    # A quotation without a vector belongs to an article that is on record: its source is not read again.
    chosen = open_now.filter((pl.col("stage") != "embed") | (pl.col("reason") == HELD_BACK))
    if chosen.is_empty():
        raise Exit(USAGE, _why_none(open_now.height))
    asked = {entry.run_id: tuple(entry.sources) for entry in ledger.entries(home)}
    runs = {run: asked.get(run, ()) for run in chosen["run_id"].unique(maintain_order=True)}
    for sources in dict.fromkeys(runs.values()):
        of_these = chosen.filter(pl.col("run_id").is_in([r for r in runs if runs[r] == sources]))
        run_flow(where, where.settings(sources), again=of_these["id"].to_list())
    _tell(quarantine.rejects(home, replace(filters, ids=chosen["id"].to_list()), settled=True))


def _why_none(embedded: int) -> str:
    if not embedded:
        return "no open reject fits; `onrecord rejects` lists what there is"
    return (
        f"{embedded} fit, all of them quotations without a vector in articles that are on record:"
        " they come in where the record is made anew with a model that can read them"
    )


def _tell(found: pl.DataFrame) -> None:
    """What became of those that were put through; exit code 3 where some are refused still."""
    counts = dict(found["resolution"].value_counts().rows())
    refused = counts.get("repeated", 0) + counts.get(None, 0)
    print(
        f"{found.height} put through again: {counts.get('recorded', 0)} on record,"
        f" {refused} refused again, {counts.get('gone', 0)} gone or known already"
    )
    if refused:
        raise Exit(REFUSED_SOME)

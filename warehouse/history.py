"""The runs that there were, without reading the ledger's entry of each: of most, the record itself tells.

An entry is read where the published record does not hold its run, or where it was written since: so a run costs the
same after ten runs and after ten thousand, and after a rollback what the record lost is read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from onrecord.pipeline.core.contracts import CONTRACTS
from onrecord.warehouse import ledger
from onrecord.warehouse.database import reader
from onrecord.warehouse.errors import WarehouseError
from onrecord.warehouse.ledger import Entry
from onrecord.warehouse.publishing.publish import published

_RUNS = CONTRACTS["runs"]
_WELL = ("published", "unchanged")


class History(NamedTuple):
    """`held` are the rows of runs that the record tells of, `fresh` the runs whose entries tell more, oldest first."""

    held: pl.DataFrame
    fresh: list[str]


def history(folder: Path) -> History:
    """Which runs the record tells of, and which the ledger alone. No entry is read."""
    names = ledger.names(folder)
    path = published(folder)
    if path is None:
        return History(_RUNS.empty(), list(names))
    since = path.stat().st_mtime_ns
    held = _held(path)
    told = set(held["run_id"])
    fresh = [run for run, written in names.items() if run not in told or written >= since]
    return History(held.filter(~pl.col("run_id").is_in(fresh)), fresh)


def _held(path: Path) -> pl.DataFrame:
    """The runs that a file holds and whose end it tells; none where it cannot be read."""
    try:
        with reader(path) as connection:
            found = connection.execute("FROM runs WHERE status <> 'running'").pl()
            made = connection.execute(
                "SELECT run_id, max(generation) AS made FROM generations GROUP BY run_id"
            ).pl()
    except (WarehouseError, duckdb.Error):
        # Whoever asks how runs went shall be told by the ledger all the same.
        return _RUNS.empty()
    took = (pl.col("ended_at") - pl.col("started_at")).dt.total_milliseconds() / 1000
    # A file of an older version lacks what has come since.
    return (
        pl.concat([_RUNS.empty(), found], how="diagonal_relaxed")
        .join(made, on="run_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("generation", "made"), pl.coalesce("seconds", took))
        .select(list(_RUNS.columns))
    )


def entries(
    folder: Path, besides: Collection[str] = (), *, set_aside: bool = False
) -> Iterator[Entry]:
    """The entries that tell more than the published record does, and those of `besides`, oldest first.

    `set_aside` as in `ledger.read`.
    """
    return ledger.read(folder, sorted({*history(folder).fresh, *besides}), set_aside=set_aside)


def open_runs(folder: Path) -> list[str]:
    """The runs whose entries may say that they run: whose folder stands, or the newest. No entry is read."""
    names = list(ledger.names(folder))
    standing = {path.name for path in (folder / "work").glob("*")}
    return sorted({*names[-1:], *standing.intersection(names)})


def last(folder: Path, sources: Sequence[str]) -> Entry | None:
    """The newest run that read these sources whole, and published or found nothing new."""
    wanted = list(sources)
    held, fresh = history(folder)
    fits = held.filter(
        pl.col("status").is_in(_WELL),
        pl.col("sources").list.join("\n") == "\n".join(wanted),
        pl.col("again").list.len().fill_null(0) == 0,
    )["run_id"]
    for run in sorted({*fresh, *fits}, reverse=True):
        for entry in ledger.read(folder, [run]):
            if entry.status in _WELL and entry.sources == wanted and not entry.again:
                return entry
    return None


def sources_of(folder: Path, run_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """What some runs were asked to read; a run that nobody knows of is left out."""
    wanted = set(run_ids)
    held, fresh = history(folder)
    held = held.filter(pl.col("run_id").is_in(sorted(wanted)))
    found = {run: tuple(names) for run, names in held.select("run_id", "sources").iter_rows()}
    for entry in ledger.read(folder, sorted(wanted.intersection(fresh))):
        found[entry.run_id] = tuple(entry.sources)
    return found


class Told(NamedTuple):
    """RUNS and STAGE_RUNS of all runs, the oldest first; by the record where it holds a run, else by the ledger."""

    runs: pl.DataFrame
    stages: pl.DataFrame


def told(folder: Path) -> Told:
    """What every run did."""
    held, fresh = history(folder)
    made = ledger.tables(list(ledger.read(folder, fresh)))
    stages, path = [made["stage_runs"]], published(folder)
    if path is not None and held.height:
        with reader(path) as connection:
            rows = CONTRACTS["stage_runs"].conform(connection.execute("FROM stage_runs").pl())
        stages.append(rows.join(held, on="run_id", how="semi"))
    return Told(pl.concat([held, made["runs"]]).sort("run_id"), pl.concat(stages))

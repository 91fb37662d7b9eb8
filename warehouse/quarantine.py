"""What was refused and is open: listed, and filtered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline import ids
from pipeline.contracts import REJECTS
from warehouse import ledger
from warehouse.database import reader
from warehouse.publish import published, require

_ID_DIGITS = 8


@dataclass(frozen=True)
class Filters:
    """Which rejects are meant; every part that is given must fit. `ids` are identities or their beginnings."""

    ids: Sequence[str] = ()
    reason: str | None = None
    stage: str | None = None
    run: str | None = None
    source: str | None = None

    def of(self, rejects: pl.DataFrame) -> pl.DataFrame:
        """Those of `rejects` (see `rejects`) that fit."""
        told = {"reason": self.reason, "stage": self.stage, "run_id": self.run}
        fits = [pl.col(name) == value for name, value in told.items() if value is not None]
        if self.source is not None:
            fits.append(pl.col("source").str.contains(self.source, literal=True))
        if self.ids:
            fits.append(
                pl.any_horizontal(
                    pl.col("id").str.starts_with(one[:_ID_DIGITS]) for one in self.ids
                )
            )
        return rejects.filter(*fits) if fits else rejects


def rejects(folder: Path, filters: Filters = Filters(), *, settled: bool = False) -> pl.DataFrame:
    """What was refused and is open, newest run first, or all that ever was: REJECTS led by a short `id`.

    Of the published record and of runs that published nothing. Raises NoWarehouse where there is neither.
    """
    kept = [REJECTS.conform(pl.read_parquet(path)) for path in ledger.kept_rejects(folder)]
    if not kept:
        require(folder)
    file = published(folder)
    # Of one that was published and kept beside it as well, what the record says.
    found = pl.concat([*([_of_record(file)] if file else []), *kept]).unique(
        REJECTS.key, keep="first", maintain_order=True
    )
    if not settled:
        found = _newest(folder, found.filter(pl.col("resolution").is_null()))
    found = found.sort("stage", "source", "place").sort(
        "run_id", descending=True, maintain_order=True
    )
    names = [
        ids.digest("reject", *key)[:_ID_DIGITS] for key in found.select(REJECTS.key).iter_rows()
    ]
    return filters.of(found.select(pl.Series("id", names, dtype=pl.String), pl.all()))


def _of_record(file: Path) -> pl.DataFrame:
    with reader(file) as connection:
        return REJECTS.conform(connection.execute("FROM rejects").pl())


def _newest(folder: Path, found: pl.DataFrame) -> pl.DataFrame:
    """Of one place of the same sources, refused by run after run, the newest: the next generation says so too."""
    asked = {entry.run_id: "\n".join(entry.sources) for entry in ledger.entries(folder)}
    sources = pl.col("run_id").replace_strict(asked, default=pl.col("run_id"))
    newest = pl.col("run_id").max().over(sources, "source", "place")
    return found.filter(pl.col("run_id") == newest)

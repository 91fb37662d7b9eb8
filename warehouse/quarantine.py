"""What was refused: listed, filtered, and closed where it will not be mended."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from onrecord.pipeline.core import ids
from onrecord.pipeline.core.contracts import CONTRACTS, REJECTS
from onrecord.pipeline.core.rejects import LACKS_VECTOR
from onrecord.warehouse import history, ledger
from onrecord.warehouse.database import identifier, reader
from onrecord.warehouse.publishing.publish import lock, published, require

_ID_DIGITS = 8
_CLOSING = ("closed_at", "closed_by", "because")


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


def rejects(
    folder: Path, filters: Filters = Filters(), *, settled: bool = False, closed: bool = False
) -> pl.DataFrame:
    """What was refused and is open, or was closed, newest run first, or all that ever was: REJECTS led by a short `id`.

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
    found = _with_closings(folder, found)
    if not settled:
        shut = pl.col("resolution").fill_null("open") == "closed"
        found = _newest(folder, found.filter(pl.col("resolution").is_null() | shut))
        found = found.filter(shut if closed else ~shut)
    # Line 10 comes after line 2.
    number = pl.col("place").str.extract(r"(\d+)").cast(pl.UInt64, strict=False)
    found = found.sort("stage", "source", number, "place").sort(
        "run_id", descending=True, maintain_order=True
    )
    names = [
        ids.digest("reject", *key)[:_ID_DIGITS] for key in found.select(REJECTS.key).iter_rows()
    ]
    return filters.of(found.select(pl.Series("id", names, dtype=pl.String), pl.all()))


def refused_before(folder: Path, sources: Sequence[str], run_id: str) -> pl.DataFrame:
    """REJECTS rows that other runs than this one made of these sources, and that are open or were closed."""
    file = published(folder)
    kept = [REJECTS.conform(pl.read_parquet(path)) for path in ledger.kept_rejects(folder)]
    found = pl.concat([REJECTS.empty(), *([_of_record(file)] if file else []), *kept]).filter(
        pl.col("resolution").is_null() | (pl.col("resolution") == "closed"),
        pl.col("run_id") != run_id,
    )
    asked = history.sources_of(folder, found["run_id"].unique().to_list())
    theirs = [run for run, names in asked.items() if names == tuple(sources)]
    return found.filter(pl.col("run_id").is_in(theirs))


def close(folder: Path, chosen: pl.DataFrame, because: str | None) -> None:
    """Close rejects (rows of `rejects`) for a reason, or open them again without one.

    It lies beside the record until the next published generation takes it up. Raises WarehouseBusy while a run is at
    work: it would not see it.
    """
    with lock(folder):
        ledger.keep_closings(
            folder,
            chosen.select(
                *REJECTS.key,
                pl.lit(ledger.now(), REJECTS.columns["closed_at"].dtype).alias("closed_at"),
                pl.lit(_account()).alias("closed_by"),
                pl.lit(because, pl.String).alias("because"),
            ),
        )


def _account() -> str:
    """Who is at work here: the account's name, or its number where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _with_closings(folder: Path, found: pl.DataFrame) -> pl.DataFrame:
    """The rejects with what was closed or reopened since the published generation."""
    for path in ledger.kept_closings(folder):
        new = pl.read_parquet(path).rename({name: f"{name}_new" for name in _CLOSING})
        named = pl.col("closed_at_new").is_not_null() & (
            pl.col("resolution").fill_null("closed") == "closed"
        )
        shut = pl.when(pl.col("because_new").is_not_null()).then(pl.lit("closed"))
        found = (
            found.join(new, on=REJECTS.key, how="left", maintain_order="left")
            .with_columns(
                pl.when(named).then(shut).otherwise("resolution").alias("resolution"),
                *(
                    pl.when(named).then(f"{name}_new").otherwise(name).alias(name)
                    for name in _CLOSING
                ),
            )
            .drop(f"{name}_new" for name in _CLOSING)
        )
    return found


def waiting(folder: Path, chosen: pl.DataFrame) -> pl.DataFrame:
    """Of `chosen`, the quotations without a vector whose article no generation holds: it has to come in first."""
    lacking, file = chosen.filter(LACKS_VECTOR), published(folder)
    if lacking.is_empty() or file is None:
        return lacking
    with reader(file) as connection:
        known = connection.execute(
            "SELECT article_id FROM articles WHERE article_id IN (SELECT unnest($1))",
            [lacking["article_id"].to_list()],
        ).pl()
    return lacking.join(known, on="article_id", how="anti")


def on_record(folder: Path, chosen: pl.DataFrame, tables: Iterable[str]) -> dict[str, pl.DataFrame]:
    """The rows of `tables` that belong to the articles of the quotations without a vector among `chosen`."""
    articles = chosen.filter(LACKS_VECTOR)["article_id"].unique().sort().to_list()
    file = published(folder)
    if not articles or file is None:
        return {name: CONTRACTS[name].empty() for name in tables}
    with reader(file) as connection:
        return {
            name: CONTRACTS[name].conform(
                connection.execute(
                    f"FROM {identifier(name)} WHERE article_id IN (SELECT unnest($1)) ORDER BY ALL",
                    [articles],
                ).pl()
            )
            for name in tables
        }


def _of_record(file: Path) -> pl.DataFrame:
    with reader(file) as connection:
        return REJECTS.conform(connection.execute("FROM rejects").pl())


def _newest(folder: Path, found: pl.DataFrame) -> pl.DataFrame:
    """Of one place of the same sources, refused by run after run, the newest: the next generation says so too."""
    named = history.sources_of(folder, found["run_id"].unique().to_list())
    asked = {run: "\n".join(sources) for run, sources in named.items()}
    sources = pl.col("run_id").replace_strict(asked, default=pl.col("run_id"))
    newest = pl.col("run_id").max().over(sources, "source", "place")
    return found.filter(pl.col("run_id") == newest)

"""Whether every run whose ledger lies in a folder adds up: what went in came out, was refused, or was known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from onrecord.warehouse import ledger
from onrecord.warehouse.asking.query import query


class Accounts(NamedTuple):
    """How many runs were looked at, and a sentence for each that does not add up."""

    runs: int
    wrong: list[str]


def accounts(folder: Path) -> Accounts:
    """Look at every run of every record anywhere below a folder."""
    runs, wrong = 0, []
    for home in sorted(path.parent for path in folder.rglob(ledger.FOLDER) if path.is_dir()):
        for entry in ledger.entries(home):
            runs += 1
            wrong += [f"{home}: run {entry.run_id}: {told}" for told in _wrong(entry)]
        if (home / "onrecord.duckdb").is_file():
            wrong += [f"{home}: {told}" for told in _rejects(home)]
    return Accounts(runs, wrong)


def _wrong(entry: ledger.Entry) -> Iterator[str]:
    for stage, told in entry.stages.items():
        if told["rows_in"] != told["rows_out"] + told["rejected"] + told["duplicates"]:
            yield f"{stage} does not add up: {told}"
    for maker, column, taker in (("ingest", "rows_out", "clean"), ("clean", "yielded", "embed")):
        if maker in entry.stages and taker in entry.stages:
            given, taken = entry.stages[maker][column], entry.stages[taker]["rows_in"]
            if given != taken:
                yield f"{taker} takes {taken} rows and was given {given}"


def _rejects(home: Path) -> list[str]:
    """Stages of published runs that count other rejects than the record holds of them."""
    return (
        query(
            home,
            """SELECT format('run {}: {} counts {} rejects, and {} are kept', run_id, stage, rejected, n)
               FROM stage_runs JOIN runs USING (run_id) LEFT JOIN (
                   SELECT run_id, stage, count(*) AS n FROM rejects GROUP BY ALL
               ) USING (run_id, stage)
               WHERE status = 'published' AND rejected <> coalesce(n, 0)""",
        )
        .to_series()
        .to_list()
    )

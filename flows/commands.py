"""What the commands do; flows/cli.py says how they are called."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from pipeline.settings import Settings

FAILED, USAGE, REFUSED_SOME, BUSY = 1, 2, 3, 4


class Exit(Exception):  # noqa: N818
    """The command ends with this code, and this word where there is one."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Where:
    """What the command line says of the record's place and its configuration."""

    warehouse: Path | None
    config: Path | None

    def settings(self, sources: Iterable[str] = ()) -> Settings:
        """The settings in force. Ends the command where they cannot be used."""
        from pipeline.settings import SettingsError, load_settings

        try:
            return load_settings(self.config, warehouse=self.warehouse, sources=tuple(sources))
        except SettingsError as error:
            raise Exit(USAGE, str(error)) from None


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to."""

    speaker: str | None
    outlet: str | None
    since: str | None
    until: str | None
    theme: str | None
    limit: int
    by: str


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the warehouse and the models refuse into words and an exit code."""
    from pipeline.embedders import ModelError
    from warehouse.errors import NoWarehouse, QueryError, WarehouseBusy, WarehouseError

    try:
        yield
    except WarehouseBusy as error:
        raise Exit(BUSY, str(error)) from None
    except (NoWarehouse, QueryError) as error:
        raise Exit(USAGE, str(error)) from None
    except (WarehouseError, ModelError) as error:
        raise Exit(FAILED, str(error)) from None


def run(where: Where, sources: list[str], *, quiet: bool, verbose: bool) -> None:
    """Run the flow once and tell what it found."""
    settings = where.settings(sources)
    # Prefect reads its settings when it is imported, which is further down.
    os.environ.setdefault(
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "INFO" if verbose else "CRITICAL"
    )
    from flows import progress
    from flows.outcome import short_cut
    from flows.runs import GateFailed, NothingUsable
    from pipeline.embedders import ModelError
    from warehouse.errors import WarehouseError

    with _told():
        try:
            with progress.bars(show=sys.stderr.isatty() and not quiet):
                outcome = short_cut(settings)
                if outcome is None:
                    from flows.record import record

                    outcome = record(
                        sources=list(settings.sources),
                        warehouse=where.warehouse,
                        config=where.config,
                    )
        except NothingUsable as error:
            raise Exit(USAGE, str(error)) from None
        except GateFailed as error:
            raise Exit(FAILED, str(error)) from None
        except (WarehouseError, ModelError):
            raise
        except Exception as error:
            if verbose:
                raise
            raise Exit(
                FAILED,
                f"the run failed: {type(error).__name__}: {error}\nNothing was published; the next run goes on where"
                " this one stopped. `onrecord run --verbose` shows where.",
            ) from error
    if not quiet:
        from flows import summary

        summary.show(outcome)
    if outcome.rejected:
        raise Exit(REFUSED_SOME)


def sql(where: Where, query: str, form: str) -> None:
    """Answer one query."""
    from warehouse.query import query as ask

    with _told():
        _print(ask(where.settings().warehouse, query), form)


def rejects(where: Where, form: str) -> None:
    """What was refused and not read since, newest run first: of the record, and of runs that published nothing."""
    import polars as pl

    from pipeline.contracts import CONTRACTS
    from warehouse import ledger
    from warehouse.publish import published, require
    from warehouse.query import table

    home = where.settings().warehouse
    kept = ledger.kept_rejects(home)
    with _told():
        if not kept:
            require(home)
        file = published(home)
        rows = [pl.read_parquet(path) for path in kept]
        if file is not None:
            rows.append(CONTRACTS["rejects"].conform(table(file, "rejects")))
    every = (
        pl.concat(rows)
        .sort("stage", "source", "place")
        .sort("run_id", descending=True, maintain_order=True)
    )
    _print(every, form)


def search(where: Where, words: str, filters: Filters, form: str) -> None:
    """Find quotations and print what a person can use."""
    from warehouse import search as finder

    settings = where.settings()
    if filters.by not in ("words", "meaning", "both"):
        raise Exit(USAGE, f"--by {filters.by}: must be words, meaning or both")
    with _told():
        vector = None
        if filters.by != "words":
            from pipeline.embedders import load_embedder

            vector = load_embedder(settings.embed).encode([words])[0].tolist()
        found = finder.search(
            settings.warehouse,
            "" if filters.by == "meaning" else words,
            vector,
            speaker=filters.speaker,
            outlet=filters.outlet,
            since=filters.since,
            until=filters.until,
            theme=filters.theme,
            limit=filters.limit,
        )
    if form == "table":
        from flows import summary

        summary.show_found(found)
    else:
        _print(found, form)


def runs(where: Where) -> None:
    """The ledger, newest last."""
    from warehouse import ledger

    told = ledger.tables(list(ledger.entries(where.settings().warehouse)))["runs"]
    _print(ledger.readable(told), "table")


def serve(where: Where) -> None:
    """Run the flow on its schedule until stopped."""
    from flows.deployments import serve as serve_forever

    serve_forever(where.settings(), where.config)


def ui(host: str, port: int) -> None:
    """Start a Prefect server in this process's place."""
    from flows.deployments import start_server

    start_server(host, port)


def doctor(where: Where, sources: list[str]) -> None:
    """Check what a run needs; exit code 1 where something is wrong."""
    from flows import checkup

    if not checkup.show(checkup.examine(where.settings(sources), sources)):
        raise Exit(FAILED)


def gates() -> None:
    """Every expectation of every gate."""
    import polars as pl

    from expectations.gate import suites

    _print(
        pl.DataFrame(suites(), schema=["stage", "expectation", "severity"], orient="row"), "table"
    )


def verify(where: Where) -> None:
    """Check the record from end to end; exit code 1 where something is wrong."""
    from warehouse.verify import verify as check

    with _told():
        problems = check(where.settings().warehouse)
    for problem in problems:
        print(problem)
    if problems:
        raise Exit(FAILED, f"{len(problems)} problem(s) found")
    print("verified: spans, references, hashes, counts and index all hold")


def rollback(where: Where, generation: int) -> None:
    """Publish an earlier generation again."""
    from warehouse import publish

    with _told():
        number = publish.rollback(where.settings().warehouse, generation)
    print(f"generation {number} is published")


def evaluate(gold: Path | None, *, pin: bool) -> None:
    """Score quality and hold the floors; exit code 1 where a floor does not hold."""
    from flows import evaluation

    if not evaluation.show(gold, raise_floors=pin):
        raise Exit(FAILED, "a floor does not hold")


def stream(stage: str) -> None:
    """JSON Lines from standard input through one stage to standard output; a bad line becomes a record with "error"."""
    streams: dict[str, Callable[[], Callable[[Iterable[Any]], Iterator[dict[str, Any]]]]] = {
        "extract": _extract_records,
        "blocks": _mark_records,
        "statements": _statements_of_records,
    }
    with _told():
        for made in streams[stage]()(_lines(sys.stdin.buffer)):
            sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _extract_records() -> Callable[[Iterable[Any]], Iterator[dict[str, Any]]]:
    from pipeline.quotations.extract import extract_records

    return extract_records


def _mark_records() -> Callable[[Iterable[Any]], Iterator[dict[str, Any]]]:
    from pipeline.blocks import mark_records

    return mark_records


def _statements_of_records() -> Callable[[Iterable[Any]], Iterator[dict[str, Any]]]:
    from pipeline.statements import statements_of_records

    return statements_of_records


def _lines(raw: Iterable[bytes]) -> Iterator[Any]:
    """One JSON value a line; a line that is none is handed on as {"error"}, so that it is answered for."""
    for number, line in enumerate(raw, start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            yield {"error": f"line {number}: not JSON: {error}"}


def _print(frame: pl.DataFrame, form: str) -> None:
    from flows import summary

    summary.print_rows(frame, form)

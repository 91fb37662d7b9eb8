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

    from flows.outcome import Outcome
    from pipeline.settings import Settings

FAILED, USAGE, REFUSED_SOME, BUSY, INTERRUPTED = 1, 2, 3, 4, 130


Stream = Callable[[Iterable[Any]], Iterator[dict[str, Any]]]
"""One stage over records: as many out as in, in order, an unusable one with "error"."""


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


def _is_told(error: Exception) -> bool:
    """Whether an error says by itself what was wrong and what to do."""
    from flows.engine import EngineError
    from pipeline.embedders import ModelError
    from pipeline.weights import WeightsError
    from warehouse.errors import WarehouseError

    return isinstance(error, (EngineError, ModelError, WeightsError, WarehouseError))


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the warehouse, the models and the engine refuse into words and an exit code."""
    from warehouse.errors import NoWarehouse, QueryError, WarehouseBusy

    try:
        yield
    except WarehouseBusy as error:
        raise Exit(BUSY, str(error)) from None
    except (NoWarehouse, QueryError) as error:
        raise Exit(USAGE, str(error)) from None
    except Exception as error:
        if not _is_told(error):
            raise
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

    _usable_folder(settings.warehouse)
    with _told():
        try:
            with progress.bars(show=sys.stderr.isatty() and not quiet):
                outcome = short_cut(settings) or _record(where, settings)
        except NothingUsable as error:
            raise Exit(USAGE, str(error)) from None
        except GateFailed as error:
            raise Exit(FAILED, str(error)) from None
        except KeyboardInterrupt:
            raise Exit(
                INTERRUPTED, "interrupted; nothing was published, the next run goes on from here"
            ) from None
        except Exception as error:
            if verbose or _is_told(error):
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


def _record(where: Where, settings: Settings) -> Outcome:
    from flows.engine import engine

    with engine():
        from flows.record import record

        return record(  # type: ignore[return-value]
            sources=list(settings.sources), warehouse=where.warehouse, config=where.config
        )


def _usable_folder(warehouse: Path) -> None:
    """End the command where no warehouse can be made at that path."""
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise Exit(USAGE, f"{warehouse} is a file; --warehouse names a folder") from None
    except NotADirectoryError:
        raise Exit(USAGE, f"{warehouse}: a part of that path is a file") from None
    except OSError as error:
        raise Exit(USAGE, f"{warehouse}: cannot be made: {error.strerror}") from None
    if not os.access(warehouse, os.W_OK | os.X_OK):
        raise Exit(USAGE, f"{warehouse}: you may not write there; name another with --warehouse")


def sql(where: Where, query: str, form: str) -> None:
    """Answer one query; embed('words') in it is their vector under the configured model."""
    from warehouse.query import query as ask

    settings = where.settings()

    def encode(words: str) -> list[float]:
        return _vector(settings, words)

    with _told():
        _print(ask(settings.warehouse, query, encode=encode), form)


def _vector(settings: Settings, words: str) -> list[float]:
    """The vector of some words. Ends the command where the model can read nothing of them."""
    import math

    from pipeline.embedders import load_embedder

    vector: list[float] = load_embedder(settings.embed).encode([words])[0].tolist()
    if not all(map(math.isfinite, vector)):
        raise Exit(USAGE, f"{words[:40]!r} holds no word that can be searched for; give one")
    return vector


def rejects(where: Where, form: str) -> None:
    """What was refused, newest run first: of the record, and of runs that published nothing."""
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
    if not any(character.isalnum() for character in words):
        raise Exit(USAGE, "nothing to search for: give a word")
    if filters.by not in ("words", "meaning", "both"):
        raise Exit(USAGE, f"--by {filters.by}: must be words, meaning or both")
    with _told():
        vector = None if filters.by == "words" else _vector(settings, words)
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


UNANSWERED: dict[str, dict[str, Any]] = {
    "extract": {"doc_id": None, "quotes": []},
    "blocks": {"id": None, "text": "", "blocks": []},
    "statements": {"id": None, "statement_id": None},
}
"""What each stage answers to a line that it never sees, beside the error."""


def stream(stage: str) -> None:
    """JSON Lines from standard input through one stage to standard output.

    A line that cannot be used gets an answer too, with "error"; the exit code then is 3.
    """
    streams: dict[str, Callable[[], Stream]] = {
        "extract": _extract_records,
        "blocks": _mark_records,
        "statements": _statements_of_records,
    }
    wrong = False
    with _told():
        for made in _answered(sys.stdin.buffer, streams[stage](), UNANSWERED[stage]):
            wrong |= "error" in made
            told = json.dumps(made, ensure_ascii=False)
            # A lone surrogate has no UTF-8 form; JSON has an escape for it.
            sys.stdout.write((told if _encodable(told) else json.dumps(made)) + "\n")
    sys.stdout.flush()
    if wrong:
        raise Exit(REFUSED_SOME)


def _answered(
    raw: Iterable[bytes], stage: Stream, unanswered: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """An answer for every line, in order: of the stage, or the error of a line that is no JSON object."""
    faults: dict[int, str] = {}
    kept: list[int] = []

    def records() -> Iterator[dict[str, Any]]:
        for number, line in enumerate(raw, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise ValueError("not an object")
            except (ValueError, RecursionError) as error:
                faults[number] = f"line {number}: not a JSON object: {error}"
                continue
            kept.append(number)
            yield record

    for place, made in enumerate(stage(records())):
        yield from (
            unanswered | {"error": faults.pop(n)} for n in sorted(faults) if n < kept[place]
        )
        yield made
    yield from (unanswered | {"error": faults[n]} for n in sorted(faults))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _extract_records() -> Stream:
    from pipeline.quotations.extract import extract_records

    return extract_records


def _mark_records() -> Stream:
    from pipeline.blocks import mark_records

    return mark_records


def _statements_of_records() -> Stream:
    from pipeline.statements import statements_of_records

    return statements_of_records


def _print(frame: pl.DataFrame, form: str) -> None:
    from flows import summary

    summary.print_rows(frame, form)

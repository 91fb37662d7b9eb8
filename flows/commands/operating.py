"""The commands that operate the record: runs, serve, ui, doctor, gates, verify, rollback, eval."""

from __future__ import annotations

from pathlib import Path

from flows.commands import FAILED, Exit, Where, show_rows, told


def runs(where: Where) -> None:
    """The ledger, newest last."""
    from warehouse import ledger

    told = ledger.tables(list(ledger.entries(where.settings().warehouse)))["runs"]
    show_rows(ledger.readable(told), "table")


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

    show_rows(
        pl.DataFrame(suites(), schema=["stage", "expectation", "severity"], orient="row"), "table"
    )


def verify(where: Where) -> None:
    """Check the record from end to end; exit code 1 where something is wrong."""
    from warehouse.verify import verify as check

    with told():
        problems = check(where.settings().warehouse)
    for problem in problems:
        print(problem)
    if problems:
        raise Exit(FAILED, f"{len(problems)} problem(s) found")
    print("verified: spans, references, hashes, counts and index all hold")


def rollback(where: Where, generation: int) -> None:
    """Publish an earlier generation again."""
    from warehouse import publish

    with told():
        number = publish.rollback(where.settings().warehouse, generation)
    print(f"generation {number} is published")


def evaluate(gold: Path | None, *, pin: bool) -> None:
    """Score quality and hold the floors; exit code 1 where a floor does not hold."""
    from flows import evaluation

    if not evaluation.show(gold, raise_floors=pin):
        raise Exit(FAILED, "a floor does not hold")

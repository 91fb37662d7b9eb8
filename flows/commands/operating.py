"""The commands that operate the record: runs, serve, ui, doctor, gates, verify, rollback."""

from __future__ import annotations

import sys
from datetime import date

from onrecord.flows.commands import Where, lakes, show_rows, told
from onrecord.flows.running.exits import FAILED, USAGE, Exit


def runs(where: Where, form: str) -> None:
    """The ledger, newest last, and whose generation stands."""
    import polars as pl

    from onrecord.warehouse import history, ledger
    from onrecord.warehouse.publishing import publish

    home = where.settings().warehouse
    with told():
        standing = publish.published_run(home)
    held, fresh = history.history(home)
    runs = ledger.readable(list(ledger.read(home, fresh)), held)
    stands = pl.when(pl.col("run_id").eq_missing(pl.lit(standing))).then(pl.lit("stands"))
    show_rows(runs.with_columns(stands=stands.otherwise(pl.lit(""))), form)


def up(where: Where, host: str, port: int, pages: int | None, *, show: bool) -> None:
    """Start everything and stay until stopped."""
    from onrecord.flows.serving.up import Address, beside
    from onrecord.flows.serving.up import up as stay_up

    address = Address(host, port, pages or beside(host, port))
    stay_up(where.settings(), where.config, address, show=show)


def serve(where: Where) -> None:
    """Run the flow on its schedules until stopped."""
    from onrecord.flows.serving.automations import NobodyToTell
    from onrecord.flows.serving.deployments import serve as serve_forever

    try:
        serve_forever(where.settings(), where.config)
    except NobodyToTell as error:
        raise Exit(USAGE, str(error)) from None


def automations(where: Where) -> None:
    """Make the automations on the configured server, and list them."""
    from onrecord.flows.serving.automations import NobodyToTell, apply
    from onrecord.flows.serving.deployments import need_server

    need_server("automations")
    try:
        made = apply(where.settings())
    except NobodyToTell as error:
        raise Exit(USAGE, str(error)) from None
    print("\n".join(made) or "none: config.yaml names nothing to watch, or nobody to tell")


def ui(host: str, port: int) -> None:
    """Start a Prefect server in this process's place."""
    from onrecord.flows.serving.deployments import start_server

    start_server(host, port)


def doctor(where: Where, sources: list[str]) -> None:
    """Check what a run of today needs; exit code 1 where something is wrong."""
    from onrecord.flows.commands.doctor import checkup

    if not checkup.show(checkup.examine(where.settings(sources).on(date.today()))):
        raise Exit(FAILED)


def metrics(where: Where, host: str, port: int | None) -> None:
    """Print the metrics of the record's runs, or answer Prometheus until stopped."""
    from onrecord.flows.watching import metrics as of_ledger

    home = where.settings().warehouse
    if port is None:
        sys.stdout.buffer.write(of_ledger.exposition(home))
        return
    print(f"http://{host}:{port}/metrics; Ctrl-C ends it", flush=True)
    try:
        of_ledger.serve(home, host, port)
    except OSError as error:
        raise Exit(FAILED, f"cannot answer at {host}:{port}: {error.strerror}") from None
    except KeyboardInterrupt:
        return


def gates(form: str) -> None:
    """Every expectation of every gate."""
    import polars as pl

    from onrecord.expectations.gate import suites

    show_rows(
        pl.DataFrame(suites(), schema=["stage", "expectation", "severity"], orient="row"), form
    )


def verify(where: Where, *, deep: bool) -> None:
    """Check the record from end to end; exit code 1 where something is wrong."""
    from onrecord.pipeline.embedders import load_embedder
    from onrecord.warehouse.checking.verify import verify as check

    settings = where.settings()
    with told():
        embedder = load_embedder(settings.embed) if deep else None
        problems = check(settings.warehouse, embedder=embedder)
    for problem in problems:
        print(problem)
    if problems:
        raise Exit(FAILED, f"{len(problems)} problem(s) found")
    made = ", and the vectors looked at are those of their words" if deep else ""
    print(
        f"verified: every byte is as published; spans, references, counts and index all hold{made}"
    )


def generations(where: Where, form: str) -> None:
    """The generations that are kept, each with its run and what it holds; those of the lake where there is one."""
    if where.settings().publish.store == "ducklake":
        return lakes.status(where, form)
    from onrecord.warehouse.asking.generations import generations as kept

    with told():
        show_rows(kept(where.settings().warehouse), form)


def rollback(where: Where, generation: int) -> None:
    """Publish an earlier generation again, in the lake too where there is one, and say what beside it is amiss."""
    if where.settings().publish.store == "ducklake":
        return lakes.rollback(where, generation)
    from onrecord.warehouse.checking.verify import as_published
    from onrecord.warehouse.publishing import publish

    home = where.settings().warehouse
    with told():
        number = publish.rollback(home, generation)
        problems = as_published(home)
    print(f"generation {number} is published")
    for problem in problems:
        # What an older version published has no seal, which is nothing amiss.
        if problem.check != "unsealed":
            print(f"onrecord: but {problem}", file=sys.stderr)

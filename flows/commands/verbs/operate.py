"""Commands that run and look after the record: how they are called, and what their help says."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.flows.commands import operating, starting
from onrecord.flows.commands.options import Form, Host, Port, Printed, Sources


def runs(context: typer.Context, form: Printed = Form.table) -> None:
    """List the runs that the ledger knows, with how each ended; `stands` marks whose generation is published.

    Example: onrecord runs --json
    """
    operating.runs(context.obj, form.value)


def up(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 4200,
    pages: Annotated[
        int | None,
        typer.Option(
            "--pages-port", min=1, max=65535, help="Port of the pages; that of the UI and one."
        ),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the UI in a browser.")] = False,
) -> None:
    """Start a Prefect server, the schedules of config.yaml, a worker and the pages; Ctrl-C ends all of it.

    The server keeps its database under the warehouse, or where Prefect's own
    settings say (PREFECT_HOME, or PREFECT_SERVER_DATABASE_CONNECTION_URL for
    Postgres).
    """
    operating.up(context.obj, host, port, pages, show=show)


def automations(context: typer.Context) -> None:
    """Make the automations of config.yaml on the server: who is told when a run fails, crashes, is late or dies.

    `onrecord up` and `onrecord serve` do so by themselves. The addresses of a
    webhook and of mail are taken from ONRECORD_WEBHOOK_URL and ONRECORD_MAIL_URL.
    """
    operating.automations(context.obj)


def serve(context: typer.Context) -> None:
    """Run the flow on the schedules of config.yaml until stopped, on the server of PREFECT_API_URL."""
    operating.serve(context.obj)


def ui(host: Host = "127.0.0.1", port: Port = 4200) -> None:
    """Start a local Prefect server with its UI, until stopped."""
    operating.ui(host, port)


def template(
    name: Annotated[str | None, typer.Argument(help="The file; all names where not given.")] = None,
) -> None:
    """Print a file to start from: config.yaml, prefect.yaml, a systemd unit.

    Example: onrecord template config.yaml > config.yaml
    """
    starting.template(name)


def doctor(
    context: typer.Context,
    sources: Sources = None,
) -> None:
    """Check Python, packages, models, extensions, disk, permissions and server, and say how to mend each.

    Also tell what would be read from the sources, before anything runs: the
    formats and about how many articles, which of their columns is taken for which
    of ours and how often it is filled, what is refused and why.

    Example: onrecord doctor news/ export.csv
    """
    operating.doctor(context.obj, sources or [])


def metrics(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Answer Prometheus here until stopped."),
    ] = None,
) -> None:
    """Prometheus metrics of the record's runs: printed, or answered at --port."""
    operating.metrics(context.obj, host, port)


def gates(form: Printed = Form.table) -> None:
    """List what every gate expects, in words, with the severity of a failure.

    Example: onrecord gates --format csv
    """
    operating.gates(form.value)


def verify(
    context: typer.Context,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Compare table by table too, and make a sample of the vectors anew."
        ),
    ] = False,
) -> None:
    """Check the published record from end to end: every byte, spans, references, counts, index."""
    operating.verify(context.obj, deep=deep)


def rollback(
    context: typer.Context,
    generation: Annotated[
        int | None, typer.Argument(help="The generation to publish again; none lists them.")
    ] = None,
    form: Printed = Form.table,
) -> None:
    """Publish an earlier generation again, or list those that are kept.

    Examples:

        onrecord rollback

        onrecord rollback 3
    """
    if generation is None:
        operating.generations(context.obj, form.value)
    else:
        operating.rollback(context.obj, generation)

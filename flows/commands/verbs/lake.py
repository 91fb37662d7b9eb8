"""Commands of the lake: how they are called, and what their help says."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.flows.commands import lakes
from onrecord.flows.commands.options import Form, Printed

app = typer.Typer(
    name="lake",
    no_args_is_help=True,
    help="The record in a lake, where publish.store is ducklake (docs/cluster.md).",
)


@app.command()
def status(context: typer.Context, form: Printed = Form.table) -> None:
    """List the generations that the lake holds; `stands` marks the newest.

    Example: onrecord lake status --json
    """
    lakes.status(context.obj, form.value)


@app.command()
def face(
    context: typer.Context,
    generation: Annotated[
        int | None, typer.Argument(help="The generation; the newest where none is named.")
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(min=1, help="Only what was published so many months before the newest."),
    ] = None,
    every: Annotated[
        float | None,
        typer.Option(min=0.01, metavar="MINUTES", help="Look again so often, until stopped."),
    ] = None,
) -> None:
    """Build the record's file from the lake on this machine, where it does not stand already.

    Examples:

        onrecord -w /srv/record lake face

        onrecord -w /srv/recent lake face --months 12 --every 5
    """
    lakes.face(context.obj, generation, months, every)


@app.command()
def rollback(
    context: typer.Context,
    generation: Annotated[int, typer.Argument(help="The generation to publish again.")],
) -> None:
    """Make an earlier generation the newest snapshot of the lake, and publish its file here.

    Example: onrecord lake rollback 3
    """
    lakes.rollback(context.obj, generation)


@app.command()
def clean(
    context: typer.Context,
    remove: Annotated[bool, typer.Option("--remove", help="Remove them.")] = False,
    young: Annotated[
        bool, typer.Option("--young", help="Also those of the last day: when no run is at work.")
    ] = False,
) -> None:
    """List the files that no snapshot knows, as a commit that was killed leaves them, or remove them.

    Example: onrecord lake clean --remove
    """
    lakes.clean(context.obj, remove=remove, young=young)


@app.command()
def tidy(context: typer.Context) -> None:
    """Let go of old snapshots (publish.keep_snapshots), make small files into larger ones, remove what nothing needs.

    `onrecord up` and `onrecord serve` do so when publish.tidy says.
    """
    lakes.tidy(context.obj)


@app.command()
def verify(context: typer.Context) -> None:
    """Hold the file here against its generation in the lake, row by row; exit code 1 where they differ."""
    lakes.verify(context.obj)

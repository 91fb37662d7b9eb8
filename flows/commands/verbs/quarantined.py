"""Commands that work the quarantine: how they are called, and what their help says."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.flows.commands import refusals
from onrecord.flows.commands.options import Form, Ids, OfReason, OfRun, OfSource, OfStage, Printed


def rejects(
    context: typer.Context,
    ids: Ids = None,
    reason: OfReason = None,
    stage: OfStage = None,
    run: OfRun = None,
    source: OfSource = None,
    each: Annotated[bool, typer.Option("--all", help="Every open one, a row each.")] = False,
    settled: Annotated[
        bool, typer.Option("--settled", help="Also what has been settled since, and how.")
    ] = False,
    closed: Annotated[bool, typer.Option("--closed", help="What was closed, and why.")] = False,
    because: Annotated[
        str | None,
        typer.Option("--close", help="Close these for this reason: they will not be mended."),
    ] = None,
    reopen: Annotated[
        bool, typer.Option("--reopen", help="Open these again, which were closed.")
    ] = False,
    count: Annotated[
        bool, typer.Option("--count", help="One row a reason, also of those that you chose.")
    ] = False,
    payload: Annotated[
        bool, typer.Option("--payload", help="Print what was refused, of one reject, as it came.")
    ] = False,
    form: Printed = Form.table,
) -> None:
    """List what was refused and is open: by reason, or row by row those that you choose.

    Examples:

        onrecord rejects

        onrecord rejects --all

        onrecord rejects --reason no_text

        onrecord rejects 3f9c21aa --payload

        onrecord rejects 3f9c21aa --close 'the outlet has withdrawn it'
    """
    chosen = refusals.chosen(ids or [], reason, stage, run, source)
    if because or reopen:
        refusals.close(context.obj, chosen, None if reopen else because)
        return
    refusals.rejects(
        context.obj,
        chosen,
        form.value,
        settled=settled,
        closed=closed,
        # What nobody narrowed down is a page of rows a reason.
        count=count or not (each or settled or closed or refusals.narrowed(chosen)),
        payload=payload,
    )


def retry(
    context: typer.Context,
    ids: Ids = None,
    reason: OfReason = None,
    stage: OfStage = None,
    run: OfRun = None,
    source: OfSource = None,
    address: Annotated[
        list[str] | None,
        typer.Option(
            help="A source with its key, which the record does not hold; may be repeated."
        ),
    ] = None,
) -> None:
    """Put what was refused through again, after you have mended the data or config.yaml.

    Only the sources of the rejects are read; of one that is gone, what was kept
    of it. What is on record already is not doubled. Keys and tokens of addresses
    come from the sources of config.yaml, or --address.

    Exit codes: 0 nothing is refused any more; 3 some still is; otherwise as of `onrecord run`.

    Examples:

        onrecord retry

        onrecord retry --reason no_text
    """
    refusals.retry(
        context.obj, refusals.chosen(ids or [], reason, stage, run, source), address or []
    )

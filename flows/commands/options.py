"""Options and arguments that commands share, and the words that some of them may take."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer


class Form(StrEnum):
    """How rows are printed; JSON as an array, or an object a line."""

    table = "table"
    csv = "csv"
    json = "json"
    jsonl = "jsonl"


class Stage(StrEnum):
    """A stage that a run can start from."""

    clean = "clean"
    embed = "embed"
    cluster = "cluster"
    load = "load"


Sources = Annotated[
    list[str] | None,
    typer.Argument(help="Files, folders or globs; those of config.yaml where none is given."),
]
Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="The day that {date} in a source stands for."),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print Prefect's log.")]
Printed = Annotated[
    Form, typer.Option("--format", "-f", help="How to print the rows; --json is --format json.")
]
Ids = Annotated[list[str] | None, typer.Argument(help="Only these, by the ids of the list.")]
OfReason = Annotated[str | None, typer.Option("--reason", help="Only this reason.")]
OfStage = Annotated[str | None, typer.Option("--stage", help="Only what this stage refused.")]
OfRun = Annotated[str | None, typer.Option("--run", help="Only what this run refused.")]
OfSource = Annotated[
    str | None, typer.Option("--source", help="Only sources with this in their name.")
]
Host = Annotated[str, typer.Option(help="Address to listen on; loopback unless you say otherwise.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the server and its UI.")]

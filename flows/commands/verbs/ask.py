"""Commands that ask the record: how they are called, and what their help says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from onrecord.flows.commands import asking, exporting
from onrecord.flows.commands.options import Form, Printed


def sql(
    context: typer.Context,
    query: Annotated[
        str, typer.Argument(help="One SQL statement; '-' reads it from standard input.")
    ],
    form: Printed = Form.table,
    timeout: Annotated[
        float | None, typer.Option(min=0.001, help="Seconds that the answer may take.")
    ] = None,
) -> None:
    """Ask the published record in SQL, read-only.

    Examples:

        onrecord sql 'SELECT speaker, count(*) FROM quotes GROUP BY ALL ORDER BY 2 DESC'

        onrecord sql 'FROM accounting' --format csv

        onrecord sql 'FROM quotes' --json --timeout 10
    """
    asking.sql(context.obj, sys.stdin.read() if query == "-" else query, form.value, timeout)


def export(
    context: typer.Context,
    to: Annotated[
        Path, typer.Option("--to", "-o", help="The file: .csv, .parquet, .xlsx or .jsonl.")
    ],
    asked: Annotated[
        str, typer.Argument(metavar="[VIEW|SQL]", help="A view, a table or one SQL query.")
    ] = "quotes",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that exists.")] = False,
) -> None:
    """Write a view or the answer to a query to a file, for a spreadsheet or another tool.

    Examples:

        onrecord export --to quotes.xlsx

        onrecord export statement_variants --to variants.csv

        onrecord export "FROM quotes WHERE outlet = 'The Calder Post'" --to calder.parquet
    """
    exporting.export(context.obj, asked, to, force=force)


def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(help="What to look for, in your own words.")],
    speaker: Annotated[
        str | None, typer.Option(help="Only this speaker; any known spelling.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Only this outlet.")] = None,
    since: Annotated[str | None, typer.Option(help="Not before this day, as 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(help="Not after this day.")] = None,
    theme: Annotated[str | None, typer.Option(help="Only this theme: its id.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-k", min=1, max=1000, help="How many at the most.")
    ] = 10,
    by: Annotated[
        str, typer.Option(help="words (BM25), meaning (vectors), or both fused.")
    ] = "both",
    form: Printed = Form.table,
) -> None:
    """Find quotations by their words and by their meaning.

    Examples:

        onrecord search "rail tunnel"

        onrecord search "higher rents" --speaker "Mara Lindqvist" --since 2026-01-01
    """
    asking.search(
        context.obj,
        words,
        asking.Filters(speaker, outlet, since, until, theme, limit, by),
        form.value,
    )

"""The command line: `onrecord`. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from onrecord.flows.commands import (
    Where,
    asking,
    backfilling,
    exporting,
    operating,
    recording,
    refusals,
    starting,
    streams,
)
from onrecord.flows.commands.anywhere import Anywhere
from onrecord.flows.commands.options import (
    Day,
    Form,
    Host,
    Ids,
    OfReason,
    OfRun,
    OfSource,
    OfStage,
    Port,
    Printed,
    Sources,
    Stage,
    Verbose,
)
from onrecord.flows.running import interrupts
from onrecord.flows.running.exits import FAILED, INTERRUPTED, Exit
from onrecord.flows.showing.unread import Unread

app = typer.Typer(
    name="onrecord",
    cls=Anywhere,
    help="A record of who said what, made from news articles, that can be questioned.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    warehouse: Annotated[
        Path | None,
        typer.Option(
            "--warehouse", "-w", envvar="ONRECORD_WAREHOUSE", help="Folder where the record lives."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", envvar="ONRECORD_CONFIG", help="Another config.yaml."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A record of who said what, made from news articles, that can be questioned.

    Start with `onrecord run samples`, then `onrecord search "budget"`. The
    options below may stand before the command or after it.
    """
    context.obj = Where(warehouse, config)


@app.command(rich_help_panel="Make the record")
def run(
    context: typer.Context,
    sources: Sources = None,
    day: Day = None,
    start: Annotated[
        Stage | None,
        typer.Option("--from", help="Start from this stage, with what an unfinished run made."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
    verbose: Verbose = False,
) -> None:
    """Read articles and publish a new generation of the record.

    Exit codes: 0 all went in; 3 published, but some inputs were refused (see
    `onrecord rejects`); 2 nothing usable, or the command or configuration is
    wrong; 4 another run holds the record; 1 it failed. Nothing is published
    unless the code is 0 or 3.

    Examples:

        onrecord run samples

        onrecord run 'crawl/*.jsonl' feeds/ -w /data/record
    """
    recording.run(
        context.obj,
        sources or [],
        day=day.date() if day else None,
        start=start.value if start else None,
        quiet=quiet,
        verbose=verbose,
    )


@app.command(rich_help_panel="Make the record")
def demo(context: typer.Context) -> None:
    """Make a record of the articles that come with OnRecord, and say what to try.

    Where a record stands already, it goes into a new folder of the system's
    temporary ones.

    Example: onrecord demo
    """
    starting.demo(context.obj)


@app.command(rich_help_panel="Make the record")
def backfill(
    context: typer.Context,
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    sources: Sources = None,
    verbose: Verbose = False,
) -> None:
    """Run over a range of days, in order: sources that name the day, such as 'crawl/{date}/*.jsonl'.

    One run a day, each published before the next begins. A day that was done is
    not done again, so that the same command goes on where one was broken off; a
    day on which there is nothing to read is passed over, and one that fails ends
    it. The exit codes are those of `onrecord run`.

    Example:

        onrecord backfill --from 2026-01-01 --to 2026-01-31 'crawl/{date:%Y/%m/%d}'
    """
    backfilling.backfill(context.obj, sources or [], first.date(), last.date(), verbose=verbose)


@app.command(rich_help_panel="Ask the record")
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


@app.command(rich_help_panel="Ask the record")
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


@app.command(rich_help_panel="Ask the record")
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


@app.command(rich_help_panel="Work the quarantine")
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


@app.command(rich_help_panel="Work the quarantine")
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


@app.command(rich_help_panel="Operate")
def runs(context: typer.Context, form: Printed = Form.table) -> None:
    """List the runs that the ledger knows, with how each ended; `stands` marks whose generation is published.

    Example: onrecord runs --json
    """
    operating.runs(context.obj, form.value)


@app.command(rich_help_panel="Operate")
def up(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 4200,
    show: Annotated[bool, typer.Option("--open", help="Open the UI in a browser.")] = False,
) -> None:
    """Start a Prefect server, the schedules of config.yaml and a worker; Ctrl-C ends all of it.

    The server keeps its database under the warehouse, or where Prefect's own
    settings say (PREFECT_HOME, or PREFECT_SERVER_DATABASE_CONNECTION_URL for
    Postgres).
    """
    operating.up(context.obj, host, port, show=show)


@app.command(rich_help_panel="Operate")
def automations(context: typer.Context) -> None:
    """Make the automations of config.yaml on the server: who is told when a run fails, crashes, is late or dies.

    `onrecord up` and `onrecord serve` do so by themselves. The addresses of a
    webhook and of mail are taken from ONRECORD_WEBHOOK_URL and ONRECORD_MAIL_URL.
    """
    operating.automations(context.obj)


@app.command(rich_help_panel="Operate")
def serve(context: typer.Context) -> None:
    """Run the flow on the schedules of config.yaml until stopped, on the server of PREFECT_API_URL."""
    operating.serve(context.obj)


@app.command(rich_help_panel="Operate")
def ui(host: Host = "127.0.0.1", port: Port = 4200) -> None:
    """Start a local Prefect server with its UI, until stopped."""
    operating.ui(host, port)


@app.command(rich_help_panel="Operate")
def template(
    name: Annotated[str | None, typer.Argument(help="The file; all names where not given.")] = None,
) -> None:
    """Print a file to start from: config.yaml, prefect.yaml, a systemd unit.

    Example: onrecord template config.yaml > config.yaml
    """
    starting.template(name)


@app.command(rich_help_panel="Operate")
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


@app.command(rich_help_panel="Operate")
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


@app.command(rich_help_panel="Operate")
def gates(form: Printed = Form.table) -> None:
    """List what every gate expects, in words, with the severity of a failure.

    Example: onrecord gates --format csv
    """
    operating.gates(form.value)


@app.command(rich_help_panel="Operate")
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


@app.command(rich_help_panel="Operate")
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


@app.command(rich_help_panel="One stage alone (JSON Lines in and out)")
def extract() -> None:
    """Quotations of articles: {"doc_id", "text"} in, {"doc_id", "quotes"} out.

    Example: onrecord extract < articles.jsonl > quotations.jsonl
    """
    streams.stream("extract")


@app.command(rich_help_panel="One stage alone (JSON Lines in and out)")
def blocks() -> None:
    """Blocks of articles: {"id", "text"} or {"id", "html"} in, {"id", "text", "blocks"} out."""
    streams.stream("blocks")


@app.command(rich_help_panel="One stage alone (JSON Lines in and out)")
def statements() -> None:
    """Statements of quotations: {"id", "text", "speaker"?, "published_at"?} in, {"id", "statement_id"} out."""
    streams.stream("statements")


def main() -> None:
    """Run the command line; errors that have a cause in the outside world are told without a traceback.

    How a command ends hangs on what it did, not on whether somebody reads what it prints; only where what it prints is
    all that it does, and cannot be written, has it failed.
    """
    printed, told = Unread(sys.stdout), Unread(sys.stderr)
    sys.stdout, sys.stderr = printed, told  # type: ignore[assignment]
    code = 0
    try:
        app()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else FAILED
    except Exit as ended:
        code = ended.code
        if ended.message:
            # It may name a source, and a source may be named by anybody.
            _say(ended.message)
    except BrokenPipeError:
        # Somebody read as much of the bytes as they wanted.
        printed.left = True
    except KeyboardInterrupt:
        code = interrupts.code() or INTERRUPTED
    except Exception:
        # What a signal broke off may end as an error of whatever was at work.
        if not interrupts.heard():
            raise
        code = interrupts.code()
    finally:
        # All is over: the collector would walk what is left several times, for nothing.
        gc.freeze()
    printed.flush()
    if printed.lost is not None:
        _say(f"what it printed could not be written: {printed.lost.strerror}")
        code = code or FAILED
    told.flush()
    raise SystemExit(code)


def _say(message: str) -> None:
    from onrecord.flows.showing.summary import printable

    print(f"onrecord: {printable(message)}", file=sys.stderr)

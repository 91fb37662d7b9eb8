"""The command line: `onrecord`. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from onrecord.flows.commands import Where
from onrecord.flows.commands.anywhere import Anywhere
from onrecord.flows.commands.verbs import (
    alone,
    ask,
    browse,
    lake,
    make,
    mend,
    operate,
    quarantined,
)
from onrecord.flows.running import interrupts
from onrecord.flows.running.exits import FAILED, INTERRUPTED, USAGE, Exit
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


_PANELS = {
    "Make the record": (make.run, make.demo, make.backfill),
    "Ask the record": (browse.browse, ask.sql, ask.export, ask.search),
    "Work the quarantine": (quarantined.rejects, quarantined.retry),
    "Mend the record": (mend.correct, mend.corrections, mend.regroup),
    "Operate": (
        operate.runs,
        operate.up,
        operate.automations,
        operate.serve,
        operate.ui,
        operate.template,
        operate.doctor,
        operate.metrics,
        operate.gates,
        operate.verify,
        operate.rollback,
    ),
    "One stage alone (JSON Lines in and out)": (alone.extract, alone.blocks, alone.statements),
}
"""The commands in the order of the help, under its headings."""

for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)


app.add_typer(lake.app, rich_help_panel="Operate")


def _require_text(arguments: Sequence[str]) -> None:
    """Refuse words that are not UTF-8, as of a terminal with another encoding. Sources may be named in any bytes."""
    for before, argument in pairwise(("", *arguments)):
        try:
            argument.encode()
        except UnicodeEncodeError:
            if before in ("-w", "--warehouse") or not os.path.lexists(argument):
                raise Exit(
                    USAGE, f"{argument}: is not UTF-8, and no file; set your terminal to UTF-8"
                ) from None


def main() -> None:
    """Run the command line; errors that have a cause in the outside world are told without a traceback.

    How a command ends hangs on what it did, not on whether somebody reads what it prints; only where what it prints is
    all that it does, and cannot be written, has it failed.
    """
    printed, told = Unread(sys.stdout), Unread(sys.stderr)
    sys.stdout, sys.stderr = printed, told  # type: ignore[assignment]
    code = 0
    try:
        _require_text(sys.argv[1:])
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

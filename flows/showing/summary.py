"""What is printed in the terminal: a run's summary, what a search found, rows of a query."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from onrecord.flows.showing.unread import Unread

if TYPE_CHECKING:
    import polars as pl

    from onrecord.flows.running.outcome import Outcome

# Controls but tab and line feed, and the marks that turn the direction of writing (Unicode TR 9, "Trojan Source").
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What a spreadsheet takes for a formula gets an apostrophe before it (OWASP, "CSV Injection"); JSON stays verbatim.
WORDING_SHOWN = 150
PIPE_WIDTH = 100_000
ROWS_AT_ONCE = 1_000
"""Rows of a table that are laid out together: a million at once take minutes before the first is shown."""
NARROW = 76
COUNTED = ("statements", "quotations", "outlets")
COUNTS_WIDE = 35


def show(outcome: Outcome, seconds: float | None = None) -> None:
    """What a run did, what the record holds, where it is and what to try next.

    `seconds` are the wall's since whoever waits began to; the run's own where nobody tells.
    """
    from onrecord.warehouse.asking.overview import overview

    console = Console()
    if outcome.status == "unchanged":
        console.print(f"[bold]Nothing new[/]: generation {outcome.generation} stands as it was.")
    else:
        console.print(
            f"[bold]Generation {outcome.generation} is published[/] ({seconds or outcome.seconds:.1f} s).\n"
        )
        console.print(_stages(outcome, narrow=console.width < NARROW))
        _warnings(console, outcome.gates)
    if outcome.rejected:
        console.print(
            f"\n[yellow]{outcome.rejected:,} refused[/]: `onrecord rejects` says what and why."
        )
    if outcome.refused_before:
        console.print(
            f"{outcome.refused_before:,} refused before, and unchanged: `onrecord rejects` lists what is open."
        )
    if outcome.status == "unchanged":
        return
    seen = overview(outcome.warehouse)
    _arrivals(console, seen.arrivals)
    _speakers(console, seen.speakers)
    _statements(console, seen.statements)
    if seen.themes.height:
        told = " · ".join(f"{_escaped(label)} ({size:,})" for label, size in seen.themes.rows())
        console.print(f"\n[bold]Themes[/]  {told}")
    _languages(console, seen.languages)
    _next(console, outcome, seen.speakers)


def _languages(console: Console, languages: pl.DataFrame) -> None:
    """How many articles on record are in languages of which not all is read."""
    if languages.is_empty():
        return
    from onrecord.pipeline.languages import support

    console.print("\n[bold]Other languages[/]")
    for read_as in ("direct", "marks"):
        rows = [row for row in languages.rows() if support.level(row[0]) == read_as]
        if rows:
            counted = ", ".join(f"{count:,} {code}" for code, count, _ in rows)
            console.print(f"  {counted}: {support.MEANING[read_as]}")


def _stages(outcome: Outcome, narrow: bool) -> Table:
    """The stages and their gates; a narrow terminal gets the stages alone."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    heads = ("stage", "in", "out", "refused", "known", "made", "s", "rules", "s")
    shown = len(heads) - 2 if narrow else len(heads)
    for name in heads[:shown]:
        table.add_column(name, justify="left" if name == "stage" else "right", no_wrap=True)
    made = {
        "ingest": "articles",
        "clean": "quotations",
        "embed": "vectors",
        "cluster": "statements",
        "load": "rows",
    }
    gates = {
        stage: (len(rows), int(rows["passed"].sum()))
        for (stage,), rows in outcome.gates.group_by("stage")
    }
    order = {stage: place for place, stage in enumerate(made)}
    for row in sorted(outcome.stages.to_dicts(), key=lambda row: order[row["stage"]]):
        rules, passed = gates.get(row["stage"], (0, 0))
        cells = (
            row["stage"],
            *(f"{row[name]:,}" for name in ("rows_in", "rows_out", "rejected", "duplicates")),
            f"{row['yielded']:,}" + ("" if narrow else f" {made[row['stage']]}"),
            _seconds(row["seconds"]),
            f"{rules}" if passed == rules else f"[yellow]{passed} of {rules}[/]",
            _seconds(row["gate_seconds"]),
        )
        table.add_row(*cells[:shown])
    return table


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds < 100 else f"{seconds:,.0f}"


def _warnings(console: Console, gates: pl.DataFrame) -> None:
    """Rules that did not hold, without keeping the record from being published."""
    failed = gates.filter(passed=False)
    for stage, rule, found in failed.select("stage", "expectation", "observed").rows():
        console.print(f"[yellow]gate {stage}[/]: {_escaped(rule)}: found {_escaped(found)}")


def _arrivals(console: Console, arrivals: pl.DataFrame) -> None:
    told = arrivals.row(0, named=True)
    counts = ", ".join(f"{told[name]:,} {name}" for name in ("new", "changed", "unchanged"))
    copies = f"; copies among them: {told['copies']:,}" if told["copies"] else ""
    console.print(f"\n[bold]Articles[/]  {counts}{copies}")


def _speakers(console: Console, speakers: pl.DataFrame) -> None:
    if speakers.is_empty():
        return
    console.print("\n[bold]Who is quoted[/]")
    table = Table(box=None, pad_edge=False, header_style="dim")
    longest = max(len(name) for name in speakers["speaker"])
    table.add_column("speaker", no_wrap=True)
    for name in COUNTED:
        table.add_column(name, justify="right", no_wrap=True)
    narrow = console.width < NARROW
    if not narrow:
        # A person a line, however many spellings there are.
        left = max(console.width - longest - COUNTS_WIDE, 15)
        table.add_column("also printed as", no_wrap=True, max_width=left)
    for row in speakers.to_dicts():
        others = [alias for alias in row["aliases"] if alias != row["speaker"]]
        table.add_row(
            _escaped(row["speaker"]),
            *(f"{row[name]:,}" for name in COUNTED),
            *([] if narrow else [_escaped(", ".join(others[:4]))]),
        )
    console.print(table)


def _statements(console: Console, statements: pl.DataFrame) -> None:
    if statements.is_empty():
        return
    console.print("\n[bold]Said once, reported by several[/]")
    for row in statements.to_dicts():
        console.print(
            f"  [bold]{_escaped(row['speaker'] or 'Unresolved')}[/], {row['outlets']} outlets:"
        )
        for variant in row["variants"][:4]:
            carried = _escaped(", ".join(variant["outlets"]))
            told = f"{_escaped(_short(variant['wording']))} [dim]– {carried}[/]"
            kind = "fullest" if variant["difference"] == "same" else variant["difference"]
            console.print(Padding(f"[dim]{kind:<8}[/] {told}", (0, 0, 0, 4), expand=False))


def _next(console: Console, outcome: Outcome, speakers: pl.DataFrame) -> None:
    name = speakers["speaker"][0] if speakers.height else "..."
    # make calls the command by its path, and `python -m` by its module's; what is printed must work where it is pasted.
    module = Path(sys.argv[0]).name == "__main__.py"
    path = f"{shlex.quote(sys.executable)} -m onrecord" if module else sys.argv[0]
    command = "onrecord" if shutil.which("onrecord") else path
    home = (
        "" if str(outcome.warehouse) == "record" else f" -w {shlex.quote(str(outcome.warehouse))}"
    )
    timeline = f"FROM speaker_timeline WHERE speaker = '{name.replace(chr(39), chr(39) * 2)}'"
    console.print(f"\nThe record is {outcome.warehouse / 'onrecord.duckdb'}. Try:")
    for line in (
        f'{command}{home} search "what you are looking for"',
        f'{command}{home} sql "{timeline}"',
        f'{command}{home} sql "FROM statement_variants" --format csv',
    ):
        console.print(f"  [cyan]{_escaped(line)}[/]", soft_wrap=True)


def show_found(found: pl.DataFrame) -> None:
    """What a search found: the words, who said them, when, and where they stand."""
    console = Console()
    if found.is_empty():
        console.print("Nothing found.")
        return
    for row in found.to_dicts():
        day = f", {row['day']:%-d %B %Y}" if row["day"] else ""
        console.print(f"[bold]{_escaped(row['speaker'] or 'Unresolved')}[/]{day}", highlight=False)
        console.print(f"  {_escaped(row['words'])}", highlight=False)
        carried = _escaped(", ".join(row["outlets"]))
        console.print(
            f"  [dim]{carried}  {_escaped(row['link'] or '')}[/]\n", soft_wrap=True, highlight=False
        )


def print_rows(frame: pl.DataFrame, form: str) -> None:
    """Rows as a table, as CSV, as a JSON array, or as JSON Lines."""
    if form == "json":
        sys.stdout.write(frame.write_json() + "\n")
    elif form == "jsonl":
        sys.stdout.write(frame.write_ndjson())
    elif form == "csv":
        from onrecord.pages.exports import flattened

        rows = flattened(frame).write_csv()
        # A file gets what is there; a terminal nothing that it would obey.
        sys.stdout.write(printable(rows) if sys.stdout.isatty() else rows)
    else:
        _table(frame)


def _table(frame: pl.DataFrame) -> None:
    from onrecord.pages.exports import cell

    # Into a pipe or a file nothing is folded: a row is a line.
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    widths = [0] * frame.width
    for rows in frame.iter_slices(ROWS_AT_ONCE) if frame.height else (frame,):
        shown = [[printable(cell(value)) for value in row] for row in rows.iter_rows()]
        first = not any(widths)
        table = Table(box=None, pad_edge=False, header_style="bold", show_header=first)
        for at, (name, dtype) in enumerate(frame.schema.items()):
            if first:
                widest = max((cell_len(row[at]) for row in shown), default=0)
                widths[at] = max(1, widest, cell_len(printable(name)))
            table.add_column(
                _escaped(name),
                justify="right" if dtype.is_numeric() else "left",
                overflow="fold",
                # What comes later stands under what came first, as far as it fits.
                min_width=None if first else min(widths[at], console.width // frame.width),
            )
        for row in shown:
            table.add_row(*map(escape, row))
        console.print(table)
        if isinstance(sys.stdout, Unread) and sys.stdout.left:
            return
    if console.is_terminal:
        console.print(f"[dim]{frame.height} rows[/]")


def _escaped(text: str) -> str:
    return escape(printable(text))


def printable(text: str) -> str:
    """The text without what could command a terminal or turn its lines around: each such character is shown as �."""
    return _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)


def _short(text: str) -> str:
    """The beginning of a wording, which is enough to know it by."""
    return text if len(text) <= WORDING_SHOWN else text[: WORDING_SHOWN - 1] + "…"

"""A survey of a source as people read it: what is there, how its columns are taken, what is refused and why."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from onrecord.pipeline.stages.survey import FIELDS, Form, Survey

_MOST_UNUSED = 12


def headline(made: Survey) -> str:
    """A line: how many articles, in how many files."""
    files = sum(form.files for form in made.forms.values())
    about = "" if made.exact else "about "
    refused = "".join(f", {count:,} {reason}" for reason, count in made.reasons.most_common(4))
    counted = "1 file" if files == 1 else f"{files:,} files"
    return f"{about}{made.articles:,} articles in {counted}{refused}"


def show(source: str, made: Survey) -> None:
    """Print everything that the survey found."""
    console = Console(highlight=False)
    console.print(f"\n[bold]{escape(source)}[/]: {escape(headline(made))}")
    if made.forms:
        console.print(_formats(made))
    for name, form in made.forms.items():
        if form.records:
            console.print(_fields(name, form))
            _tell_unused(console, form)
    if made.reasons:
        console.print(_reasons(made))


def _table(*columns: str, title: str | None = None) -> Table:
    table = Table(box=None, pad_edge=False, title=title, title_justify="left", title_style="bold")
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if name in _NUMBERS else "left", header_style="dim")
        table.columns[at].no_wrap = name in _NUMBERS
    return table


_NUMBERS = ("files", "size", "articles", "looked at", "refused", "filled", "times")


def _formats(made: Survey) -> Table:
    table = _table("format", "files", "size", "articles", "looked at", "refused")
    for name, form in sorted(made.forms.items()):
        exact = form.exact and form.files == form.looked_into
        table.add_row(
            escape(name),
            f"{form.files:,}",
            _bytes(form.size),
            f"{'' if exact else '~'}{form.articles:,}",
            f"{form.records + form.refused:,}",
            f"{form.refused:,}",
        )
    return table


def _fields(name: str, form: Form) -> Table:
    """Which of theirs is which of ours, and in how many of the records it is given."""
    table = _table("ours", "theirs", "filled", title=f"\n{escape(name)}")
    text = next((ours for ours in ("text", "html") if ours in form.columns), "text")
    seen = form.records + form.refused
    table.add_row(text, escape(form.columns.get(text, "")), _share(form.records, seen))
    for ours in FIELDS:
        if form.columns or form.filled[ours]:
            theirs = form.columns.get(ours, "-" if form.columns else "")
            table.add_row(ours, escape(theirs), _share(form.filled[ours], form.records))
    return table


def _tell_unused(console: Console, form: Form) -> None:
    names = list(form.unused)
    if names:
        more = f" and {len(names) - _MOST_UNUSED} more" if len(names) > _MOST_UNUSED else ""
        shown = ", ".join(name[:40] for name in names[:_MOST_UNUSED])
        console.print(f"[dim]not used:[/] {escape(shown)}{more}")
    if form.columns.get("published_at") and not form.filled["published_at"]:
        console.print(
            f"[yellow]No date of {escape(form.columns['published_at'])} can be read with certainty;"
            " ISO 8601 always can.[/]"
        )


def _reasons(made: Survey) -> Table:
    table = _table("refused", "times", "the first", title="")
    for reason, count in made.reasons.most_common():
        name, refusal = made.examples[reason]
        place = f"{name}, {refusal.place}" if refusal.place else name
        table.add_row(reason, f"{count:,}", escape(f"{place}: {refusal.detail}"))
    return table


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def _bytes(size: int) -> str:
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"

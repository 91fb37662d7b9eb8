"""The commands about what people correct: correct and corrections."""

from __future__ import annotations

import getpass
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, show_rows, told
from onrecord.flows.running.exits import REFUSED_SOME, USAGE, Exit

if TYPE_CHECKING:
    import polars as pl

    from onrecord.warehouse.mending.making import Wish

SHOWN = (
    "correction_id",
    "state",
    "kind",
    "says",
    "words",
    "made_at",
    "made_by",
    "because",
    "detail",
)
_ID_DIGITS = 8


def correct(where: Where, wishes: list[Wish], by: str | None, because: str) -> None:
    """Add one correction, and tell when it takes effect."""
    from onrecord.warehouse.mending import store
    from onrecord.warehouse.mending.making import make

    if len(wishes) != 1:
        raise Exit(
            USAGE, "say one thing that is wrong with it: `onrecord correct --help` lists what"
        )
    home = where.settings().warehouse
    with told():
        made = make(home, wishes[0], by or account(), because)
        store.add(home, [made])
    print(f"{made.id[:_ID_DIGITS]} {made.says}; it takes effect in the record with the next run")


def account() -> str:
    """Who is at work here, by account."""
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return "somebody"


def corrections(
    where: Where,
    ids: list[str],
    form: str,
    *,
    states: list[str],
    kind: str | None,
    by: str | None,
) -> None:
    """What was corrected, the newest first, and how each stands."""
    import polars as pl

    from onrecord.warehouse.mending import store
    from onrecord.warehouse.mending.listing import listed

    home = where.settings().warehouse
    with told():
        found = listed(home)
        for number, why in store.read(home).unusable:
            print(
                f"onrecord: {store.path(home)}, line {number} is passed over: {why}",
                file=sys.stderr,
            )
    asked = (
        [pl.any_horizontal(pl.col("correction_id").str.starts_with(one) for one in ids)]
        if ids
        else []
    )
    asked += [pl.col("state").is_in(states)] if states else []
    asked += [pl.col("kind") == kind] if kind else []
    asked += [pl.col("made_by") == by] if by else []
    found = found.filter(*asked) if asked else found
    if found.is_empty():
        print("onrecord: no correction fits", file=sys.stderr)
    show_rows(_shown(found, form), form)


def _shown(found: pl.DataFrame, form: str) -> pl.DataFrame:
    import polars as pl

    if form != "table":
        return found
    return found.select(
        pl.col("correction_id").str.head(_ID_DIGITS).alias("id"),
        *SHOWN[1:4],
        pl.when(pl.col("words").str.len_chars() > 60)
        .then(pl.col("words").str.head(59) + "…")
        .otherwise("words")
        .alias("words"),
        pl.col("made_at").dt.strftime("%Y-%m-%d %H:%M").alias("when"),
        pl.col("made_by").alias("who"),
        "because",
        "detail",
    )


def undo(where: Where, ids: list[str], by: str | None, because: str) -> None:
    """Take corrections back."""
    from onrecord.warehouse.mending import store

    if not ids:
        raise Exit(USAGE, "say which: give the ids that `onrecord corrections` lists")
    with told():
        count = store.take_back(where.settings().warehouse, ids, by or account(), because)
    print(f"{count} taken back; it takes effect in the record with the next run")


def export(where: Where, to: Path | None, *, gold: bool) -> None:
    """Write the corrections as they stand in the file, or as gold, to a file or to the standard output."""
    from onrecord.warehouse.mending import store
    from onrecord.warehouse.mending.gold import gold as gold_of

    home = where.settings().warehouse
    with told():
        lines = list(gold_of(home)) if gold else [one.decode() for one in store.lines(home)]
    data = "".join(f"{one}\n" for one in lines).encode("utf-8", "surrogatepass")
    if to is None:
        sys.stdout.buffer.write(data)
        return
    try:
        to.write_bytes(data)
    except OSError as error:
        raise Exit(USAGE, f"{to}: cannot be written: {error.strerror}") from None
    print(f"{len(lines)} lines in {to}", file=sys.stderr)


def take_in(where: Where, source: Path) -> None:
    """Add the corrections of another file; exit code 3 where lines of it are none."""
    from onrecord.warehouse.mending import store

    try:
        if source.stat().st_size > store.MOST_BYTES:
            raise Exit(USAGE, f"{source}: larger than {store.MOST_BYTES:,} bytes")
        held = store.of_lines(source.read_bytes())
    except OSError as error:
        raise Exit(USAGE, f"{source}: cannot be read: {error.strerror}") from None
    with told():
        count = store.add(where.settings().warehouse, held.entries)
    known = len(held.entries) - count
    print(f"{count} added, {known} known already; they take effect in the record with the next run")
    for number, why in held.unusable:
        print(f"onrecord: {source}, line {number} is passed over: {why}", file=sys.stderr)
    if held.unusable:
        raise Exit(REFUSED_SOME)

"""The commands of the lake: what is in it, the file built from it, back to an earlier generation, kept tidy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, show_rows, told
from onrecord.flows.running.exits import FAILED, USAGE, Exit, usable_record

if TYPE_CHECKING:
    from onrecord.pipeline.core.settings import Settings
    from onrecord.warehouse.lake.catalog import Lake


def status(where: Where, form: str) -> None:
    """The generations that the lake holds."""
    from onrecord.warehouse.lake import keeping

    _, lake = _of(where)
    with told():
        show_rows(keeping.status(lake), form)
        if form == "table":
            files, size = keeping.size(lake)
            print(f"{files} files, {size / 1e6:,.1f} MB stand")


def face(where: Where, generation: int | None, months: int | None, every: float | None) -> None:
    """Build the record's file from the lake, once or whenever it has something newer."""
    from onrecord.warehouse.lake import faces

    settings, lake = _of(where)
    if generation is not None and every is not None:
        raise Exit(USAGE, "--every follows the newest generation; leave the number out")
    usable_record(settings.warehouse)

    def bring_up() -> str:
        with told():
            number, built = faces.bring_up(
                lake, settings.publish, settings.warehouse, generation=generation, months=months
            )
        return f"generation {number} {'is published' if built else 'stands already'}"

    if every is None:
        print(bring_up())
    else:
        _follow(bring_up, every * 60)


def _follow(bring_up: Callable[[], str], seconds: float) -> None:
    """Bring the file up again and again until stopped, through whatever passes: a lake that is empty yet, a catalog
    that is started anew. What is told is told once, until it is another.
    """
    said = ""
    while True:
        try:
            now = bring_up()
        except Exit as refused:
            now = f"onrecord: {refused}; looked at again"
        if now != said and not (said and now.endswith("stands already")):
            print(now, flush=True)
        said = now
        try:
            time.sleep(seconds)
        except KeyboardInterrupt:
            return


def rollback(where: Where, generation: int) -> None:
    """Make an earlier generation the lake's newest snapshot again, and publish its file here."""
    from onrecord.warehouse.lake import commits, faces
    from onrecord.warehouse.publishing import publish

    settings, lake = _of(where)
    with told():
        commits.roll_back(lake, generation, settings.publish.memory_limit)
        with publish.lock(settings.warehouse):
            faces.follow(settings.publish, settings.warehouse)
    print(f"generation {generation} is published, in the lake as here")


def clean(where: Where, *, remove: bool, young: bool) -> None:
    """List the files in the lake's folder that no snapshot knows, or remove them."""
    from onrecord.warehouse.lake import keeping

    _, lake = _of(where)
    with told():
        found = (keeping.clean if remove else keeping.orphans)(lake, young=young)
    for path in found:
        print(path)
    if not found:
        print("none: every file is of a snapshot" + ("" if young else ", or younger than a day"))
    elif not remove:
        print(
            f"{len(found)} files that no snapshot knows; `onrecord lake clean --remove` removes them"
        )


def tidy(where: Where) -> None:
    """Let go of old snapshots, make small files into larger ones, remove what nothing needs."""
    from onrecord.warehouse.lake import keeping

    settings, lake = _of(where)
    with told():
        done = keeping.tidy(
            lake, settings.publish.keep_snapshots, memory_limit=settings.publish.memory_limit
        )
    print(done.sentence)


def verify(where: Where) -> None:
    """Hold the file here against its generation in the lake, row by row; exit code 1 where they differ."""
    from onrecord.warehouse.lake import keeping

    settings, lake = _of(where)
    with told():
        wrong = keeping.differences(lake, settings.warehouse, settings.publish.memory_limit)
    for line in wrong:
        print(line)
    if wrong:
        raise Exit(FAILED, f"{len(wrong)} table(s) differ")
    print("verified: every row of every table is as in the lake")


def _of(where: Where) -> tuple[Settings, Lake]:
    from onrecord.warehouse.lake import catalog

    settings = where.settings()
    with told():
        return settings, catalog.of(settings.publish)

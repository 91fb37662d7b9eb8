"""The commands that one starts with: demo and template. What they need comes with the package."""

from __future__ import annotations

import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from onrecord.flows.commands import Where
from onrecord.flows.running.exits import USAGE, Exit


def demo(where: Where) -> None:
    """Run over the articles that come with OnRecord: into the record's folder, or a new one where a record stands."""
    from onrecord.flows.commands import recording
    from onrecord.warehouse.publishing import publish

    home = where.settings().warehouse
    if publish.published(home) is not None:
        home = Path(tempfile.mkdtemp(prefix="onrecord-demo-"))
    with as_file(files("onrecord") / "samples") as samples:
        recording.run(
            Where(home, where.config),
            [str(samples)],
            day=None,
            start=None,
            quiet=False,
            verbose=False,
        )
    print("\nThese articles are invented; `onrecord run FILES` reads yours.")


def template(name: str | None) -> None:
    """Print a file to start from, or the names of those that there are."""
    home = files("onrecord") / "templates"
    names = sorted(each.name for each in home.iterdir() if each.is_file())
    if name is None:
        print("\n".join(names))
    elif name in names:
        sys.stdout.write((home / name).read_text(encoding="utf-8"))
    else:
        raise Exit(USAGE, f"{name}: no such template; there are: {', '.join(names)}")

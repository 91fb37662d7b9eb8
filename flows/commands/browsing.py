"""The command that opens the record as pages: browse."""

from __future__ import annotations

import re

from onrecord.flows.commands import Where
from onrecord.flows.running.exits import USAGE, Exit


def browse(where: Where, host: str, port: int, prefix: str, *, show: bool) -> None:
    """Serve the pages until stopped."""
    from onrecord.flows.serving.pages import serve

    if prefix and not re.fullmatch(r"(/[\w.~-]+)+/?", prefix):
        raise Exit(USAGE, f"--prefix {prefix}: must be a path that begins with /, as /onrecord")
    serve(where.settings(), host, port, prefix, show=show)

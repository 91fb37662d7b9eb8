"""The command that opens the record as pages: how it is called, and what its help says."""

from __future__ import annotations

from typing import Annotated

import typer

from onrecord.flows.commands import browsing
from onrecord.flows.commands.options import Host


def browse(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the pages; a free one where not given.")
    ] = 0,
    prefix: Annotated[
        str, typer.Option(help="What all addresses begin with behind a proxy, as /onrecord.")
    ] = "",
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the pages in a browser.")
    ] = True,
) -> None:
    """Look at the record in a browser: find what was said, see it in its place, compare, mend. Ctrl-C ends it.

    Only this machine is let in. Any other --host asks for ONRECORD_PAGES_TOKEN
    (to read), ONRECORD_PAGES_MEND_TOKEN (to mend too) or the header in which a
    proxy names its user, ONRECORD_PAGES_USER_HEADER.

    Example: onrecord browse --port 8080 --no-open
    """
    browsing.browse(context.obj, host, port, prefix, show=show)

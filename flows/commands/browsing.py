"""The command that opens the record as pages: browse."""

from __future__ import annotations

from onrecord.flows.commands import Where


def browse(where: Where, host: str, port: int, prefix: str, *, show: bool) -> None:
    """Serve the pages until stopped."""
    from onrecord.flows.serving.pages import serve

    serve(where.settings(), host, port, prefix, show=show)

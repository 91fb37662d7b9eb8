"""The start page: what is new, when things were said, by whom, on what, where, and what was refused."""

from __future__ import annotations

from onrecord.pages.view import Reading, Views
from onrecord.warehouse.looking import start as looking

views = Views()


@views.at("/", "start.html")
def start(reader: Reading) -> looking.Start:
    """The record at a glance."""
    return looking.start(reader)

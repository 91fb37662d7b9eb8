"""Outlets: all in figures, and one."""

from __future__ import annotations

from onrecord.pages.view import Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import outlets as looking

views = Views()


@views.at("/outlets", "outlets.html")
def outlets(reader: Reading, page: Number = 1) -> looking.Outlets:
    """A page of the outlets, who quotes most first."""
    return looking.outlets(reader, page)


@views.at("/outlet", "outlet.html")
def outlet(reader: Reading, name: str, page: Number = 1) -> looking.Whole:
    """One outlet: whom it quotes, what about, what it alters, from whom it copies."""
    found = looking.outlet(reader, name, page)
    if found is None:
        raise NotOnRecord(
            "No article on record is of an outlet of this name: see the list of outlets."
        )
    return found

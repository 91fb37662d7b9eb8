"""A theme, and the map of all themes."""

from __future__ import annotations

from typing import Literal

from onrecord.pages.view import Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import theme as looking

views = Views()


@views.at("/theme/{theme_id}", "theme.html")
def theme(
    reader: Reading,
    theme_id: str,
    page: Number = 1,
    order: Literal["carried", "newest"] = "carried",
) -> looking.Theme:
    """A theme with a page of what is said in it, the most carried or the newest first."""
    found = looking.theme(reader, theme_id, page, order == "newest")
    if found is None:
        raise NotOnRecord(
            "No theme has this address. Themes are made anew by each run: see the list of themes."
        )
    return found


@views.at("/themes", "themes.html")
def themes(reader: Reading) -> looking.Themes:
    """The themes from the broad to the narrow, and where the largest lie."""
    return looking.themes(reader)

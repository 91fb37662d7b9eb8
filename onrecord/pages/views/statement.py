"""A statement and all its reports."""

from __future__ import annotations

from urllib.parse import quote

from onrecord.pages.view import Moved, Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import statement as looking

views = Views()


@views.at("/statement/{statement_id}", "statement.html")
def statement(
    reader: Reading, statement_id: str, against: str = "", page: Number = 1
) -> looking.Statement:
    """A statement with its wordings held against one of them: a quotation, "first", or the fullest."""
    found = looking.statement(reader, statement_id, against, page)
    if found is None:
        raise NotOnRecord("No statement has this address: the search finds words.")
    if found.statement_id != statement_id:
        # It was merged into another.
        raise Moved(f"/statement/{quote(found.statement_id, safe='')}")
    return found

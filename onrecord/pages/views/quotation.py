"""A quotation in its place."""

from __future__ import annotations

from onrecord.pages.view import Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import quotation as looking
from onrecord.warehouse.mending.overlay import pending

views = Views()


@views.at("/quotation/{quotation_id}", "quotation.html")
def quotation(reader: Reading, quotation_id: str, page: Number | None = None) -> looking.Quotation:
    """A quotation in its place, with a page of the article's text: the one that has the words, unless told."""
    found = looking.quotation(reader, quotation_id, page)
    for one in pending(reader.folder).of(quotation_id).notes if found is None else ():
        if one.kind == "not_a_quotation":
            raise NotOnRecord(f"{one.by} says that this is {one.says}: see the corrections.")
    if found is None:
        raise NotOnRecord(
            "No quotation has this address. It may have been of an article that was read anew: the search finds words."
        )
    return found

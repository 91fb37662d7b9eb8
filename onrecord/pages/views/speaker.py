"""A speaker, and everybody who would not answer."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from onrecord.pages.view import Moved, Number, Reading, Views
from onrecord.warehouse.errors import NotOnRecord
from onrecord.warehouse.looking import silences as unanswered
from onrecord.warehouse.looking import speaker as looking

views = Views()


@views.at("/speaker/{speaker_id}", "speaker.html")
def speaker(
    reader: Reading,
    speaker_id: str,
    page: Number = 1,
    order: Literal["carried", "newest"] = "carried",
) -> looking.Speaker:
    """A speaker with a page of what they said, the most carried or the newest first."""
    found = looking.speaker(reader, speaker_id, page, order == "newest")
    if found is None:
        raise NotOnRecord("No speaker has this address: the search finds speakers by name.")
    if found.same_as is not None:
        # Somebody says that the two are one.
        raise Moved(f"/speaker/{quote(found.same_as, safe='')}")
    return found


@views.at("/silences", "silences.html")
def silences(reader: Reading, page: Number = 1) -> unanswered.Silences:
    """What was not said or answered, the newest first."""
    return unanswered.silences(reader, page)

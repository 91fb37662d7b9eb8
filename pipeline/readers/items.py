"""What readers hand over: a record, or a refusal with its reason.

A refusal is a value, never an exception: one bad record does not stop the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO, NamedTuple

from onrecord.pipeline.core.address import redacted_payload
from onrecord.pipeline.core.days import on_own_clock
from onrecord.pipeline.core.rejects import ARTICLE, payload_of
from onrecord.pipeline.core.settings import IngestSettings

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "archive_encrypted": "The archive's member is encrypted; unpack it yourself.",
        "binary": "Not text; convert it to text, HTML or JSON Lines first.",
        "bomb": "Unpacks to far more than it holds; raise ingest.max_ratio if you trust it.",
        "broken_quoting": "A quotation mark of this CSV row is not closed or stands inside a field; "
        "double the marks inside fields.",
        "columns_differ": "The row has more or fewer fields than the header; quote fields that "
        "hold the delimiter.",
        "damaged": "The file is not well-formed and cannot be read to its end; make it again.",
        "documents_missing": "Documents are read by the extra onrecord[documents]; pip install it.",
        "driver_missing": "The package for addresses of this kind is not installed; add it.",
        "empty": "Nothing in it but white space.",
        "encrypted": "It opens with a password alone; save it without one, and as .docx where it is older.",
        "fetch_off": "Nothing is fetched from the web unless ingest.fetch.allowed is true.",
        "fetch_refused": "No address that may be fetched: private, not http(s), or with credentials; "
        "name an intranet's host in ingest.fetch.hosts.",
        "http_status": "The server did not answer with a page; look at it in a browser.",
        "key_missing": "The key was taken out of this address (...); give the address with it.",
        "link_outside": "A symbolic link that leads out of the folder; give its target as a source.",
        "missing_path": "No such file or folder, and no file matches; check the path.",
        "nested_too_deep": "Nested too deep to be an article.",
        "no_letters": "The text holds no letter.",
        "no_page": "The server's answer is no readable page (an error, a redirect, no HTML).",
        "no_text": "No text: name the column that holds it under ingest.columns in config.yaml.",
        "nothing_to_read": "The folder or archive holds no file.",
        "not_json": "Not JSON; one JSON object stands on each line of a .jsonl file.",
        "not_object": "JSON, but not an object with the article's fields.",
        "path_climbs": "The member's path leads out of the archive.",
        "reader_failed": "A fault in reading it, of ours or of a library's; please report it with this line.",
        "robots_refuse": "The site's robots.txt asks not to fetch it.",
        "scanned": "Its pages are pictures; have their words recognised first (OCR).",
        "too_long": "Longer than allowed; raise ingest.max_article_chars or "
        "ingest.max_source_bytes, or split it.",
        "too_many_members": "More members than allowed; raise ingest.max_members.",
        "too_slow": "Took longer than an item may.",
        "truncated": "Ends too early; fetch it again.",
        "unknown_format": "No reader for this kind of file; the formats stand in docs/sources.md.",
        "unreachable": "The server cannot be reached; check the address and try again.",
        "unreadable": "Cannot be opened; check its permissions.",
        "wrong_encoding": "No character encoding fits; save it as UTF-8.",
        "wrong_type": "The value is of the wrong type: text must be a string.",
        "xml_entities": "The XML declares entities, which are not expanded; take the DOCTYPE out.",
    }
)

NOTHING_THERE = frozenset({"missing_path", "nothing_to_read"})
"""Of these reasons, those of a source that holds nothing that could be refused."""


@dataclass(slots=True)
class Record:
    """One article as its source tells it, before it has an identity.

    `html` holds a page or a fragment whose text is still to be taken out; `text` is empty then. `layout` holds
    {"start", "end", "kind"} spans of `text`. `place` is where in the source: 'line 3', a member's name, None for a
    whole file. `found_at` is where a page was fetched from: its address, unless it names a canonical one. A `partial`
    record holds a summary, or nothing, of the article at `url`; where `html` has come since, `text` is that summary.
    `published_offset` is by how many minutes the clock that told `published_at` (UTC) is ahead of it.
    `columns` are the source's names for ours.
    """

    text: str = ""
    html: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    found_at: str | None = None
    partial: bool = False
    author: str | None = None
    published_at: datetime | None = None
    published_offset: int | None = None
    updated_at: datetime | None = None
    language: str | None = None
    layout: list[dict[str, int | str]] | None = None
    media_type: str = "text/plain"
    place: str | None = None
    repairs: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None

    @property
    def told(self) -> dict[str, object]:
        """What it says, by the names that readers know."""
        values = ((name, getattr(self, name)) for name in ("html", *ARTICLE))
        told = {name: value for name, value in values if value}
        if self.published_at is not None:
            told["published_at"] = on_own_clock(self.published_at, self.published_offset)
        return told


class Refusal(NamedTuple):
    """Something that cannot be an article: where, a code of REASONS, a sentence, and what it was."""

    place: str | None
    reason: str
    detail: str
    payload: bytes | None = None
    cut: bool = False

    def keeping(self, refused: bytes | str | Mapping[str, object], *, cut: bool = False) -> Refusal:
        """The refusal with what was refused, where it does not have that yet."""
        if self.payload is not None:
            return self
        payload, shortened = payload_of(refused)
        return self._replace(payload=redacted_payload(payload), cut=cut or shortened)


Reader = Callable[[BinaryIO, str, IngestSettings], Iterator[Record | Refusal]]
"""Reads one opened source to its end; `source` is its name, for messages and by its suffix."""


def refuse(reason: str, place: str | None = None, found: str | None = None) -> Refusal:
    """A refusal whose detail is the table's sentence, led by what was found."""
    advice = REASONS[reason]
    return Refusal(place, reason, f"{found.rstrip('.')}. {advice}" if found else advice)

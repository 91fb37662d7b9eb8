"""E-mail: a newsletter an article; a mailbox of many, and a page that a browser saved as a message.

From: The Harbour Gazette <news@harbour.example>
Subject: Ferry to run at night
Date: Thu, 02 May 2024 08:00:00 +0200
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import errors, message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import BinaryIO, cast

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import read_moment
from onrecord.pipeline.readers.decode import Decoded, decode
from onrecord.pipeline.readers.fields import short_line, web_address
from onrecord.pipeline.readers.items import Record, Refusal, refuse
from onrecord.pipeline.readers.net import failed, is_fault

MEDIA_TYPE = "message/rfc822"
_MOST = 64 << 20
_MOST_PARTS, _DEEPEST = 500, 12
# Lines that could part one; the parser takes a quarter of a millisecond for each that does.
_MOST_BOUNDARIES = 5_000
_HEADER = re.compile(rb"(?:\s*\n)?(?:[A-Za-z][A-Za-z0-9-]{1,60}:|From )")
# Where a mailbox begins its next message.
_POSTMARK = re.compile(rb"From \S+ .{10,60}\d{4}[^\n]{0,20}\r?\n")
_KEPT_FROM = re.compile(rb"^>(>*From )", re.M)
_FORWARDED = re.compile(
    r"^[ \t]*(?:-{2,}[ \t]*(?:Forwarded message|Original Message)[ \t]*-{2,}|Begin forwarded message:)[ \t]*$",
    re.M | re.I,
)
_FIELD = re.compile(r"[ \t]*\*?(From|Date|Sent|Subject|To|Cc|Reply-To):\*?[ \t]*(.*)", re.I)
_PASSED_ON = re.compile(r"\s*(?:(?:re|fwd?|wg|tr)\s*:\s*)+", re.I)
_LONG_LINE = 50
_SILENT = Decoded("", ())
# What a message has lost on its way.
_CUT = (errors.CloseBoundaryNotFoundDefect, errors.StartBoundaryNotFoundDefect)
_DAMAGED = (
    errors.InvalidBase64CharactersDefect,
    errors.InvalidBase64LengthDefect,
    errors.InvalidBase64PaddingDefect,
)


def read(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """One message, and those that it forwards as attachments."""
    data = file.read(_MOST + 1)
    if not data.strip():
        yield refuse("empty")
    elif len(data) > _MOST:
        yield refuse("too_long", None, "A message of more than 64 MB")
    elif not _HEADER.match(data):
        yield refuse("damaged", None, "No header of a message")
    else:
        yield from _messages(data, None, settings)


def read_box(file: BinaryIO, source: str, settings: IngestSettings) -> Iterator[Record | Refusal]:
    """Each message of a mailbox, in flat memory."""
    number = 0
    for data, cut in _parted(file):
        number += 1
        if cut:
            yield refuse("too_long", f"message {number}", "More than 64 MB").keeping(data, cut=True)
        else:
            yield from _messages(_KEPT_FROM.sub(rb"\1", data), f"message {number}", settings)
    if not number:
        yield refuse("nothing_to_read", None, "No line that begins a message (From …)")


def _parted(file: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The messages of a mailbox, and whether each was cut at what one may have."""
    lines: list[bytes] = []
    size, begun, blank = 0, False, True
    while line := file.readline(_MOST):
        if blank and line.startswith(b"From ") and _POSTMARK.fullmatch(line):
            if begun:
                yield b"".join(lines), size > _MOST
            lines, size, begun, blank = [], 0, True, False
            continue
        size += len(line)
        if begun and size <= _MOST:
            lines.append(line)
        blank = not line.strip()
    if begun:
        yield b"".join(lines), size > _MOST


def _messages(
    data: bytes, place: str | None, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    if data.count(b"\n--") > _MOST_BOUNDARIES:
        found = f"More than {_MOST_BOUNDARIES:,} parts"
        yield refuse("too_many_members", place, found).keeping(data)
        return
    try:
        message = message_from_bytes(data, policy=policy.default)
        items = list(_all(message, place, settings, 0))
    except RecursionError:
        items = [refuse("nested_too_deep", place)]
    except BaseException as error:
        if not is_fault(error):
            raise
        items = [failed(error, place)]
    for item in items:
        yield item.keeping(data) if isinstance(item, Refusal) else item


def _all(
    message: EmailMessage, place: str | None, settings: IngestSettings, depth: int
) -> Iterator[Record | Refusal]:
    """A message's own text, then the messages that it carries."""
    page, plain, carried, left = _parts(message)
    if page or plain or not carried:
        yield _record(message, page, plain, left, place, settings)
    for number, inner in enumerate(carried, 1):
        where = f"{place}, attachment {number}" if place else f"attachment {number}"
        if depth >= _DEEPEST:
            yield refuse("nested_too_deep", where, "Messages within messages")
            return
        yield from _all(inner, where, settings, depth + 1)


def _parts(
    message: EmailMessage,
) -> tuple[EmailMessage | None, EmailMessage | None, list[EmailMessage], int]:
    """The first part of HTML, the first of plain text, and the messages inside; attachments are none of them.

    And how many parts that could be read were left out.
    """
    page: EmailMessage | None = None
    plain: EmailMessage | None = None
    carried: list[EmailMessage] = []
    waiting: list[tuple[Message, int]] = [(message, 0)]
    seen, left = 0, 0
    while waiting and seen < _MOST_PARTS:
        part, depth = waiting.pop()
        seen += 1
        kind = part.get_content_type()
        if kind == "message/rfc822" and part is not message:
            carried += [one for one in part.get_payload() if isinstance(one, EmailMessage)][:1]
        elif part.is_multipart() and kind != "message/rfc822":
            if depth < 4 * _DEEPEST:
                inner = [one for one in part.get_payload() if isinstance(one, Message)]
                waiting += [(one, depth + 1) for one in reversed(inner)]
            else:
                left += 1
        elif part.get_content_disposition() == "attachment":
            continue
        elif kind == "text/html":
            left += page is not None
            page = page or cast(EmailMessage, part)
        elif kind == "text/plain":
            left += plain is not None
            plain = plain or cast(EmailMessage, part)
    return page, plain, carried, left + len(waiting)


def _record(
    message: EmailMessage,
    page: EmailMessage | None,
    plain: EmailMessage | None,
    left: int,
    place: str | None,
    settings: IngestSettings,
) -> Record | Refusal:
    shown, laid_out = _text(plain), _text(page)
    if shown is None or laid_out is None:
        return refuse("wrong_encoding", place)
    words, markup = shown.text, laid_out.text
    subject = _header(message, "Subject")
    saved = message.get_content_type() == "multipart/related" and bool(
        _header(message, "Snapshot-Content-Location") or "Saved by" in _header(message, "From")
    )
    passed_on = _PASSED_ON.match(subject)
    told = {"from": _header(message, "From"), "date": _header(message, "Date")}
    if forwarded := _FORWARDED.search(words):
        # Of whoever wrote it, not of whoever passed it on.
        inner, words = _forwarded(words[forwarded.end() :])
        told = {"from": inner.get("from", ""), "date": inner.get("date", inner.get("sent", ""))}
        subject, markup = inner.get("subject", subject), ""
    elif passed_on:
        told = {"from": "", "date": ""}
    if not words.strip() and not markup.strip():
        return refuse("empty", place)
    if len(words) > settings.max_article_chars or len(markup) > 8 * settings.max_article_chars:
        return refuse("too_long", place, f"{max(len(words), len(markup)):,} characters")
    mark = _PASSED_ON.match(subject) if passed_on else None
    title = short_line(subject[mark.end() :] if mark else subject)
    record = Record(title=title, place=place, media_type=MEDIA_TYPE)
    if saved:
        # What a browser saved is a page: it tells its date and its outlet itself.
        record.title = None
        record.found_at = web_address(_header(message, "Snapshot-Content-Location"))
    else:
        published = read_moment(told["date"])
        record.published_at, record.published_offset = published
        record.outlet = _sender(told["from"])
        record.url = web_address(_header(message, "Archived-At").strip("<> "))
    if markup.strip():
        record.html, record.repairs = markup, laid_out.repairs
    else:
        record.text = words if "\n" not in words else _unwrapped(words)
        record.repairs = shown.repairs
    if left:
        record.repairs += (f"{left} more part(s) left out",)
    if any(isinstance(one, _CUT) for one in message.defects):
        record.repairs += ("cut short: its last part has no end",)
    return record


def _sender(told: str) -> str | None:
    name, address = parseaddr(told)
    return short_line(name) or short_line(address.rpartition("@")[2])


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; '' where there is none, or it cannot be read."""
    try:
        return str(message.get(name, ""))[:2_000]
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        # What the standard library's parser makes of a mangled one.
        return ""


def _text(part: EmailMessage | None) -> Decoded | None:
    """The words of a part, unpacked and decoded; None where no encoding fits."""
    if part is None:
        return _SILENT
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return _SILENT
    decoded = decode(data, part.get_content_charset())
    if decoded is None:
        return None
    text, repairs = decoded
    if any(isinstance(one, _DAMAGED) for one in part.defects):
        repairs += ("damaged: unpacked as far as it goes",)
    if part.get_param("format") == "flowed":
        text = _flowing(text, str(part.get_param("delsp", "no")).lower() == "yes")
    return Decoded(text, repairs)


def _flowing(text: str, without_space: bool) -> str:
    """Lines that end in a space go on in the next (RFC 3676)."""
    made: list[str] = []
    for line in text.split("\n"):
        line = line[1:] if line.startswith(" ") else line
        if made and made[-1].endswith(" ") and made[-1] != "-- " and line:
            made[-1] = (made[-1][:-1] if without_space else made[-1]) + line
        else:
            made.append(line)
    return "\n".join(made)


def _unwrapped(text: str) -> str:
    """Paragraphs whose lines were broken at the width of a screen, each on one line."""
    made = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = paragraph.strip("\n").split("\n")
        if len(lines) > 1 and all(_LONG_LINE <= len(line) <= 100 for line in lines[:-1]):
            lines = [" ".join(line.strip() for line in lines)]
        made.append("\n".join(lines))
    return "\n\n".join(made)


def _forwarded(text: str) -> tuple[dict[str, str], str]:
    """The fields of a forwarded message and what stands under them."""
    fields: dict[str, str] = {}
    lines = text.lstrip("\r\n").split("\n")
    at = 0
    for at, line in enumerate(lines):  # noqa: B007 - where the fields end
        field = _FIELD.match(line)
        if field:
            fields.setdefault(field[1].lower(), field[2].strip())
        elif line.strip() or len(fields) >= 2:
            break
    return fields, "\n".join(lines[at:])

"""Readers that other packages add, an entry point of `onrecord.readers` for a suffix: `sbv = "their_package:read"`.

They are called as ours are. What they raise, and what they hand over that is no record, becomes a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

from onrecord.pipeline.core import additions
from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers.dates import parse_date, read_moment
from onrecord.pipeline.readers.items import Reader, Record, Refusal, refuse

_TEXTS = ("html", "title", "outlet", "url", "author", "language", "place")


def reader(suffix: str) -> Reader | None:
    """The reader that was added for a suffix (".sbv"); None where there is none, or it is broken."""
    name = suffix.lower().removeprefix(".")
    read = additions.loaded(additions.READERS, name) if name else None
    return partial(_guarded, read, additions.whose(additions.READERS, name)) if read else None


def fault(suffix: str) -> str | None:
    """Why the reader that was added for a suffix cannot be used, if there is one that cannot."""
    return additions.fault_of(additions.READERS, suffix.lower().removeprefix("."))


def _guarded(
    read: Reader, whose: str, file: BinaryIO, name: str, settings: IngestSettings
) -> Iterator[Record | Refusal]:
    try:
        for item in read(file, name, settings):
            wrong = _unfit(item)
            if wrong is not None:
                yield refuse("reader_failed", None, f"{whose} gave {wrong}")
            elif isinstance(item, Record):
                item.published_at, item.published_offset = read_moment(item.published_at)
                item.updated_at = parse_date(item.updated_at)
                yield item
            else:
                yield item
    except (OSError, EOFError):
        # Told as it is of our own readers: the file is damaged, or ends too early.
        raise
    except Exception as error:
        # Whatever code of somebody else's may raise: one bad file does not stop the next.
        yield refuse("reader_failed", None, f"{whose}: {type(error).__name__}: {str(error)[:120]}")


def _unfit(item: object) -> str | None:
    """What is wrong with something that a reader handed over."""
    if isinstance(item, Refusal):
        told = isinstance(item.reason, str) and isinstance(item.detail, str)
        return None if told else "a refusal without a reason and a sentence"
    if not isinstance(item, Record):
        return f"a {type(item).__name__} where a record or a refusal was wanted"
    wrong = [name for name in _TEXTS if not isinstance(getattr(item, name), str | None)]
    wrong += [] if isinstance(item.text, str) else ["text"]
    for name in ("published_at", "updated_at"):
        wrong += [] if isinstance(getattr(item, name), datetime | None) else [name]
    return f"a record with a wrong type of {', '.join(wrong)}" if wrong else None

"""What the readers make of some bytes under a name."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from onrecord.pipeline.core.settings import IngestSettings
from onrecord.pipeline.readers import REASONS, Record, Refusal, read
from onrecord.pipeline.readers.html.extraction import extract
from onrecord.pipeline.stages.ingest import finished, page_of

SETTINGS = IngestSettings(max_article_chars=5_000, max_ratio=50)
TEXT = "“The ferry will run at night,” the mayor of Kessel said on Tuesday."
PAGE = f"<html><head><title>T</title></head><body><article><p>{TEXT}</p></article></body></html>"


def found(data: bytes, name: str, settings: IngestSettings = SETTINGS) -> list[Record | Refusal]:
    """Records and refusals in order; each refusal has a reason that is known."""
    items = list(read(io.BytesIO(data), name, settings))
    assert all(item.reason in REASONS for item in items if isinstance(item, Refusal))
    return items


def reasons(items: Iterable[Record | Refusal]) -> list[str]:
    """The reason of each, empty for a record."""
    return [item.reason if isinstance(item, Refusal) else "" for item in items]


def one(data: bytes, name: str) -> Record:
    """The only record."""
    (item,) = found(data, name)
    assert isinstance(item, Record), item
    return item


def line(**fields: object) -> bytes:
    """A line of JSON Lines."""
    return json.dumps(fields).encode() + b"\n"


def made(data: bytes, name: str, settings: IngestSettings = SETTINGS) -> list[Record | Refusal]:
    """What comes of each item once its page is read."""
    done = []
    for item in found(data, name, settings):
        page = page_of(item)
        done.append(finished(item, extract(*page) if page else None, settings))
    return done


def described(record: Record, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of a record what is wanted of it; words that it holds, lacks or repairs as they are wanted, else what it has."""
    told: dict[str, Any] = {}
    for name, value in wanted.items():
        if name == "words":
            told[name] = value if value in record.text else record.text
        elif name == "without":
            told[name] = value if value not in record.text else record.text
        elif name == "repaired":
            told[name] = value if any(value in one for one in record.repairs) else record.repairs
        else:
            told[name] = getattr(record, name)
    return told

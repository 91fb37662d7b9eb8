"""Rows of an answer as the dataclasses that they are shown as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def made(kind: type[Made], row: Mapping[str, Any], **more: Any) -> Made:
    """A row as a dataclass, by the names of its fields; `more` are those that the row has not."""
    told = {
        field.name: tuple(value) if isinstance(value := row[field.name], list) else value
        for field in fields(kind)  # type: ignore[arg-type]
        if field.name not in more
    }
    return kind(**told, **more)


def every(kind: type[Made], rows: Iterable[Mapping[str, Any]]) -> tuple[Made, ...]:
    """All the rows so."""
    return tuple(made(kind, row) for row in rows)

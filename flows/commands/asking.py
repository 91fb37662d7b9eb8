"""The commands that ask the record: sql and search."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flows.commands import Where, show_rows, told
from onrecord.flows.running.exits import USAGE, Exit

if TYPE_CHECKING:
    from onrecord.pipeline.core.settings import Settings


@dataclass(frozen=True)
class Filters:
    """What a search is narrowed to."""

    speaker: str | None
    outlet: str | None
    since: str | None
    until: str | None
    theme: str | None
    limit: int
    by: str


def sql(where: Where, query: str, form: str, seconds: float | None = None) -> None:
    """Answer one query within `seconds`; embed('words') in it is their vector under the configured model."""
    from onrecord.flows.running import interrupts
    from onrecord.warehouse.asking.query import Limits
    from onrecord.warehouse.asking.query import query as ask

    settings = where.settings()

    def encode(words: str) -> list[float]:
        return _vector(settings, words)

    with interrupts.listening(), told():
        limits = Limits(seconds, settings.publish.memory_limit)
        answer = ask(settings.warehouse, query, encode=encode, limits=limits)
        _tell_newer(settings.warehouse)
        show_rows(answer, form)


def _tell_newer(home: Path) -> None:
    """Say where a newer version wrote the record: the answer stands, but its columns may mean something else here."""
    from onrecord.warehouse.errors import NewerWarehouse
    from onrecord.warehouse.upgrade import is_behind

    try:
        is_behind(home)
    except NewerWarehouse as newer:
        print(f"onrecord: answered, but {newer}", file=sys.stderr)


def _vector(settings: Settings, words: str) -> list[float]:
    from onrecord.pipeline.embedders.questions import vector_of

    return vector_of(words, settings.embed)


def _across(settings: Settings, words: str) -> dict[str, list[float]]:
    from onrecord.pipeline.embedders import load_finders
    from onrecord.pipeline.statements.translated import questions

    return questions(words, load_finders(settings.embed))


def search(where: Where, words: str, filters: Filters, form: str) -> None:
    """Find quotations and print what a person can use."""
    from onrecord.warehouse.asking import search as finder

    settings = where.settings()
    if not any(character.isalnum() for character in words):
        raise Exit(USAGE, "nothing to search for: give a word")
    if filters.by not in ("words", "meaning", "both"):
        raise Exit(USAGE, f"--by {filters.by}: must be words, meaning or both")
    with told():
        vector = None if filters.by == "words" else _vector(settings, words)
        found = finder.search(
            settings.warehouse,
            "" if filters.by == "meaning" else words,
            vector,
            speaker=filters.speaker,
            outlet=filters.outlet,
            since=filters.since,
            until=filters.until,
            theme=filters.theme,
            across=lambda: _across(settings, words),
            limit=filters.limit,
        )
    if form == "table":
        from onrecord.flows.showing import summary

        summary.show_found(found)
    else:
        show_rows(found, form)

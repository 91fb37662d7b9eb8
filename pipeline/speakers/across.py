"""Speakers across languages: who is named in another language, in its spelling or script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from onrecord.pipeline.names import across
from onrecord.pipeline.speakers.bearers import Speaker

ENGLISH: Final = "en"


class Across:
    """The full names told of speakers, each in its language, by their sound.

    Names of one language are never held against each other by it. As long as all is English nothing is heard at all.
    """

    def __init__(self, told: Iterable[tuple[str, str, str | None]]) -> None:
        self._told: dict[str, dict[str, str | None]] = {}
        self._by_key: dict[str, dict[str, None]] | None = None
        for speaker, name, language in told:
            self._told.setdefault(speaker, {})[name] = language
        if any(is_foreign(one) for names in self._told.values() for one in names.values()):
            self._hear()

    def told(self, speaker: Speaker, name: str, language: str | None) -> None:
        """Take one name more of a speaker."""
        self._told.setdefault(speaker.speaker_id, {}).setdefault(name, language)
        if self._by_key is not None:
            self._enter(speaker.speaker_id, name)
        elif is_foreign(language):
            self._hear()

    def meant(
        self, name: str, language: str | None, speakers: Mapping[str, Speaker]
    ) -> Speaker | None:
        """The one speaker whom another language names so; None where nobody, or more than one, is."""
        if self._by_key is None:
            if not is_foreign(language):
                return None
            self._hear()
        near = {one: None for key in across.keys(name) for one in (self._by_key or {}).get(key, ())}
        found = [
            one
            for one in near
            if one in speakers
            and any(
                (told or ENGLISH) != (language or ENGLISH) and across.same_across(name, other)
                for other, told in self._told[one].items()
            )
        ]
        return speakers[found[0]] if len(found) == 1 else None

    def _hear(self) -> None:
        self._by_key = {}
        for speaker, names in self._told.items():
            for name in names:
                self._enter(speaker, name)

    def _enter(self, speaker: str, name: str) -> None:
        if self._by_key is not None:
            for key in across.keys(name):
                self._by_key.setdefault(key, {})[speaker] = None


def is_foreign(language: str | None) -> bool:
    """Whether a language is told, and is not English."""
    return language is not None and language != ENGLISH

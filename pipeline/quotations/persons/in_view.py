"""View: who is in view at a place of an article, for pronouns and for words that nothing reports.

Names outside quoted words, the speakers so far and the pronouns of the article's own voice put people in view, each
resolved in the order of the text; `salience` weighs them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.pipeline.names.recognised import PERSON, Mention
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.salience import Glance, features, glance, is_beside, score
from onrecord.pipeline.text.layout import READABLE, Layout

_BACK: Final = 40
_REACH: Final = 8
_WITHIN: Final = 7
_FAR: Final = 20
_HE: Final = frozenset({"he", "him", "his", "himself"})
_PRONOUN: Final = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)


@dataclass
class Event:
    """Somebody in view at a place of the text."""

    entity: Entity
    glance: Glance

    @property
    def at(self) -> int:
        """Where in the text."""
        return self.glance.at


class View:
    """Who is in view in one article; ``spoke`` grows as its quotations are resolved in order."""

    def __init__(
        self, layout: Layout, entities: Sequence[Entity], quoted: Sequence[tuple[int, int]]
    ) -> None:
        self.layout = layout
        self.spoke: list[Event] = []
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self._own = [at for at in layout.sentences if not self.is_quoted(at - 1)]
        self._events = self._named(entities)
        self._at = [event.at for event in self._events]
        self._genders: dict[int, str] = {}
        self._pronouns = [
            match
            for match in _PRONOUN.finditer(layout.text)
            if not self.is_quoted(match.start()) and self._is_read(match.start())
        ]
        self._met = 0
        self.followed: list[Event] = []

    def follow(self, start: int) -> None:
        """Give the pronouns of the article's own voice before ``start`` to whom they mean, in order."""
        while self._met < len(self._pronouns) and self._pronouns[self._met].start() < start:
            match = self._pronouns[self._met]
            self._met += 1
            gender = "male" if match.group().lower() in _HE else "female"
            seen = self.person(match.start(), gender)
            if seen is not None:
                by = "he" if match.group().lower() in {"he", "she"} else "his"
                self.followed.append(Event(seen[0], Glance(match.start(), by)))

    def _is_read(self, position: int) -> bool:
        return self.layout.paragraphs[self.layout.paragraph_at(position)].kind in READABLE

    def speaks(self, at: int, entity: Entity) -> None:
        """Put a speaker in view for what follows."""
        self.spoke.append(Event(entity, Glance(at, "words")))

    def heard(self, entity: Entity, gender: str) -> None:
        """Keep the gender of a pronoun for somebody whose name and titles tell none."""
        self._genders.setdefault(id(entity), gender)

    def person(self, start: int, gender: str | None) -> tuple[Entity, float] | None:
        """The person most in view before ``start``, of a gender where that is known, and the lead over the next."""
        ranked = self.ranked(start, gender, _WITHIN)
        if not ranked:
            return None
        return ranked[0][0], ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 2.0

    def ranked(self, start: int, gender: str | None, within: int) -> list[tuple[Entity, float]]:
        """The people in view within so many sentences before ``start`` who may have a gender, the likeliest first."""
        ranked = [
            (entity, score(made, self._likeness(entity, gender)))
            for entity, made in self.candidates(start, gender, within)
        ]
        return sorted(ranked, key=lambda item: -item[1])

    def candidates(
        self, start: int, gender: str | None, within: int = _WITHIN
    ) -> list[tuple[Entity, dict[str, float]]]:
        """Those people, with what speaks for each."""
        high = bisect_left(self._at, start)
        seen: dict[int, list[Glance]] = {}
        people: dict[int, Entity] = {}
        events = [
            e
            for e in self._events[max(0, high - _BACK) : high]
            if not is_beside(self.layout, e.glance, start)
        ]
        events += [e for e in self.spoke[-_REACH:] if e.at < start]
        events += [e for e in self.followed[-_REACH:] if e.at < start]
        for event in sorted(events, key=_place):
            own = event.entity.gender or self._genders.get(id(event.entity))
            if event.entity.kind == PERSON and (gender is None or own is None or own == gender):
                seen.setdefault(id(event.entity), []).append(event.glance)
                people[id(event.entity)] = event.entity
        near = (k for k in seen if self.steps(seen[k][-1].at, start) <= within)
        order = sorted(near, key=lambda key: -seen[key][-1].at)
        spoke = self.spoke[-1] if self.spoke and self.spoke[-1].at < start else None
        made = []
        for rank, key in enumerate(order):
            entity = people[key]
            facts = {f"rank {min(rank, 3)}", "sure" if entity.sure else "unsure"}
            if len(order) == 1:
                facts.add("alone")
            met = self.steps(entity.mentions[0].start, start)
            if met <= 1:
                facts.add("introduced by role" if entity.descriptors else "introduced")
            if spoke is not None:
                if spoke.entity is entity:
                    facts.add("spoke last")
                elif entity.mentions[0].start > spoke.at:
                    facts.add("new since")
            made.append(
                (entity, features(self.layout, seen[key], start, entity.person, facts, self.steps))
            )
        return made

    def _likeness(self, entity: Entity, gender: str | None) -> str:
        own = entity.gender or self._genders.get(id(entity))
        if gender is None:
            return "unknown"
        if own is not None:
            return "same"
        return (
            "unknown" if entity.leans is None else "likely" if entity.leans == gender else "unlike"
        )

    def steps(self, start: int, end: int) -> int:
        """How many sentences of the article's own voice begin in ``(start, end]``; quoted words count as one."""
        return max(0, bisect_right(self._own, end) - bisect_right(self._own, start))

    def distance(self, entity: Entity, start: int) -> float:
        """How many sentences back the entity was last in view, at most 20 (also where it was not yet)."""
        seen = [event.at for event in self.spoke[-_BACK:] if event.entity is entity][-1:]
        at = bisect_left(entity.mentions, start, key=_start) - 1
        if at >= 0:
            seen.append(entity.mentions[at].start)
        if not seen:
            return float(_FAR)
        return float(min(_FAR, self.layout.sentence_breaks(max(seen), start)))

    def is_quoted(self, position: int) -> bool:
        """Whether a place lies within quoted words."""
        index = bisect_left(self._quoted_starts, position + 1) - 1
        return index >= 0 and position < self._quoted[index][1]

    def _named(self, entities: Sequence[Entity]) -> list[Event]:
        """Every mention of a person outside quoted words, with how it puts him in view."""
        events: list[Event] = []
        seen: set[int] = set()
        mentions = sorted(
            (m, i) for i, e in enumerate(entities) if e.kind == PERSON for m in e.mentions
        )
        for mention, index in mentions:
            if self.is_quoted(mention.start):
                continue
            sentence = self.layout.sentence_at(mention.start)[0]
            first = sentence not in seen
            seen.add(sentence)
            glanced = glance(self.layout, mention, first, mention.descriptor is not None)
            events.append(Event(entities[index], glanced))
        return events


def _start(mention: Mention) -> int:
    return mention.start


def _place(event: Event) -> int:
    return event.at

"""View: who is in view at a place of an article, for pronouns and for words that nothing reports.

Names outside quoted words and the speakers so far, each with a weight for how much it puts a person in view; sentences
between take from it, a fitting gender adds to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.pipeline.names.recognised import PERSON, Mention
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.text.layout import Layout

_BACK: Final = 40
_REACH: Final = 8
_LEAST: Final = -4.0
_FAR: Final = 20
_SUBJECT: Final = 1.2
_SAME_LINE: Final = 0.3


@dataclass
class Event:
    """Somebody in view at a place of the text; ``weight`` is how much in view."""

    at: int
    entity: Entity
    weight: float


class View:
    """Who is in view in one article; ``spoke`` grows as its quotations are resolved in order."""

    def __init__(
        self, layout: Layout, entities: Sequence[Entity], quoted: Sequence[tuple[int, int]]
    ) -> None:
        self.layout = layout
        self.spoke: list[Event] = []
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self._events = self._named(entities)
        self._at = [event.at for event in self._events]
        self._genders: dict[int, str] = {}

    def speaks(self, at: int, entity: Entity, weight: float) -> None:
        """Put a speaker in view for what follows."""
        self.spoke.append(Event(at, entity, weight))

    def heard(self, entity: Entity, gender: str) -> None:
        """Keep the gender of a pronoun for somebody whose name and titles tell none."""
        self._genders.setdefault(id(entity), gender)

    def person(self, start: int, gender: str | None) -> tuple[Entity, float] | None:
        """The person most in view before ``start``, of a gender where that is known, and the lead over the next."""
        scores: dict[int, float] = {}
        people: dict[int, Entity] = {}
        high = bisect_left(self._at, start)
        line = self.layout.paragraph_at(start)
        for event in self._events[max(0, high - _BACK) : high] + self.spoke[-_REACH:]:
            entity = event.entity
            own = entity.gender or self._genders.get(id(entity))
            if (
                event.at >= start
                or entity.kind != PERSON
                or (gender is not None and own is not None and own != gender)
            ):
                continue
            distance = self.layout.sentence_breaks(event.at, start)
            score = (
                event.weight - 0.75 * min(distance, 12) + (0.4 if entity.gender == gender else 0.0)
            )
            if event.weight >= _SUBJECT and self.layout.paragraph_at(event.at) == line:
                score += _SAME_LINE
            if score > scores.get(id(entity), -99.0):
                scores[id(entity)], people[id(entity)] = score, entity
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < _LEAST:
            return None
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 2.0
        return people[ranked[0][0]], lead

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
        """Every mention of a person outside quoted words, weighted by how much it puts him in view."""
        events: list[Event] = []
        seen: set[int] = set()
        mentions = sorted(
            (m, i) for i, e in enumerate(entities) if e.kind == PERSON for m in e.mentions
        )
        for mention, index in mentions:
            if self.is_quoted(mention.start):
                continue
            sentence = self.layout.sentence_at(mention.start)[0]
            weight = 0.0 if entities[index].sure else -1.0
            if sentence not in seen:
                seen.add(sentence)
                weight += 0.8
                if mention.acts or self.layout.words_between(sentence, mention.start) <= 3:
                    weight += 0.4
            if self.layout.text[mention.end : mention.end + 2] in {
                "'s",
                "\u2019s",
                "' ",
                "\u2019 ",
            }:
                weight -= 0.8
            if self.layout.paragraphs[self.layout.paragraph_at(mention.start)].kind != "body":
                weight -= 1.0
            events.append(Event(mention.start, entities[index], weight))
        return events


def _start(mention: Mention) -> int:
    return mention.start

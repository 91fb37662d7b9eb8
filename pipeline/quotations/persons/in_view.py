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

from onrecord.pipeline.names.lists import GROUPS, NATIONS, ROLES, UNNAMED
from onrecord.pipeline.names.recognised import PERSON, Mention
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.salience import (
    SUBORDINATORS,
    Glance,
    features,
    glance,
    is_beside,
    is_main,
    score,
    set_aside,
)
from onrecord.pipeline.text.layout import READABLE, Layout

_BACK: Final = 40
_REACH: Final = 8
_WITHIN: Final = 7
_FAR: Final = 20
_HE: Final = frozenset({"he", "him", "his", "himself"})
KIN: Final = frozenset(
    """
    mother father wife husband son daughter brother sister grandmother grandfather aunt uncle niece
    nephew mom mum dad girlfriend boyfriend woman man girl boy
    """.split()  # noqa: SIM905
)
"""Nouns of people whose gender they tell, and who are often never named."""
_PEOPLE: Final = (
    ROLES | UNNAMED | NATIONS.keys() | {"muslim", "christian", "jew", "catholic", "cashier"}
) - GROUPS
_MALE: Final = frozenset(
    [
        "father",
        "husband",
        "son",
        "brother",
        "grandfather",
        "uncle",
        "nephew",
        "dad",
        "boyfriend",
        "man",
        "boy",
    ]
)
_KIN_SUBJECT: Final = re.compile(
    rf"(?P<words>(?:My|His|Her|Our|A|An|One|Another) (?:[a-z-]+ ){{0,2}}(?P<noun>{'|'.join(sorted(KIN))}))"
    r"(?=,? [a-z])"
)
_SOMEBODY: Final = re.compile(
    r"(?:[^,.;:\n\"\u201c\u201d]{3,70}, )?(?P<words>(?:[Aa]n?|[Oo]ne|[Aa]nother) (?:[a-z-]+ |[A-Z][a-z]+ ){0,3}?"
    r"(?P<noun>[a-z]+|[A-Z][a-z]+))(?= (?:who|whose|from|in|at|with)\b|,? (?:[a-z]+ed|was|is|has|had|said|says"
    r"|told|stood|sat|ran|came|shook"
    r"|held|wept|spoke|went|put|took|made|saw)\b)"
)
"""Somebody who heads a sentence and has no name in it."""
_BREAK: Final = re.compile(
    r"\s*(?:_{2,}|\*{2,}|#{2,}|[*\u2022\u00b7\u2014\u2013-](?:\s?[*\u2022\u00b7\u2014\u2013-]){2,})\W*"
    r"|\s*(?:No\.? ?|#)?\d{1,3}[.)]?\s*"
    r"|\s*\d{1,2}[:.]\d{2}\s?(?:[ap]\.?\s?m\.?)?(?:\s?[A-Z]{2,4})?\W*"
)
_SUREST: Final = 0.8
_LONGEST: Final = 60
_APART: Final = frozenset({"governed", "owner", "modifies", "aside", "joined", "told", "heading"})
_SUBJECT: Final = re.compile(r"(?:[Hh]e|[Ss]he)\b|(?!H(?:is|er|im)\b)[A-Z]")
"""A pronoun that is a subject, or a name that stands where it might."""
_CLAUSE: Final = re.compile(
    r"(?:(?!\b(?:where|who|whom|whose|which|when|while|as|after|before|because|since|until)\b)[^,;:\u2013\u2014\n]){0,200}+"
)
"""The rest of a clause."""
_SUBORDINATE: Final = re.compile(rf"\b(?:{'|'.join(SUBORDINATORS)})\s$", re.IGNORECASE)
_OBJECT: Final = re.compile(
    r"(?= (?:of|to|from|for|in|on|at|with|about|that|and|by|as|when|if|into|out|off|up|down|back|again)\b|[.,;!?])"
)
"""What stands behind "her" where it owns nothing."""
_OTHER_CLAUSE: Final = re.compile(
    r"[;:]|\b(?:that|who|which|and|but|because|when|after|before|while|if)\b|\bto [a-z]+ $"
)
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
        self,
        layout: Layout,
        entities: Sequence[Entity],
        quoted: Sequence[tuple[int, int]],
        told: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.layout = layout
        self._told = told
        self._told_starts = [start for start, _ in told]
        self._nameless: dict[str, Entity] = {}
        self._breaks = [
            p.start for p in layout.paragraphs if _BREAK.fullmatch(layout.text, p.start, p.end)
        ]
        self.spoke: list[Event] = []
        self._quoted = quoted
        self._quoted_starts = [start for start, _ in quoted]
        self._own = [at for at in layout.sentences if not self.is_quoted(at - 1)]
        self._events = sorted(self._named(entities) + self._unnamed(), key=_place)
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
            subject = self._subject_of(match)
            ranked = self.ranked(match.start(), gender)
            seen = next((entity for entity, _ in ranked if entity is not subject), None)
            if seen is not None:
                by = "he" if match.group().lower() in {"he", "she"} else "his"
                self.followed.append(Event(seen, Glance(match.start(), by)))

    def _subject_of(self, pronoun: re.Match[str]) -> Entity | None:
        """Whom an object pronoun cannot mean: the subject of its own clause, in "Holm reminded him"."""
        text, start = self.layout.text, pronoun.start()
        word = pronoun.group().lower()
        if word not in {"him", "her"} or (word == "her" and not _OBJECT.match(text, pronoun.end())):
            return None
        at = bisect_left(self._at, start) - 1
        if at < 0 or self._at[at] < self.layout.sentence_at(start)[0]:
            return None
        glance = self._events[at].glance
        between = text[glance.at : start]
        apart = _OTHER_CLAUSE.search(between) is not None or not {"first", "early"} & set(
            glance.signs
        )
        return None if apart else self._events[at].entity

    def _is_read(self, position: int) -> bool:
        return self.layout.paragraphs[self.layout.paragraph_at(position)].kind in READABLE

    def speaks(self, at: int, entity: Entity) -> None:
        """Put a speaker in view for what follows."""
        self.spoke.append(Event(entity, Glance(at, "words")))

    def heard(self, entity: Entity, gender: str) -> None:
        """Keep the gender of a pronoun for somebody whose name and titles tell none."""
        if entity.leans in (None, gender):
            self._genders.setdefault(id(entity), gender)

    def nameless(self, words: str) -> Entity:
        """Somebody whom the article never names, by the words that it has for him: "my father"."""
        key = " ".join(words.lower().split())[:_LONGEST]
        if key not in self._nameless:
            noun = next((w for w in re.findall(r"[a-z]+", key) if w in KIN), None)
            gender = None if noun is None else "male" if noun in _MALE else "female"
            self._nameless[key] = Entity("", PERSON, [], gender, gender, True, _SUREST)
        return self._nameless[key]

    def person(self, start: int, gender: str | None) -> Entity | None:
        """The person most in view before ``start``, of a gender where that is known."""
        ranked = self.ranked(start, gender)
        return ranked[0][0] if ranked else None

    def ranked(
        self, start: int, gender: str | None, within: int = _WITHIN
    ) -> list[tuple[Entity, float]]:
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
        events = self._events[max(0, high - _BACK) : high]
        # "Unlike Holm, he": not Holm, however he came into view.
        others = {id(e.entity) for e in events if is_beside(self.layout, e.glance, start)}
        events += [e for e in self.spoke[-_REACH:] if e.at < start]
        events += [e for e in self.followed[-_REACH:] if e.at < start]
        floor = (
            self._breaks[bisect_left(self._breaks, start) - 1]
            if self._breaks and self._breaks[0] < start
            else 0
        )
        events = [e for e in events if e.at >= floor]
        opens = self.layout.sentence_at(start)[0]
        before = self._parallel(start)
        behind = self._named_behind(start)
        for event in sorted(events, key=_place):
            if id(event.entity) in behind or id(event.entity) in others:
                continue
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
            first = entity.mentions[0].start if entity.mentions else seen[key][0].at
            if any(
                g.at >= opens and g.signs[:1] == ("first",) and not set(g.signs) & _APART
                for g in seen[key]
            ):
                facts.add("own subject")
            elif before is not None and any(
                before <= g.at < opens
                and g.signs[:2] == ("first", "early")
                and not set(g.signs) & _APART
                for g in seen[key]
            ):
                facts.add("subject before")
            silent = spoke is None or spoke.entity is not entity
            if entity.gender is None and silent and self._is_theirs(entity, seen[key][-1], gender):
                facts.add("theirs")
            if entity.gender is None and self._is_with_another(entity, seen[key][-1], gender):
                facts.add("beside his pronoun")
            met = self.steps(first, start)
            if met <= 1:
                facts.add("introduced by role" if entity.descriptors else "introduced")
            if spoke is not None:
                if spoke.entity is entity:
                    facts.add("spoke last")
                    if rank == 0 and self.steps(spoke.at, start) <= 1:
                        facts.add("spoke just before")
                elif first > spoke.at:
                    facts.add("new since")
            made.append(
                (entity, features(self.layout, seen[key], start, entity.person, facts, self.steps))
            )
        return made

    def _is_with_another(self, entity: Entity, seen: Glance, gender: str | None) -> bool:
        """Whether a pronoun of that gender behind somebody in his sentence means another: Holm reminded "him"."""
        if seen.by != "name" or gender is None:
            return False
        end = self.layout.sentence_at(seen.at)[1]
        return any(
            seen.at < event.at < end
            and event.entity is not entity
            and (self.layout.text[event.at : event.at + 3].lower() in {"him", "his", "he "})
            == (gender == "male")
            for event in self.followed[-_REACH:]
        )

    @staticmethod
    def _is_theirs(entity: Entity, seen: Glance, gender: str | None) -> bool:
        """Whether somebody was last named as "her manager, Ola Berg": "she" behind that is the one who has him."""
        told = next((m.descriptor for m in entity.mentions if m.start == seen.at), None)
        owner = (told or "").split(" ", 1)[0].lower()
        return gender is not None and owner == ("his" if gender == "male" else "her")

    def _parallel(self, start: int) -> int | None:
        """Where the sentence before begins, for a pronoun that opens its own but for quoted words before it."""
        at = bisect_right(self._own, start) - 1
        if at < 1:
            return None
        opens = self._own[at]
        if start - opens > 1 and not self._is_all_quoted(opens, start):
            return None
        return self._own[at - 1]

    def _is_all_quoted(self, start: int, end: int) -> bool:
        """Whether nothing stands between two places but quoted words."""
        at = start
        while at < end:
            index = bisect_right(self._quoted_starts, at + 1) - 1
            inside = index >= 0 and at < self._quoted[index][1]
            if inside:
                at = self._quoted[index][1]
            elif self.layout.text[at].isalnum():
                return False
            else:
                at += 1
        return True

    def _named_behind(self, start: int) -> set[int]:
        """Who is named behind "he" or "she" in its clause, and so is another: "he told Holm", no "as he left, Holm"."""
        text = self.layout.text
        match = _SUBJECT.match(text, start)
        if match is None or _SUBORDINATE.search(text, max(0, start - 20), start) is not None:
            return set()
        clause = _CLAUSE.match(text, match.end(), self.layout.sentence_at(start)[1])
        end = clause.end() if clause is not None else match.end()
        low, high = bisect_right(self._at, start), bisect_left(self._at, end)
        return {id(event.entity) for event in self._events[low:high]}

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
            glanced = glance(self.layout, mention, first, mention.descriptor is not None)
            if is_main(self.layout, mention):
                # What stood before the comma was not what the sentence is about.
                glanced = glanced._replace(signs=("first", "early", *glanced.signs[first:]))
                for at in range(len(events) - 1, -1, -1):
                    if events[at].at < sentence:
                        break
                    events[at].glance = set_aside(events[at].glance)
            # In "Holm adviser Eva Berg said" and "Holm's adviser" the sentence is not about Holm.
            if not {"owner", "modifies"} & set(glanced.signs):
                seen.add(sentence)
            if self._is_told(mention.start):
                glanced = glanced._replace(signs=(*glanced.signs, "told"))
            events.append(Event(entities[index], glanced))
        return events

    def _unnamed(self) -> list[Event]:
        """Those who head a sentence and are never named: "My mother has grown old"."""
        events = []
        for start in self._own:
            match = _KIN_SUBJECT.match(self.layout.text, start)
            if match is None:
                match = _SOMEBODY.match(self.layout.text, start)
                if match is not None and match["noun"].lower() not in _PEOPLE:
                    match = None
            if match is not None and self._is_read(start):
                entity = self.nameless(match["words"])
                events.append(Event(entity, Glance(start, "name", ("first", "early"))))
        return events

    def _is_told(self, position: int) -> bool:
        """Whether a place lies within reported words that stand in no marks."""
        index = bisect_left(self._told_starts, position + 1) - 1
        return index >= 0 and position < self._told[index][1]


def _start(mention: Mention) -> int:
    return mention.start


def _place(event: Event) -> int:
    return event.at

"""Entities: every spelling of one person or body in an article brought together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.quotations.names import (
    PERSON,
    Mention,
    alike,
    fold,
    is_acronym,
    is_given,
    plain,
    surname,
)
from pipeline.quotations.people import NICKNAMES


@dataclass
class Entity:
    """One person or body of an article with all its mentions, in order.

    ``sure`` tells that something beside the capital letters speaks for a person: a title or a role, a given name, or
    the surname used alone elsewhere.
    """

    name: str
    kind: str
    mentions: list[Mention] = field(default_factory=list)
    gender: str | None = None
    sure: bool = True

    @property
    def descriptors(self) -> list[str]:
        """Roles and titles given beside the name, in order of appearance."""
        return [mention.descriptor for mention in self.mentions if mention.descriptor]


def gather(mentions: Iterable[Mention]) -> list[Entity]:
    """Mentions brought together: full names first, then surnames, given names and misprints of them."""
    mentions = list(mentions)
    people = [mention for mention in mentions if mention.kind == PERSON]
    entities = _gather_people(people)
    bodies: dict[str, Entity] = {}
    for mention in mentions:
        if mention.kind != PERSON:
            key = fold(mention.name)
            entity = bodies.setdefault(key, Entity(mention.name, mention.kind))
            entity.mentions.append(mention)
    _join_acronyms(bodies)
    return entities + list(bodies.values())


def _gather_people(people: list[Mention]) -> list[Entity]:
    full: list[Entity] = []
    by_surname: dict[str, list[Entity]] = {}
    for mention in sorted(people, key=lambda m: (-len(m.name.split()), m.start)):
        if len(mention.name.split()) < 2:
            continue
        last = surname(mention.name)
        home = next(
            (e for e in by_surname.get(last, []) if _same_person(e.name, mention.name)), None
        )
        if home is None:
            home = _misprinted(full, mention.name)
        if home is None:
            home = Entity(mention.name, PERSON)
            full.append(home)
            by_surname.setdefault(last, []).append(home)
        home.mentions.append(mention)
    given: dict[str, list[Entity]] = {}
    for entity in full:
        given.setdefault(fold(entity.name).split()[0], []).append(entity)
    alone: dict[str, Entity] = {}
    for mention in people:
        if len(mention.name.split()) > 1:
            continue
        key = fold(mention.name)
        candidates = by_surname.get(key) or given.get(key) or []
        if not candidates:
            candidates = [
                e for last, found in by_surname.items() if alike(last, key) for e in found
            ]
        if candidates:
            _nearest(candidates, mention).mentions.append(mention)
        else:
            home = alone.get(key) or next((e for k, e in alone.items() if alike(k, key)), None)
            if home is None:
                home = alone[key] = Entity(mention.name, PERSON)
            home.mentions.append(mention)
    entities = full + list(alone.values())
    for entity in entities:
        entity.mentions.sort()
        votes = Counter(m.gender for m in entity.mentions if m.gender)
        entity.gender = votes.most_common(1)[0][0] if votes else None
        _name_by_use(entity)
        entity.sure = _is_sure(entity)
    return [e for e in entities if e.sure or not all(m.opens for m in e.mentions)]


def _is_sure(entity: Entity) -> bool:
    words = [plain(word) for word in entity.name.split()]
    if entity.gender or any(m.descriptor for m in entity.mentions):
        return True
    return len(words) > 1 and (
        is_given(words[0]) or any(len(m.name.split()) == 1 for m in entity.mentions)
    )


def _name_by_use(entity: Entity) -> None:
    """Of the spellings with most words, the one most used (the first of equals)."""
    most = max(len(m.name.split()) for m in entity.mentions)
    counts = Counter(m.name for m in entity.mentions if len(m.name.split()) == most)
    entity.name = counts.most_common(1)[0][0]


def _same_person(first: str, second: str) -> bool:
    """Whether two full names with one surname can be one person: given names equal, nicknames, initials or missing."""
    a, b = fold(first).split(), fold(second).split()
    x, y = NICKNAMES.get(a[0], a[0]), NICKNAMES.get(b[0], b[0])
    return x == y or (x[:1] == y[:1] and (len(a[0]) == 1 or len(b[0]) == 1)) or alike(x, y)


def _misprinted(full: list[Entity], name: str) -> Entity | None:
    words = fold(name).split()
    for entity in full[:200]:
        other = fold(entity.name).split()
        if len(other) == len(words) and all(alike(a, b) for a, b in zip(words, other, strict=True)):
            return entity
    return None


def _nearest(candidates: list[Entity], mention: Mention) -> Entity:
    """Of several people with one surname: by gender, then the one named in full last before it, else most often."""
    fitting = [
        e
        for e in candidates
        if not (mention.gender and any(m.gender and m.gender != mention.gender for m in e.mentions))
    ]
    fitting = fitting or candidates
    if len(fitting) == 1:
        return fitting[0]
    counts = {id(e): sum(len(m.name.split()) > 1 for m in e.mentions) for e in fitting}
    return max(fitting, key=lambda e: (counts[id(e)], -e.mentions[0].start))


def _join_acronyms(bodies: dict[str, Entity]) -> None:
    """Give an acronym the body that it abbreviates: "Central Bank of Ruritania (CBR)"."""
    initials: dict[str, str] = {}
    for key, entity in bodies.items():
        words = [w for w in entity.name.split() if w[:1].isupper()]
        if len(words) > 1:
            initials.setdefault("".join(w[0] for w in words).lower(), key)
    for key in [key for key, entity in bodies.items() if is_acronym(entity.name)]:
        home = initials.get(bodies[key].name.replace(".", "").lower())
        if home is not None and home != key and home in bodies:
            bodies[home].mentions = sorted(bodies[home].mentions + bodies.pop(key).mentions)

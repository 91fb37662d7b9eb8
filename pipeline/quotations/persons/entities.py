"""Entities: every spelling of one person or body in an article brought together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from onrecord.pipeline.names.lists import BODIES, NICKNAMES, ROLES, TITLES
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, Mention
from onrecord.pipeline.names.spelling import alike, fold, is_acronym, is_given, plain, surname

_MOST = 50


@dataclass
class Entity:
    """One person or body of an article with all its mentions, in order.

    ``sure`` tells that something beside the capital letters speaks for a person: a title or a role, a given name,
    the surname used alone elsewhere, or what people do beside it. A name of which nothing does, and which always has
    "the" before it, is no person's.
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
    mentions = _shouted(list(mentions))
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


class _Index:
    """Entities by a folded word, found again through one misprint in time that does not grow with their number."""

    def __init__(self) -> None:
        self._exact: dict[str, list[Entity]] = {}
        self._near: dict[str, list[str]] = {}

    def add(self, key: str, entity: Entity) -> None:
        """Put an entity under a word."""
        if key not in self._exact:
            for shape in _shapes(key):
                self._near.setdefault(shape, []).append(key)
        self._exact.setdefault(key, []).append(entity)

    def get(self, key: str) -> list[Entity]:
        """Entities under the word itself, else under words that one misprint parts from it."""
        if key in self._exact:
            return self._exact[key]
        keys = {k for shape in _shapes(key) for k in self._near.get(shape, [])[:_MOST]}
        return [e for k in sorted(keys) if alike(k, key) for e in self._exact[k]]


def _shapes(word: str) -> set[str]:
    """The word and every form of it with one letter left out: misprints of one word share one."""
    if not 5 <= len(word) <= 24:
        return {word}
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _shouted(mentions: list[Mention]) -> list[Mention]:
    """Surnames in capitals, as transcripts label their speakers, or that are a body's noun, told from bodies."""
    surnames = {surname(m.name) for m in mentions if m.kind == PERSON}
    return [
        m._replace(kind=PERSON)
        if (m.name.isupper() or plain(m.name) in BODIES) and fold(m.name) in surnames
        else m
        for m in mentions
    ]


def _gather_people(people: list[Mention]) -> list[Entity]:
    full: list[Entity] = []
    surnames, given, alone = _Index(), _Index(), _Index()
    for mention in sorted(people, key=lambda m: (-len(m.name.split()), m.start)):
        if len(mention.name.split()) > 1:
            last = surname(mention.name)
            same = (e for e in surnames.get(last)[:_MOST] if _same_person(e.name, mention.name))
            home = next(same, None)
            if home is None:
                home = Entity(mention.name, PERSON)
                full.append(home)
                surnames.add(last, home)
            home.mentions.append(mention)
    for entity in full:
        if not is_given(plain(entity.name.split()[0])):
            continue
        given.add((fold(entity.name).split() or [""])[0], entity)
    uses = {id(entity): len(entity.mentions) for entity in full}
    singles: list[Entity] = []
    for mention in people:
        if len(mention.name.split()) > 1:
            continue
        key = fold(mention.name)
        candidates = surnames.get(key) or given.get(key) or alone.get(key)
        if candidates:
            _nearest(candidates[:_MOST], mention, uses).mentions.append(mention)
        elif plain(mention.name) not in TITLES | ROLES:
            singles.append(Entity(mention.name, PERSON, [mention]))
            alone.add(key, singles[-1])
    entities = full + singles
    for entity in entities:
        entity.mentions.sort()
        votes = Counter(m.gender for m in entity.mentions if m.gender)
        entity.gender = votes.most_common(1)[0][0] if votes else None
        _name_by_use(entity)
        entity.sure = _is_sure(entity)
        if not entity.sure and all(m.article for m in entity.mentions):
            entity.kind = ORGANISATION
    return [e for e in entities if e.sure or not all(m.opens for m in e.mentions)]


def _is_sure(entity: Entity) -> bool:
    words = [plain(word) for word in entity.name.split()]
    if entity.gender or any(m.descriptor or m.acts for m in entity.mentions):
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
    if not a or not b:
        return False
    x, y = NICKNAMES.get(a[0], a[0]), NICKNAMES.get(b[0], b[0])
    return x == y or (x[:1] == y[:1] and (len(a[0]) == 1 or len(b[0]) == 1)) or alike(x, y)


def _nearest(candidates: list[Entity], mention: Mention, uses: dict[int, int]) -> Entity:
    """Of several people with one surname: by gender, then the one whose full name is used most, then the first."""
    fitting = [e for e in candidates if mention.gender in (None, e.mentions[0].gender)]
    fitting = fitting or [e for e in candidates if e.mentions[0].gender is None] or candidates
    return max(fitting, key=lambda e: (uses.get(id(e), 0), -e.mentions[0].start))


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

"""Entities: every spelling of one person or body in an article brought together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from onrecord.pipeline.names.compared import person, same_bearer, same_given
from onrecord.pipeline.names.given_names import is_given, leaning_of
from onrecord.pipeline.names.kinds import KINDS
from onrecord.pipeline.names.lists import ADDRESSES, BODIES, ROLES
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, PLACE, Mention
from onrecord.pipeline.names.spelling import alike, fold, is_acronym, plain, surname
from onrecord.pipeline.names.titles import is_title

_MOST = 50
_NO_PERSON: Final = 0.25
_ALONE: Final = 0.5
_DOUBTFUL: Final = 0.35
_PERSON: Final = 0.7
_LIKELY: Final = 0.5
_UNTOLD: Final = 0.5
_MAYBE: Final = 0.1


@dataclass
class Entity:
    """One person or body of an article with all its mentions, in order.

    ``sure`` tells that something beside the capital letters speaks for a person: a title or a role, a given name,
    the surname used alone elsewhere, or what people do beside it. A name of which nothing does, and which always has
    "the" before it, is no person's. ``leans`` is the gender of most who bear the given name. ``person`` is how likely
    it is one, by the words around all its mentions.
    """

    name: str
    kind: str
    mentions: list[Mention] = field(default_factory=list)
    gender: str | None = None
    leans: str | None = None
    sure: bool = True
    person: float = 1.0

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

    def exact(self, key: str) -> list[Entity]:
        """Entities under the word itself."""
        return self._exact.get(key, [])

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
    """Surnames in capitals, as transcripts label their speakers, or that are a body's noun, told from bodies.

    So are given names that are a place's too: "Jordan" where the article names Jordan Stewell.
    """
    full = [m for m in mentions if m.kind == PERSON]
    surnames = {surname(m.name) for m in full}
    given = {fold(m.name).split()[0] for m in full if len(m.name.split()) > 1 and fold(m.name)}
    return [
        m._replace(kind=PERSON)
        if ((m.name.isupper() or plain(m.name) in BODIES) and fold(m.name) in surnames)
        or (m.kind == PLACE and fold(m.name) in given and m.chances and m.chances[0] > _MAYBE)
        else m
        for m in mentions
    ]


def _gather_people(people: list[Mention]) -> list[Entity]:
    full: list[Entity] = []
    surnames, given, fronts, alone = _Index(), _Index(), _Index(), _Index()
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
        first = (fold(entity.name).split() or [""])[0]
        (given if is_given(plain(entity.name.split()[0])) else fronts).add(first, entity)
    uses = {id(entity): len(entity.mentions) for entity in full}
    singles: list[Entity] = []
    for mention in people:
        if len(mention.name.split()) > 1:
            continue
        key = fold(mention.name)
        candidates = surnames.get(key) or given.get(key) or fronts.exact(key) or alone.get(key)
        if candidates:
            _nearest(candidates[:_MOST], mention, uses).mentions.append(mention)
        elif not is_title(plain(mention.name)) and plain(mention.name) not in ROLES:
            singles.append(Entity(mention.name, PERSON, [mention]))
            alone.add(key, singles[-1])
    entities = full + singles
    for entity in entities:
        entity.mentions.sort()
        _name_by_use(entity)
        entity.gender = _gender(entity)
        entity.leans = entity.gender or leaning_of(plain(entity.name.split()[0]))
        chances = _chances(entity)
        entity.person = chances[0]
        entity.sure = _is_sure(entity)
        if not entity.sure and all(m.article for m in entity.mentions):
            entity.kind = ORGANISATION
        elif entity.person < _least(entity) and not _is_titled(entity):
            entity.kind = KINDS[max(range(1, len(KINDS)), key=chances.__getitem__)]
    return [e for e in entities if e.sure or _words(e.name) > 1 or not _opens(e)]


def _opens(entity: Entity) -> bool:
    """Whether a name is met at the start of sentences alone, where every word is written large."""
    return all(mention.opens for mention in entity.mentions)


def _gender(entity: Entity) -> str | None:
    """The gender that most mentions tell; a surname alone tells none, though it be a given name elsewhere."""
    own = fold(entity.name).split()
    votes = Counter(
        m.gender
        for m in entity.mentions
        if m.gender and (len(m.name.split()) > 1 or m.descriptor or fold(m.name) == own[0])
    )
    return votes.most_common(1)[0][0] if votes else None


def _chances(entity: Entity) -> list[float]:
    """How likely an entity is of each of `KINDS`: the geometric mean of its mentions, full names counting double."""
    longest = max(len(m.name.split()) for m in entity.mentions)
    total, weight = [0.0] * len(KINDS), 0.0
    for mention in entity.mentions:
        if mention.chances:
            share = 2.0 if len(mention.name.split()) == longest else 1.0
            weight += share
            for kind, chance in enumerate(mention.chances):
                total[kind] += share * math.log(max(chance, 1e-4))
    if not weight:
        return [_UNTOLD, *[(1 - _UNTOLD) / (len(KINDS) - 1)] * (len(KINDS) - 1)]
    made = [math.exp(x / weight) for x in total]
    return [chance / sum(made) for chance in made]


def _least(entity: Entity) -> float:
    """How likely a person a name must be to stay one: likelier where it is a single word of no given name."""
    words = entity.name.split()
    return _ALONE if len(words) == 1 and not is_given(plain(words[0])) else _NO_PERSON


def _is_titled(entity: Entity) -> bool:
    """Whether a form of address stands before the name somewhere: no body is called "Ms"."""
    return any(
        plain(word) in ADDRESSES
        for m in entity.mentions
        if m.descriptor
        for word in m.descriptor.split()[:1]
    )


def _is_sure(entity: Entity) -> bool:
    words = [plain(word) for word in entity.name.split()]
    if entity.person >= _PERSON:
        return True
    if entity.person < _DOUBTFUL:
        return False
    if entity.gender or any(m.descriptor or m.acts for m in entity.mentions):
        return True
    return len(words) > 1 and (
        entity.person >= _LIKELY
        or is_given(words[0])
        or any(len(m.name.split()) == 1 for m in entity.mentions)
    )


def _name_by_use(entity: Entity) -> None:
    """Of the spellings with most words, the one most used (of equals one without a nickname, then the first)."""
    most = max(_words(m.name) for m in entity.mentions)
    counts = Counter(m.name for m in entity.mentions if _words(m.name) == most)
    entity.name = max(counts, key=lambda name: (counts[name], len(name.split()) == most))


def _words(name: str) -> int:
    """How many words a name has, a nickname in marks left out."""
    return sum(word[0].isalpha() for word in name.split())


def _same_person(first: str, second: str) -> bool:
    """Whether two full names with one surname can be one person: given names equal, nicknames, initials or missing."""
    one, two = person(first), person(second)
    if one is None or two is None:
        return fold(first) == fold(second)
    if not (one.full and two.full):
        # "Holm Jr." alone is Jan Holm Jr., and "De Varno" Eva de Varno.
        longer = one.generation or two.generation or " " in one.family
        same = bool(longer) and one.family == two.family and same_bearer(one, two)
        return same or fold(first) == fold(second)
    if same_given(one.given[:1], two.given[:1]):
        return same_bearer(one, two)
    # What a headline puts before a name is none of it.
    front = max(one.given, two.given, key=len)[0]
    return (len(front) == 1 or is_given(front)) and same_bearer(one, two)


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

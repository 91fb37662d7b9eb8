"""Coreference: whom a mention beside a quotation means, as the fullest name in the article.

A name is looked up among the article's names; a role ("the minister") among those whose title or apposition gives it,
nearest first; a pronoun goes to the person most in view: the subject of the sentence, the speaker before, by nearness
and gender. Where the text does not tell, there is no name and a reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import (
    BODIES,
    FEMALE_TITLES,
    GROUPS,
    MALE_TITLES,
    METONYMS,
    NATIONS,
    NOT_NAMES,
    OFFICES,
    OUTSIDERS,
    ROLE_VERBS,
    ROLES,
    SAME_ROLE,
    UNNAMED,
)
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, PLACE, Mention
from onrecord.pipeline.names.spelling import fold, plain
from onrecord.pipeline.quotations.persons.documents import DOCUMENTS, Documents
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.in_view import View
from onrecord.pipeline.quotations.persons.phrases import turns_on
from onrecord.pipeline.text.layout import Layout

GROUP: Final = "group"
UNNAMED_KIND: Final = "unnamed"

_HE: Final = frozenset({"he", "him", "his", "himself"})
_SHE: Final = frozenset({"she", "her", "hers", "herself"})
_THEY: Final = frozenset({"they", "them", "their", "themselves"})
_IT: Final = frozenset({"it", "its", "itself"})
_FIRST: Final = frozenset({"i", "we", "me", "us", "our", "my"})
_RELATIVE: Final = frozenset({"who", "which", "that", "whom"})
_PRONOUNS: Final = _HE | _SHE | _THEY | _IT | _FIRST | _RELATIVE
_CUT: Final = re.compile(
    r",|\(|\s(?:of|for|at|from|in|with|who|whose|on|to|near|representing|and|by|about|under"
    r"|against|within)\b|\s[-\u2013\u2014]\s"
)
_DEFINITE: Final = frozenset({"the", "this", "that"})
_GENERIC: Final = frozenset({"head", "leader", "chief", "boss", "director", "chair"})
_OF_BODY: Final = re.compile(r"\bof (?:the |a |its |his |her |their )?(?P<body>[^,;]{3,60})")
_INDEFINITE: Final = frozenset({"a", "an", "one", "another"})
_OWN: Final = frozenset({"his", "her", "its", "their", "my", "our"})
_WORD: Final = re.compile(r"[\w\u2019'-]+")
_PAST: Final = frozenset({"former", "ex", "then", "onetime", "late"})
_KIN: Final = frozenset({"family", "relatives", "camp", "estate", "team"})
_RANKS: Final = frozenset({"prime", "vice", "deputy", "assistant"})
_BACK: Final = 40
_FEW: Final = 4
_NEAR: Final = 2
_MOST: Final = 400
_PARTIES: Final = frozenset(
    [
        "republicans",
        "democrats",
        "conservatives",
        "liberals",
        "americans",
        "russians",
        "ukrainians",
        "tories",
    ]
)


class Resolution(NamedTuple):
    """Who a mention means: the fullest name or None with a reason, the kind, and how sure it is, 0 to 1.

    ``how`` tells by what kind of mention: ``name``, ``pronoun``, ``described`` or ``none``.
    """

    name: str | None
    kind: str | None
    unresolved: str | None
    sureness: float
    entity: Entity | None = None
    how: str = "none"


NO_MENTION: Final = Resolution(None, None, "no_mention", 0.0)


class Resolver:
    """Resolves the mentions of one article in the order of the text; what it resolved is in view for what follows."""

    def __init__(
        self, layout: Layout, entities: Sequence[Entity], quoted: Sequence[tuple[int, int]]
    ) -> None:
        self.layout = layout
        self.entities = entities
        self.view = View(layout, entities, quoted)
        self._by_start = {m.start: (e, m) for e in entities for m in e.mentions}
        self._starts = sorted(self._by_start)
        self._bearers = [
            entity for entity in entities if entity.kind == PERSON and entity.descriptors
        ]
        self._roles = {id(entity): _told(entity) for entity in self._bearers}
        self._bodies = self._by_word()
        self._documents = Documents(layout, self._by_start, self.view)

    def resolve(self, start: int, end: int) -> Resolution:
        """Whom the mention ``[start, end)`` means."""
        text = self.layout.text[start:end]
        self.view.follow(start)
        found = self._resolve(text, start, end)
        if text.strip().lower() in _PRONOUNS:
            found = found._replace(how="pronoun")
        if found.entity is not None:
            self.view.speaks(start, found.entity)
        return found

    def in_view(self, position: int) -> Resolution:
        """Who speaks where nothing reports the words: the person most in view, if anyone is near."""
        self.view.follow(position)
        seen = self.view.person(position, None)
        if seen is None or not seen[0].sure:
            return NO_MENTION
        entity, lead = seen
        self.view.speaks(position, entity)
        return Resolution(entity.name, PERSON, None, 0.6 * _sureness(lead), entity)

    def _resolve(self, text: str, start: int, end: int) -> Resolution:
        plain = text.strip().lower()
        if plain in _FIRST:
            return Resolution(None, PERSON if plain in {"i", "me", "my"} else GROUP, "author", 0.5)
        if plain in _RELATIVE:
            return self._relative(start, end)
        if plain in _HE or plain in _SHE:
            return self._pronoun(start, "male" if plain in _HE else "female")
        if plain in _THEY or plain in _IT:
            return self._body_in_view(start, plain in _THEY)
        low, high = bisect_left(self._starts, start - 30), bisect_left(self._starts, end)
        inside = [self._by_start[at] for at in self._starts[low:high]]
        turned = turns_on(
            self.layout.text, start, [pair for pair in inside if pair[1].end > start], end
        )
        if turned is not None:
            return self._entity(turned[0], text)._replace(how="name")
        cut = _CUT.search(text)
        front = text[: cut.start()] if cut and cut.start() > 0 else text
        words = _WORD.findall(front)
        if not words:
            return Resolution(None, None, "no_name", 0.0)
        named = self._named(start, start + len(front))
        if named is not None and not self._is_modifier(named[1], start + len(front)):
            return self._entity(named[0], text)._replace(how="name")
        return self._nominal(text, words, start, end)._replace(how="described")

    def _pronoun(self, start: int, gender: str) -> Resolution:
        """ "he", "she": the person most in view, who has that gender from then on; never a body or a place."""
        seen = self.view.person(start, gender)
        if seen is None:
            return Resolution(None, PERSON, "no_antecedent", 0.3)
        entity, lead = seen
        self.view.heard(entity, gender)
        return Resolution(entity.name, PERSON, None, _sureness(lead), entity)

    def _body_in_view(self, start: int, plural: bool) -> Resolution:
        """ "it", "they": the body in view; several people without a name stay unresolved."""
        for spoken in self.view.spoke[-2:][::-1]:
            near = self.layout.sentence_breaks(spoken.at, start) <= 3
            if near and spoken.entity.kind != PERSON:
                return Resolution(spoken.entity.name, ORGANISATION, None, 0.6, spoken.entity)
        low, high = bisect_left(self._starts, start - 400), bisect_left(self._starts, start)
        for at in self._starts[low:high]:
            entity, mention = self._by_start[at]
            near = self.layout.sentence_breaks(mention.start, start) <= 1
            if near and entity.kind == ORGANISATION and not self.view.is_quoted(at):
                return Resolution(entity.name, ORGANISATION, None, 0.45, entity)
        return Resolution(None, GROUP if plural else ORGANISATION, "no_antecedent", 0.3)

    def _named(self, start: int, end: int) -> tuple[Entity, Mention] | None:
        """The last name within a span: the head of "campaign manager Ola Nord"."""
        low, high = bisect_left(self._starts, start - 30), bisect_left(self._starts, end)
        inside = [
            (e, m) for e, m in (self._by_start[s] for s in self._starts[low:high]) if m.end > start
        ]
        people = [pair for pair in inside if pair[0].kind == PERSON]
        return people[-1] if people else inside[-1] if inside else None

    def _is_modifier(self, mention: Mention, end: int) -> bool:
        """Whether a name only modifies what follows: "the Nord campaign", "Nord's lawyer"."""
        rest = self.layout.text[mention.end : end]
        return (
            re.match(r"['\u2019]s?\s+\w", rest) is not None
            or re.match(r"\s+[a-z]\w+", rest) is not None
        )

    def _entity(self, entity: Entity, text: str) -> Resolution:
        kind = entity.kind if entity.kind in (PERSON, GROUP) else ORGANISATION
        name = entity.name
        if not entity.sure and fold(name).split()[-1:] and self._plural(name):
            return Resolution(name, GROUP, None, 0.6, entity)
        return Resolution(name, kind, None, 0.95 if entity.sure else 0.7, entity)

    @staticmethod
    def _plural(name: str) -> bool:
        last = name.split()[-1].lower()
        return last in GROUPS or (last.endswith("ans") and last[:-1] in NATIONS)

    def _relative(self, start: int, end: int) -> Resolution:
        """ "who": the last person named before it in its sentence; "which", "that": the name just before."""
        low = bisect_left(self._starts, start - 160)
        high = bisect_left(self._starts, start)
        of_people = self.layout.text[start:end].lower() in {"who", "whom"}
        for at in reversed(self._starts[low:high]):
            entity, mention = self._by_start[at]
            if self.layout.sentence_breaks(mention.start, start):
                break
            if entity.kind == PLACE or (of_people and entity.kind != PERSON):
                continue
            between = self.layout.text[mention.end : start]
            if len(between) <= 3 or between.count(",") >= 1 or entity.kind == PERSON:
                return self._entity(entity, between)._replace(sureness=0.7)
        return Resolution(None, None, "no_antecedent", 0.3)

    def _nominal(self, text: str, words: list[str], start: int, end: int) -> Resolution:
        """A role, a body or a group without a name of its own."""
        lower = [word.lower() for word in words]
        head = re.sub(r"['\u2019]s?$", "", lower[-1])
        if head in BODIES or head.rstrip("s") in BODIES:
            return self._body(text, lower, head, start, end)
        if head in DOCUMENTS or head.rstrip("s") in DOCUMENTS:
            return self._document(lower, head, start, end)
        if head in METONYMS:
            return Resolution(_trim_article(text), ORGANISATION, None, 0.8)
        definite = (
            lower[0] in _DEFINITE
            or lower[0] in _OWN
            or (text[:1].isupper() and lower[0] not in _INDEFINITE)
        )
        if (
            head in ROLES
            and definite
            and lower[0] not in _OWN
            and not any("'s" in w or "\u2019s" in w for w in lower)
        ):
            found = self._role(text, lower, head, start)
            if found is not None:
                return found
        if head in _KIN and any(word[:1].isupper() and word[-1:] == "s" for word in words[:-1]):
            return Resolution(_trim_article(text), GROUP, None, 0.6)
        if head in GROUPS or _is_plural(head):
            return self._group(text, words, head)
        aged = any(word.endswith("-year-old") for word in lower)
        if (head in ROLES or head in UNNAMED) and not aged:
            return Resolution(None, UNNAMED_KIND, "unnamed", 0.7)
        if self._is_definite(lower, start) and not any(
            word.endswith(("'s", "\u2019s")) for word in lower
        ):
            gender = "female" if head in FEMALE_TITLES else "male" if head in MALE_TITLES else None
            found = self._loosely(head, gender, start, aged)
            if found is not None:
                return found
        if any(word[:1].isupper() for word in words[1:]) or (
            words[0][:1].isupper() and lower[0] not in _DEFINITE | _OWN
        ):
            if set(lower) & BODIES:
                return Resolution(_trim_article(text), ORGANISATION, None, 0.5)
            if all(word[:1].isupper() and plain(word) not in NOT_NAMES for word in words):
                kind = PERSON if len(words) > 1 and is_given(plain(words[0])) else ORGANISATION
                return Resolution(_trim_article(" ".join(words)), kind, None, 0.5)
        return Resolution(None, UNNAMED_KIND, "unnamed", 0.5)

    def _is_definite(self, lower: list[str], start: int) -> bool:
        """Whether a description begins with "the", or "the" was left out of it."""
        return (
            lower[0] in _DEFINITE or self.layout.text[max(0, start - 4) : start].lower() == "the "
        )

    def _document(self, lower: list[str], head: str, start: int, end: int) -> Resolution:
        """A statement, a letter, a report: its author."""
        if lower[0] in {"his", "her"}:
            return self._pronoun(start, "male" if lower[0] == "his" else "female")
        if lower[0] in {"its", "their"}:
            return self._body_in_view(start, lower[0] == "their")
        author = self._documents.author(start, end, head) if lower[0] not in _FIRST else None
        if author is not None:
            return self._entity(author, "")._replace(sureness=0.5)
        return Resolution(None, UNNAMED_KIND, "unnamed", 0.5)

    def _group(self, text: str, words: list[str], head: str) -> Resolution:
        """Several people: named by a nation, a body or a party, or not at all."""
        large = [word.lower() for word in words if word[:1].isupper()]
        if (
            words[0][:1].isupper()
            and words[0].lower() not in _PARTIES
            and words[0].lower() not in NATIONS
        ):
            large = large[1:]
        if large:
            return Resolution(_trim_article(text), GROUP, None, 0.7)
        vague = head in UNNAMED or head.rstrip("s") in UNNAMED
        return Resolution(None, UNNAMED_KIND if vague else GROUP, "unnamed", 0.7)

    def _body(self, text: str, lower: list[str], head: str, start: int, end: int) -> Resolution:
        """ "the ministry": the body named with that word last before it; a body with a name of its own is kept."""
        words = _WORD.findall(text)
        if any(word[:1].isupper() for word in words[1:]) or (
            words[0][:1].isupper() and lower[0] not in _DEFINITE | _OWN | {"a", "an"}
        ):
            return Resolution(_trim_article(text), ORGANISATION, None, 0.8)
        if lower[0] in _INDEFINITE:
            return Resolution(None, ORGANISATION, "unnamed", 0.5)
        named = self._bodies.get(head, [])
        at = bisect_left(named, (start, 0)) - 1
        if at >= 0:
            body = self.entities[named[at][1]]
            return Resolution(body.name, ORGANISATION, None, 0.75, body)
        for event in reversed(self.view.spoke[-3:]):
            if event.entity.kind == ORGANISATION:
                return Resolution(event.entity.name, ORGANISATION, None, 0.5, event.entity)
        return Resolution(None, ORGANISATION, "no_antecedent", 0.5)

    def _role(self, text: str, lower: list[str], head: str, start: int) -> Resolution | None:
        """ "the president", "the Ukrainian leader": who bears that role, a near bearer before a far one."""
        ranked = len(lower) > 1 and lower[-2] in _RANKS
        wanted = {" ".join(lower[-2:])} if ranked else {head, " ".join(lower[-2:])}
        of = _OF_BODY.search(text.lower())
        body = frozenset(_WORD.findall(of["body"])) if of and head in _GENERIC else frozenset()
        if "head of state" in text.lower():
            wanted, body = {"head of state"}, frozenset()
        if "head of government" in text.lower():
            wanted, body = {"head of government"}, frozenset()
        nations = {NATIONS.get(word, word) for word in lower[:-1]}
        gender = "female" if head in FEMALE_TITLES else "male" if head in MALE_TITLES else None
        best: tuple[float, Entity] | None = None
        for entity in self._bearers[:_MOST]:
            if gender and entity.gender and gender != entity.gender:
                continue
            fit = self._bears(entity, wanted, nations, len(lower) > 2)
            if fit <= 0 or (body and not any(body & told for _, told in self._roles[id(entity)])):
                continue
            score = fit - 0.15 * self.view.distance(entity, start)
            if best is None or score > best[0]:
                best = (score, entity)
        if best is not None:
            return Resolution(best[1].name, PERSON, None, 0.8 if best[0] > 0.5 else 0.6, best[1])
        if body:
            return None
        return self._loosely(" ".join(lower[-2:]) if ranked else head, gender, start)

    def _loosely(
        self, head: str, gender: str | None, start: int, aged: bool = False
    ) -> Resolution | None:
        """A role that nobody is given, or an epithet ("the nominee"): the person in view who may be called so."""
        if head in OUTSIDERS and not aged:
            return None
        ranked = [
            (entity, score)
            for entity, score in self.view.ranked(start, gender, _NEAR)[:_FEW]
            if not (head.split()[-1] in OFFICES and self._holds_another(entity, head))
        ]
        if not ranked:
            return None
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 2.0
        return Resolution(ranked[0][0].name, PERSON, None, 0.4 + 0.1 * lead, ranked[0][0])

    def _holds_another(self, entity: Entity, head: str) -> bool:
        """Whether somebody is told to hold an office that is not ``head`` nor stands for it."""
        held = {
            word
            for words, heads in self._roles.get(id(entity), [])
            if not heads & _PAST
            for word in heads & OFFICES
        }
        like = {role for group in SAME_ROLE if head in group for role in group} | {head}
        return bool(held - like)

    def _bears(self, entity: Entity, wanted: set[str], nations: set[str], modified: bool) -> float:
        """How well an entity's titles and appositions fit a role: 2 the word itself, 1 one that stands for it."""
        best = 0.0
        for words, heads in self._roles[id(entity)]:
            fit = 0.0
            if any(want in heads or (" " in want and want in words) for want in wanted):
                fit = 2.0
            elif any(
                want in group
                and (heads & group or any(" " in role and role in words for role in group))
                for want in wanted
                for group in SAME_ROLE
            ):
                fit = 1.0
            if fit and modified:
                places = {NATIONS.get(word, word) for word in heads}
                shared = nations & places - {"the", "a", "of"}
                fit += 1.0 if shared else -0.6
            best = max(best, fit)
        return best

    def _by_word(self) -> dict[str, list[tuple[int, int]]]:
        """Where bodies are named, by each word of their names: (offset, index of the entity), in order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for index, entity in enumerate(self.entities):
            if entity.kind == ORGANISATION and entity.name.lower() not in BODIES:
                for word in set(entity.name.lower().split()):
                    found.setdefault(word, []).extend((m.start, index) for m in entity.mentions)
        return {word: sorted(places) for word, places in found.items()}


def _sureness(lead: float) -> float:
    """How sure a pronoun is, by the lead of the first over the second in view."""
    return min(0.92, 0.55 + 0.25 * lead)


def _told(entity: Entity) -> list[tuple[str, frozenset[str]]]:
    """The first few titles and appositions of an entity, small, with their words."""
    lower = dict.fromkeys(told.lower() for told in entity.descriptors)
    told = [(words, re.findall(r"[\w-]+", words)) for words in list(lower)[:_BACK]]
    return [(w, frozenset(found + [ROLE_VERBS.get(v, v) for v in found[:3]])) for w, found in told]


def _is_plural(word: str) -> bool:
    return word.endswith(("s", "men", "people")) and not word.endswith("ss")


def _trim_article(text: str) -> str:
    """A body's or group's name without an article before it and clauses after it."""
    words = re.sub(r"\s+", " ", text.strip())
    words = re.sub(r"^(?:the|a|an|some|many|several|other)\s+", "", words, flags=re.IGNORECASE)
    words = re.split(r",|\s\(|\s(?:who|which|that)\b", words)[0]
    return re.sub(r"['\u2019]s$", "", words)

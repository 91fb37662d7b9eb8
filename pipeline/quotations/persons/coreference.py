"""Coreference: whom a mention beside a quotation means, as the fullest name in the article.

A name is looked up among the article's names; a role ("the minister") among those whose title or apposition gives it,
nearest first; a pronoun goes to the person most in view: the subject of the sentence, the speaker before, by nearness
and gender. Where the text does not tell, there is no name and a reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import (
    BODIES,
    FEMALE_TITLES,
    GROUPS,
    MALE_TITLES,
    METONYMS,
    NATIONS,
    NOT_NAMES,
    ROLES,
    THINGS,
    UNNAMED,
)
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, PLACE, Mention
from onrecord.pipeline.names.spelling import fold, plain, surname
from onrecord.pipeline.quotations.persons.bodies import Bodies
from onrecord.pipeline.quotations.persons.documents import BORN, DOCUMENTS, Documents
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.in_view import KIN, View
from onrecord.pipeline.quotations.persons.introduced import named_next
from onrecord.pipeline.quotations.persons.phrases import names_a_work, turns_on
from onrecord.pipeline.quotations.persons.resolution import (
    DEFINITE,
    GROUP,
    INDEFINITE,
    NO_MENTION,
    OWN,
    UNNAMED_KIND,
    WORD,
    Resolution,
    is_plural,
    of_person,
    rivals,
    sureness,
    trim_article,
)
from onrecord.pipeline.quotations.persons.roles import Roles
from onrecord.pipeline.text.layout import Layout

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
_DOING: Final = re.compile(r"[a-z]{2,}(?:ed|ing)")
_PLAIN_HEAD: Final = re.compile(r"\b(?P<noun>[a-z]{3,}) $")
_NEXT: Final = 0.7
_NOT_HIM: Final = re.compile(r"\bnot $")
_OF_SO_MANY: Final = re.compile(
    r"\b(?:mother|father|parent|grandmother|grandfather|mum|mom|dad)(?:-| )of(?:-| )(?:\d+|one|two|three|four"
    r"|five|six|seven|eight|nine|ten)\b"
)
"""Whom the sentence is about, by his children: "the mother of four"."""
_HIS: Final = frozenset({"his", "her"})
_LEAD: Final = 2.0
# Of two who are about as much in view, neither is told as the speaker of words that nothing reports.
_PLAIN: Final = 0.7
_KIN: Final = frozenset({"family", "relatives", "camp", "estate", "team"})
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


Extent = tuple[int, int]


class Resolver:
    """Resolves the mentions of one article in the order of the text; what it resolved is in view for what follows."""

    def __init__(
        self,
        layout: Layout,
        entities: Sequence[Entity],
        quoted: Sequence[Extent],
        told: Sequence[Extent] = (),
    ) -> None:
        self.layout = layout
        self.entities = entities
        self.view = View(layout, entities, quoted, told)
        self._by_start = {m.start: (e, m) for e in entities for m in e.mentions}
        self._starts = sorted(self._by_start)
        self._by_surname: dict[str, list[Entity]] = {}
        for entity in entities:
            if entity.kind == PERSON:
                self._by_surname.setdefault(surname(entity.name), []).append(entity)
        self._roles = Roles(entities, self.view)
        self._bodies = Bodies(layout, entities, self._by_start, self.view)
        self._documents = Documents(layout, self._by_start, self.view, self._bodies)

    def resolve(self, start: int, end: int) -> Resolution:
        """Whom the mention ``[start, end)`` means."""
        text = self.layout.text[start:end]
        self.view.follow(start)
        found = self._resolve(text, start, end)
        if text.strip().lower() in _PRONOUNS:
            found = found._replace(how="pronoun")
        if found.entity is not None:
            self.view.speaks(start, found.entity)
        elif found.unresolved == "unnamed" and self._is_somebody(text):
            self.view.speaks(start, self.view.nameless(text))
        return found

    @staticmethod
    def _is_somebody(text: str) -> bool:
        """Whether a mention that names nobody is of one person: "my father", "a witness", and no statement."""
        cut = _CUT.search(text)
        words = WORD.findall(text[: cut.start()] if cut and cut.start() > 0 else text)
        head = words[-1].lower() if words else ""
        return head in ROLES | UNNAMED | KIN and not is_plural(head)

    def in_view(self, position: int) -> Resolution:
        """Who speaks where nothing reports the words: the person most in view, if anyone is near."""
        self.view.follow(position)
        ranked = self.view.ranked(position, None)
        if not ranked or not ranked[0][0].sure or sureness(ranked) < _PLAIN:
            return NO_MENTION
        self.view.speaks(position, ranked[0][0])
        return of_person(ranked[0][0], 0.6 * sureness(ranked), ranked)

    def guessed(self, position: int) -> Resolution:
        """Nobody, with those in view as who may be meant: where a cue stands without anybody, or nothing at all."""
        return NO_MENTION._replace(rivals=rivals(self.view.ranked(position, None)))

    def _resolve(self, text: str, start: int, end: int) -> Resolution:
        plain = text.strip().lower()
        if plain in _FIRST:
            return Resolution(None, PERSON if plain in {"i", "me", "my"} else GROUP, "author", 0.5)
        if plain in _RELATIVE:
            return self._relative(start, end)
        if plain in _HE or plain in _SHE:
            return self._pronoun(start, "male" if plain in _HE else "female")
        if plain in _THEY or plain in _IT:
            return self._bodies.in_view(start, plain in _THEY)
        epithet = self._roles.member(text, start)
        if epithet is not None:
            return epithet._replace(how="described")
        low, high = bisect_left(self._starts, start - 30), bisect_left(self._starts, end)
        inside = [
            self._by_start[at]
            for at in self._starts[low:high]
            if not names_a_work(self.layout.text, self._by_start[at][1], start, end)
        ]
        turned = turns_on(
            self.layout.text, start, [pair for pair in inside if pair[1].end > start], end
        )
        if turned is not None:
            return self._entity(turned[0], text)._replace(how="name")
        made = self._made_by(start, inside)
        if made is not None:
            return made
        headed = self._at_end(text, start, end, inside)
        if headed is not None:
            return self._entity(headed, text)._replace(how="name")
        cut = _CUT.search(text)
        front = text[: cut.start()] if cut and cut.start() > 0 else text
        words = WORD.findall(front)
        if not words:
            return Resolution(None, None, "no_name", 0.0)
        # "The crowd gathered in the hall": what it did there is told behind its head.
        while len(words) > 2 and _DOING.fullmatch(words[-1]) and _is_noun(words[-2]):
            words.pop()
        named = self._named(start, start + len(front))
        if named is not None and not self._is_modifier(named[1], start + len(front)):
            return self._entity(named[0], text)._replace(how="name")
        found = self._nominal(text, words, start, end)
        if found.unresolved == "unnamed" and found.kind == UNNAMED_KIND:
            entity = named_next(self.layout, self._by_start, self._starts, start)
            if entity is not None:
                found = of_person(entity, _NEXT)
        return found._replace(how="described")

    def _at_end(
        self, text: str, start: int, end: int, inside: Sequence[tuple[Entity, Mention]]
    ) -> Entity | None:
        """Who a body's name and a job lead to: "The Council on Harbours Director Eva Holm"."""
        cut = _CUT.search(text)
        if cut is None or not inside:
            return None
        entity, mention = inside[-1]
        body = WORD.findall(text[: cut.start()])
        job = WORD.findall(text[: mention.start - start])
        if mention.descriptor:
            job += WORD.findall(mention.descriptor)
        led = (
            entity.kind == PERSON
            and mention.end >= end - 1
            and bool(body)
            and plain(body[-1]) in BODIES
            and bool(job)
            and plain(job[-1]) in ROLES
            and "," not in text
        )
        return entity if led else None

    def _made_by(self, start: int, inside: Sequence[tuple[Entity, Mention]]) -> Resolution | None:
        """Who made the document that a mention begins with: "a speech Eva Holm delivered"."""
        for entity, mention in inside:
            before = WORD.findall(self.layout.text[start : max(start, mention.start)])
            if (
                before
                and before[-1].lower() in DOCUMENTS
                and BORN.match(self.layout.text, mention.end)
            ):
                return self._entity(entity, "")._replace(sureness=0.6, how="described")
        return None

    def _pronoun(self, start: int, gender: str) -> Resolution:
        """ "he", "she": the person most in view, who has that gender from then on; never a body or a place."""
        ranked = self.view.ranked(start, gender)
        if not ranked:
            return Resolution(None, PERSON, "no_antecedent", 0.3)
        self.view.heard(ranked[0][0], gender)
        return of_person(ranked[0][0], sureness(ranked), ranked)

    def _named(self, start: int, end: int) -> tuple[Entity, Mention] | None:
        """The last name within a span: the head of "campaign manager Ola Nord"."""
        low, high = bisect_left(self._starts, start - 30), bisect_left(self._starts, end)
        inside = [
            (e, m)
            for e, m in (self._by_start[at] for at in self._starts[low:high])
            if m.end > start and not names_a_work(self.layout.text, m, start, end)
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
        found = Resolution(name, kind, None, 0.95 if entity.sure else 0.7, entity)
        alike = [e for e in self._by_surname.get(fold(text), []) if e is not entity]
        if not alike:
            return found
        return found._replace(rivals=rivals([(entity, _LEAD), *((e, 0.0) for e in alike)]))

    @staticmethod
    def _plural(name: str) -> bool:
        last = name.split()[-1].lower()
        return last in GROUPS or (last.endswith("ans") and last[:-1] in NATIONS)

    def _relative(self, start: int, end: int) -> Resolution:
        """ "who": the last person named before it in its sentence; "which", "that": the name just before."""
        # "Critics who say": nobody is named.
        head = _PLAIN_HEAD.search(self.layout.text, max(0, start - 24), start)
        if head is not None and (head["noun"] in GROUPS or is_plural(head["noun"])):
            return Resolution(None, GROUP, "unnamed", 0.5)
        # "Berg, who Holm called a liar": it is Holm who does.
        subject = self._by_start.get(end + 1)
        if subject is not None and subject[0].kind == PERSON:
            return self._entity(subject[0], "")._replace(sureness=0.7)
        low = bisect_left(self._starts, start - 160)
        high = bisect_left(self._starts, start)
        of_people = self.layout.text[start:end].lower() in {"who", "whom"}
        for at in reversed(self._starts[low:high]):
            entity, mention = self._by_start[at]
            if self.layout.sentence_breaks(mention.start, start):
                break
            if entity.kind == PLACE or (of_people and entity.kind != PERSON):
                continue
            if _NOT_HIM.search(self.layout.text, max(0, mention.start - 5), mention.start):
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
            if lower[0] in _HIS:
                return self._his_body(lower, head, start)
            return self._bodies.of(text, lower, head, start)
        if head in DOCUMENTS or head.rstrip("s") in DOCUMENTS:
            return self._document(lower, head, start, end)
        if head in METONYMS:
            return Resolution(trim_article(text), ORGANISATION, None, 0.8)
        definite = (
            lower[0] in DEFINITE
            or lower[0] in OWN
            or (text[:1].isupper() and lower[0] not in INDEFINITE)
        )
        if (
            head in ROLES
            and definite
            and lower[0] not in OWN
            and not any("'s" in w or "\u2019s" in w for w in lower)
        ):
            found = self._roles.bearer(text, lower, head, start)
            if found is not None:
                return found
        if head in _KIN and any(word[:1].isupper() and word[-1:] == "s" for word in words[:-1]):
            return Resolution(trim_article(text), GROUP, None, 0.6)
        if head in GROUPS or is_plural(head):
            return self._group(text, words, head)
        aged = any(word.endswith("-year-old") for word in lower) or (
            _OF_SO_MANY.search(text.lower()) is not None
        )
        if (head in ROLES or head in UNNAMED) and not aged:
            return Resolution(None, UNNAMED_KIND, "unnamed", 0.7)
        if head in THINGS:
            return Resolution(None, GROUP, "unnamed", 0.5)
        if self._is_definite(lower, start) and not any(
            word.endswith(("'s", "\u2019s")) for word in lower
        ):
            gender = "female" if head in FEMALE_TITLES else "male" if head in MALE_TITLES else None
            found = self._roles.loosely(head, gender, start, aged)
            if found is not None:
                return found
        if any(word[:1].isupper() for word in words[1:]) or (
            words[0][:1].isupper() and lower[0] not in DEFINITE | OWN
        ):
            if set(lower) & BODIES:
                return Resolution(trim_article(text), ORGANISATION, None, 0.5)
            if all(word[:1].isupper() and plain(word) not in NOT_NAMES for word in words):
                kind = PERSON if len(words) > 1 and is_given(plain(words[0])) else ORGANISATION
                return Resolution(trim_article(" ".join(words)), kind, None, 0.5)
        return Resolution(None, UNNAMED_KIND, "unnamed", 0.5)

    def _his_body(self, lower: list[str], head: str, start: int) -> Resolution:
        """ "her campaign": the body of whom the pronoun means, under that name."""
        owner = self._pronoun(start, "male" if lower[0] == "his" else "female")
        if owner.name is None:
            return Resolution(None, ORGANISATION, "no_antecedent", 0.5)
        words = " ".join(lower[1:]) if len(lower) > 2 else head
        return Resolution(f"{owner.name}\u2019s {words}", ORGANISATION, None, owner.sureness)

    def _is_definite(self, lower: list[str], start: int) -> bool:
        """Whether a description begins with "the", or "the" was left out of it."""
        return lower[0] in DEFINITE or self.layout.text[max(0, start - 4) : start].lower() == "the "

    def _document(self, lower: list[str], head: str, start: int, end: int) -> Resolution:
        """A statement, a letter, a report: its author."""
        if lower[0] in {"his", "her"}:
            return self._pronoun(start, "male" if lower[0] == "his" else "female")
        if lower[0] in {"its", "their"}:
            return self._bodies.in_view(start, lower[0] == "their")
        author = self._documents.author(start, end, head) if lower[0] not in _FIRST else None
        if isinstance(author, Resolution):
            return author
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
            return Resolution(trim_article(text), GROUP, None, 0.7)
        vague = head in UNNAMED or head.rstrip("s") in UNNAMED
        return Resolution(None, UNNAMED_KIND if vague else GROUP, "unnamed", 0.7)


def _is_noun(word: str) -> bool:
    """Whether a word is a noun of people, bodies or documents, behind which a participle may stand."""
    lower = word.lower()
    return any(
        form in kinds
        for form in (lower, lower.rstrip("s"))
        for kinds in (ROLES, GROUPS, UNNAMED, BODIES, DOCUMENTS, KIN)
    )

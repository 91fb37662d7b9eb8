"""Bodies: whom "it", "they" and "the ministry" mean."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from onrecord.pipeline.names.lists import BODIES, GROUPS, NOT_NAMES, ROLES
from onrecord.pipeline.names.recognised import ORGANISATION, PERSON, Mention
from onrecord.pipeline.names.spelling import plain
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.in_view import View
from onrecord.pipeline.quotations.persons.resolution import (
    DEFINITE,
    GROUP,
    INDEFINITE,
    OWN,
    WORD,
    Resolution,
    trim_article,
)
from onrecord.pipeline.text.capitalised import UPPER
from onrecord.pipeline.text.layout import Layout

_SAID_WITHIN: Final = 3
_SEEN_WITHIN: Final = 1
_BACK: Final = 400
_OPENS: Final = 60
_OPENING: Final = 4
_ONE_WORD: Final = re.compile(rf"(?P<word>[{UPPER}][\w-]{{2,30}}+) [a-z]")
_OWNER: Final = r"(?:[A-Z][\w.\u2019'-]*\s){0,3}[A-Z][\w.-]*(?:['\u2019]s|(?<=s)['\u2019])"
_SUBJECT: Final = re.compile(
    r"(?:(?:But|And|Now|Meanwhile|Still|Later|Also|Instead|However),?\s|[^,.\n\"\u201c]{3,50},\s)?"
    rf"(?P<body>(?:[Tt]he|{_OWNER})\s(?:[\w-]+\s){{0,2}}?(?P<noun>[a-z]+))(?=,|\s(?P<next>[a-z]+))"
)
_JOINS: Final = re.compile(r"\s(?:[a-z]+)\b|['\u2019]s?\s")
_VERBS: Final = re.compile(
    r"\s(?:is|was|has|had|have|are|were|will|would|did|does|do|could|can|may|might|must|[a-z]+ed|[a-z]+s|said|told"
    r"|put|set|came|went|wrote|held|shut|cut|broke|won|lost|met|saw|gave|got|took|made|left|ran|sold|bought|built|began|led"
    r"|drew|paid|kept|felt|stood|fell|rose|grew|hit|sent|spent|found|that|which|in|on|of|at|for|from|and|also|then|later|announced)\b"
)
_ALIKE: Final = tuple(
    frozenset(line.split())
    for line in """
    company corporation firm bank group organisation organization
    union association organisation organization group alliance federation charity coalition front movement society
    institute foundation fund trust charity
    ministry department agency administration government commission committee council board bureau office authority
    congress parliament senate house duma
    court tribunal
    newspaper magazine paper network channel station outlet broadcaster website site publication journal group company
    university college school institute
    team club league
    police army navy force military service
    """.strip().splitlines()
)
"""Nouns of bodies that may stand for one another."""
_ANY: Final = frozenset({"group", "organisation", "organization"})
_DATELINE: Final = re.compile(
    r"(?:, [^\n\u2013\u2014-]{1,30}+)?(?: \([^)\n]{1,30}\))?\s?[\u2013\u2014-]"
)
_GOVERNED: Final = re.compile(
    r"\b(?:of|for|at|in|from|with|to|by|on|about|against|than|near)\s(?:the\s)?$"
)


class Bodies:
    """The bodies of one article: where they are named, described and spoke."""

    def __init__(
        self,
        layout: Layout,
        entities: Sequence[Entity],
        by_start: Mapping[int, tuple[Entity, Mention]],
        view: View,
    ) -> None:
        self.layout = layout
        self.entities = entities
        self.view = view
        self._by_start = by_start
        self._starts = sorted(by_start)
        self._bodies = self._by_word()

    def in_view(self, start: int, plural: bool) -> Resolution:
        """ "it", "they": the body in view; several people without a name stay unresolved."""
        for spoken in self.view.spoke[-2:][::-1]:
            near = self.layout.sentence_breaks(spoken.at, start) <= _SAID_WITHIN
            if near and spoken.entity.kind != PERSON:
                return Resolution(spoken.entity.name, ORGANISATION, None, 0.6, spoken.entity)
        described = self.subject(start) or self.subject(self.layout.sentence_at(start)[0] - 2)
        if described is not None:
            return described
        low, high = bisect_left(self._starts, start - _BACK), bisect_left(self._starts, start)
        for at in self._starts[low:high]:
            entity, mention = self._by_start[at]
            near = self.layout.sentence_breaks(mention.start, start) <= _SEEN_WITHIN
            if near and entity.kind == ORGANISATION and self._stands_alone(mention):
                return Resolution(entity.name, ORGANISATION, None, 0.45, entity)
        return Resolution(None, GROUP if plural else ORGANISATION, "no_antecedent", 0.3)

    def subject(self, position: int) -> Resolution | None:
        """The body that a description at the head of the sentence of ``position`` means: "Holm's campaign is ..."."""
        if position < 0:
            return None
        start = self.layout.sentence_at(position)[0]
        if self.view.is_quoted(start):
            return None
        match = _SUBJECT.match(self.layout.text, start, max(start, min(position, start + 160)))
        if match is None or match["noun"] not in BODIES:
            return None
        following = match["next"] or ""
        if following in GROUPS or following.rstrip("s") in ROLES:
            return None
        words = match["body"]
        found = self.of(words, [w.lower() for w in WORD.findall(words)], match["noun"], match.end())
        return found._replace(sureness=0.5) if found.name is not None else None

    def of(self, text: str, lower: list[str], head: str, start: int) -> Resolution:
        """ "the ministry": the body named with that word last before it; a body with a name of its own is kept."""
        words = WORD.findall(text)
        if any(word[:1].isupper() for word in words[1:]) or (
            words[0][:1].isupper() and lower[0] not in DEFINITE | OWN | {"a", "an"}
        ):
            return Resolution(trim_article(text), ORGANISATION, None, 0.8)
        if lower[0] in INDEFINITE:
            return Resolution(None, ORGANISATION, "unnamed", 0.5)
        named = self._bodies.get(head, [])
        at = bisect_left(named, (start, 0)) - 1
        if at >= 0:
            body = self.entities[named[at][1]]
            return Resolution(body.name, ORGANISATION, None, 0.75, body)
        before = self._subject_before(start, head)
        if before is not None and before.kind == ORGANISATION:
            return Resolution(before.name, ORGANISATION, None, 0.6, before)
        if before is not None or self._opens_with_a_name(start):
            return Resolution(None, ORGANISATION, "no_antecedent", 0.5)
        for event in reversed(self.view.spoke[-3:]):
            told = set(event.entity.name.lower().split())
            apart = told & BODIES - _like(head) if head not in _ANY else ()
            if event.entity.kind == ORGANISATION and not apart:
                return Resolution(event.entity.name, ORGANISATION, None, 0.5, event.entity)
        return Resolution(None, ORGANISATION, "no_antecedent", 0.5)

    def _subject_before(self, start: int, head: str) -> Entity | None:
        """Who may be a body, and the sentence before begins with it, where its name tells of no other kind."""
        before = self._sentence_before(start)
        if before is None:
            return None
        for at in (before, before + len("The ")):
            entity, mention = self._by_start.get(at, (None, None))
            if entity is None or mention is None or (entity.kind == PERSON and entity.sure):
                continue
            apart = set(entity.name.lower().split()) & BODIES - _like(head)
            if self._stands_alone(mention) and (head in _ANY or not apart):
                return entity
        return None

    def _opens_with_a_name(self, start: int) -> bool:
        """Whether the sentence before begins with a word that may be a name, of which nothing tells what it is."""
        before = self._sentence_before(start)
        if before is None:
            return False
        word = _ONE_WORD.match(self.layout.text, before)
        if word is None or before in self._by_start or plain(word["word"]) in NOT_NAMES:
            return False
        told = re.compile(rf"\b{re.escape(word['word'])}\b")
        opens = self.layout.sentence_at(start)[0]
        # The second place is enough: the text is read no further.
        return len(list(islice(told.finditer(self.layout.text, 0, opens), 2))) > 1

    def _sentence_before(self, start: int) -> int | None:
        """Where the sentence before begins, for what opens its own."""
        opens = self.layout.sentence_at(start)[0]
        if start - opens > _OPENING or opens < 2:
            return None
        return self.layout.sentence_at(opens - 2)[0]

    def _stands_alone(self, mention: Mention) -> bool:
        """Whether a body's name outside quoted words is neither modifier nor complement: no "Senate leaders"."""
        text = self.layout.text
        joined = _JOINS.match(text, mention.end) is not None
        verb = _VERBS.match(text, mention.end) is not None
        governed = _GOVERNED.search(text, max(0, mention.start - 16), mention.start) is not None
        dateline = _DATELINE.match(text, mention.end) is not None and mention.name.isupper()
        apart = governed or dateline or self.view.is_quoted(mention.start)
        return not apart and (verb or not joined)

    def _by_word(self) -> dict[str, list[tuple[int, int]]]:
        """Where bodies are named, by each word of their names: (offset, index of the entity), in order."""
        found: dict[str, list[tuple[int, int]]] = {}
        for index, entity in enumerate(self.entities):
            if entity.kind == ORGANISATION and entity.name.lower() not in BODIES:
                for word in set(entity.name.lower().split()):
                    found.setdefault(word, []).extend((m.start, index) for m in entity.mentions)
        return {word: sorted(places) for word, places in found.items()}


def _like(head: str) -> set[str]:
    """The noun of a body and those that may stand for it."""
    return {head, *(noun for group in _ALIKE if head in group for noun in group)}

"""Roles: who bears one, and who in view may be called by an epithet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from onrecord.pipeline.names.lists import (
    FEMALE_TITLES,
    MALE_TITLES,
    NATIONS,
    OFFICES,
    OUTSIDERS,
    PLACES,
    PORTFOLIOS,
    ROLE_VERBS,
    SAME_ROLE,
)
from onrecord.pipeline.names.recognised import PERSON
from onrecord.pipeline.names.titles import is_job, is_title
from onrecord.pipeline.quotations.persons.entities import Entity
from onrecord.pipeline.quotations.persons.in_view import View
from onrecord.pipeline.quotations.persons.resolution import DEFINITE, WORD, Resolution, of_person

_GENERIC: Final = frozenset({"head", "leader", "chief", "boss", "director", "chair"})
_OF_BODY: Final = re.compile(r"\bof (?:the |a |its |his |her |their )?(?P<body>[^,;]{3,60})")
_PAST: Final = frozenset({"former", "ex", "then", "onetime", "late"})
_RANKS: Final = frozenset({"prime", "vice", "deputy", "assistant", "majority", "minority"})
_LOWER: Final = re.compile(r"\b(?:vice|deputy|assistant)[ -](?P<office>[a-z]+)")
_BACK: Final = 40
_FEW: Final = 4
_NEAR: Final = 2
_MOST: Final = 400
_LONG_AGO: Final = 8
_SURE: Final = 0.5
_PARTIES: Final = {
    "democrat": "D",
    "republican": "R",
    "independent": "I",
    "conservative": "C",
    "liberal": "L",
    "tory": "C",
    "socialist": "S",
    "green": "G",
    "libertarian": "L",
}
_MEMBER: Final = re.compile(
    r"(?:[Tt]he )?(?:(?P<place>(?:[A-Z][\w.-]+ ){0,2}[A-Z][\w.-]+) )?"
    rf"(?P<party>{'|'.join(party.title() for party in _PARTIES)})"
)
_LETTERED: Final = re.compile(r",? \(?(?P<party>[DRICLSG])[-\u2013/](?P<place>[A-Z][\w. ]*\w)")
"""How papers mark a member of parliament: (D-Del.)."""
# An office that the article gives to nobody is not given to one of two who are about as much in view.
_PLAIN: Final = 1.0
_TOLD_SO: Final = 1.5
_CLOSE: Final = 0.3
_LEAD: Final = 2.0


class Roles:
    """Who bears the roles of one article, by titles and appositions."""

    def __init__(self, entities: Sequence[Entity], view: View) -> None:
        self.view = view
        self._bearers = [
            entity for entity in entities if entity.kind == PERSON and entity.descriptors
        ]
        self._roles = {id(entity): _told(entity) for entity in self._bearers}

    def bearer(self, text: str, lower: list[str], head: str, start: int) -> Resolution | None:
        """ "the president", "the Ukrainian leader": who bears that role, a near bearer before a far one."""
        ranked = len(lower) > 1 and lower[-2] in _RANKS
        wanted = {" ".join(lower[-2:])} if ranked else {head, " ".join(lower[-2:])}
        of = _OF_BODY.search(text.lower())
        body = frozenset(WORD.findall(of["body"])) if of and head in _GENERIC else frozenset()
        if "head of state" in text.lower():
            wanted, body = {"head of state"}, frozenset()
        if "head of government" in text.lower():
            wanted, body = {"head of government"}, frozenset()
        nations = {NATIONS.get(word, word) for word in lower[:-1]}
        clubs = _large(text.split()[1:-1] if lower[0] in DEFINITE else text.split()[:-1])
        gender = "female" if head in FEMALE_TITLES else "male" if head in MALE_TITLES else None
        found: list[tuple[Entity, float]] = []
        for entity in self._bearers[:_MOST]:
            if gender and entity.gender and gender != entity.gender:
                continue
            fit = self._bears(entity, wanted, nations, len(lower) > 2)
            if clubs and any(
                held and not held & clubs
                for told in entity.descriptors[:_FEW]
                if (held := _large(told.split()[:-1]))
            ):
                # The Rovers manager is not United's.
                continue
            if fit <= 0 or (body and not any(body & told for _, told in self._roles[id(entity)])):
                continue
            score = fit - 0.15 * self.view.distance(entity, start)
            found.append((entity, score))
        found.sort(key=lambda item: -item[1])
        if found and self.view.distance(found[0][0], start) > _LONG_AGO:
            # Whom the sentence before is about is called so rather than somebody of long ago.
            nearer = self.loosely(head, gender, start, field=_field(wanted))
            if nearer is not None and nearer.sureness >= _SURE:
                return nearer
        if found:
            return of_person(found[0][0], 0.8 if found[0][1] > 0.5 else 0.6, found)
        if body:
            return None
        return self.loosely(
            " ".join(lower[-2:]) if ranked else head, gender, start, field=_field(wanted)
        )

    def member(self, text: str, start: int) -> Resolution | None:
        """ "the Delaware Democrat": the person in view who is told to be one, or is not told to be of another party.

        None where the text is no such epithet.
        """
        epithet = _MEMBER.fullmatch(text.strip())
        if epithet is None:
            return None
        ranked = []
        for entity, score in self.view.ranked(start, None, _FEW):
            fit = self._fits_party(entity, epithet["party"].lower(), epithet["place"] or "")
            if fit is not None:
                ranked.append((entity, score + fit))
        ranked.sort(key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLOSE):
            return Resolution(None, "unnamed", "unnamed", _SURE)
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else _LEAD
        return of_person(ranked[0][0], min(0.85, 0.5 + 0.1 * lead), ranked)

    def _fits_party(self, entity: Entity, party: str, place: str) -> float | None:
        """How well somebody is a party's member of a place; None where he is another's."""
        text, fit = self.view.layout.text, 0.0
        marked = [
            found
            for mention in entity.mentions[:_BACK]
            if (found := _LETTERED.match(text, mention.end)) is not None
        ]
        told = " ".join(words for words, _ in self._roles.get(id(entity), []))
        parties = {name for name in _PARTIES if re.search(rf"\b{name}\b", told)}
        if parties and party not in parties:
            return None
        if any(found["party"] != _PARTIES[party] for found in marked):
            return None
        if parties or marked:
            fit += _TOLD_SO
        if place and (
            place.lower() in told or any(place[:3] == found["place"][:3] for found in marked)
        ):
            fit += _TOLD_SO
        return fit

    def loosely(
        self,
        head: str,
        gender: str | None,
        start: int,
        aged: bool = False,
        field: frozenset[str] = frozenset(),
    ) -> Resolution | None:
        """A role that nobody is given, or an epithet ("the nominee"): the person in view who may be called so."""
        if head in OUTSIDERS and not aged:
            return None
        ranked = [
            (entity, score)
            for entity, score in self.view.ranked(start, gender, _NEAR)[:_FEW]
            if not (head.split()[-1] in OFFICES and self._holds_another(entity, head))
            and not any(_is_another_field(field, h) for _, h in self._roles.get(id(entity), []))
            and not (" " in head and self._holds(entity, head.split()[-1]))
        ]
        if not ranked and head not in OFFICES and " " not in head and not field:
            # The only person that the article has named is meant from further off.
            named = [e for e, _ in self.view.ranked(start, gender)]
            ranked = [(named[0], 0.0)] if len(named) == 1 and named[0].sure else []
        if not ranked:
            return None
        if head in OFFICES and len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _PLAIN:
            return None
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 2.0
        return of_person(ranked[0][0], 0.4 + 0.1 * lead, ranked)

    def _holds(self, entity: Entity, office: str) -> bool:
        """Whether somebody holds an office itself: the head is not the deputy head."""
        return any(office in heads for _, heads in self._roles.get(id(entity), []))

    def _holds_another(self, entity: Entity, head: str) -> bool:
        """Whether somebody is told to hold an office that is not ``head`` nor stands for it."""
        held = {
            word
            for words, heads in self._roles.get(id(entity), [])
            if not heads & _PAST
            for word in heads & OFFICES
        }
        held |= {
            rank.group().replace("-", " ")
            for words, _ in self._roles.get(id(entity), [])
            if (rank := _LOWER.search(words)) is not None and rank["office"] in OFFICES
        }
        like = {role for group in SAME_ROLE if head in group for role in group} | {head}
        return bool(held - like)

    def _bears(self, entity: Entity, wanted: set[str], nations: set[str], modified: bool) -> float:
        """How well an entity's titles and appositions fit a role: 2 the word itself, 1 one that stands for it."""
        best = 0.0
        field = _field(wanted)
        for words, heads in self._roles[id(entity)]:
            fit = 0.0
            if _is_another_field(field, heads):
                continue
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


def _large(words: list[str]) -> set[str]:
    """Words with a capital that are no nation and no role: whose manager somebody is."""
    return {
        word.lower()
        for word in words
        if word[:1].isupper()
        and word.isalpha()
        and word.lower() not in NATIONS
        and word.lower() not in PLACES
        and not is_job(word.lower())
        and not is_title(word)
        and word.lower() not in PORTFOLIOS
    }


def _field(roles: set[str]) -> frozenset[str]:
    """What an office is charged with: "fire" of the fire chief."""
    return PORTFOLIOS.intersection(part for role in roles for part in role.split()[:-1])


def _is_another_field(field: frozenset[str], heads: frozenset[str]) -> bool:
    """Whether a title is of another charge: the fire chief is not the police chief."""
    told = heads & PORTFOLIOS
    return bool(field and told and not field & told)


def _told(entity: Entity) -> list[tuple[str, frozenset[str]]]:
    """The first few titles and appositions of an entity, small, with their words."""
    lower = dict.fromkeys(told.lower() for told in entity.descriptors)
    told = [(words, re.findall(r"[\w-]+", words)) for words in list(lower)[:_BACK]]
    made = []
    for words, found in told:
        rank = _LOWER.search(words)
        heads = {*found, *(ROLE_VERBS.get(word, word) for word in found[:3])}
        made.append((words, frozenset(heads - {rank["office"]} if rank is not None else heads)))
    return made

"""Phrases: the name that a mention turns on, told from names that only own, modify or complete it.

"Delacourt's agent, Danny Frisk" is Danny Frisk, "a spokesman for Holm" is not Holm, and "the Nord campaign" is no Nord.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from onrecord.pipeline.names.lists import BODIES, ROLES
from onrecord.pipeline.names.recognised import PERSON, Mention
from onrecord.pipeline.quotations.persons.entities import Entity

Named = tuple[Entity, Mention]

_OWNS: Final = re.compile(r"['\u2019]s?(?=\s+[\w\"\u201c])")
_MODIFIES: Final = re.compile(r"(?:\s+|-)(?P<word>[a-z][\w-]*)")
_GOES_ON: Final = frozenset(
    """
    who whose whom of in at from for and himself herself itself on with near aged age as which that
    also now then has have had is was by to about under but or
    """.split()  # noqa: SIM905
)
_PREPOSITION: Final = re.compile(
    r"(?:^|\s)(?:of|for|at|in|from|with|to|by|on|about|against|under|including|like|than|near|between"
    r"|among|representing|after|before|over|through|within|into|behind)\s",
    re.IGNORECASE,
)
_LAST_WORD: Final = re.compile(r"(?<![\w.'\u2019-])[\w.'\u2019-]++$")
_STAR: Final = re.compile(
    r"(?P<work>[\"\u201c\u2018][^\"\u201c\u201d\u2018\n]{1,60}?[\"\u201d\u2019])\s(?:[\w-]+\s)?[a-z]+"
)
_DETERMINERS: Final = frozenset({"the", "a", "an", "his", "her", "their", "its", "one", "some"})
_CLAUSE: Final = re.compile(r"[,;:(]|\s[-\u2013\u2014]\s")


def turns_on(text: str, start: int, named: Iterable[Named], end: int) -> Named | None:
    """The first person's name within ``[start, end)`` that is neither owner, modifier nor complement."""
    for entity, mention in named:
        if entity.kind == PERSON and _is_head(text, start, mention, end):
            return entity, mention
    return None


def names_a_work(text: str, mention: Mention, start: int, end: int) -> bool:
    """Whether a name within ``[start, end)`` stands in marks before a noun: the “Late Harbour” star."""
    return any(
        star.start() < mention.start < star.end("work")
        for star in _STAR.finditer(text, max(0, start - 1), end)
    )


def _is_head(text: str, start: int, mention: Mention, end: int) -> bool:
    after = text[mention.end : end]
    if _OWNS.match(after) is not None:
        return False
    modifies = _MODIFIES.match(after)
    if modifies is not None and modifies["word"] not in _GOES_ON:
        return False
    before = _CLAUSE.split(text[start : max(start, mention.start)])[-1]
    preposition = _PREPOSITION.search(before)
    if preposition is None:
        return True
    inside = before[preposition.end() :].split()
    if preposition.group().strip() == "of" and inside and all(_is_field(w) for w in inside):
        return True
    if _is_office(before[: preposition.start()], preposition.group(), inside):
        return True
    if _is_of_body(before[: preposition.start()], inside):
        return True
    # "University of the Valley historian Eva Holm": what the preposition completes is itself a name.
    front = _LAST_WORD.search(before[: preposition.start()].rstrip())
    named = front is not None and front.group()[0].isupper()
    role = inside[-1] if inside else ""
    large = any(word[:1].isupper() for word in inside)
    return named and large and role[:1].islower() and role not in {"of", "the", "for", "at", "in"}


def _is_office(front: str, preposition: str, place: list[str]) -> bool:
    """Whether what stands before a name is an office and its place: "then-mayor of Brall" Otto Brin."""
    role = front.split()[-1].lower().rpartition("-")[2] if front.split() else ""
    large = bool(place) and all(word[:1].isupper() for word in place)
    return preposition.strip() == "of" and role in ROLES and large


def _is_of_body(front: str, body: list[str]) -> bool:
    """Whether a job and the body it is held in stand before a name: "chair of the Lund planning board" Ola Berg."""
    role = front.split()[-1].lower().rpartition("-")[2] if front.split() else ""
    return role in ROLES and len(body) > 1 and body[-1] in BODIES and body[0] == "the"


def _is_field(word: str) -> bool:
    """Whether a word before a name can be what an office is for: "minister of infrastructure" Amar Sodhi."""
    return word.isalpha() and word.islower() and word not in ROLES and word not in _DETERMINERS

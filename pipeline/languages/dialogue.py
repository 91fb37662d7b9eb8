"""Dialogue: lines behind dashes that nothing reports, as in an interview: a question, and the answer.

Whom an interview is with the lines before it tell: the one person of the headline, else the one of the lead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages.claimants.claimant import BODY, Candidate
from onrecord.pipeline.languages.people import People, Person
from onrecord.pipeline.languages.stretches import Stretch

_ASKS: Final = "?\u061f\uff1f"
_WORD: Final = re.compile(r"[^\W_]+")
_TOLD_AGAIN: Final = 4
_TELLING: Final = 3


class Line(NamedTuple):
    """What of a line is asked for here: its stretches, whether it has words of its own, and who may speak in it."""

    stretches: Sequence[Stretch]
    bare: bool
    found: Sequence[Sequence[Candidate]]


class Dialogue:
    """The questions and answers of an article, by the numbers of their lines, and whom they are with."""

    def __init__(self, text: str, lines: Sequence[Line], people: People) -> None:
        self.said = [_is_said(line) for line in lines]
        asked = [
            number
            for number, line in enumerate(lines[:-1])
            if self.said[number]
            and line.stretches[0].words(text)[-1:] in _ASKS
            and self.said[number + 1]
        ]
        self.questions = frozenset(asked)
        self.answers = frozenset(
            number + 1 for number in self.questions if number + 1 not in self.questions
        )
        before = lines[: min(asked, default=0)]
        self.guest = _guest(before, people, alone=len(asked) == 1)


def _is_said(line: Line) -> bool:
    """Whether a line is nothing but words behind a dash."""
    return line.bare and len(line.stretches) == 1 and line.stretches[0].dash


def _guest(before: Sequence[Line], people: People, *, alone: bool) -> Person | None:
    """Who is named before the first question: in the headline, else in the lead; None where several may be meant.

    Where a question is the only one, it may be of a scene: then nobody else is named at all.
    """
    for lines in (before,) if alone else (before[:1], before[1:], before):
        named = [
            (person.place, one.governed)
            for line in lines
            for found in line.found
            for one in found
            if one.names and one.kind != BODY and (person := people.named(one.names)) is not None
        ]
        everyone = {place for place, _ in named}
        spoken_of = {place for place, governed in named if not governed}
        for places in (everyone,) if alone else (everyone, spoken_of):
            if len(places) == 1:
                return people.all[places.pop()]
    return None


def is_told_again(headline: str, words: str) -> bool:
    """Whether the words of a headline begin with some that stand in a quotation below."""
    first = _WORD.findall(headline.lower())[:_TOLD_AGAIN]
    below = _WORD.findall(words.lower())
    return len(first) >= _TELLING and any(
        below[at : at + len(first)] == first for at in range(len(below) - len(first) + 1)
    )

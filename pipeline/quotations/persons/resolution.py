"""Resolutions: whom a mention means, and the little that all who resolve one need to know of words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.names.recognised import PERSON
from onrecord.pipeline.quotations.persons.entities import Entity

GUESS: Final = 0.4
"""How often the person most in view is the right one where nothing beside the words tells (2 of 5 on polnear_dev)."""
GROUP: Final = "group"
UNNAMED_KIND: Final = "unnamed"
WORD: Final = re.compile(r"[\w\u2019'-]+")
DEFINITE: Final = frozenset({"the", "this", "that"})
INDEFINITE: Final = frozenset({"a", "an", "one", "another"})
OWN: Final = frozenset({"his", "her", "its", "their", "my", "our"})


class Resolution(NamedTuple):
    """Who a mention means: the fullest name or None with a reason, the kind, and how sure it is, 0 to 1.

    ``how`` tells by what kind of mention: ``name``, ``pronoun``, ``described`` or ``none``. ``rivals`` are all who may
    be meant, the likeliest first, with their shares of one; empty where nobody else comes into question.
    """

    name: str | None
    kind: str | None
    unresolved: str | None
    sureness: float
    entity: Entity | None = None
    how: str = "none"
    rivals: tuple[tuple[str, float], ...] = ()


NO_MENTION: Final = Resolution(None, None, "no_mention", 0.0)


_MOST: Final = 5
_LEAST: Final = 0.01


def rivals(ranked: Sequence[tuple[Entity, float]]) -> tuple[tuple[str, float], ...]:
    """Those in view with their shares, from their scores; who has no name has a share all the same, and is left out."""
    if not ranked:
        return ()
    best = max(score for _, score in ranked)
    chances = [(entity.name, math.exp(score - best)) for entity, score in ranked]
    total = sum(chance for _, chance in chances)
    told: dict[str, float] = {}
    for name, chance in chances:
        if name and chance / total >= _LEAST:
            told[name] = told.get(name, 0.0) + chance / total
    return tuple(sorted(told.items(), key=lambda item: -item[1])[:_MOST])


def candidates(found: Resolution, confidence: float) -> tuple[tuple[str, float], ...]:
    """All who may have spoken, the likeliest first, with how likely each is, of one in all.

    Who is told has the confidence that he is right, and the others what is left of it, by their shares. Where nobody is
    told, the person most in view is right in `GUESS` of such cases.
    """
    if found.name is None:
        return tuple((name, round(share * GUESS, 3)) for name, share in found.rivals)
    others = [(name, share) for name, share in found.rivals if name != found.name]
    left = 1.0 - next((share for name, share in found.rivals if name == found.name), 1.0)
    if not others or left <= 0:
        return ()
    told = [
        (name, round(min(confidence, (1.0 - confidence) * share / left), 3))
        for name, share in others
    ]
    return (found.name, confidence), *told


def of_person(
    entity: Entity, sure: float, ranked: Sequence[tuple[Entity, float]] = ()
) -> Resolution:
    """Somebody in view as who is meant; whom the article never names ("my mother") is told as unnamed."""
    if not entity.name:
        return Resolution(None, UNNAMED_KIND, "unnamed", sure, entity, "none", rivals(ranked))
    return Resolution(entity.name, PERSON, None, sure, entity, "none", rivals(ranked))


def sureness(ranked: Sequence[tuple[Entity, float]]) -> float:
    """How sure a pronoun is, by the lead of the first over the second in view."""
    lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 2.0
    return min(0.92, 0.55 + 0.25 * lead)


def is_plural(word: str) -> bool:
    """Whether a noun is one of several people."""
    return word.endswith(("s", "men", "people")) and not word.endswith("ss")


def trim_article(text: str) -> str:
    """A body's or group's name without an article before it and clauses after it."""
    words = re.sub(r"\s+", " ", text.strip())
    words = re.sub(r"^(?:the|a|an|some|many|several|other)\s+", "", words, flags=re.IGNORECASE)
    words = re.split(r",|\s\(|\s(?:who|which|that)\b", words)[0]
    return re.sub(r"['\u2019]s$", "", words)

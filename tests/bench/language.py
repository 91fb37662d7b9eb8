"""Invented English for benchmark articles: the lists and patterns of words.toml, put together.

Sentences mean little and read like news: a clause is an actor, a verb and things of one subject, so that what is said
on one subject is alike in words and vectors, and what is said on another is not.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
SUBJECTS: dict[str, list[str]] = {name: nouns.split() for name, nouns in _WORDS["subjects"].items()}
VERBS = [forms.split("/") for forms in _WORDS["verbs"].split()]
ADJECTIVES, FIRST_NAMES, WOMEN, ONSETS, MIDDLES, CODAS, TOWNS, MONTHS, ORDINALS = (
    _WORDS[name].split()
    for name in (
        "adjectives",
        "first_names",
        "women",
        "onsets",
        "middles",
        "codas",
        "towns",
        "months",
        "ordinals",
    )
)
POSTS, CROWDS, REASONS, OPENERS = (
    _WORDS[name] for name in ("posts", "crowds", "reasons", "openers")
)
SAYINGS, CLAUSES, NARRATIVE = (_WORDS[name] for name in ("sayings", "clauses", "narrative"))
_SLOT = re.compile(r"\{(\w+)\}")


class Person(NamedTuple):
    """Somebody who speaks, and how one may call him."""

    first: str
    last: str
    post: str
    town: str
    pronoun: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def person(seed: int, rank: int) -> Person:
    """The person of that rank of fame; the same for the same seed, whoever asks."""
    rng = Random(f"{seed} person {rank}")
    first = rng.choice(FIRST_NAMES)
    last = rng.choice(ONSETS) + rng.choice(MIDDLES) + rng.choice(CODAS)
    if rng.random() < 0.06:
        last += "-" + rng.choice(ONSETS) + rng.choice(MIDDLES) + rng.choice(CODAS)
    pronoun = "she" if first in WOMEN else "he"
    return Person(first, last, rng.choice(POSTS), town(rng), pronoun)


def town(rng: Random) -> str:
    """A town's name; a few thousand are possible."""
    return rng.choice(ONSETS) + rng.choice(MIDDLES) + rng.choice(TOWNS)


class Words:
    """Sentences on one subject, drawn from one source of chance."""

    def __init__(self, rng: Random, subject: str, places: list[str]) -> None:
        self._rng = rng
        self._nouns = SUBJECTS[subject]
        self._others = SUBJECTS[rng.choice(sorted(SUBJECTS))]
        self._places = places

    def clause(self) -> str:
        """A clause as it stands after "said that"."""
        return self._fill(self._rng.choice(CLAUSES))

    def spoken(self) -> str:
        """A sentence as somebody says it, without an end mark."""
        roll = self._rng.random()
        if roll < 0.6:
            said = self._fill(self._rng.choice(SAYINGS))
        elif roll < 0.8:
            said = self._fill("We will {base} {the_thing} and {base} {the_thing} {reason}")
        else:
            said = f"{self._rng.choice(OPENERS)}, {self.clause()}"
        if self._rng.random() < 0.3:
            said = f"{said}, and {self.clause()}"
        return said[0].upper() + said[1:]

    def told(self) -> str:
        """A sentence of the reporter's own."""
        told = self._fill(self._rng.choice(NARRATIVE))
        return f"{told[0].upper()}{told[1:]}."

    def headline(self) -> str:
        """A headline without a quotation."""
        rng = self._rng
        told = (
            f"{rng.choice(CROWDS).removeprefix('the ')} {rng.choice(VERBS)[0]} {self._thing('the')}"
        )
        return f"{told[0].upper()}{told[1:]} in {rng.choice(self._places)}"

    def thing(self) -> str:
        """An adjective and a noun with "the"."""
        return self._thing("the")

    def _fill(self, pattern: str) -> str:
        return _SLOT.sub(lambda slot: self._word(slot[1]), pattern)

    def _word(self, slot: str) -> str:
        rng = self._rng
        if slot in ("the_thing", "a_thing"):
            return self._thing("the" if slot == "the_thing" else "a")
        if slot in ("base", "past"):
            return str(rng.choice(VERBS)[slot == "past"])
        if slot == "the_crowd":
            return rng.choice(CROWDS)
        if slot == "number":
            return str(rng.choice((rng.randrange(2, 20), rng.randrange(20, 900))))
        if slot == "year":
            return str(rng.randrange(1948, 2026))
        if slot == "noun":
            return self._noun()
        if slot in ("place", "a_place"):
            return rng.choice(self._places)
        return rng.choice({"reason": REASONS, "month": MONTHS, "ordinal": ORDINALS}[slot])

    def _noun(self) -> str:
        nouns = self._nouns if self._rng.random() < 0.8 else self._others
        return self._rng.choice(nouns)

    def _thing(self, article: str) -> str:
        adjective = self._rng.choice(ADJECTIVES)
        if article == "a" and adjective[0] in "aeiou":
            article = "an"
        return f"{article} {adjective} {self._noun()}"


def misspelt(name: str) -> str:
    """The name as a hurried desk prints it: two letters of it changed places, or its accents lost."""
    plain = name.translate(str.maketrans("áéíóúöüäÁÉ", "aeiououaAE"))
    if plain != name or len(name) < 5:
        return plain
    at = 1 + len(name) // 2
    return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :]

"""Titles before a name and letters after it: where the name itself begins and ends, wherever names are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import (
    BODY_WORDS,
    FAMILY_TITLES,
    GIVEN_TITLES,
    LETTERS,
    MODIFIERS,
    PARTIES,
    PLACES,
    ROLES,
    SUFFIXES,
    TITLES,
)
from onrecord.pipeline.names.spelling import folded

_JOB: Final = re.compile(
    r"[a-z]{3,}(?:er|or|ist|ian|man|woman|person|ess|ant|eer)|guard|back|captain|lock|prop|scrum-half|fly-half|chef|coach"
    r"|cook|clerk|guide|smith|midwife|nurse|monk|nun|poet|judge"
)


def is_job(word: str) -> bool:
    """Whether a small word names what somebody does, by the list of roles or by its ending: "angler", "bassist"."""
    return word in ROLES or _JOB.fullmatch(word) is not None


@lru_cache(maxsize=8192)
def is_title(word: str) -> bool:
    """Whether a word, without its stops, is a title or made of some: "Señora", "vice-president", "minister-elect"."""
    bare = folded(word).replace(".", "")
    return bare in TITLES or ("-" in bare and all(part in TITLES for part in bare.split("-")))


def after_titles(words: Sequence[str]) -> int:
    """How many small words at the front are titles and what goes before those: "harbour minister" eva holm.

    The last word is none, nor is a title that people bear as a name: "tom baron vessel", "dean holm". One with an "of"
    behind it goes on to a full name, "mayor of lund" eva holm, or is the name that somebody goes by: "duchess of lund".
    """
    last = before_letters(words) - 1
    cut = front = 0
    for at in range(last):
        if not is_title(words[at]) or _is_borne(words, at, cut, last):
            front = at + 1
        elif words[at + 1] == "of":
            cut = _behind_of(words, at, last) or min(cut, front)
        else:
            cut = at + 1
    return cut


def _behind_of(words: Sequence[str], at: int, last: int) -> int:
    """Where a full name begins behind a title, an "of" and the name of a place or body; 0 where none does."""
    behind = range(at + 3, last)
    return next((i for i in behind if is_given(words[i]) and words[i] not in PLACES), 0)


def before_letters(words: Sequence[str]) -> int:
    """How many small words are left where generations and letters behind the name are taken off."""
    end = len(words)
    while end > 1 and words[end - 1].replace(".", "") in SUFFIXES:
        end -= 1
    return end


def before_honours(words: Sequence[str]) -> int:
    """How many small words are left without letters that are no part of a name: "eva holm" mp, and not jan holm jr."""
    end = len(words)
    while end > 2 and words[end - 1].replace(".", "") in LETTERS:
        end -= 1
    return end


def _is_borne(words: Sequence[str], at: int, cut: int, last: int) -> bool:
    """Whether a title is a part of the name: of a body's, a given name, or a family name behind one.

    It is none of those where a full name begins with the next word.
    """
    if at + 1 < last and (len(words[at + 1]) == 1 or is_given(words[at + 1])):
        return False
    if words[at] in MODIFIERS or (words[at] in PARTIES and words[last] in BODY_WORDS):
        return True
    if at == cut:
        return words[at] in GIVEN_TITLES
    return words[at] in FAMILY_TITLES and is_given(words[cut])

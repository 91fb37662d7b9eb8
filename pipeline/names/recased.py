"""Recased: a text that is printed in capitals throughout, as old wires and transcripts are, with small letters again.

What tells a name in running text is its capitals. Where every letter is one, they say nothing: words are written small
but for those that titles, given names and lists of places and days make large. Every character stays in its place.
"""

from __future__ import annotations

import re
from typing import Final

from onrecord.pipeline.names.given_names import is_given
from onrecord.pipeline.names.lists import (
    BODY_WORDS,
    DAYS,
    METONYMS,
    NATIONS,
    NOT_NAMES,
    PLACES,
    ROLES,
)
from onrecord.pipeline.names.titles import is_title
from onrecord.pipeline.text.lexicon import NO_CUE, cue_class

_SAMPLE: Final = 4_000
_LEAST: Final = 30
_SMALL_SHARE: Final = 0.03
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*\.?")
_BEFORE_WORDS: Final = frozenset(' \t"\u201c\u2018')
_ENDS: Final = frozenset(".!?:\n(-\u2013\u2014")
_DATELINE: Final = re.compile(
    r"^[^\W\d_][^\n.\u201c\"(]{1,40}?(?=(?: \([A-Z]{2,12}\))? [-\u2013\u2014]{1,2} )", re.MULTILINE
)
_UNNAMED_DAYS: Final = frozenset(
    "today yesterday tomorrow tonight spring summer autumn winter".split()  # noqa: SIM905
)
_LARGE: Final = (
    (DAYS - _UNNAMED_DAYS)
    | PLACES
    | frozenset(NATIONS)
    | METONYMS
    | frozenset("i democrat democrats republican republicans".split())  # noqa: SIM905
)
_ACRONYM: Final = 4
_NAME_WORDS: Final = 3


def is_shouted(text: str) -> bool:
    """Whether a text is printed in capitals throughout, by its first few thousand characters."""
    sample = text[:_SAMPLE]
    large = sum(map(str.isupper, sample))
    if large < _LEAST:
        return False
    return sum(map(str.islower, sample)) <= _SMALL_SHARE * large


def recased(text: str) -> str:
    """The text with small letters but where a sentence opens or a name is told; of the same length."""
    small = "".join(map(_small, text))
    made = list(small)
    words = [(found.start(), found.end(), found.group()) for found in _WORD.finditer(small)]
    name, borne = 0, set[str]()
    for at, (start, end, word) in enumerate(words):
        bare = _bare(word)
        behind = words[at + 1] if at + 1 < len(words) else None
        joined = at > 0 and small[words[at - 1][1] : start] == " "
        if not joined:
            name = 0
        if name and (_continues(bare, behind) or _is_initial(word)):
            name -= 0 if _is_initial(word) else 1
            borne.add(bare)
            _enlarge(made, start, end)
        elif _is_initial(word) and behind is not None and is_given(words[at - 1][2] if at else ""):
            _enlarge(made, start, end)
        elif is_title(bare) and (behind is not None and small[end : behind[0]] == " "):
            name = _NAME_WORDS
            _enlarge(made, start, end)
        elif is_given(bare) and bare not in NOT_NAMES and _is_followed(small, end, behind):
            name = _NAME_WORDS - 1
            _enlarge(made, start, end)
        else:
            name = 0
            if bare in METONYMS and len(bare) <= _ACRONYM:
                made[start:end] = text[start:end]
            elif bare in _LARGE:
                _enlarge(made, start, end)
            elif _opens(small, start):
                made[start] = text[start]
    # Who was named in full goes on by the surname.
    for start, end, word in words:
        bare = _bare(word)
        if bare in borne and cue_class(bare) == NO_CUE:
            _enlarge(made, start, end)
    for line in _DATELINE.finditer(text):
        for found in _WORD.finditer(small, *line.span()):
            _enlarge(made, found.start(), found.end())
    return "".join(made)


def _bare(word: str) -> str:
    return word.rstrip(".").removesuffix("'s").removesuffix("\u2019s")


def _small(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


def _enlarge(letters: list[str], start: int, end: int) -> None:
    """Write a word's first letter large, and each behind a hyphen or the mark of O'Brien."""
    for at in range(start, end):
        if (
            at == start
            or letters[at - 1] == "-"
            or (at == start + 2 and letters[at - 1] in "'\u2019")
        ):
            upper = letters[at].upper()
            letters[at] = upper if len(upper) == 1 else letters[at]


def _opens(text: str, start: int) -> bool:
    """Whether a place is where a sentence opens."""
    at = start - 1
    while at >= 0 and text[at] in _BEFORE_WORDS:
        at -= 1
    return at < 0 or text[at] in _ENDS


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word.endswith(".")


def _may_continue(word: str) -> bool:
    """Whether a word is none that never goes on with a name."""
    return not (word in NOT_NAMES or word in DAYS or word in BODY_WORDS or word in ROLES)


def _continues(word: str, behind: tuple[int, int, str] | None) -> bool:
    """Whether a word goes on with a name: no small word, and no verb of saying unless one follows."""
    if not _may_continue(word):
        return False
    return cue_class(word) == NO_CUE or (behind is not None and cue_class(behind[2]) != NO_CUE)


def _is_followed(small: str, end: int, behind: tuple[int, int, str] | None) -> bool:
    """Whether something that may be a family name stands behind a given one."""
    if behind is None or small[end : behind[0]] != " ":
        return False
    return _is_initial(behind[2]) or _may_continue(behind[2].rstrip("."))

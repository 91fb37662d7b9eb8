"""Spelling: words folded, heard and held against each other, the same within an article and across all of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from onrecord.pipeline.names.lists import SUFFIXES

_ENDING: Final = re.compile(r"['\u2019](?:s|re|ve|ll|d|m|t)$")
_POSSESSIVE: Final = re.compile(r"'s\b")
_UNSPOKEN: Final = re.compile(r"[^\w\s]")
# Letters that Unicode does not take apart, and the apostrophe that printers set.
_PLAINER: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
        "\u2019": "'",
    }
)
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:iy|yi|yy|ii|ij|yj)$", "y"),
        (r"i$", "y"),
        (r"ff$|v$", "f"),
        (r"tsch|tch", "ch"),
        (r"ts|tz", "c"),
        (r"kh", "h"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"j", "y"),
        (r"ie|ye|yo|io", "e"),
        (r"(.)\1+", r"\1"),
    )
)
_INITIALS: Final = {"w": "v", "j": "y", "q": "k", "x": "k"}
"""The first sounds of names that begin so, for an initial."""

_MISPRINTED: Final = 5
"""Letters of a name's sound from which another one may be its misprint."""

_REPLACED: Final = 6
"""Letters from which one may stand in another's place: short names that differ so are two people's."""


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Case and accents taken off: 'Müller' gives 'muller'."""
    plain = text.casefold().translate(_PLAINER)
    return "".join(
        mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark)
    )


@lru_cache(maxsize=100_000)
def sounded(word: str) -> str:
    """A folded name's sound across transliterations: 'zelenskyy', 'zelenskiy' and 'zelensky' give one."""
    if len(word) == 1:
        return _INITIALS.get(word, word)
    made = word
    for pattern, sound in _SOUNDS:
        made = pattern.sub(sound, made)
    return made


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A printed name for comparing: each word's sound, without marks and possessives."""
    return " ".join(map(sounded, _words(name)))


def surname(name: str) -> str:
    """The sound of a name's last word, suffixes such as Jr. left out."""
    words = [word for word in _words(name) if word not in SUFFIXES]
    return sounded(words[-1]) if words else ""


def _words(name: str) -> list[str]:
    return _UNSPOKEN.sub("", _POSSESSIVE.sub("", folded(name))).split()


def misprinted(one: str, two: str) -> bool:
    """Whether two names, by their sounds, may be one with a letter missing, doubled, swapped or wrong.

    Both start with the same letter and have at least five, six where a letter stands in another's place: Peskov and
    Peksov, Zelensky and Zelinsky, but not Marsh and Marsk.
    """
    if min(len(one), len(two)) < _MISPRINTED or one[0] != two[0]:
        return False
    if OSA.distance(one, two, score_cutoff=1) > 1:
        return False
    return len(one) != len(two) or len(one) >= _REPLACED or sorted(one) == sorted(two)


def misprint_keys(sound: str) -> set[str]:
    """Keys of which two sounds share one wherever one may be a misprint of the other: each letter left out in turn."""
    if len(sound) < _MISPRINTED:
        return {sound}
    return {sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))}


def alike(first: str, second: str) -> bool:
    """Whether two words, by their sounds, are one, misprinted or not."""
    return first == second or misprinted(first, second)


def plain(word: str) -> str:
    """A word for looking up: small, without a possessive, a contraction or stops at its end."""
    return _ENDING.sub("", word).rstrip(".,'\u2019").lower()


def is_acronym(name: str) -> bool:
    """Whether a name is all capitals, two to six of them."""
    bare = name.replace(".", "")
    return 2 <= len(bare) <= 6 and bare.isupper() and bare.isalpha()


def is_latin(name: str) -> bool:
    """Whether a name is printed in Latin letters."""
    return not any(letter.isalpha() and not _is_latin_letter(letter) for letter in name)


def _is_latin_letter(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00"


def forget() -> None:
    """Let go of the words heard: of a large record they are half a million small objects."""
    for known in (folded, sounded, fold):
        known.cache_clear()

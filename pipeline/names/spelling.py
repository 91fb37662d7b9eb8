"""Spelling: whether two words are one name, written otherwise or misprinted."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

SUFFIXES: Final = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq"})
_ENDING: Final = re.compile(r"['\u2019](?:s|re|ve|ll|d|m|t)$")


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """A name for comparing: no accents, no case, doubled letters single, endings -iy/-yy/-y alike."""
    bare = unicodedata.normalize("NFKD", name)
    bare = "".join(c for c in bare if not unicodedata.combining(c)).lower().replace("\u2019", "'")
    bare = re.sub(r"'s\b|[^\w\s]", "", bare)
    bare = re.sub(r"(.)\1+", r"\1", bare)
    return re.sub(r"(?:iy|yi|ij|ii|i|y)\b", "y", bare).strip()


def alike(first: str, second: str) -> bool:
    """Whether two folded words are one, misprinted: an edit or a swap apart, long enough, one first letter."""
    if first == second:
        return True
    if (
        min(len(first), len(second)) < 5
        or first[:1] != second[:1]
        or abs(len(first) - len(second)) > 1
    ):
        return False
    if len(first) == len(second):
        apart = [i for i in range(len(first)) if first[i] != second[i]]
        if len(apart) == 1:
            return len(first) >= 6
        return (
            len(apart) == 2
            and apart[1] == apart[0] + 1
            and first[apart[0]] == second[apart[1]]
            and first[apart[1]] == second[apart[0]]
        )
    longer, shorter = (first, second) if len(first) > len(second) else (second, first)
    cut = next((i for i in range(len(shorter)) if longer[i] != shorter[i]), len(shorter))
    return longer[cut + 1 :] == shorter[cut:]


def surname(name: str) -> str:
    """The folded last word of a name, suffixes such as Jr. left out."""
    words = [word for word in fold(name).split() if word not in SUFFIXES]
    return words[-1] if words else ""


def plain(word: str) -> str:
    """A word for looking up: small, without a possessive, a contraction or stops at its end."""
    return _ENDING.sub("", word).rstrip(".,'\u2019").lower()


def is_acronym(name: str) -> bool:
    """Whether a name is all capitals, two to six of them."""
    bare = name.replace(".", "")
    return 2 <= len(bare) <= 6 and bare.isupper() and bare.isalpha()

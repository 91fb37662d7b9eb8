"""Names of people and bodies: titles taken off, spellings folded, two names compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from onrecord.pipeline.names import spelling
from onrecord.pipeline.names.given_names import is_given, leaning_of
from onrecord.pipeline.names.lists import GENERATIONS
from onrecord.pipeline.names.nicknames import roots
from onrecord.pipeline.names.spelling import alike, folded, misprint_keys, misprinted, sounded
from onrecord.pipeline.names.titles import after_titles, before_letters, is_title

_PARTICLES: Final = frozenset(
    """
    al ben bin da dal de del della den der di dos du el ibn la le mac of san st van vom von zu zur
    """.split()  # noqa: SIM905
)
_NO_GIVEN: Final = frozenset("da de della den der di dos du le vom zu zur".split())  # noqa: SIM905
"""Particles that nobody bears as a given name."""
_PRONOUNS: Final = frozenset({"he", "she", "they", "it", "i", "we", "you", "who"})
_JOINERS: Final = frozenset({"and", "of", "for", "the", "in", "on", "to", "at"})
_WORD: Final = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*", re.UNICODE)
_POSSESSIVE: Final = re.compile(r"(?:['’]s|(?<=s)['’])$")
_BRACKETS: Final = re.compile(r"(?<!\s)\s*+[(\[][^)\]\n]{0,200}+[)\]]")


class Name(NamedTuple):
    """A person's name in folded words: given names and initials, the family name, which of its bearers.

    `given` is empty where only one name is printed, `generation` ("jr", "iii") where none is. All
    are ASCII where Unicode has a decomposition.
    """

    given: tuple[str, ...]
    family: str
    generation: str = ""

    @property
    def full(self) -> bool:
        """Whether it tells more than one name."""
        return bool(self.given)

    @property
    def telling(self) -> Name:
        """The name without what tells it from no other that begins alike."""
        return self._replace(given=(*self.given[:1], *_middle(self.given)))

    @property
    def key(self) -> str:
        """The name in folded words: what its identity hangs on."""
        return " ".join(filter(None, (*self.given, self.family, self.generation)))


@lru_cache(maxsize=100_000)
def person(text: str) -> Name | None:
    """The person's name in `text`, titles and suffixes taken off; None where nothing is left."""
    front, _, behind = _BRACKETS.sub("", text).partition(",")
    found = _words(front)
    while len(found) > 1 and found[0] in _JOINERS:
        found.pop(0)
    # "Jan Holm Jr." is as often printed "Jan Holm, Jr."
    letters = [*found[before_letters(found) :], *_words(behind)[:1]]
    generation = next((word for word in letters if word in GENERATIONS), "")
    found = found[after_titles(found) : before_letters(found)]
    if not found:
        return None
    if "of" in found[2:-1]:
        # 'Anna of Lund' is a name; 'Anna Holm of Lund' has one already.
        found = found[: found.index("of", 2)]
    start = len(found) - 1
    while start > 1 and found[start - 1] in _PARTICLES:
        start -= 1
    if start == 1 and found[0] in _NO_GIVEN:
        # 'De Blasio' is no Blasio whose given name is De.
        start = 0
    if found[1:2] == ["of"]:
        start = 0 if is_title(found[0]) else 1
    return Name(tuple(found[:start]), " ".join(found[start:]), generation)


def _words(text: str) -> list[str]:
    plain = _POSSESSIVE.sub("", text.strip())
    return [folded(match.group()).replace(".", "") for match in _WORD.finditer(plain)]


@lru_cache(maxsize=100_000)
def spelled(mention: str) -> str | None:
    """The proper name in a printed mention, as printed: roles, titles and the possessive taken off.

    "Harbour spokesman Jan Holm's" gives 'Jan Holm'; a pronoun or a description gives None.
    """
    words = _POSSESSIVE.sub("", _BRACKETS.sub("", mention).split(",")[0].strip()).split()
    plain = [folded(word).strip(".") for word in words]
    small = (at for at, word in enumerate(words) if word[:1].islower())
    start = max((at + 1 for at in small if plain[at] not in _PARTICLES), default=0)
    start += after_titles(plain[start:])
    while start < len(words) and plain[start] in {"the", "of"}:
        start += 1
    name = " ".join(words[start:])
    if folded(name) in _PRONOUNS or not any(letter.isalpha() for letter in name):
        return None
    return None if name.islower() else name


@lru_cache(maxsize=100_000)
def body(text: str) -> str:
    """The folded name of a body: articles and possessives taken off; '' where nothing is left."""
    found = _words(_BRACKETS.sub("", text))
    while found and found[0] in {"the", "a", "an", "its", "their", "our"}:
        found.pop(0)
    return " ".join(found)


def initials(name: str) -> str:
    """The initials of a body's folded name, small words left out: 'world health organization' gives
    'who'."""
    return "".join(word[0] for word in name.split() if word not in _JOINERS)


def forget() -> None:
    """Let go of the names taken apart: of a large record they are half a million small objects."""
    for known in (person, spelled, body, _alike):
        known.cache_clear()
    spelling.forget()


def same_person(one: Name, two: Name) -> bool:
    """Whether two names can be spellings of one person's, a letter misprinted or not."""
    family = one.family == two.family or alike(sounded(one.family), sounded(two.family))
    return family and same_bearer(one, two)


def same_bearer(one: Name, two: Name) -> bool:
    """Whether two names of one family can be one person's: 'Jan Holm Jr.' is not 'Jan Holm Sr.', 'Jan Holm' either."""
    if one.generation and two.generation and one.generation != two.generation:
        return False
    return same_given(one.given, two.given)


def same_given(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether given names can be one person's: equal, a short form, an initial, or left out on one side.

    Those in the middle need not be told, but tell people apart: 'Mark P.' is not 'Mark D.'
    """
    if not one or not two:
        return True
    if _alike(one[0], two[0]):
        return _same_middle(one, two)
    # 'J. Robert Hale' is also printed 'Robert Hale'.
    return (len(one) > len(two) and any(_alike(word, two[0]) for word in one[1:])) or (
        len(two) > len(one) and any(_alike(word, one[0]) for word in two[1:])
    )


def _same_middle(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    fewer, more = sorted((_middle(one), _middle(two)), key=len)
    return all(any(_alike(word, other) for other in more) for word in fewer)


def _middle(given: tuple[str, ...]) -> list[str]:
    """The given names behind the first: not what it is called for short, nor what may be another family name."""
    return [
        word
        for word in given[1:]
        if (len(word) == 1 or is_given(word)) and not roots(word) & roots(given[0])
    ]


def given_keys(given: tuple[str, ...]) -> set[str]:
    """Keys by which given names are found: of `given_sought` of any that can be one person's one is among them."""
    made = {key for word in given for key in _sounds(word)}
    made.update(f"{word[0]}…" for word in given)
    made.update(f"{word}." for word in given if len(word) == 1)
    return made


def given_sought(given: tuple[str, ...]) -> set[str]:
    """Keys that find given names by `given_keys`: an initial finds all that start with it, and is found by them."""
    made = {key for word in given for key in _sounds(word)}
    made.update(f"{word[0]}." for word in given)
    made.update(f"{word}…" for word in given if len(word) == 1)
    return made


def _sounds(word: str) -> set[str]:
    return misprint_keys(sounded(word)) | {f"form {root}" for root in roots(word)}


@lru_cache(maxsize=100_000)
def _alike(one: str, two: str) -> bool:
    if one == two or sounded(one) == sounded(two):
        return True
    if min(len(one), len(two)) == 1:
        return one[0] == two[0]
    if roots(one) & roots(two):
        return True
    # 'Alexandra' is no misprint of 'Alexander'.
    genders = {leaning_of(one), leaning_of(two)} - {None}
    return len(genders) < 2 and misprinted(sounded(one), sounded(two))

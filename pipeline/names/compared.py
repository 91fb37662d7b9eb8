"""Names of people and bodies: titles taken off, spellings folded, two names compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

TITLES = frozenset(
    """
    acting admiral adm ambassador archbishop assemblyman assemblywoman attorney baron baroness bishop brig
    brigadier capt captain cardinal chair chairman chairperson chairwoman chancellor chief cllr cmdr col
    colonel commander commissioner congressman congresswoman coach corporal cpl councillor councilman
    councilwoman count countess cpt dame dean deputy detective director dr doctor duchess duke emperor empress
    envoy ex father foreign former fr gen general gov governor her his hon honorable honourable imam inspector
    interior judge justice king lady late lieutenant lord lt maj majesty major marshal mayor minister miss
    mother mr mrs ms mx nurse officer pastor pope premier pres president presidential prime prince princess
    prof professor prosecutor queen rabbi rep representative rev reverend sec secretary sen senator sergeant
    sgt sheikh sheriff sir sister spokesman spokesperson spokeswoman sultan then treasurer vice
    """.split()  # noqa: SIM905
)
"""Words before a name that are not part of it; 'Major' or 'Dean' as a given name still counts where
it is the only."""

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mp", "mep", "qc", "kc", "esq"})
_PARTICLES = frozenset(
    """
    al ben bin da dal de del della den der di dos du el ibn la le mac san st van vom von zu zur
    """.split()  # noqa: SIM905
)
_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "you", "who"})
_JOINERS = frozenset({"and", "of", "for", "the", "in", "on", "to", "at"})
_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*", re.UNICODE)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_BRACKETS = re.compile(r"(?<!\s)\s*+[(\[][^)\]\n]{0,200}+[)\]]")

_SHORT_FORMS = (
    "abe abraham", "abby abigail", "al albert alan alfred", "alex alexander alexandra alexei",
    "andy drew andrew andrei andriy", "ben benny benjamin benedict", "bernie bernard bernardo",
    "bill billy will william", "bob bobby rob robert", "cathy kathy kate katie catherine katherine",
    "charlie chuck charles", "chris christopher christine christian", "dan danny daniel",
    "dave david", "debbie deborah", "dick rick richard rich", "don donny donald", "ed eddie ted edward edwin",
    "fred frederick", "gabe gabriel", "gene eugene", "geoff geoffrey jeff jeffrey", "greg gregory",
    "hank harry henry", "jack john johnny jon jonathan", "jake jacob", "jim jimmy james jamie",
    "joe joey joseph", "josh joshua", "ken kenny kenneth", "larry lawrence", "liz beth betty elizabeth",
    "maggie margaret meg", "matt matthew", "mike mick michael mikhail mykhailo", "nick nicholas mykola nikolai",
    "nancy ann anne anna", "pat patrick patricia", "pete peter petro", "phil philip phillip", "ray raymond",
    "ron ronnie ronald", "sam samuel samantha", "sandy sandra", "sergey sergei serhiy serhii", "steve stephen steven",
    "sue susan suzanne", "terry terence theresa", "tim timothy", "tom tommy thomas", "tony anthony",
    "vlad vladimir volodymyr", "dmitry dmitri dmytro", "walt walter", "yuri yuriy yury", "zach zachary",
)  # fmt: skip
_FORMS: dict[str, int] = {
    form: number for number, forms in enumerate(_SHORT_FORMS) for form in forms.split()
}


# Letters that Unicode does not take apart.
_STROKED = str.maketrans("øłđı", "oldi")


class Name(NamedTuple):
    """A person's name in folded words: given names and initials, then the family name.

    `given` is empty where only one name is printed. Both are ASCII where Unicode has a
    decomposition.
    """

    given: tuple[str, ...]
    family: str

    @property
    def full(self) -> bool:
        """Whether it tells more than one name."""
        return bool(self.given)

    @property
    def key(self) -> str:
        """The name in folded words: what its identity hangs on."""
        return " ".join((*self.given, self.family))


def folded(text: str) -> str:
    """Case and accents taken off: 'Müller' gives 'muller'."""
    plain = text.casefold().translate(_STROKED)
    return "".join(
        mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark)
    )


@lru_cache(maxsize=100_000)
def person(text: str) -> Name | None:
    """The person's name in `text`, titles and suffixes taken off; None where nothing is left."""
    plain = _POSSESSIVE.sub("", _BRACKETS.sub("", text).split(",")[0].strip())
    found = [folded(match.group()).replace(".", "") for match in _WORD.finditer(plain)]
    while len(found) > 1 and found[-1] in _SUFFIXES:
        found.pop()
    while len(found) > 1 and (found[0] in TITLES or found[0] in _JOINERS):
        found.pop(0)
    if not found:
        return None
    start = len(found) - 1
    while start > 1 and found[start - 1] in _PARTICLES:
        start -= 1
    return Name(tuple(found[:start]), " ".join(found[start:]))


@lru_cache(maxsize=100_000)
def spelled(mention: str) -> str | None:
    """The proper name in a printed mention, as printed: roles, titles and the possessive taken off.

    "Harbour spokesman Jan Holm's" gives 'Jan Holm'; a pronoun or a description gives None.
    """
    words = _POSSESSIVE.sub("", _BRACKETS.sub("", mention).split(",")[0].strip()).split()
    start = 0
    for at, word in enumerate(words):
        plain = folded(word).strip(".")
        title = plain in TITLES and at < len(words) - 1
        if title or (word[:1].islower() and plain not in _PARTICLES):
            start = at + 1
    if start < len(words) and folded(words[start]) == "the":
        start += 1
    name = " ".join(words[start:])
    if folded(name) in _PRONOUNS or not any(letter.isalpha() for letter in name):
        return None
    return None if name.islower() else name


@lru_cache(maxsize=100_000)
def body(text: str) -> str:
    """The folded name of a body: articles and possessives taken off; '' where nothing is left."""
    plain = _POSSESSIVE.sub("", _BRACKETS.sub("", text).strip())
    found = [folded(match.group()).replace(".", "") for match in _WORD.finditer(plain)]
    while found and found[0] in {"the", "a", "an", "its", "their", "our"}:
        found.pop(0)
    return " ".join(found)


def initials(name: str) -> str:
    """The initials of a body's folded name, small words left out: 'world health organization' gives
    'who'."""
    return "".join(word[0] for word in name.split() if word not in _JOINERS)


@lru_cache(maxsize=100_000)
def sounded(word: str) -> str:
    """A name's sound across transliterations: 'zelenskyy', 'zelenskiy' and 'zelensky' give one."""
    made = word
    for pattern, sound in _SOUNDS:
        made = pattern.sub(sound, made)
    return made


def forget() -> None:
    """Let go of the names taken apart: of a large record they are half a million small objects."""
    for known in (person, spelled, body, sounded):
        known.cache_clear()


_SOUNDS = tuple(
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


def same_family(one: str, two: str) -> bool:
    """Whether two family names are one up to transliteration: the same sound."""
    return one == two or sounded(one) == sounded(two)


_MISPRINTED = 5
"""Letters of a name from which another one may be its misprint."""


def misprinted(one: str, two: str) -> bool:
    """Whether two names may be one with a letter wrong, missing, doubled or swapped.

    Both start with the same letter and have at least five; Peskov and Peksov, Zelensky and
    Zelinsky.
    """
    a, b = sounded(one), sounded(two)
    return (
        min(len(a), len(b)) >= _MISPRINTED
        and a[0] == b[0]
        and OSA.distance(a, b, score_cutoff=1) <= 1
    )


def misprint_keys(name: str) -> set[str]:
    """Keys of which two names share one wherever one may be a misprint of the other: each letter left out in turn."""
    sound = sounded(name)
    return {sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))}


def same_person(one: Name, two: Name) -> bool:
    """Whether two names can be spellings of one person's, a letter misprinted or not."""
    family = same_family(one.family, two.family) or misprinted(one.family, two.family)
    return family and same_given(one.given, two.given)


def same_given(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether given names can be one person's: equal, a short form, an initial, or left out on one
    side."""
    if not one or not two:
        return True
    if _alike(one[0], two[0]):
        return True
    # 'J. Robert Hale' is also printed 'Robert Hale'.
    return (len(one) > len(two) and any(_alike(word, two[0]) for word in one[1:])) or (
        len(two) > len(one) and any(_alike(word, one[0]) for word in two[1:])
    )


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
    form = _FORMS.get(word)
    sound = sounded(word)
    made = misprint_keys(word) if len(sound) >= _MISPRINTED else {sound}
    return made if form is None else {*made, f"form {form}"}


def _alike(one: str, two: str) -> bool:
    if one == two or sounded(one) == sounded(two):
        return True
    if min(len(one), len(two)) == 1:
        return one[0] == two[0]
    form = _FORMS.get(one)
    return (form is not None and form == _FORMS.get(two)) or misprinted(one, two)

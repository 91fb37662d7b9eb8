"""Across: one person's name in several scripts and spellings, held together by its sound.

Зеленський, Zelensky, Selenskyj, Zełenski and زيلينسكي are one family name. Words are romanised, heard as consonants
and the vowels between them, and held against each other by what spellings of one sound differ in. Family and given
name must both sound alike: it tells nothing where only one is printed. Within one language people are told apart by
their spelling (`compared`), never by this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from onrecord.pipeline.names.compared import person
from onrecord.pipeline.names.spelling import folded

Sound = tuple[str | frozenset[str], ...]
"""Consonants, each a letter, and the runs of vowels between them."""

_PARTICLES: Final = frozenset(
    "al bin bint ibn da dal de del della den der di dir do dos du dyr el fon la le van von zu".split()  # noqa: SIM905
)
# Latin letters whose marks are a sound of their own.
_LETTERS: Final = str.maketrans(
    {
        "š": "sh", "ş": "sh", "ś": "sh", "ș": "sh", "ŝ": "sh", "č": "X", "ć": "X", "ç": "s", "ž": "zh", "ż": "zh",
        "ź": "z", "ğ": "g", "ñ": "ny", "ń": "n", "ł": "l", "ø": "o", "ö": "o", "ü": "u", "ä": "a", "å": "o", "æ": "e",
        "ą": "on", "ę": "en", "đ": "d", "ð": "d", "þ": "t", "ı": "i", "ř": "r", "ß": "s", "ё": "е",
        "ا": "a", "أ": "a", "إ": "a", "آ": "a", "ٱ": "a", "ى": "a", "ة": "a", "א": "a",
    }
)  # fmt: skip
_SIGNS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"schtsch|shch|szcz|chtch", "X"),
        (r"tsch|dsch|dzh|dsh|tch|tsh|cz|dj(?=[aeiou])|dż", "X"),
        (r"sch|sh|sz|zh", "X"),
        (r"ch", "?"),
        (r"kh|gh", "G"),
        (r"ph", "F"),
        (r"th", "T"),
        (r"ck|qu?", "K"),
        (r"ts|tz|ss|zz", "S"),
        (r"x", "KS"),
        (r"c(?=[eiy])", "S"),
        (r"c", "K"),
        (r"(?<=[aeiouy])j(?=[aeiouy])|^y(?=[aeiou])", ""),
        (r"(?<=[aeiouy])j", "i"),
        (r"ou|oo", "u"),
        (r"y|ee", "i"),
        (r"[sz]", "S"),
        (r"(.)\1", r"\1"),
    )
)
_VOWELS: Final = frozenset("aeiou")
_UNWRITTEN: Final = re.compile(r"[\u0590-\u05ff\u0600-\u06ff\u0700-\u074f]")
"""Scripts that leave short vowels out, and write long ones with letters that may be consonants."""
_GREEK: Final = re.compile(r"[\u0370-\u03ff]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_ENDS_IN_A: Final = re.compile(r"[\u0627\u0629\u05d4\u05d0]$")
_MAY_END_IN_A: Final = re.compile(r"[\u0647\u0649]$")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc\u064b-\u065f][^\W\d_]+)*")
_LONG: Final = {"a": "ae", "w": "ou", "v": "ou", "y": "ei"}

# What one consonant may be in another spelling, and how little that tells; 1 is as good as another letter.
_NEAR: Final = {
    frozenset(pair): cost
    for pair, cost in (
        ("XS", 0.5), ("?X", 0.0), ("?G", 0.0), ("?K", 0.2), ("?H", 0.0), ("?S", 0.5), ("jX", 0.1), ("jG", 0.35),
        ("jH", 0.35), ("jS", 0.5), ("TD", 0.5), ("BP", 0.5), ("VF", 0.2), ("VW", 0.0), ("FW", 0.3), ("GH", 0.1),
        ("GK", 0.5), ("HK", 0.6), ("XG", 0.6), ("XK", 0.8), ("SK", 0.7), ("XT", 0.7), ("BV", 0.6), ("ST", 0.7),
    )
}  # fmt: skip
_LOST: Final = {"H": 0.15, "j": 0.0, "W": 0.5, "G": 0.8, "?": 0.6}
# What scripts without short vowels write with one letter.
_WRITTEN_ALIKE: Final = frozenset(map(frozenset, ("BP", "VF", "WF", "GK", "GX", "jX", "jG")))
_VOWEL: Final = 0.5
_VOWEL_LOST: Final = 0.35
# Of a short vowel that a script leaves out, and of two that it would hardly leave out.
_SHORT: Final = 0.17
_LONG_LOST: Final = 0.4
_ONE: Final = 0.08
"""So much a consonant two names may differ."""
_LEAST: Final = 0.32
# Forms of one given name that sound apart; romanised.
_SPELLED: Final = str.maketrans("yjw", "iiv")
_TWICE: Final = re.compile(r"(.)\1")
_FORMS: Final = tuple(
    frozenset(
        _TWICE.sub(r"\1", word.translate(_SPELLED).replace("x", "ks")) for word in line.split()
    )
    for line in (
        "volodimir vladimir volodymyr wolodymyr wladimir vladimyr wolodimir fwlwdymyr fladymyr",
        "oleksandr aleksandr alexander alexandr aleksander alexandre alejandro alessandro lksndr",
        "oleksiy aleksey alexei alexej aleksiej alexey alexis oleksii olexij alyksy",
        "mikola nikolay nikolai mykola nikolaj mikolaj nicolas nicholas nikolaus nicola nykwlay",
        "petro petr pyotr piotr peter pierre pedro pietro pjotr bwtrs",
        "mikhaylo mikhail mykhailo michail mychajlo michael michal michel miguel michele mykhayyl mykhaylw",
        "pavlo pavel pawel pawlo paul pablo paolo paulo bwls",
        "dmitro dmitriy dmytro dmitri dmitrij dmitry dmytrw dymytry",
        "olena elena yelena jelena helena",
        "evgen yevhen yevgeny evgeniy jewgeni jewhen eugen eugene evgeny yevgeniy",
        "andriy andrey andrei andrej andrii andrij andrzej andzhey andryh andreas andrew andre andres",
        "ganna anna hanna anne hana ana",
        "benjamin biniamin benyamin binyamin binjamin bnyamyn beniamin",
        "recep redzhep rjb receb erdzhep",
        "antonio antoniu anton antonij antonius antoine antwnyw",
        "joe dzho jw djo",
        "emmanuel emmanuil emanuel aymanwyl immanuel",
        "kateryna katerina ekaterina yekaterina katarzyna catherine katharina jekaterina katryna",
        "georgiy heorhii georgy heorhiy georgi jerzy georg george georges giorgio jorge",
        "giorgia dzhordzha georgia jwrjya jorgia",
        "ivan iwan",
        "yuliya yulia julia iryna ioulia julia jwlya ywlya",
        "muhammad mohammed mohamed mohammad mukhammad mukhammed muhammed mhmd magomed",
        "ahmad ahmed akhmad akhmed achmed hmd",
        "sergiy sergey serhiy sergei sergej siergiej serhij sergii srghy",
        "ilya ilia ilja illya illja eliya",
        "yuriy yuri juri jurij yurii iouri jerzy",
        "oleg oleh",
        "igor ihor",
        "grigoriy hryhoriy grigori gregor hryhorii grigory",
    )
)


@cache
def _plain() -> Callable[[str], str]:
    """What writes any script in Latin letters: a package that is an extra, without which only Latin is heard."""
    try:
        from anyascii import anyascii
    except ImportError:
        return folded
    return anyascii


def is_heard() -> bool:
    """Whether names of all scripts are held against each other."""
    return _plain() is not folded


def romanised(word: str) -> str:
    """A word in small Latin letters, by its sound: "Зеленський" gives "zelenskiy"."""
    small = unicodedata.normalize("NFC", word.casefold()).translate(_LETTERS)
    return re.sub(r"[^A-Za-zX]", "", _plain()(small)).replace("X", "\0").lower().replace("\0", "X")


@lru_cache(maxsize=65_536)
def heard(word: str) -> Sound:
    """The sounds of a word, whatever script it is printed in."""
    plain = romanised(word)
    if _UNWRITTEN.search(word):
        return _heard_without_vowels(plain)
    if _GREEK.search(word):
        for pair, sound in (("oy", "u"), ("mp", "b"), ("nt", "d"), ("gk", "g"), ("tz", "j")):
            plain = plain.replace(pair, sound)
    elif not _LATIN.search(word):
        plain = plain.replace("ch", "X")
    for pattern, sound in _SIGNS:
        plain = pattern.sub(sound, plain)
    return _sounds(plain)


def _sounds(plain: str) -> Sound:
    made: list[str | frozenset[str]] = []
    run: set[str] = set()
    for letter in plain:
        if letter in _VOWELS:
            run.add(letter)
            continue
        if run:
            made.append(frozenset(run))
            run = set()
        sound = "j" if letter == "j" else letter.upper()
        if not made or made[-1] != sound:
            made.append(sound)
    return (*made, frozenset(run)) if run else tuple(made)


def _heard_without_vowels(plain: str) -> Sound:
    """The sounds of a word whose short vowels are not written: the letters of long ones stand for two each."""
    for pattern, sound in _SIGNS[:10]:
        plain = pattern.sub(sound, plain)
    made: list[str | frozenset[str]] = []
    for at, letter in enumerate(plain):
        if at == 0 and letter == "a":
            made.append(_VOWELS)
        elif letter in _LONG and at == 1 and made == [_VOWELS]:
            # The first letter only bears the vowel that follows.
            made = [frozenset(_LONG[letter])]
        elif letter in _LONG and at:
            before = made[-1] if made else None
            told = frozenset(_LONG[letter])
            if isinstance(before, frozenset):
                made[-1] = before | told
            else:
                made.append(told)
        elif letter not in _VOWELS:
            sound = "S" if letter in "sz" else "j" if letter in "jy" else letter.upper()
            made.append(sound)
    return tuple(made)


def _skeletons(sounds: Sound) -> set[str]:
    """The consonants of a word as letters to look it up by, those that spellings confuse as one."""
    made = {""}
    for one in sounds:
        if isinstance(one, frozenset):
            continue
        may_be = _CLASSES.get(one, one)
        made = {
            kept + (letter if kept[-1:] != letter else "")
            for kept in made
            for letter in (*may_be, *(("",) if one in _SILENT else ()))
        }
        if len(made) > _MANY:
            made = set(sorted(made)[:_MANY])
    return made


_CLASSES: Final = {
    "?": "SG",
    "X": "S",
    "S": "S",
    "j": "SG",
    "D": "T",
    "P": "B",
    "F": "V",
    "W": "V",
    "H": "G",
    "K": "G",
}
_SILENT: Final = frozenset("jHW?")
_MANY: Final = 32


class _Printed(NamedTuple):
    """A full name's first given name and its family name, as printed."""

    given: str
    family: str


@lru_cache(maxsize=65_536)
def _printed(text: str) -> _Printed | None:
    """The name in a text; None where fewer than two names are told."""
    name = person(text)
    if name is None or not name.full:
        return None
    words = [found.group() for found in _WORD.finditer(unicodedata.normalize("NFC", text))]
    plain = [folded(word) for word in words]
    if name.given[0] not in plain:
        return None
    given = words[plain.index(name.given[0])]
    of_family = set(name.family.split())
    family = [word for word, low in zip(words, plain, strict=True) if low in of_family]
    bare = [word for word in family if romanised(word) not in _PARTICLES] or family
    return _Printed(given, "".join(bare)) if bare else None


@lru_cache(maxsize=65_536)
def keys(text: str) -> frozenset[str]:
    """What a full name is looked up by across scripts; none of a name that stands alone.

    Of two that are one person's one key is shared.
    """
    name = _printed(text)
    if name is None:
        return frozenset()
    return frozenset(filter(None, _skeletons(heard(name.family))))


@lru_cache(maxsize=65_536)
def same_across(one: str, two: str) -> bool:
    """Whether two full names of different languages sound as one person's: given and family name both."""
    first, second = _printed(one), _printed(two)
    if first is None or second is None:
        return False
    return sound_alike(first.family, second.family) and sound_alike(first.given, second.given)


def sound_alike(one: str, two: str) -> bool:
    """Whether two words, each in its script, are spellings of one name."""
    first, second = _form(romanised(one)), _form(romanised(two))
    if any(first in forms and second in forms for forms in _FORMS):
        return True
    ends = {_ends_in_a(one, first), _ends_in_a(two, second)}
    if ends == {True, False}:
        # A woman's name and a man's: Petrova, Petrov.
        return False
    unwritten = bool(_UNWRITTEN.search(one)) != bool(_UNWRITTEN.search(two))
    sounds = heard(one), heard(two)
    size = max(sum(isinstance(sound, str) for sound in word) for word in sounds)
    return size > 0 and _apart(*sounds, unwritten) <= max(_LEAST, _ONE * size)


def _ends_in_a(printed: str, plain: str) -> bool | None:
    if _MAY_END_IN_A.search(printed):
        return None
    return plain.endswith("a") or _ENDS_IN_A.search(printed) is not None


def _form(plain: str) -> str:
    """A romanised word without what its spellings differ in most: "alexej", "aleksei"."""
    return _TWICE.sub(r"\1", plain.translate(_SPELLED).replace("x", "ks"))


def _apart(one: Sound, two: Sound, unwritten: bool) -> float:
    """What it costs to make one word of the other; `unwritten` where one of them is without its short vowels."""
    before = [0.0]
    for sound in two:
        before.append(before[-1] + _lost(sound, unwritten))
    for first in one:
        row = [before[0] + _lost(first, unwritten)]
        for at, second in enumerate(two):
            row.append(
                min(
                    before[at] + _changed(first, second, unwritten),
                    before[at + 1] + _lost(first, unwritten),
                    row[at] + _lost(second, unwritten),
                )
            )
        before = row
    return before[-1]


def _lost(sound: str | frozenset[str], unwritten: bool) -> float:
    if isinstance(sound, str):
        return 0.1 if unwritten and sound in "WV" else _LOST.get(sound, 1.0)
    if not unwritten:
        return _VOWEL_LOST
    return _SHORT if len(sound) == 1 else _LONG_LOST


def _changed(one: str | frozenset[str], two: str | frozenset[str], unwritten: bool) -> float:
    if isinstance(one, frozenset) and isinstance(two, frozenset):
        return _vowels(one, two, unwritten)
    if isinstance(one, frozenset) or isinstance(two, frozenset):
        pair = (one, two) if isinstance(one, frozenset) else (two, one)
        # "Howard", Hauard.
        return 0.1 if pair[1] in ("W", "V", "j") and (unwritten or pair[1] != "V") else 1.0
    if one == two:
        return 0.0
    cost = _NEAR.get(frozenset((one, two)), 1.0)
    return min(cost, 0.1) if unwritten and frozenset((one, two)) in _WRITTEN_ALIKE else cost


def _vowels(one: frozenset[str], two: frozenset[str], unwritten: bool) -> float:
    if one == two or (unwritten and one & two):
        return 0.0
    if unwritten and any(one >= pair or two >= pair for pair in _WRITTEN_TOGETHER):
        return min(_NEAR_VOWELS.get(frozenset((a, b)), _VOWEL) for a in one for b in two)
    if one & two:
        # "Sergey", "Sergiy" but not "Sergio".
        if one ^ two <= _FRONT or one ^ two <= _BACK:
            return 0.0
        return 0.3 if one <= two or two <= one else 0.4
    if (cost := _NEAR_VOWELS.get(one | two)) is not None:
        return cost
    return _VOWEL


_FRONT: Final = frozenset("ei")
_BACK: Final = frozenset("ou")
_WRITTEN_TOGETHER: Final = (frozenset("ae"), frozenset("ou"), frozenset("ei"))
# Gorbachev is Gorbatschow, Trump is Трамп.
_NEAR_VOWELS: Final = {frozenset("ei"): 0.45, frozenset("eo"): 0.4, frozenset("au"): 0.2}

"""A wording as words: what two reports of the same words have in common whatever their
type-setting.

Everything here is a function of one text alone. Weights of words come from a fixed table and not
from the corpus, so that what is one statement among ten quotations is one among a hundred thousand.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)*")
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_CONTRACTIONS = (
    (re.compile(r"\bcan't\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bshan't\b"), "shall not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'d\b"), " would"),
    # "it's" and "the mayor's" cannot be told apart here, and nothing is lost without either.
    (re.compile(r"'s?\b"), ""),
)
# Apostrophes are lost in print and in transcripts.
_UNMARKED = re.compile(r"\b(do|does|did|is|was|are|were|have|has|had|would|could|should|ca|wo)nt\b")
_AUXILIARIES = {"ca": "can", "wo": "will"}
_SPELLINGS = {"cannot": "can not", "gonna": "going to", "per cent": "percent", "%": " percent"}
_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    """.split()  # noqa: SIM905
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
# Not "one", which as a rule counts nothing.
NUMBERS = {word: str(number) for number, word in enumerate(_UNITS) if number != 1} | {
    word: str(10 * ten) for ten, word in enumerate(_TENS, start=2)
}
_COMPOUND = re.compile(rf"\b({'|'.join(_TENS)})-({'|'.join(_UNITS[1:10])})\b")
_MINUS = re.compile(r"(?<![\w.,)])[-−–](?=\d)")
_FIRST_WORD = 1996
_UNKNOWN_WEIGHT = 1.0
_LEAST_WEIGHT = 0.05


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text: case folded, contractions spelled out, numbers in digits without their commas.

    "We’re NOT paying 1,500 for forty-two" gives we, are, not, paying, 1500, for, 42. A text without a letter
    or digit gives none.
    """
    return tuple(NUMBERS.get(word, word.replace(",", "")) for word in _WORD.findall(spelled(text)))


def spelled(text: str) -> str:
    """A text in small letters with its contractions and compound numbers spelled out, its marks and signs kept."""
    folded = unicodedata.normalize("NFKC", text).translate(_MARKS).casefold()
    if "'" in folded:
        for pattern, whole in _CONTRACTIONS:
            folded = pattern.sub(whole, folded)
    if "nt" in folded:
        folded = _UNMARKED.sub(lambda found: f"{_AUXILIARIES.get(found[1], found[1])} not", folded)
    for printed, usual in _SPELLINGS.items():
        if printed in folded:
            folded = folded.replace(printed, usual)
    if "-" in folded:
        folded = _COMPOUND.sub(_compound, folded)
    return _MINUS.sub("minus ", folded)


def _compound(found: re.Match[str]) -> str:
    return str(int(NUMBERS[found[1]]) + _UNITS.index(found[2]))


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    # The vocabulary of the packaged model is in order of frequency in English (Wu et al. 2016, word
    # pieces of Wikipedia and books); it starts with single characters, which are no evidence of
    # anything.
    from onrecord.pipeline.embedders.models import packaged_folder

    lines = (packaged_folder() / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {word: max(0, at - _FIRST_WORD) for at, word in enumerate(lines) if word[:2] != "##"}


def known(word: str) -> bool:
    """Whether a word is among the frequent ones of English."""
    return word in _ranks()


@lru_cache(maxsize=200_000)
def weight(word: str) -> float:
    """How much evidence it is that two wordings share this word: 0.05 for 'the' up to 1 for a rare
    one.

    The logarithm of the word's rank by frequency in English; a word that the table does not hold
    has 1.
    """
    rank = _ranks().get(word)
    if rank is None:
        return _UNKNOWN_WEIGHT
    # Rounded, here and below: what is decided by weight must not hang on a processor's last bits.
    return max(_LEAST_WEIGHT, round(math.log1p(rank) / math.log1p(len(_ranks())), 9))


def mass(tokens: Sequence[str]) -> float:
    """The weight of all distinct words together, in whatever order they come."""
    return round(math.fsum(map(weight, set(tokens))), 9)

"""Sentences: a paragraph as words of its own and stretches of somebody else's, cut where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from onrecord.pipeline.languages.pack import Pack
from onrecord.pipeline.languages.stretches import Stretch, is_saying

_WORD: Final = re.compile(r"[^\W_]+(?:[-'\u2019\u02bc][^\W_]+)*")
# Arabic writes vowels, where it does, as marks upon the letters.
_VOWELS: Final = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_MARKED_WORD: Final = re.compile(
    r"(?:[^\W_]|(?<=[^\W_])[\u0610-\u061a\u064b-\u065f\u0670\u0640]+)+"
)
_ELIDED: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_PRONOUN: Final = re.compile(r"^(?P<verb>.+?)(?:-t)?-(?P<who>il|elle|ils|elles|on)$")
_FINAL: Final = re.compile(r"[.!?\u2026\u061f\u3002\uff01\uff1f]")
_STRONG: Final = ".!?\u2026\u3002\uff01\uff1f\u061f"
_NEXT: Final = 5
_LONGEST: Final = 300
"""Words and stretches of a sentence: what goes on for longer is none, and each is held against all the others."""


class Token(NamedTuple):
    """A word of the paragraph's own, as printed and in small letters."""

    start: int
    end: int
    text: str
    low: str

    def says(self, pack: Pack) -> bool:
        """Whether it is a verb of saying; where nouns have capitals, a word with one is none."""
        if pack.common_nouns_capitalised and self.capital:
            return False
        return is_saying(self.low, pack) or pack.is_document(self.low)

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


class Sentence(NamedTuple):
    """Words and stretches in order; `start` and `end` are those of its text."""

    start: int
    end: int
    items: tuple[Token | Stretch, ...]

    @property
    def tokens(self) -> list[Token]:
        """Its own words."""
        return [item for item in self.items if isinstance(item, Token)]

    @property
    def stretches(self) -> list[Stretch]:
        """The words of others."""
        return [item for item in self.items if isinstance(item, Stretch)]


def tokens(text: str, start: int, end: int, pack: Pack) -> list[Token]:
    """The words of ``[start, end)``; "a-t-il" is two."""
    made: list[Token] = []
    pattern = _ELIDED if pack.elides else _WORD
    if pack.script == "arabic":
        pattern = _MARKED_WORD
    for found in pattern.finditer(text, start, end):
        word, at = found.group(), found.start()
        if pack.elides and (split := _PRONOUN.match(word)):
            verb, who = split.span("verb"), split.span("who")
            for a, b in (verb, who):
                made.append(Token(at + a, at + b, word[a:b], word[a:b].lower()))
        else:
            low = _VOWELS.sub("", word) if pack.script == "arabic" else word.lower()
            made.append(Token(at, found.end(), word, low))
    return made


def sentences(
    text: str, start: int, end: int, spoken: Sequence[Stretch], pack: Pack
) -> list[Sentence]:
    """The sentences of the paragraph ``[start, end)`` around its stretches."""
    items: list[Token | Stretch] = []
    reached = start
    for one in spoken:
        items += tokens(text, reached, one.start, pack)
        items.append(one)
        reached = one.end
    items += tokens(text, reached, end, pack)
    made: list[Sentence] = []
    first = 0
    for at in range(1, len(items) + 1):
        if at == len(items) or at - first == _LONGEST or _ends(text, items, at, pack):
            cut = items[first:at]
            if cut:
                limit = items[at].start if at < len(items) else end
                made.append(Sentence(cut[0].start, limit, tuple(cut)))
            first = at
    return made


def _ends(text: str, items: Sequence[Token | Stretch], at: int, pack: Pack) -> bool:
    """Whether a sentence ends between the items before and at `at`."""
    one, two = items[at - 1], items[at]
    gap = text[one.end : two.start]
    if isinstance(one, Stretch):
        return _ends_behind(text, one, gap, items[at : at + _NEXT], pack)
    final = _FINAL.search(gap)
    if final is None:
        return False
    if final.group() == "." and _is_short(one, gap, pack):
        return False
    if isinstance(two, Stretch):
        return True
    return pack.script != "cased" or two.capital or two.text[0].isdigit()


def _is_short(token: Token, gap: str, pack: Pack) -> bool:
    """Whether the stop belongs to the word: an initial, an abbreviation."""
    if gap[0] != ".":
        return False
    return (len(token.text) == 1 and token.capital) or pack.has("abbreviations", token.low)


def _ends_behind(
    text: str, one: Stretch, gap: str, rest: Sequence[Token | Stretch], pack: Pack
) -> bool:
    if _FINAL.search(gap.lstrip("\u2014\u2013- ")) and not gap.lstrip().startswith(","):
        return True
    if re.match(r"\s*[,\u060c\uff0c\u2014\u2013-]", gap):
        return False
    if not one.words(text)[-1:] or one.words(text)[-1] not in _STRONG:
        return False
    two = rest[0]
    if isinstance(two, Stretch):
        return one.pair != two.pair
    if pack.script == "cased" and not two.capital:
        return False
    near = [item for item in rest if isinstance(item, Token)]
    if pack.script == "cased":
        # "…!" Karl Brandt sagte es laut: a capital begins a sentence of its own unless the verb comes first.
        return not is_saying(two.low, pack)
    return not any(token.says(pack) for token in near)

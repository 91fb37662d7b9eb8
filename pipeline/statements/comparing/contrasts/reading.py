# ruff: noqa: SIM905 (a list of strings would be five times as long to read)
"""A wording read into facts, once: its words as tokens, each with what it tells; its sentences, asked or said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from onrecord.pipeline.names.lists import ROLES, TITLES
from onrecord.pipeline.statements.comparing.contrasts.lexicon import (
    BOUND,
    FACTS,
    IF,
    NOT,
    PERSON,
    PHRASES,
    SMALL,
    WHEN,
    denied,
    lemma,
)
from onrecord.pipeline.statements.comparing.contrasts.quantities import Quantity, quantity
from onrecord.pipeline.statements.comparing.wording import spelled, weight, words

QUANTITY, NAME = "quantity", "name"

_TOKEN = re.compile(
    r"[$€£¥₹]|\d+(?:\.\d+)*(?:(?:st|nd|rd|th|s)\b)?|\b[ap]\.m\b\.?|[^\W\d_]+(?:'[^\W\d_]+)*|[.!?]+|[\[\]]"
    r"|--+|[—;]|(?<=\s)[–-](?=\s)"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_MINUTES = re.compile(r"(?<=\d):(?=\d\d\b)")
_METRES = re.compile(r"(?<=\d) m\b(?!\.)")
_CLOCK = re.compile(r"(?<=\d)\s?([ap])m\b|\b([ap])\.m\.?")
_ABBREVIATED = frozenset(
    "mr mrs ms dr st sen rep gov prof gen lt col sgt jr sr no vs inc co".split()
)
_MONTH_AFTER = frozenset(
    "in of by since until till through last this next early late mid on before after".split()
)
_RELATIVE = {"last": "last", "past": "last", "this": "this", "next": "next", "coming": "next"}
_WONDERING = frozenset("as wonder wondered see know ask asked".split())
"""'If' tells no condition after these."""
_SPANS = frozenset(
    """
    year month week night weekend spring summer autumn fall winter season quarter century decade monday tuesday
    wednesday thursday friday saturday sunday january february march april may june july august september october
    november december
    """.split()
)
_ASKING = frozenset(
    """
    who what when where why how which whose whether do does did is are was were has have had will would can could shall
    should may might must
    """.split()
)
_DASHES = frozenset("-–—;")
_TAGS = frozenset("ok okay right huh eh yeah".split())
_AS_REPORTED = re.compile(r"\s*(?:[a-z]|[^\w\s]{1,3}that\b)|.*[“”\"\[«„]", re.DOTALL)

_CAPITAL = re.compile(r"\b[A-Z][\w’'-]+")
_OPENING = re.compile(r"(?:^|[.!?…]\s)\W{0,20}+([A-Z][\w’'-]+)")
_TITLED = 0.6
"""Where more words than this share have a capital, none tells of a name: it is a headline."""

_LONGEST_SMALL = 4
"""Words with more letters have a capital in a headline."""

_SMALLEST = 0.05

_RARE = 0.8
"""A word that opens a sentence is taken for a name from this weight on."""


class Token(NamedTuple):
    """A word, or the words of one number: `key` is what it is compared by, `kind` and `value` the fact that it tells
    (lexicon.py; '' where none), `sentence` the number of its sentence, `place` its own."""

    key: str
    word: str
    weight: float
    kind: str = ""
    value: str | Quantity = ""
    sentence: int = 0
    place: int = 0


class Facts(NamedTuple):
    """A wording in tokens. `asked` tells of each sentence whether it is a question, None where nothing shows;
    `reported` whether the wording may be a reporter's, who turns I to he and will to would, `whole` whether it starts
    as a sentence does."""

    tokens: tuple[Token, ...]
    asked: tuple[bool | None, ...]
    reported: bool
    whole: bool


@lru_cache(maxsize=8192)
def facts(text: str) -> Facts:
    """What a wording tells."""
    folded = _CLOCK.sub(lambda found: f" {found[1] or found[2]}.m. ", spelled(text))
    folded = _METRES.sub(" metres", _THOUSANDS.sub("", _MINUTES.sub(".", folded)))
    for pattern, plain in PHRASES:
        folded = pattern.sub(plain, folded)
    whole = text.lstrip(" “\"'‘’")[:1].isupper() and not _titled(text)
    sentences, asked = _sentences(_TOKEN.findall(folded), whole=whole)
    named = names(text)
    read = (
        token
        for number, sentence in enumerate(sentences)
        for token in _tokens(sentence, number, named)
    )
    tokens = tuple(token._replace(place=place) for place, token in enumerate(read))
    return Facts(tokens, tuple(asked), _AS_REPORTED.match(text) is not None, whole)


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Folded words that have a capital within a sentence, or are rare and open one; none in a headline."""
    if _titled(text):
        return frozenset()
    capitals = _CAPITAL.findall(text)
    opening = set(_OPENING.findall(text))
    return frozenset(
        word
        for name in capitals
        for word in words(name)
        if name not in opening or weight(word) >= _RARE
    )


def _titled(text: str) -> bool:
    found = text.split()
    capitals = len(_CAPITAL.findall(text))
    plain = any(word.islower() and len(word) > _LONGEST_SMALL for word in found)
    return capitals > max(3, _TITLED * len(found)) and not plain


def _sentences(found: Sequence[str], *, whole: bool) -> tuple[list[list[str]], list[bool | None]]:
    """The words of each sentence, or part of one between dashes, and whether it asks: a part does where all do."""
    parts: list[list[str]] = [[]]
    asked: list[bool | None] = []
    for at, word in enumerate(found):
        ends = word[0] in ".!?" and not (word[0] == "." and at and _abbreviated(found[at - 1]))
        if word[0] in _DASHES:
            parts += [[]] if parts[-1] else []
        elif ends:
            sentence = [said for part in parts[len(asked) :] for said in part]
            parts += [[]] if parts[-1] else []
            asks = bool(sentence) and _asks(sentence, word)
            asked += [asks] * (len(parts) - 1 - len(asked))
        elif word[0] not in ".!?":
            parts[-1].append(word)
    if not parts[-1]:
        parts.pop()
    left = parts[len(asked) :]
    inverted = bool(left) and left[0][0] in _ASKING
    asked += [None if inverted or not (whole or asked) else False] * len(left)
    return parts, asked


def _asks(sentence: Sequence[str], mark: str) -> bool:
    """Whether a sentence that ends with a mark asks; 'It is safe, right?' does not."""
    tagged = sentence[-1] in _TAGS and sentence[0] not in _ASKING
    return ("?" in mark and not tagged) or sentence[0] == "whether"


def _abbreviated(word: str) -> bool:
    return len(word) == 1 or word in _ABBREVIATED


def _tokens(said: list[str], number: int, named: frozenset[str]) -> Iterator[Token]:
    at, bracketed = 0, False
    while at < len(said):
        word = said[at]
        if word in "[]":
            bracketed, at = word == "[", at + 1
            continue
        counted = quantity(said, at)
        if counted is not None:
            value, end = counted
            key = said[at] if value.dimension == "many" else value.key
            yield Token(key, said[at], max(map(weight, said[at:end])), QUANTITY, value, number)
            at = end
            continue
        yield from _told(said, at, number, named, bracketed=bracketed)
        at += 1


def _told(
    said: list[str], at: int, number: int, named: frozenset[str], *, bracketed: bool
) -> Iterator[Token]:
    word = said[at]
    before = said[at - 1] if at else ""
    after = said[at + 1] if at + 1 < len(said) else ""
    kind, value = FACTS.get(word, ("", ""))
    if word in ("may", "march"):
        month = before in _MONTH_AFTER or before[:1].isdigit() or after[:1].isdigit()
        kind, value = (WHEN, f"month {word}") if month else (kind if word == "may" else "", "may")
    elif word in _RELATIVE and (after in _SPANS):
        kind, value = WHEN, f"span {_RELATIVE[word]}"
    elif (
        (kind == BOUND and quantity(said, at + 1 + (after in ("a", "an"))) is None)
        or (kind == IF and before in _WONDERING)
        or (kind == PERSON and bracketed)
    ):
        kind, value = "", ""
    if not kind:
        plain = lemma(word)
        kind, value = FACTS.get(plain, ("", "")) if plain != word else ("", "")
    if kind:
        key = NOT if kind == NOT else f"{kind} {value}"
        yield Token(key, word, weight(word), kind, value, number)
        return
    base = denied(word) or denied(lemma(word))
    if base is not None:
        yield Token(NOT, word, weight("not"), NOT, "not", number)
        word = base
        kind, value = FACTS.get(base, ("", ""))
    if word in named and word not in TITLES and word not in ROLES:
        yield Token(word, word, weight(word), NAME, "", number)
    elif kind:
        yield Token(f"{kind} {value}", word, weight(word), kind, value, number)
    else:
        small = word in SMALL
        yield Token(lemma(word), word, _SMALLEST if small else weight(word), "", "", number)

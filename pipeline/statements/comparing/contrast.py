"""Wordings that look alike and say different things: "We will sign" and "We will not sign".

Likeness of words and of vectors is blind to the one word that matters. Two wordings are laid side by side; where they
part between words that they share, a negation on one side, another number, another name or an opposite is a
contradiction. How much a single such word weighs depends on the rest: a long passage with one number changed is a
passage that an outlet altered, four words with one changed are another statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from onrecord.pipeline.statements.comparing.wording import weight, words

ALTERED = 4.0
"""Shared weight from which one contradiction is a passage altered. Of retranslations of one sentence 1% differ in a
number and 10% in a negation: fewer than of sentences that mean to say so."""

_SHORT = 1.5
"""Shared weight below which any telling word replaced is another statement, and a negation before the others counts."""

_TELLING = 0.4
"""Weight of a word that tells something by itself."""

_FEW = 3
"""A contradiction is a matter of so many words on either side."""

_REWORDED = 0.3
"""A wording with more of its weight replaced retells freely, and may say 'not unlike' for 'like'."""

_ALIKE = 0.6
"""Words as like as this (Indel) are spellings or forms of one."""

_COMPACT = 1.5
"""What the shorter wording shares must stand in so many times its length in the other to be laid beside it."""

_NEGATIONS = frozenset(
    """
    not no never none nobody nothing neither nor nowhere without hardly refuse refuses refused
    """.split()  # noqa: SIM905
)
_OPPOSITES = (
    ("yes", "no"), ("stay", "go leave"), ("come", "go"), ("open", "close closed shut"), ("opened", "closed shut"),
    ("raise", "cut lower reduce"), ("raised", "cut lowered reduced"), ("rise", "fall drop"), ("rose", "fell dropped"),
    ("rising", "falling"), ("increase", "decrease cut reduce"), ("increased", "decreased cut reduced"),
    ("more", "less fewer"), ("most", "least fewest"), ("higher", "lower"), ("up", "down"), ("win", "lose"),
    ("won", "lost"), ("winning", "losing"), ("accept", "reject refuse decline"), ("accepted", "rejected refused"),
    ("support", "oppose"), ("supported", "opposed"), ("supports", "opposes"), ("for", "against"), ("with", "without"),
    ("always", "never"), ("everybody everyone all", "nobody none"), ("everything", "nothing"), ("before", "after"),
    ("first", "last"), ("start begin", "stop end"), ("started began", "stopped ended"), ("buy", "sell"),
    ("bought", "sold"), ("give", "take"), ("gave", "took"), ("love", "hate"), ("friend", "enemy"),
    ("friends", "enemies"), ("war", "peace"), ("guilty", "innocent"), ("good", "bad"), ("better", "worse"),
    ("best", "worst"), ("right", "wrong left"), ("true", "false"), ("strong", "weak"), ("stronger", "weaker"),
    ("safe", "dangerous unsafe"), ("possible", "impossible"), ("legal", "illegal"), ("old", "new"), ("old", "young"),
    ("early", "late"), ("earlier", "later"), ("rich", "poor"), ("hope", "fear"), ("succeed", "fail"),
    ("succeeded", "failed"), ("success", "failure"), ("victory", "defeat"), ("build", "demolish destroy"),
    ("save", "destroy"), ("allow", "ban forbid prohibit"), ("allowed", "banned forbidden prohibited"),
    ("gain", "loss"), ("can", "cannot"), ("remember", "forget"), ("live", "die"), ("lives", "dies"), ("life", "death"),
    ("today", "tomorrow yesterday"), ("tomorrow", "yesterday"), ("inside", "outside"), ("above", "below"),
    ("man", "woman"), ("men", "women"), ("he", "she"), ("his", "her"), ("him", "her"), ("confirm", "deny"),
    ("confirmed", "denied"), ("agree", "disagree"), ("agreed", "disagreed"), ("remain", "leave"), ("keep", "abolish"),
    ("near", "far"), ("north", "south"), ("east", "west"), ("many", "few"), ("long", "short"), ("trust", "distrust"),
)  # fmt: skip
_OPPOSED = frozenset(
    pair
    for one, two in _OPPOSITES
    for a in one.split()
    for b in two.split()
    for pair in ((a, b), (b, a))
)
_CAPITAL = re.compile(r"\b[A-Z][\w’'-]+")
_OPENING = re.compile(r"(?:^|[.!?…]\s)\W{0,20}+([A-Z][\w’'-]+)")
_TITLED = 0.6
"""Where more words than this share have a capital, none tells of a name: it is a headline."""

_RARE = 0.8
"""A word that opens a sentence is taken for a name from this weight on."""


class _Gap(NamedTuple):
    """Where two wordings part: the words of each, and whether shared words stand before and after."""

    one: tuple[str, ...]
    two: tuple[str, ...]
    after: bool
    before: bool


def contradict(one: str, two: str) -> bool:
    """Whether two wordings that are much alike say different things, short as they are.

    Symmetric. False where they say the same words, where one is far longer, where one retells freely,
    and where enough is shared for the difference to be an outlet's.
    """
    a, b = words(one), words(two)
    gaps, shared, span = _laid(a, b)
    if not gaps or not 0 < shared < ALTERED or span > _COMPACT * min(len(a), len(b)) + 1:
        return False
    named = names(one) | names(two)
    turned = [gap for gap in gaps if _turned(gap, shared)]
    if {bool(_NEGATIONS.isdisjoint(gap.one)) for gap in turned} == {True, False}:
        turned = []  # 'I have no plans' and 'I do not have plans'
    telling = [
        gap
        for gap in gaps
        if gap in turned
        or (
            (gap.one and gap.two and max(len(gap.one), len(gap.two)) <= _FEW)
            and (
                _numbers(gap)
                or _opposed(gap)
                or _named(gap, named)
                or (len(gaps) == 1 and _another(gap, shared))
            )
        )
    ]
    besides = sum(_replaced(gap) for gap in gaps if gap not in telling)
    return bool(telling) and besides <= _REWORDED * shared


@lru_cache(maxsize=8192)
def names(text: str) -> frozenset[str]:
    """Folded words that have a capital within a sentence, or are rare and open one; none in a headline."""
    capitals = _CAPITAL.findall(text)
    if len(capitals) > max(3, _TITLED * len(text.split())):
        return frozenset()
    opening = set(_OPENING.findall(text))
    return frozenset(
        word
        for name in capitals
        for word in words(name)
        if name not in opening or weight(word) >= _RARE
    )


def _laid(a: Sequence[str], b: Sequence[str]) -> tuple[list[_Gap], float, int]:
    """The gaps between the words that both share in order, those words' weight, and how many words of the longer
    wording they stretch over."""
    from rapidfuzz.distance import LCSseq

    blocks = [
        (op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in LCSseq.opcodes(a, b)
        if op.tag == "equal"
    ]
    if not blocks:
        return [], 0.0, 0
    shared = sum(weight(word) for start, end, _, _ in blocks for word in a[start:end])
    ends = [(0, 0, 0, 0), *blocks, (len(a), len(a), len(b), len(b))]
    gaps = [
        _Gap(tuple(a[x1:y0]), tuple(b[v1:w0]), at > 0, at < len(blocks))
        for at, ((_, x1, _, v1), (y0, _, w0, _)) in enumerate(pairwise(ends))
        if x1 < y0 or v1 < w0
    ]
    span = max(blocks[-1][1] - blocks[0][0], blocks[-1][3] - blocks[0][2])
    return gaps, shared, span


def _content(side: Sequence[str]) -> float:
    return sum(weight(word) for word in side if word not in _NEGATIONS)


def _replaced(gap: _Gap) -> float:
    """How much weight stands there on both sides, in words that are no forms of each other."""
    from rapidfuzz.distance import Indel

    alike = Indel.normalized_similarity("".join(gap.one), "".join(gap.two)) >= _ALIKE
    return 0.0 if alike else min(_content(gap.one), _content(gap.two))


def _turned(gap: _Gap, shared: float) -> bool:
    """Whether a negation on one side alone turns the words around it: between words that both share, in place of
    small ones, or, of a few words, right before them. 'A ban on' is another way to say 'no'."""
    if _NEGATIONS.isdisjoint(gap.one) == _NEGATIONS.isdisjoint(gap.two):
        return False
    if (gap.after and gap.before) or (gap.one and gap.two):
        other = gap.two if _NEGATIONS.isdisjoint(gap.two) else gap.one
        return _content(other) < _TELLING
    return shared < _SHORT and not gap.after and (gap.one or gap.two)[-1] in _NEGATIONS


def _another(gap: _Gap, shared: float) -> bool:
    return shared < _SHORT and _replaced(gap) >= _TELLING


def _numbers(gap: _Gap) -> bool:
    one, two = ({word for word in side if word[0].isdigit()} for side in (gap.one, gap.two))
    return bool(one) and bool(two) and one.isdisjoint(two)


def _opposed(gap: _Gap) -> bool:
    return any((a, b) in _OPPOSED for a in gap.one for b in gap.two)


def _named(gap: _Gap, named: frozenset[str]) -> bool:
    one, two = named.intersection(gap.one), named.intersection(gap.two)
    return bool(one) and bool(two) and _replaced(gap) > 0

"""The rules by which facts are held against each other, one function for each kind of fact.

Each is given two wordings laid side by side and gives the contrasts that it finds. What stands on both sides of a gap
is replaced, what stands on one is left out or added. A negation, a condition or a hedge that is left out says
something else; a name or a number that is left out does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, product
from typing import Final, NamedTuple

from onrecord.pipeline.statements.comparing.contrasts.aligning import Gap, Laid
from onrecord.pipeline.statements.comparing.contrasts.lexicon import (
    BE,
    BOUND,
    IF,
    MAYBE,
    NOT,
    PERSON,
    REFUSING,
    SHARE,
    SMALL,
    VIEW,
    WHEN,
    opposed,
    unlike,
)
from onrecord.pipeline.statements.comparing.contrasts.quantities import Quantity, agree
from onrecord.pipeline.statements.comparing.contrasts.reading import NAME, QUANTITY, Facts, Token

FREELY, FAIRLY, CLOSELY, STRICTLY = 0.2, 0.15, 0.1, 0.05
"""Where more than this share of what both have is worded otherwise besides, one wording retells: facts that hang on
small words need the rest to be closer. So one pair of retranslations in a hundred seems to differ."""

_SHORT = 1.5
"""Shared weight below which any telling word replaced is another statement, and a negation before the others counts."""

_VERB = 0.3
"""Weight of the lightest verbs that tell a deed."""

_TELLING = 0.4
"""Weight of a word that tells something by itself."""

_ASIDE = 1.2
"""More weight than this between words that the other wording has side by side is a remark of its own."""

_FEW = 3
"""Opposites and names stand for each other among so many telling words on either side."""

_ALIKE, _SPELLED = 0.6, 0.72
"""Words as like as this (Indel) are forms of one, names spellings of one."""

_MOOD = 0.6
"""The share of what both have that is asked in one and said in the other."""

_LONGEST_CONDITION = 12
"""More words that the other wording has not are a passage of their own."""

_COORDINATED = 8
"""'Neither' goes with a 'nor' so many words on."""

_CONTENT: Final = frozenset(("", NAME, QUANTITY, WHEN, VIEW))
"""Kinds of tokens that name something: the others are held against each other by themselves."""


def _pairs(*told: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for pair in told)


_SHARES: Final = _pairs(
    "all some", "all most", "all many", "all few", "most few", "most some", "many few", "many some", "only even",
    "only all", "more fewer",
)  # fmt: skip
_LESS_THAN_ALL: Final = frozenset(("only", "few", "most", "some", "almost"))
_CERTAINTIES: Final = _pairs(
    "may will", "may must", "may sure", "may should", "may likely", "likely sure", "likely will", "can must",
    "can will", "can should", "must will", "should will",
)  # fmt: skip
_HEDGES: Final = frozenset(("may", "likely", "must"))
_FIRST, _THIRD = frozenset(("i", "we", "you")), frozenset(("he", "she", "they"))


class Contrast(NamedTuple):
    """What two wordings say differently: the words that tell it, and the share of the rest that may be reworded."""

    words: frozenset[Token]
    freely: float = FAIRLY


Contrasts = Iterator[Contrast]


def besides(laid: Laid, telling: frozenset[Token]) -> float:
    """The share of what both have that one words otherwise than the other or elsewhere, `telling` words left out."""
    sides = (side for gap in laid.gaps for side in gap.sides)
    unlike = sum(token.weight for side in sides for token in side if token not in telling)
    return (unlike + laid.moved) / 2 / laid.shared


def negated(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """A negation, or a verb that refuses, on one side alone."""
    for side, placed in enumerate(laid.unpaired(NOT)):
        own, other = (one, two) if side == 0 else (two, one)
        for at, token in placed:
            gap = laid.gaps[at]
            mine, theirs = gap.sides[side], gap.sides[1 - side]
            denied = _opposites(gap) or any(word.kind == REFUSING for word in theirs)
            if denied or _coordinated(own, token):
                continue
            if gap.within and not theirs:
                turns = _content(mine) < _ASIDE
            elif gap.within or theirs:
                turns = _content(theirs) < _TELLING
            elif gap.before:
                turns = mine[0] == token and _content(mine) < _TELLING
            else:
                close = all(word.word in SMALL for word in mine if word.place > token.place)
                turns = close and (laid.shared < _SHORT or other.whole)
            if turns:
                yield Contrast(_facts(gap) | {token})
    for side, placed in enumerate(laid.unpaired(REFUSING)):
        for at, token in placed:
            gap = laid.gaps[at]
            near = (side for gap in laid.gaps[max(0, at - 1) : at + 2] for side in gap.sides)
            denied = any(word.kind == NOT for side in near for word in side)
            alone = _content(gap.sides[side]) < _ASIDE and _content(gap.sides[1 - side]) < _TELLING
            if gap.within and alone and not denied:
                yield Contrast(frozenset([token]))


def _coordinated(own: Facts, token: Token) -> bool:
    """Whether a negation goes on with one before it: 'neither the bank nor', 'not to him and not to her'."""
    before = own.tokens[max(0, token.place - _COORDINATED) : token.place]
    joined = token.word == "nor" or (len(before) and before[-1].word in ("and", "or"))
    return bool(joined) and any(word.kind == NOT for word in before)


def opposite(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Words that exclude each other, in each other's place, of which none or both are denied."""
    for gap in laid.gaps:
        denied = {any(word.kind == NOT for word in side) for side in gap.sides}
        if len(denied) == 1 and (words := _opposites(gap)):
            yield Contrast(words, FREELY)


def _opposites(gap: Gap) -> frozenset[Token]:
    if not _few(gap):
        return frozenset()
    return frozenset(
        word
        for a, b in product(*gap.sides)
        if not {NOT, BOUND} & {a.kind, b.kind} and opposed(a.word, b.word)
        for word in (a, b)
    )


def quantified(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Another number, rank or year, or the same number of something else."""
    left = laid.unpaired(QUANTITY, lambda a, b: agree(_quantity(a), _quantity(b)))
    for (at, a), (there, b) in product(*left):
        dimensions = {_quantity(a).dimension, _quantity(b).dimension}
        bare = dimensions.isdisjoint(("many", "rank", "times", "year"))
        if len(dimensions) == 1 or (at == there and bare):
            yield Contrast(frozenset((a, b)))


def _quantity(token: Token) -> Quantity:
    return token.value if isinstance(token.value, Quantity) else Quantity(0.0)


def timed(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Another day, month or half of the day."""
    for (_, a), (_, b) in product(*laid.unpaired(WHEN)):
        if str(a.value).split()[0] == str(b.value).split()[0]:
            yield Contrast(frozenset((a, b)))


def bounded(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """At least and at most."""
    for (_, a), (_, b) in zip(*laid.unpaired(BOUND), strict=False):
        yield Contrast(frozenset((a, b)))


def shared_out(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Another share of the whole, or one where the other tells the whole: all, most, some, few, only."""
    left = laid.unpaired(SHARE)
    for (at, a), (there, b) in product(*left):
        if abs(at - there) <= 1 and frozenset((a.value, b.value)) in _SHARES:
            yield Contrast(frozenset((a, b)))
    for side, placed in enumerate(left):
        for at, token in placed:
            counted = {
                a for a in laid.gaps[at].sides[1 - side] if _quantity(a).dimension == "share"
            }
            if counted and token.value in ("all", "few"):
                yield Contrast(frozenset((token, *counted)))
            lone_one = {a for a in laid.gaps[at].sides[1 - side] if _is_one(a)}
            if lone_one and token.word == "both":
                yield Contrast(frozenset((token, *lone_one)))
            lone = not left[1 - side] and _lone(laid.gaps[at], side, (one, two)[1 - side])
            if lone and token.value in _LESS_THAN_ALL:
                yield Contrast(frozenset([token]), CLOSELY)


def _is_one(token: Token) -> bool:
    return isinstance(token.value, Quantity) and token.value.value == 1


def certain(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """May against will, probably against certainly; a hedge where the other asserts."""
    left = laid.unpaired(MAYBE, _as_certain)
    for (_, a), (_, b) in product(*left):
        if frozenset((a.value, b.value)) in _CERTAINTIES:
            yield Contrast(frozenset((a, b)), CLOSELY)
    for side, placed in enumerate(left):
        for at, token in placed:
            lone = not left[1 - side] and _lone(laid.gaps[at], side, (one, two)[1 - side])
            if lone and token.value in _HEDGES:
                yield Contrast(frozenset([token]), CLOSELY)


def _as_certain(a: Token, b: Token) -> bool:
    # 'Could' is the past of 'can', and a 'may'.
    return a.value == b.value or (
        {a.value, b.value} == {"may", "can"} and "could" in (a.word, b.word)
    )


def _lone(gap: Gap, side: int, other: Facts) -> bool:
    """Whether one side has small words alone in a gap, within or before a clause that the other tells whole."""
    small = max(map(_content, gap.sides)) < _TELLING
    return small and gap.after and (gap.before or other.whole or bool(gap.sides[1 - side]))


def viewed(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Known against thought, hoped or feared."""
    for (at, a), (there, b) in product(*laid.unpaired(VIEW)):
        denied = any(word.kind == NOT for side in laid.gaps[at].sides for word in side)
        if abs(at - there) <= 1 and not denied:
            yield Contrast(frozenset((a, b)))


def personal(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Somebody else: I, we, you, he, she, they. What a reporter tells may turn the first person to the third."""
    retold = one.reported or two.reported
    for gap in laid.gaps:
        if max(map(_content, gap.sides)) >= _TELLING:
            continue
        mine, theirs = ([word for word in side if word.kind == PERSON] for side in gap.sides)
        for a, b in zip(mine, theirs, strict=False):
            persons = {str(a.value), str(b.value)}
            turned = retold and persons & _FIRST and persons & _THIRD
            if len(persons) == 2 and not turned:
                yield Contrast(frozenset((a, b)), STRICTLY)


def named(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Another name."""
    for gap in laid.gaps:
        mine, theirs = ([word for word in side if word.kind == NAME] for side in gap.sides)
        if mine and theirs and _few(gap) and not _one_name(mine, theirs):
            yield Contrast(frozenset(mine + theirs), STRICTLY)


def _one_name(one: list[Token], two: list[Token]) -> bool:
    """Whether two names are spellings of one, or one is the other's first letters."""
    short, full = sorted((one, two), key=len)
    return _alike(one, two, _SPELLED) or (
        len(short) == 1 and short[0].word == "".join(word.word[0] for word in full)
    )


def asked(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """A question against an assertion."""
    turned = sum(
        a.weight
        for a, b in laid.pairs
        if {one.asked[a.sentence], two.asked[b.sentence]} == {True, False}
    )
    if turned >= _MOOD * laid.shared:
        yield Contrast(frozenset(), FREELY)


def conditional(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """A condition on one side alone: within what both say, or before or after it in the same sentence."""
    for side, placed in enumerate(laid.unpaired(IF)):
        other = (one, two)[1 - side]
        for at, _ in placed:
            gap = laid.gaps[at]
            theirs = gap.sides[1 - side]
            if len(gap.sides[side]) > _LONGEST_CONDITION:
                continue
            small = _content(theirs) < _TELLING and not any(word.word == "when" for word in theirs)
            if small and (gap.within or (other.whole and not theirs)):
                yield Contrast(frozenset(gap.sides[side]), CLOSELY)


def passive(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Done against done by: 'beat' and 'was beaten by'."""
    for first, then in pairwise(laid.gaps):
        for side in (0, 1):
            be, by = first.sides[side], then.sides[side]
            alone = not first.sides[1 - side] and not then.sides[1 - side]
            done = be and by and by[0].word == "by" and all(word.word in BE for word in be)
            if alone and done and by[0].place - be[-1].place <= _FEW:
                yield Contrast(frozenset((*be, *by)))


def done(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """Another deed, thing or quality, where all else is word for word the same: two words that nothing tells to be
    alike.
    """
    told = [
        [[word for word in side if word.weight >= _VERB] for side in gap.sides] for gap in laid.gaps
    ]
    told = [sides for sides in told if any(sides)]
    if len(told) == 1 and all(len(side) == 1 and not side[0].kind for side in told[0]):
        (a,), (b,) = told[0]
        if unlike(a.word, b.word):
            yield Contrast(frozenset((a, b)), 0.0)


def another(laid: Laid, one: Facts, two: Facts) -> Contrasts:
    """In very few words, any telling word."""
    if len(laid.gaps) == 1 and laid.shared < _SHORT:
        mine, theirs = laid.gaps[0].sides
        if min(_content(mine), _content(theirs)) >= _TELLING and not _alike(mine, theirs, _ALIKE):
            yield Contrast(frozenset(mine + theirs))


RULES: Final[tuple[Callable[[Laid, Facts, Facts], Contrasts], ...]] = (
    negated, opposite, quantified, timed, bounded, shared_out, certain, viewed, personal, named, asked, conditional,
    passive, done, another,
)  # fmt: skip
"""Every rule, in the order in which they are told."""


def _content(side: Iterable[Token]) -> float:
    return sum(word.weight for word in side if word.kind in _CONTENT and word.word not in SMALL)


def _facts(gap: Gap) -> frozenset[Token]:
    """The words of a gap that name nothing."""
    return frozenset(word for side in gap.sides for word in side if word.kind not in _CONTENT)


def _few(gap: Gap) -> bool:
    return all(sum(word.weight >= _TELLING for word in side) <= _FEW for side in gap.sides)


def _alike(one: Iterable[Token], two: Iterable[Token], least: float) -> bool:
    from rapidfuzz.distance import Indel

    a, b = ("".join(word.word for word in side) for side in (one, two))
    return Indel.normalized_similarity(a, b) >= least

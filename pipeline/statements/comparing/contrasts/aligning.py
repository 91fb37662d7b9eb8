"""Two wordings laid side by side: what they share in order, what moved, and the gaps between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from typing import NamedTuple

from onrecord.pipeline.statements.comparing.contrasts.lexicon import NOT, PERSON
from onrecord.pipeline.statements.comparing.contrasts.quantities import Quantity, agree
from onrecord.pipeline.statements.comparing.contrasts.reading import Facts, Token

_COMPACT, _CLAUSE = 1.5, 5
"""What the shorter wording shares must stand in so many times its length in the other, and a clause of so many words,
to be laid beside it."""

_STRAY = 0.6
"""Shared words of less weight, far from the others, are chance."""

_NEAR = 2
"""A fact stands for the same one so many gaps away."""

_EDGE = 3
"""At the ends, so many more words of the longer wording are looked at than the shorter one has left there."""


class Gap(NamedTuple):
    """Where two wordings part: the words of each that the other has nowhere, and whether shared words stand before
    and after."""

    sides: tuple[tuple[Token, ...], tuple[Token, ...]]
    before: bool
    after: bool

    @property
    def within(self) -> bool:
        """Whether shared words stand on both sides."""
        return self.before and self.after


class Placed(NamedTuple):
    """A token and the number of its gap."""

    gap: int
    token: Token


class Laid(NamedTuple):
    """Two wordings laid side by side: their gaps in order, the pairs of tokens shared in order, and the weight of all
    that is shared, of which `moved` stands elsewhere in the other wording."""

    gaps: tuple[Gap, ...]
    pairs: tuple[tuple[Token, Token], ...]
    shared: float
    moved: float

    def unpaired(
        self,
        kind: str,
        same: Callable[[Token, Token], bool] = lambda one, two: one.value == two.value,
    ) -> tuple[list[Placed], list[Placed]]:
        """The facts of one kind that stand in a gap, for each side those without the same one in or near it."""
        one, two = (
            [
                Placed(at, token)
                for at, gap in enumerate(self.gaps)
                for token in gap.sides[side]
                if token.kind == kind
            ]
            for side in (0, 1)
        )
        left = []
        for at, token in one:
            near = [
                (abs(at - there), number)
                for number, (there, other) in enumerate(two)
                if abs(at - there) <= _NEAR and same(token, other)
            ]
            if near:
                del two[min(near)[1]]
            else:
                left.append(Placed(at, token))
        return left, two


def lay(one: Facts, two: Facts) -> Laid | None:
    """Two wordings laid side by side; None where they share nothing, or only words strewn over a longer text."""
    a, b = one.tokens, two.tokens
    blocks = _compact(_blocks(a, b), a, b)
    if not blocks:
        return None
    ends = [(0, 0, 0, 0), *blocks, (len(a), len(a), len(b), len(b))]
    parted = []
    for at, ((_, x1, _, v1), (y0, _, w0, _)) in enumerate(pairwise(ends)):
        if x1 < y0 or v1 < w0:
            parted.append((range(x1, y0), range(v1, w0), at))
    moved_one, moved_two = _moved(a, b, parted)
    gaps = []
    for rows, columns, at in parted:
        before, after = at > 0, at < len(blocks)
        rows, columns = _edge(a, b, rows, columns, before=before, after=after)
        left = tuple(a[row] for row in rows if row not in moved_one)
        right = tuple(b[column] for column in columns if column not in moved_two)
        if left or right:
            gaps.append(Gap((left, right), before, after))
    pairs = tuple(
        (a[x0 + step], b[v0 + step]) for x0, x1, v0, _ in blocks for step in range(x1 - x0)
    )
    moved = sum(a[row].weight for row in moved_one)
    return Laid(tuple(gaps), pairs, sum(token.weight for token, _ in pairs) + moved, moved)


_Block = tuple[int, int, int, int]


def _blocks(a: Sequence[Token], b: Sequence[Token]) -> list[_Block]:
    from rapidfuzz.distance import LCSseq

    found = [
        (op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in LCSseq.opcodes([token.key for token in a], [token.key for token in b])
        if op.tag == "equal"
    ]
    if len(found) > 1:
        found[:2] = _slid(a, b, found[0], found[1])
    return found


def _slid(a: Sequence[Token], b: Sequence[Token], first: _Block, then: _Block) -> list[_Block]:
    """The first two blocks as one, where the first stands before the second once more: 'if' in 'if so … if not'."""
    (x0, x1, _, v1), (y0, y1, w0, w1) = first, then
    size = x1 - x0
    keys = [token.key for token in a[x0:x1]]
    again = (a[y0 - size : y0], b[w0 - size : w0])
    if (x1 == y0) != (v1 == w0) and all([token.key for token in part] == keys for part in again):
        return [(y0 - size, y1, w0 - size, w1)]
    return [first, then]


def _compact(blocks: list[_Block], a: Sequence[Token], b: Sequence[Token]) -> list[_Block]:
    """The blocks but those strewn at the ends, where all stretch over far more than the shorter wording."""
    longest = _COMPACT * min(len(a), len(b)) + _CLAUSE

    def span(held: list[_Block]) -> int:
        return max(held[-1][1] - held[0][0], held[-1][3] - held[0][2])

    while blocks and span(blocks) > longest:
        first, last = (
            sum(token.weight for token in a[block[0] : block[1]])
            for block in (blocks[0], blocks[-1])
        )
        if min(first, last) > _STRAY or len(blocks) == 1:
            return []
        blocks = blocks[1:] if first <= last else blocks[:-1]
    return blocks


def _moved(
    a: Sequence[Token], b: Sequence[Token], parted: Sequence[tuple[range, range, int]]
) -> tuple[set[int], set[int]]:
    """The places of words that both have, each in a gap of its own, and of quantities that may be the same in one; a
    negation and a person count where they stand."""
    free: dict[str, list[tuple[int, int]]] = {}
    for _, columns, at in parted:
        for column in columns:
            free.setdefault(b[column].key, []).append((column, at))
    one, two = set(), set()
    for rows, _, at in parted:
        for row in rows:
            token = a[row]
            near = 1 if token.kind in (NOT, PERSON) else len(parted)
            for number, (column, there) in enumerate(free.get(token.key, [])):
                if abs(at - there) <= near:
                    one.add(row)
                    two.add(column)
                    del free[token.key][number]
                    break
    for rows, columns, _ in parted:
        for row, column in product(rows, columns):
            if row not in one and column not in two and _agree(a[row], b[column]):
                one.add(row)
                two.add(column)
    return one, two


def _agree(one: Token, two: Token) -> bool:
    if not (isinstance(one.value, Quantity) and isinstance(two.value, Quantity)):
        return False
    return agree(one.value, two.value)


def _edge(
    a: Sequence[Token],
    b: Sequence[Token],
    rows: range,
    columns: range,
    *,
    before: bool,
    after: bool,
) -> tuple[range, range]:
    """The words at one end as far as they stand for each other; where one wording ends, the rest of the sentence."""
    if before and after:
        return rows, columns
    if rows and columns:
        most = min(len(rows), len(columns)) + _EDGE
        return (rows[:most], columns[:most]) if before else (rows[-most:], columns[-most:])

    def within(tokens: Sequence[Token], held: range) -> range:
        if not held:
            return held
        nearest = tokens[held[0] - 1] if before else tokens[held[-1] + 1]
        same = [at for at in held if tokens[at].sentence == nearest.sentence]
        return range(same[0], same[-1] + 1) if same else range(0)

    return within(a, rows), within(b, columns)

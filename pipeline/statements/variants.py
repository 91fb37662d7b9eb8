"""What a report changed: two wordings compared word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, cast

from onrecord.pipeline.statements.comparing.wording import words

_TOKEN = re.compile(r"\S+")
_CHANGES: dict[str, Literal["cut", "added", "replaced"]] = {
    "delete": "cut",
    "insert": "added",
    "replace": "replaced",
}


Spoken = tuple[str, ...]
Kind = Literal["replace", "delete", "insert", "equal"]
Step = tuple[Kind, int, int, int, int]

_LONG = 1000
"""Words of two wordings up to which the alignment that reads best is looked for."""


class Change(NamedTuple):
    """One place where a wording differs: `kind` is cut, added or replaced.

    `start` and `end` are offsets into the representative wording, `other_start` and `other_end`
    into the other; the span is empty on the side that has no words there. `text` and `other_text`
    are those spans verbatim.
    """

    kind: Literal["cut", "added", "replaced"]
    start: int
    end: int
    text: str
    other_start: int
    other_end: int
    other_text: str


def changes(representative: str, other: str) -> Iterator[Change]:
    """Where `other` differs from `representative`, in order; case, marks and white space do not
    count."""
    one, two = _tokens(representative), _tokens(other)
    for tag, a, b, c, d in _opcodes([t[0] for t in one], [t[0] for t in two]):
        if tag != "equal":
            start, end = _span(one, a, b, len(representative))
            other_start, other_end = _span(two, c, d, len(other))
            yield Change(
                _CHANGES[tag],
                start,
                end,
                representative[start:end],
                other_start,
                other_end,
                other[other_start:other_end],
            )


def _opcodes(one: Sequence[Spoken], two: Sequence[Spoken]) -> list[Step]:
    if len(one) * len(two) <= _LONG**2:
        return SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    from rapidfuzz.distance import LCSseq

    # What reads best takes hours where thousands of words recur; the longest common sequence does not.
    made: list[Step] = []
    for step in LCSseq.opcodes(one, two):
        start, other = step.src_start, step.dest_start
        tag = cast(Kind, step.tag)
        if tag != "equal" and made and made[-1][0] != "equal":
            _, start, _, other, _ = made.pop()
            tag = "replace"
        made.append((tag, start, step.src_end, other, step.dest_end))
    return made


def difference(representative: str, other: str) -> Literal["same", "cut", "extended", "altered"]:
    """How `other` differs as a whole: cut where it only leaves words out, extended where it only
    has more."""
    one, two = words(representative), words(other)
    if one == two:
        return "same"
    if _kept(two, one):
        return "cut"
    if _kept(one, two):
        return "extended"
    return "altered"


def _kept(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `part` is `whole` with words left out."""
    rest = iter(whole)
    return all(word in rest for word in part)


def _tokens(text: str) -> list[tuple[tuple[str, ...], int, int]]:
    found = [(words(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    return [token for token in found if token[0]]


def _span(
    tokens: list[tuple[tuple[str, ...], int, int]], first: int, last: int, length: int
) -> tuple[int, int]:
    if first < last:
        return tokens[first][1], tokens[last - 1][2]
    at = tokens[first][1] if first < len(tokens) else length
    return at, at

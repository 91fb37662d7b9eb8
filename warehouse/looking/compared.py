"""Two texts side by side: what the second left out, added or put otherwise, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from onrecord.pipeline.statements.variants import changes

_WORDS = 40_000
"""Characters of one text up to which it is compared word by word; of longer ones, paragraph by paragraph."""


@dataclass(frozen=True)
class Piece:
    """Some words: in both (`same`), in the first only (`cut`), in the second only (`added`)."""

    kind: Literal["same", "cut", "added"]
    text: str


@dataclass(frozen=True)
class Altered:
    """A paragraph that two versions do not have alike."""

    pieces: tuple[Piece, ...]


def words_compared(one: str, two: str) -> tuple[Piece, ...]:
    """The second text with what it has that the first has not, and the other way round, in place.

    Case, marks and white space do not count: what is the same is told as the second has it.
    """
    return tuple(_pieces(one, two))


def _pieces(one: str, two: str) -> Iterator[Piece]:
    at = 0
    for change in changes(one, two):
        if change.other_start > at:
            yield Piece("same", two[at : change.other_start])
        if change.text:
            yield Piece("cut", change.text)
        if change.other_text:
            yield Piece("added", change.other_text)
        at = change.other_end
    if at < len(two):
        yield Piece("same", two[at:])


def texts_compared(one: str, two: str, most: int = 200) -> tuple[tuple[Altered, ...], int]:
    """The paragraphs in which two versions of a text differ, `most` of them, and how many there are."""
    before, after = _paragraphs(one), _paragraphs(two)
    found = list(_altered(before, after))
    return tuple(Altered(pieces) for pieces in found[:most]), len(found)


def _altered(before: list[str], after: list[str]) -> Iterator[tuple[Piece, ...]]:
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for tag, a, b, c, d in steps:
        if tag == "equal":
            continue
        pairs = min(b - a, d - c)
        for old, new in zip(before[a : a + pairs], after[c : c + pairs], strict=True):
            if max(len(old), len(new)) <= _WORDS:
                yield words_compared(old, new)
            else:
                yield Piece("cut", old), Piece("added", new)
        for old in before[a + pairs : b]:
            yield (Piece("cut", old),)
        for new in after[c + pairs : d]:
            yield (Piece("added", new),)


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]

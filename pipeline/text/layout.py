"""Layout: the paragraphs, sentences and words of a text, as sorted offsets that answer questions by bisection."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

_LINE: Final = re.compile(r"[^\n\r\u2028\u2029]+")
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019.&-][^\W_]+)*")
_STOP: Final = re.compile(
    r"(?:[.!?\u2026]|\.\.\.)[\"'\u201d\u2019\u00bb)\]]*\s+(?=[\"'\u201c\u2018\u00ab(\[`\u201e]*[^\W\d_a-z]|[\"\u201c\u2018\u00ab(\[`\u201e]+\w|\d)"
)
_LAST_TOKEN: Final = re.compile(r"[^\s\"'\u201c\u2018(\[]+$")
_ABBREVIATIONS: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "sen",
        "sens",
        "rep",
        "reps",
        "gov",
        "govs",
        "gen",
        "col",
        "lt",
        "sgt",
        "capt",
        "cmdr",
        "adm",
        "maj",
        "cpl",
        "pvt",
        "rev",
        "fr",
        "hon",
        "pres",
        "st",
        "jr",
        "sr",
        "vs",
        "v",
        "etc",
        "no",
        "inc",
        "corp",
        "co",
        "ltd",
        "bros",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "ave",
        "blvd",
        "rd",
        "ft",
        "mt",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "d.c",
        "a.m",
        "p.m",
        "i.e",
        "e.g",
        "d",
        "r",
        "n.y",
        "n.j",
        "n.h",
        "n.c",
        "s.c",
        "calif",
        "mass",
        "conn",
        "fla",
        "ga",
        "pa",
        "va",
        "wis",
        "wash",
        "ore",
        "ariz",
        "colo",
        "mich",
        "minn",
        "tenn",
        "tex",
        "la",
        "ala",
        "ark",
        "ill",
        "ind",
        "kan",
        "ky",
        "md",
        "mo",
        "mont",
        "neb",
        "nev",
        "okla",
        "vt",
        "wyo",
        "ph.d",
        "m.d",
        "b.a",
        "m.a",
    ]
)


_CREDIT: Final = re.compile(
    r"\((?:[^()\n]{0,80}\b)?(?:Photo|Image|Picture|Screenshot|Screen ?grab|Getty|AFP|Reuters"
    r"|EPA|Shutterstock|AP)\b"
    r"[^()\n]{0,80}\)\s*$"
)


_MARKS: Final = '"\u201c\u201d\u00ab\u00bb'
_SMALL: Final = frozenset(
    """
    about above after against along among around before behind below between beyond despite down
    during from into like near onto over past since than that through till toward under until upon
    versus when while with within without your
    """.split()  # noqa: SIM905
)

_TINY: Final = frozenset(
    """
    an the and but or nor of in on to for at by as vs via per off up out is it if so no its his her
    """.split()  # noqa: SIM905
)


READABLE: Final = frozenset({"body", "heading", "title"})
"""Kinds of blocks whose text is the article's own."""


class Paragraph(NamedTuple):
    """One line of text with its kind: ``title``, ``heading``, ``body`` or another kind of block."""

    start: int
    end: int
    kind: str


class Layout:
    """Where the paragraphs, sentences and words of a text begin.

    ``paragraphs`` are in order; ``sentences`` and ``words`` are the sorted offsets of first characters. A sentence
    never crosses a paragraph. Built once in time linear in the text; every question is a bisection.
    """

    def __init__(self, text: str, blocks: Sequence[tuple[int, int, str]] | None = None) -> None:
        self.text = text
        self.paragraphs = _paragraphs(text, blocks)
        self.paragraph_starts = [paragraph.start for paragraph in self.paragraphs]
        read = [paragraph.kind in READABLE for paragraph in self.paragraphs]
        self._rank = list(accumulate(read))
        self.words = [match.start() for match in _WORD.finditer(text)]
        self.sentences = _sentence_starts(text, self.paragraph_starts)

    def words_between(self, start: int, end: int) -> int:
        """How many words begin in ``[start, end)``."""
        return max(0, bisect_left(self.words, end) - bisect_left(self.words, start))

    def sentence_breaks(self, start: int, end: int) -> int:
        """How many sentences begin in ``(start, end]``."""
        return max(0, bisect_right(self.sentences, end) - bisect_right(self.sentences, start))

    def sentence_starts(self, start: int, end: int) -> list[int]:
        """Where sentences begin in ``(start, end)``."""
        return self.sentences[
            bisect_right(self.sentences, start) : bisect_left(self.sentences, end)
        ]

    def paragraph_at(self, position: int) -> int:
        """Index of the paragraph that holds ``position``, or the last before it; -1 in a text without any."""
        return max(0, bisect_right(self.paragraph_starts, position) - 1) if self.paragraphs else -1

    def lines_between(self, start: int, end: int) -> int:
        """How many paragraphs of the article's own text lie from the one at ``start`` to the one at ``end``."""
        return abs(self._rank[self.paragraph_at(end)] - self._rank[self.paragraph_at(start)])

    def sentence_at(self, position: int) -> tuple[int, int]:
        """The sentence that holds ``position``, as ``(start, end)``."""
        index = bisect_right(self.sentences, position)
        start = self.sentences[index - 1] if index else 0
        after = self.sentences[index] if index < len(self.sentences) else len(self.text)
        paragraph = self.paragraphs[self.paragraph_at(position)] if self.paragraphs else None
        return start, min(after, paragraph.end) if paragraph and paragraph.end > start else after


def _paragraphs(text: str, blocks: Sequence[tuple[int, int, str]] | None) -> list[Paragraph]:
    lines = [m.span() for m in _LINE.finditer(text) if not m.group().isspace()]
    if blocks is None:
        return [
            Paragraph(start, end, _kind(text, lines, i)) for i, (start, end) in enumerate(lines)
        ]
    ordered = sorted(blocks)
    ends = [block[1] for block in ordered]
    found: list[Paragraph] = []
    for start, end in lines:
        at = bisect_right(ends, start)
        while at < len(ordered) and ordered[at][0] < end:
            first, last, kind = ordered[at]
            if start < first:
                found.append(Paragraph(start, first, "other"))
            found.append(Paragraph(max(start, first), min(end, last), kind))
            start = min(end, last)
            at += 1
        if start < end:
            found.append(Paragraph(start, end, "other"))
    return found


def _kind(text: str, lines: list[tuple[int, int]], index: int) -> str:
    """What a line is where no blocks are given: the first may be a title, a credited picture's words are a caption."""
    start, end = lines[index]
    if index == 0 and _is_title(text, lines):
        return "title"
    return "caption" if _CREDIT.search(text, max(start, end - 160), end) else "body"


def _is_title(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether the first line reads as a headline: short, more to follow, and no full stop unless in Title Case."""
    start, end = lines[0]
    line = text[start:end].strip()
    if len(lines) < 2 or len(line) > 240 or line[-1:] in ",;:" or len(line.split()) < 2:
        return False
    if line[0] in _MARKS and line[-1] in _MARKS:
        return False
    return is_title_case(line) or (line[-1:] != "." and len(line) <= 160)


def is_title_case(line: str, fewest: int = 3) -> bool:
    """Whether a line's longer words, ``fewest`` or more, are all written large but prepositions, as in headlines."""
    longer = re.findall(r"[^\W\d_][\w'\u2019-]{3,}", line)
    small = [word for word in longer if not word[0].isupper() and word.lower() not in _SMALL]
    stopped = line.rstrip().endswith(".")
    if stopped and any(
        w not in _TINY for w in re.findall(r"(?<![\w'\u2019-])[a-z]{2,3}(?![\w'\u2019-])", line)
    ):
        return False
    allowed = 0 if stopped else len(longer) // 8
    return len(longer) - len(small) >= fewest and len(small) <= allowed


def _sentence_starts(text: str, paragraph_starts: list[int]) -> list[int]:
    starts = set(paragraph_starts)
    for match in _STOP.finditer(text):
        if text[match.start()] == "." and _abbreviates(text, match.start()):
            continue
        starts.add(match.end())
    return sorted(starts)


def _abbreviates(text: str, stop: int) -> bool:
    """Whether the full stop at ``stop`` ends an abbreviation or an initial rather than a sentence."""
    token = _LAST_TOKEN.search(text[max(0, stop - 12) : stop])
    if token is None:
        return False
    word = token.group().lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")
